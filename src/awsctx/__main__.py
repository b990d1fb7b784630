"""The front door: the everyday calls, matched by their exact shape, go straight to their function; every other call, and
every mistake, goes to Typer (``cli.app``). Starting Typer takes five times as long as the rest of such a call.

A test holds both doors to the same (status, stdout, stderr) for each shape, another the modules that this door loads.
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
    """End this process. An everyday call has nothing that the interpreter would have to end first (all that it says is written
    at once), so it is spared the time to take itself apart; where there are threads, or Typer has printed, there is."""
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
        if isinstance(e.__cause__, KeyboardInterrupt):  # Python 3.11 wraps one that comes while a class is made
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
    """`NEW=OLD`: Typer's."""
    from awsctx.cli.parsing import is_equation

    return is_equation(word)


def _use(name: str) -> Result | None:
    """`NAME` or `-`; not an option."""
    if not name or (name[0] == "-" and name != "-"):
        return None
    from awsctx.commands.use import use

    try:
        return use(world(), name)
    except UnknownProfile as e:
        from awsctx.cli.picker import use_instead

        return use_instead(world(), e)


def _options(subcommand: str, words: list[str]) -> "tuple[dict[str, Any], list[str]] | None":
    """The options that ``words`` begin with, by the parameters that they set, and the words behind them; None where that is
    not plain: Typer's."""
    found: dict[str, Any] = {}
    rest = iter(words)
    for word in rest:
        if word == "--":
            return found, list(rest)
        if word[:1] != "-":
            return found, [word, *rest]
        parameter, takes_value = OPTIONS[subcommand].get(word, ("", False))
        value = next(rest, None) if takes_value else True
        if not parameter or value is None:
            return None
        found[parameter] = value
    return found, []


def _exec(rest: list[str]) -> Result | None:
    """`exec [OPTION...] (-- COMMAND ARG... | -c PIPELINE)`, each option a word of its own."""
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
    """The keys of a profile that a lock's file reaches in this way: its credential_process."""
    from awsctx.cli.process import outside
    from awsctx.commands.locked import locked

    return locked(*outside(name))


def _init(rest: list[str]) -> Result | None:
    """`init SHELL [OPTION...]`, in any order: every shell's start waits for it."""
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
