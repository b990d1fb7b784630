"""Contract, section 10: what will really be used."""

import os
import shutil

import typer

from awsctx.commands import Result


def _doctor(
    as_json: bool = typer.Option(False, "--json", help="Print JSON: id, severity, where, what, fix."),
) -> Result:
    """Say what is wrong here, what follows from it and how to mend it; no network, nothing is changed."""
    from awsctx.__main__ import world
    from awsctx.commands.doctor import doctor

    terminal = os.isatty(1)
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = min(shutil.get_terminal_size((100, 24)).columns, 120) if terminal else 100
    return doctor(world(), as_json=as_json, person=os.isatty(0) and terminal, colour=colour, width=width)


def add_to(app: typer.Typer) -> None:
    app.command("doctor")(_doctor)
