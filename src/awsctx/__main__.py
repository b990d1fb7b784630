"""The front door. An everyday call is recognized by its exact shape and goes straight to its function. Every other call,
and every mistake, goes to Typer (``cli.app``), whose start takes five times as long as the rest of an everyday call.

One test holds both doors to the same (status, stdout, stderr) for each shape, another counts the modules that this door
loads.
"""

import os
import sys

from awsctx import trace
from awsctx.cli import render
from awsctx.cli.process import person, world
from awsctx.commands import Result
from awsctx.core.words import NAMES, OPTIONS, SHORTHANDS
from awsctx.errors import AwsctxError, UnknownProfile, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn


def main(arguments: list[str] | None = None) -> int:
    """Run one call and return its exit code (`exec` does not return where it succeeds)."""
    argv = sys.argv[1:] if arguments is None else arguments
    trace.enabled = os.environ.get("AWSCTX_DEBUG", "") not in ("", "0")
    return guarded(lambda: _run(argv))


def _run(argv: list[str]) -> Result:
    try:
        return _everyday(argv) or _every_other(argv)
    except (UnknownProfile, UsageError) as e:
        if argv and (isinstance(e, UsageError) or e.name == argv[0]):
            from awsctx.core.text import misspelt

            meant = misspelt(argv[0])
            e.hints = (f"did you mean the subcommand: {meant}", *e.hints) if meant else e.hints
        raise


def leave(status: int) -> "NoReturn":
    """End this process. After an everyday call the interpreter has nothing left to do, since all output is written at once,
    so this skips its slow shutdown. Where there are threads, or Typer has printed, it does not."""
    if "threading" in sys.modules or "awsctx.cli.app" in sys.modules:
        sys.exit(status)
    os._exit(status)


def guarded(call: "Callable[[], Result]") -> int:
    """Run ``call`` and print what comes of it: a result, an error, a cancelled question; never a traceback."""
    try:
        return render.finish(call())
    except AwsctxError as e:
        return render.fail(e)
    except KeyboardInterrupt:
        render.talk("")
        return 130
    except Exception as e:
        if isinstance(e.__cause__, KeyboardInterrupt):  # Python 3.11 wraps a KeyboardInterrupt that comes while a class is made
            return 130
        if trace.enabled:
            raise
        what = f"{type(e).__name__} at {_place(e)}"
        error = AwsctxError(f"an error of awsctx itself: {what}", "see more with AWSCTX_DEBUG=1, and please report it")
        return render.fail(error)


def _everyday(argv: list[str]) -> Result | None:
    """The result of an everyday call; None for any other."""
    first = SHORTHANDS.get(argv[0], argv[0]) if argv else ""
    rest = argv[1:]
    if first == "exec":
        return _exec(rest)
    if first == "current" and not rest:
        from awsctx.commands.current import current

        return current(world())
    if first == "prompt" and not rest:
        from awsctx.commands.prompt import prompt

        return prompt(world())
    if first == "list" and not rest:
        from awsctx.commands.list import list_profiles

        return list_profiles(world(), terminal=os.isatty(1))
    if first == "login" and (not rest or (len(rest) == 1 and rest[0][:1] not in ("", "-"))):
        return _login(rest)
    if first == "init":
        return _init(rest)
    if first == "_complete":
        from awsctx.commands.complete import complete

        return complete(world(), rest)
    if first == "_hook" and not rest:
        from awsctx.shell import answer

        answer(world())
        return Result()
    if first == "_locked" and len(rest) == 1:
        return _locked(rest[0])
    if first == "use" and len(rest) == 1:
        return _use(rest[0])
    return None if rest or first in NAMES or ("=" in first and _is_equation(first)) else _use(first)


def _is_equation(word: str) -> bool:
    """Whether ``word`` is `NEW=OLD`, which is for Typer."""
    from awsctx.cli.parsing import is_equation

    return is_equation(word)


def _use(name: str) -> Result | None:
    """The result of `NAME` or `-`; None for an option, which is for Typer."""
    if not name or (name[0] == "-" and name != "-"):
        return None
    from awsctx.commands.use import use

    try:
        return use(world(), name)
    except UnknownProfile as e:
        from awsctx.cli.picker import use_instead

        return use_instead(world(), e)


def _options(subcommand: str, words: list[str]) -> "tuple[dict[str, Any], list[str]] | None":
    """The options at the start of ``words``, by the names of their parameters, and the words behind them. None where the
    words have another form, or one comes twice; those are for Typer."""
    found: dict[str, Any] = {}
    rest = iter(words)
    for word in rest:
        if word == "--":
            return found, list(rest)
        if word[:1] != "-":
            return found, [word, *rest]
        parameter, takes_value = OPTIONS[subcommand].get(word, ("", False))
        value = next(rest, None) if takes_value else True
        if not parameter or value is None or parameter in found:
            return None
        found[parameter] = value
    return found, []


def _exec(rest: list[str]) -> Result | None:
    """Run `exec [OPTION...] (-- COMMAND ARG... | -c PIPELINE)` with each option as a word of its own; None for any other
    form."""
    from awsctx.commands.exec import Call, run

    parsed = _options("exec", rest)
    if parsed is None or not parsed[0].keys() <= set(Call.__slots__):
        return None
    call = Call()
    for name, value in parsed[0].items():
        setattr(call, name, value)
    call.command = parsed[1]
    if not call.command and call.pipeline is None:
        return None
    run(world(), call, render.talk, person)


def _login(rest: list[str]) -> Result:
    from awsctx.commands.login import login
    from awsctx.signin.request import Request

    return login(world(), rest[0] if rest else "", Request(person=os.isatty(0)), person())


def _locked(name: str) -> Result:
    """The keys of a profile for the credential_process in a lock's file."""
    from awsctx.cli.process import outside
    from awsctx.commands.locked import locked

    return locked(*outside(name))


def _init(rest: list[str]) -> Result | None:
    """The result of `init SHELL [OPTION...]`, in any order; None for any other form. Every start of a shell waits for it."""
    before = _options("init", rest)
    after = _options("init", before[1][1:]) if before and before[1] else None
    if before is None or after is None or after[1] or "save" in before[0] | after[0]:
        return None
    from awsctx.commands.init import init

    return init(world(), before[1][0], **{**before[0], **after[0]})


def _every_other(argv: list[str]) -> Result:
    from awsctx.cli.app import run

    return run(argv)


def _place(error: Exception) -> str:
    """The file and line where ``error`` was raised."""
    traceback = error.__traceback__
    while traceback and traceback.tb_next:
        traceback = traceback.tb_next
    if not traceback:
        return "an unknown place"
    return f"{os.path.basename(traceback.tb_frame.f_code.co_filename)}:{traceback.tb_lineno}"


if __name__ == "__main__":
    leave(main())
