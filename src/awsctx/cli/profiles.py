"""awsctx(1), PROFILES: profiles."""

import os
from typing import Any

import typer

from awsctx.cli import process, render
from awsctx.cli.parsing import EQUATION, Command, declare
from awsctx.commands import Result
from awsctx.errors import UsageError

_DRY_RUN = typer.Option(False, "--dry-run", help="Print the diff, and write nothing.")
_OLD = typer.Argument(..., metavar="OLD", help="The profile; `.` is the active one.", show_default=False)
_NEW = typer.Argument(..., metavar="NEW", help="The new name.", show_default=False)


def _remembered(spelling: str, value: str, help: str) -> Any:
    """An option that is remembered for the session."""
    return typer.Option(None, spelling, metavar=value, help=f"{help} Remembered.", show_default=False)


def _show(
    name: str = typer.Argument("", metavar="[PROFILE]", help="Default: the profile in force.", show_default=False),
    as_json: bool = typer.Option(False, "--json", help="Print JSON: name, profile, session."),
) -> Result:
    """Print a profile's stanza and its session's; secrets as ****."""
    from awsctx.commands.show import show

    return show(process.world(), name, as_json=as_json)


def _add(
    name: str = typer.Argument(..., metavar="NEW", help="The new profile.", show_default=False),
    session: str = typer.Option(None, "--session", metavar="SESSION", help="Its session.", show_default=False),
    account: str = typer.Option(None, "--account", metavar="ID", help="The account's id.", show_default=False),
    role: str = typer.Option(None, "--role", metavar="ROLE", help="The role's name.", show_default=False),
    region: str = typer.Option("", "--region", metavar="REGION", help="Its region.", show_default=False),
    output: str = typer.Option("", "--output", metavar="FORMAT", help="Its output format.", show_default=False),
    follow: bool = typer.Option(False, "--follow", help="Let the profile follow the active context, for an IDE."),
    dry_run: bool = _DRY_RUN,
) -> Result:
    """Add a profile for an account and role of a session.

    With --follow, one that is whatever context is active, for what starts outside a shell.
    """
    from awsctx.commands.add import Wanted, add, add_following

    identity = {"--session": session, "--account": account, "--role": role}
    if follow:
        given = [option for option, value in identity.items() if value is not None]
        if given:
            raise UsageError(f"{given[0]} does not go with --follow", "see: awsctx add --help")
        return _painted(
            add_following(process.world(), name, process.launcher(), region=region, output=output, dry_run=dry_run), dry_run
        )
    for option, value in identity.items():
        if value is None:
            raise UsageError(f"missing option '{option}'", "see: awsctx add --help")
    return _painted(add(process.world(), Wanted(name, session, account, role, region, output), dry_run=dry_run), dry_run)


def _copy(old: str = _OLD, new: str = _NEW, dry_run: bool = _DRY_RUN) -> Result:
    """Copy a profile's stanza under another name.

    Keys in the credentials file are not copied.
    """
    from awsctx.commands.copy import copy

    return _painted(copy(process.world(), old, new, dry_run=dry_run), dry_run)


def _rename(old: str = _OLD, new: str = _NEW, dry_run: bool = _DRY_RUN) -> Result:
    """Rename a profile; awsctx NEW=OLD does the same.

    It is renamed wherever the AWS files and the state name it.
    """
    from awsctx.commands.rename import rename

    return _painted(rename(process.world(), old, new, dry_run=dry_run), dry_run)


def _rename_by_equation(
    equation: str = typer.Argument(..., metavar="NEW=OLD", show_default=False), dry_run: bool = _DRY_RUN
) -> Result:
    """NEW=OLD, NEW=. as in kubectx."""
    from awsctx.commands.rename import rename_by_equation

    return _painted(rename_by_equation(process.world(), equation, dry_run=dry_run), dry_run)


def _remove(
    names: list[str] = typer.Argument(..., metavar="PROFILE...", help="`.` is the active one.", show_default=False),
    yes: bool = typer.Option(False, "-y", "--yes", help="Do not ask."),
    dry_run: bool = _DRY_RUN,
) -> Result:
    """Remove profiles; awsctx -d PROFILE... does the same.

    They go from both AWS files, all of them or none.
    """
    from awsctx.commands.remove import remove

    return _painted(remove(process.world(), names, yes=yes, dry_run=dry_run), dry_run)


def _sync(
    session: str = typer.Argument("", metavar="[SESSION|PROFILE]", help="Default: the only session.", show_default=False),
    name: str = _remembered("--name", "TEMPLATE", "Names, of {session} {account} {account_id} {role} {email}."),
    region: str = _remembered("--region", "REGION", "The region of the profiles."),
    output: str = _remembered("--output", "FORMAT", "The output format of the profiles."),
    match: list[str] = _remembered("--match", "PATTERN", "Only accounts (by name or id) or roles that match; may be repeated."),
    prune: bool = typer.Option(False, "--prune", help="Remove the generated profiles that are not granted any more."),
    diff: bool = typer.Option(False, "--diff", help="Show the file's difference, too."),
    yes: bool = typer.Option(False, "-y", "--yes", help="Do not ask."),
    dry_run: bool = _DRY_RUN,
) -> Result:
    """Make a profile for every account and role that the sign-in grants.

    It shows what changes, and asks before it writes. What says "Remembered" is kept for
    the session, and need not be given again.
    """
    from awsctx.commands.sync import Call, sync

    globs = tuple(match) if match else None
    forget = region == ""
    region_given = None if forget else region
    call = Call(session, name, region_given, output, globs, prune, diff, dry_run, yes, forget_region=forget)
    result = _painted(sync(process.world(), call, process.person()), dry_run)
    if dry_run and render.moves(1) and os.isatty(0):
        from awsctx.cli.pager import paged

        result.out = "" if paged(str(result.out), 1) else result.out
    return result


def _painted(result: Result, dry_run: bool) -> Result:
    """The diff of a dry run is its data."""
    if dry_run and render.coloured(1):
        from awsctx.cli.styled import diff

        result.out = diff(str(result.out))
    return result


def add_to(app: typer.Typer) -> None:
    section = "Profiles"
    declare(app, section, "sync", _sync, "awsctx sync worksso", "awsctx sync --name '{account}.{role}' --match 'prod*'")
    declare(app, section, "show", _show, "awsctx show worksso.tester")
    admin = "awsctx add worksso.admin --session worksso --account 123412341234 --role admin"
    declare(app, section, "add", _add, admin, "awsctx add ide --follow")
    declare(app, section, "copy", _copy, "awsctx copy worksso.tester tester-in-paris")
    declare(app, section, "rename", _rename, "awsctx rename worksso.tester tester", "awsctx tester=worksso.tester")
    declare(app, section, "remove", _remove, "awsctx remove worksso.tester", "awsctx -d worksso.tester worksso.developer")
    app.command(EQUATION, cls=Command, hidden=True)(_rename_by_equation)
