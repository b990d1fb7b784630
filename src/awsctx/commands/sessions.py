"""`awsctx sessions`: the sessions in the config, and how their sign-ins stand. Uses no network."""

from awsctx.aws.sessions import every
from awsctx.commands import Result
from awsctx.commands.login import damaged
from awsctx.signin import tokens
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rich.table import Table

_COLUMNS = ("name", "start url", "region", "sign-in", "profiles")


def list_sessions(world: World, *, as_json: bool = False) -> Result:
    """The sessions in the config's order, then the old inline forms, whose name is their start URL. Damaged token files are
    named on stderr."""
    found = []
    sessions = list(every(world))
    lines = damaged(session for session, _ in sessions)
    for session, profiles in sessions:
        sign_in = tokens.sign_in(session.token_path, world.now)
        found.append(_object(session.name, session.start_url, session.region, sign_in, profiles))
    if as_json:
        from json import dumps

        return Result(dumps(found, indent=2) + "\n", *lines)
    if not found:
        error = world.nothing_there("sessions")
        return Result("", "; ".join([error.message, *error.hints]))
    return Result(_table(found, world.now), *lines)


def _object(name: str, start_url: str, region: str, sign_in: tokens.SignIn, profiles: list[str]) -> "dict[str, Any]":
    return {
        "name": name,
        "start_url": start_url or None,
        "region": region or None,
        "sign_in": sign_in.status,
        "expires_at": tokens.iso(sign_in.expires_at),
        "refreshable_until": tokens.iso(sign_in.refreshable_until),
        "profiles": profiles,
    }


def _table(found: "list[dict[str, Any]]", now: float) -> "Table":
    from awsctx.core.table import table

    def row(session: "dict[str, Any]") -> list[object]:
        shown = tokens.label(session, now)
        return [session["name"], session["start_url"], session["region"], shown, str(len(session["profiles"]))]

    return table(_COLUMNS, map(row, found))
