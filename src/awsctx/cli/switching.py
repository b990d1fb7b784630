"""awsctx(1), SWITCHING: switching, and what there is to switch to."""

import os

import typer

from awsctx.cli import process
from awsctx.cli.parsing import declare
from awsctx.commands import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass


def pick() -> Result:
    """Choose a context in fzf or in the built-in picker, where there is a terminal and no lock; else list
    them."""
    from awsctx.cli.picker import use_chosen
    from awsctx.commands.list import list_profiles

    world, terminal = process.world(), os.isatty(1)
    choosing = os.isatty(0) and terminal and world.lock is None
    return use_chosen(world) if choosing else list_profiles(world, terminal=terminal)


def _use(
    name: str = typer.Argument(
        "", metavar="[NAME[@REGION]]", help="The context; `-` is the previous one, `.` the active.", show_default=False
    ),
    region: str = typer.Option(
        None, "-r", "--region", metavar="REGION", help="With this region; `-` drops the region.", show_default=False
    ),
    shell: bool = typer.Option(False, "-s", "--shell", help="For this shell only; needs the hook."),
    unset: bool = typer.Option(False, "-u", "--unset", help="No active context; with -s, follow it again."),
    span: str = typer.Option(
        None, "--for", metavar="TIME", help="For this long (90s, 30m, 2h), then back.", show_default=False
    ),
    yes: bool = typer.Option(False, "-y", "--yes", help="Enter a guarded profile without asking."),
) -> Result:
    """Make a context active; awsctx NAME does the same."""
    from awsctx.commands import use as switch
    from awsctx.errors import UnknownProfile, UsageError

    if region == "":
        process.world().region(region)
    if unset:
        if name or region or span is not None:
            raise UsageError("-u takes no name, no region and no time", "no active context: awsctx -u")
        return switch.unset(process.world(), shell=shell, yes=yes)
    if not name and not region:
        if shell:
            raise UsageError("-s needs a name", "for example: awsctx -s NAME; awsctx -s - goes back")
        raise UsageError("a name is missing", "for example: awsctx use NAME")
    try:
        return switch.use(process.world(), name, region=region or "", span=span, yes=yes, shell=shell)
    except UnknownProfile as e:
        from awsctx.cli.picker import use_instead

        return use_instead(process.world(), e, region=region or "", span=span, yes=yes, shell=shell)


def _current(
    profile: str = typer.Option(
        None, "-p", "--profile", metavar="NAME[@REGION]", help="This context instead.", show_default=False
    ),
    as_json: bool = typer.Option(False, "--json", help="Print JSON, and what the context lets one do."),
) -> Result:
    """Print the context in force; awsctx -c does the same."""
    from awsctx.commands.current import current

    return current(process.world(), flag=profile, as_json=as_json)


def _list(
    glob: str = typer.Argument("", metavar="[GLOB]", help="Only the profiles that match.", show_default=False),
    long: bool = typer.Option(False, "-l", "--long", help="As a table: type, account, role, region, session, sign-in."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> Result:
    """List the profiles, in the AWS CLI's order."""
    from awsctx.commands.list import list_profiles

    return list_profiles(process.world(), glob, long=long, as_json=as_json, terminal=os.isatty(1))


def _pin(
    name: str = typer.Argument(
        "", metavar="[NAME[@REGION]]", help="The context; none: print the one that counts here.", show_default=False
    ),
    unset: bool = typer.Option(False, "-u", "--unset", help="Remove this folder's pin."),
) -> Result:
    """Pin this folder, and those below it, to a context.

    It is the file .awsctx, one line, which may be shared. It counts for you, here, while
    nobody else changes it.
    """
    from awsctx.commands import pin
    from awsctx.errors import UsageError

    if unset and name:
        raise UsageError("-u takes no name", "remove this folder's pin: awsctx pin -u")
    if unset:
        return pin.unpin(process.world())
    return pin.pin(process.world(), name) if name else pin.show(process.world())


def _allow() -> Result:
    """Let the pin of this folder count, as it is now."""
    from awsctx.commands.allow import allow

    return allow(process.world())


def _history(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> Result:
    """List the contexts used, newest first, each once."""
    from awsctx.commands.history import history

    return history(process.world(), as_json=as_json)


def add_to(app: typer.Typer) -> None:
    section = "Switching"
    declare(app, section, "use", _use, "awsctx use worksso.tester", "awsctx worksso.tester@eu-west-3", "awsctx -r eu-west-1")
    declare(app, section, "current", _current, "awsctx current", "awsctx current --json | jq -r .region")
    declare(app, section, "list", _list, "awsctx list -l 'work*'")
    declare(app, section, "history", _history, "awsctx history")
    declare(app, section, "pin", _pin, "awsctx pin worksso.tester@eu-west-3", "awsctx pin", "awsctx pin -u")
    declare(app, section, "allow", _allow, "awsctx allow")
