"""awsctx(1), KNOWING: what will really be used."""

import os
import shutil
from functools import partial
from typing import TYPE_CHECKING

import typer

from awsctx.cli import process
from awsctx.cli.parsing import declare
from awsctx.commands import Result

if TYPE_CHECKING:
    from awsctx.world import World

_NAME = typer.Argument("", metavar="[NAME]", help="The profile; default: the context in force.", show_default=False)
_YES = typer.Option(False, "-y", "--yes", help="Do not ask about a guarded profile.")
_JSON = typer.Option(False, "--json", help="Print JSON.")


def _doctor(as_json: bool = typer.Option(False, "--json", help="Print JSON: id, severity, where, what, fix.")) -> Result:
    """Say what is wrong here, what follows from it, and how to fix it.

    It uses no network, runs nothing and changes nothing.
    """
    from awsctx.commands.doctor import doctor

    terminal = os.isatty(1)
    width = min(shutil.get_terminal_size((100, 24)).columns, 120) if terminal else None
    return doctor(process.world(), as_json=as_json, person=os.isatty(0) and terminal, width=width)


def _whoami(
    name: str = _NAME,
    match: list[str] = typer.Option([], "--match", metavar="GLOB", help="All profiles that match.", show_default=False),
    every: bool = typer.Option(False, "--all", help="All profiles."),
    as_json: bool = _JSON,
) -> Result:
    """Ask AWS who a profile is, and compare that with the config."""
    from awsctx.commands.whoami import check_call, whoami, whoami_many

    check_call(name, match, every)
    if not match and not every:
        world = process.world()
        _offer_sign_in(world, name)
        return whoami(world, name, as_json=as_json, prompt=process.code(), screen=process.person)
    from awsctx.cli.progress import Progress

    screen = Progress()
    try:
        return whoami_many(process.world(), match or ["*"], as_json=as_json, told=partial(screen.progress, "asking AWS"))
    finally:
        screen.done_waiting()


def _env(
    name: str = typer.Argument(
        "", metavar="[NAME[@REGION]]", help="The profile; default: the context in force.", show_default=False
    ),
    region: str = typer.Option("", "-r", "--region", metavar="REGION", help="With this region.", show_default=False),
    format: str = typer.Option("sh", "--format", metavar="sh|fish|nu|powershell|dotenv|json|process", help="The format."),
    unset: bool = typer.Option(False, "--unset", help="Print what takes the variables back."),
    read_only: bool = typer.Option(False, "--read-only", help="Credentials that only read, by IAM."),
    yes: bool = _YES,
) -> Result:
    """Print a profile's credentials as variables.

    They are for tools that cannot read a sign-in. While they are set, they overrule every
    switch: where a tool can, better use awsctx exec.
    """
    from awsctx.commands import env as credential_env

    if unset:
        return credential_env.unset(format=format)
    world = process.world()
    screen = process.person if format != "process" else None  # whose caller is a program, whatever terminal it has
    return credential_env.env(
        world,
        name,
        region=region,
        format=format,
        yes=yes,
        read_only=read_only,
        person=os.isatty(2),
        prompt=process.code(),
        screen=screen,
    )


def _console(
    name: str = _NAME,
    region: str = typer.Option("", "-r", "--region", metavar="REGION", help="In this region.", show_default=False),
    service: str = typer.Option("", "--service", metavar="SERVICE", help="A service's page: ec2, s3.", show_default=False),
    only_print: bool = typer.Option(False, "--print", help="Print the link; open nothing."),
    yes: bool = _YES,
) -> Result:
    """Open the AWS console as a profile, in the browser."""
    from awsctx.commands.console import console

    return console(
        process.world(),
        name,
        region=region,
        service=service,
        only_print=only_print,
        yes=yes,
        prompt=process.code(),
    )


def _offer_sign_in(world: "World", name: str) -> None:
    """Where a person is there and the profile's sign-in has ended, ask whether to sign in first, as `exec` does."""
    if world.ask is not None:
        from awsctx.commands.login import offer

        offer(world, world.meant(name).context.profile, process.person)


def add_to(app: typer.Typer) -> None:
    section = "Knowing"
    declare(app, section, "whoami", _whoami, "awsctx whoami", "awsctx whoami --match 'worksso.*'")
    declare(app, section, "doctor", _doctor, "awsctx doctor", "awsctx doctor --json | jq -r '.[].fix | select(. != \"\")'")
    declare(app, section, "env", _env, 'eval "$(awsctx env worksso.tester)"', 'eval "$(awsctx env --unset)"')
    declare(app, section, "console", _console, "awsctx console", "awsctx console worksso.tester --service s3 --print")
