"""The Typer door: every call that the front door does not know by its shape, `--help`, and every mistake."""

import os
import sys
from typing import Any

import typer

from awsctx import trace
from awsctx.cli import inspecting, profiles, running, shell, signing_in, switching
from awsctx.cli.parsing import Done, Group, version
from awsctx.commands import Result
from awsctx.errors import AwsctxError, UsageError

# Typer has its own copy of Click from 0.26 on, whose exceptions it exports only in part.
ClickException: type[Exception] = typer.BadParameter.__mro__[2]

_HELP = """Switch among AWS profiles, see the active one in the prompt, run commands that nothing can overrule.

\b
  awsctx, awsctx PART     choose by typing; without a terminal, list
  awsctx NAME[@REGION]    switch
  awsctx -                go back, region and all
  awsctx -r REGION        the same profile, another region; -r - drops it
  awsctx -s NAME          switch this shell only; -s - goes back, -s -u ends
  awsctx -u               no active context
  awsctx -c               the context in force
  awsctx NEW=OLD          rename a profile; NEW=. the active one
  awsctx -d NAME...       remove profiles
  awsctx exec -- COMMAND  run with the context in force, and nothing else
  awsctx exec --match GLOB -r all -- COMMAND    in many profiles and regions
"""

app = typer.Typer(
    cls=Group,
    name="awsctx",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="[NAME | SUBCOMMAND]",
    help=_HELP,
    epilog="More, with an example: awsctx help SUBCOMMAND. All of it: man awsctx",
)


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    debug: bool = typer.Option(False, "--debug", help="Tell what is read, decided and called."),
    version: bool = typer.Option(False, "--version", callback=version, is_eager=True, help="Print the version."),
) -> Result | None:
    trace.enabled = trace.enabled or debug
    return switching.pick() if context.invoked_subcommand is None else None


# The order of the help's sections.
for part in (switching, running, signing_in, profiles, inspecting, shell):
    part.add_to(app)


def run(argv: list[str]) -> Result:
    """Parse and run a call. Raises AwsctxError; UsageError where the call is not one that awsctx knows."""
    try:
        result = app(argv, prog_name="awsctx", standalone_mode=False)
    except Done as done:
        return done.result
    except ClickException as e:
        raise _usage_error(e) from None
    except typer.Abort:
        raise KeyboardInterrupt from None
    except OSError as e:
        if e.filename is not None:
            raise
        return _unprinted(e)
    if result == 130:  # what Typer makes of Ctrl-C
        raise KeyboardInterrupt
    if not isinstance(result, Result) and sys.stdout is None:  # the caller has closed it, so the help went nowhere
        raise AwsctxError("could not write to standard output: Bad file descriptor")
    return result if isinstance(result, Result) else Result()


def _unprinted(error: OSError) -> Result:
    """The result of help that could not be printed. Python holds the rest of it, and would try again at its exit: now it goes
    nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if isinstance(error, BrokenPipeError):
        return Result()
    raise AwsctxError(f"could not write to standard output: {error.strerror}")


def _usage_error(error: Any) -> UsageError:
    """Click's complaint in awsctx's form: one line, lower case, and where to look."""
    message = error.format_message().rstrip(".")
    message = message[:1].lower() + message[1:]
    context = getattr(error, "ctx", None)
    at = [context.info_name] if context and context.parent and not context.command.hidden else []
    return UsageError(message, f"see: {' '.join(['awsctx', *at, '--help'])}")
