"""The Typer door: every call that the front door does not know by its shape, `--help`, and every mistake.

A word that is no subcommand is a context to switch to, so the group reads `awsctx NAME` as `awsctx use NAME`, `-c` as
`current` and no word at all as the picker.
"""

import os
from typing import Any

import typer
from typer.core import TyperGroup

from awsctx import __version__, trace
from awsctx.cli import inspecting, profiles, running, shell, signing_in, switching
from awsctx.commands import Result
from awsctx.errors import AwsctxError, UsageError

# Typer has its own copy of Click from 0.26 on, whose exceptions it exports only in part.
ClickException: type[Exception] = typer.BadParameter.__mro__[2]


_HELP = """Switch among AWS profiles, see the active one in the prompt, run commands that nothing can overrule.

\b
  awsctx                  choose by typing; without a terminal, list
  awsctx NAME[@REGION]    switch
  awsctx -                go back
  awsctx -r REGION        the active profile with another region; -r - drops it
  awsctx -s NAME          switch this shell only; -s - goes back, -s -u ends it
  awsctx -u               no active context
  awsctx -c               the context in force
  awsctx NEW=OLD          rename a profile; NEW=. the active one
  awsctx -d NAME...       remove profiles
  awsctx exec -- COMMAND  run with the context in force, and nothing else
  awsctx exec --match GLOB -r all -- COMMAND    in many profiles and regions
"""


class Group(TyperGroup):
    """Subcommands, and contexts where a subcommand would stand."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = []
        rest = list(args)
        while rest and rest[0] in ("--debug", "-h", "--help", "--version"):
            own.append(rest.pop(0))
        if rest and rest[0] == "-c":
            rest[0] = "current"
        elif _is_removal(rest):
            rest.remove("-d")
            rest.insert(0, "remove")
        elif rest and profiles.is_equation(rest[0]):
            rest.insert(0, profiles.EQUATION)
        elif rest and rest[0] not in self.commands:
            rest.insert(0, "use")
        if "--version" in _options(rest):
            own, rest = ["--version"], []
        return list(super().parse_args(ctx, own + rest))


def _options(words: list[str]) -> list[str]:
    """The words that may be options: up to `--`, and up to exec's command."""
    found: list[str] = []
    takes_value = ("-p", "--profile", "-r", "--region", "-c", "--match", "-j", "--keep", "--one-per", "--out")
    for word in words[1:]:
        if word == "--" or (words[0] == "exec" and word[:1] != "-" and found[-1:] not in [[name] for name in takes_value]):
            break
        found.append(word)
    return found


def _is_removal(words: list[str]) -> bool:
    """Whether the first word is `-d`, but for options that go with it."""
    return next((word for word in words if word not in ("-y", "--yes", "--dry-run")), "") == "-d"


app = typer.Typer(
    cls=Group,
    name="awsctx",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_HELP,
    epilog="More: man awsctx",
)


def _version(wanted: bool) -> None:
    if wanted:
        raise _Done(Result(f"awsctx {__version__}\n"))


class _Done(Exception):
    """Ends the parsing with a result."""

    def __init__(self, result: Result) -> None:
        self.result = result


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    debug: bool = typer.Option(False, "--debug", help="Tell what is read, decided and called."),
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> Result | None:
    trace.enabled = trace.enabled or debug
    return switching.pick() if context.invoked_subcommand is None else None


switching.add_to(app)
running.add_to(app)
signing_in.add_to(app)
profiles.add_to(app)
inspecting.add_to(app)
shell.add_to(app)


def run(argv: list[str]) -> Result:
    """Parse and run a call. Raises AwsctxError; UsageError where the call is not one that awsctx knows."""
    try:
        result = app(argv, prog_name="awsctx", standalone_mode=False)
    except _Done as done:
        return done.result
    except ClickException as e:
        raise _usage_error(e, argv) from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    except OSError as e:
        if e.filename is not None:
            raise
        return _unprinted(e)
    if result == 130:  # what Typer makes of Ctrl-C
        raise KeyboardInterrupt
    return result if isinstance(result, Result) else Result()


def _unprinted(error: OSError) -> Result:
    """Help that could not be printed: what Python still holds of it must not be tried again at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if isinstance(error, BrokenPipeError):
        return Result()
    raise AwsctxError(f"could not write to standard output: {error.strerror}")


def _usage_error(error: Any, argv: list[str]) -> UsageError:
    """Click's complaint in awsctx's form: one line, lower case, and where to look."""
    message = error.format_message().rstrip(".")
    message = message[:1].lower() + message[1:]
    known = next((word for word in argv if word in _names()), "")
    return UsageError(message, f"see: awsctx {known + ' ' if known else ''}--help")


def _names() -> set[str]:
    return {command.name for command in app.registered_commands if command.name}
