"""`awsctx list`: names as `aws configure list-profiles` gives them, a line each, a table with `-l`, or JSON."""

from awsctx.awsfiles.grammar import account_and_role, text_of
from awsctx.commands import Result
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rich.table import Table

    from awsctx.core.facts import SignIn

_COLUMNS = ("name", "type", "account", "role", "region", "session", "sign-in")


def list_profiles(world: World, glob: str = "", *, long: bool = False, as_json: bool = False, terminal: bool = False) -> Result:
    """The profiles that match ``glob`` (empty: all), in the AWS CLI's order. ``terminal``: the output is for the user, so
    the active one is marked."""
    world.check_settings()
    names = world.files.names()
    if glob:
        from fnmatch import fnmatchcase

        names = [name for name in names if fnmatchcase(name, glob)]
    if as_json:
        from json import dumps

        return Result(dumps(_objects(world, names), indent=2) + "\n", *_torn(world, names))
    if not names:
        return Result("", f"no profile matches '{visible(glob)}'" if glob and world.files.names() else none_at_all(world))
    if long:
        return Result(_table(world, names, terminal), *_torn(world, names))
    if terminal:
        active = _active(world)
        return Result("".join(f"{'* ' if name == active else '  '}{visible(name)}\n" for name in names))
    return Result("".join([f"{visible(name)}\n" for name in names]))


def described(world: World, names: list[str]) -> list[tuple[str, ...]]:
    """What tells each profile apart: account, role, region, sign-in, and `guarded` where it is guarded."""
    from awsctx.signin.tokens import label

    return [
        (
            *(profile[key] or "" for key in ("account_id", "role_name", "region")),
            label(profile, world.now),
            "guarded" if profile["guarded"] else "",
        )
        for profile in _objects(world, names)
    ]


def none_at_all(world: World) -> str:
    """Why the list is empty."""
    error = world.nothing_there("profiles")
    return "; ".join([error.message, *error.hints])


def _active(world: World) -> str:
    from awsctx.store import state  # a list for a program has no mark

    try:
        record = state.read(world.state_path).record
    except AwsctxError:  # a list without the mark is better than no list
        return ""
    return record.context.profile if record.context and not record.is_over(world.now) else ""


def _objects(world: World, names: list[str]) -> "list[dict[str, Any]]":
    active = _active(world)
    sign_ins: dict[str, SignIn] = {}
    return [_object(world, name, name == active, sign_ins) for name in names]


def _object(world: World, name: str, active: bool, sign_ins: "dict[str, SignIn]") -> "dict[str, Any]":
    from awsctx.core import credentials
    from awsctx.signin import tokens

    values = world.files.profile(name) or {}
    account, role = account_and_role(values)
    method = credentials.of_profile(name, world.files.layers, world.files.session)
    path = tokens.path_for_profile(values)
    if path and path not in sign_ins:
        sign_ins[path] = tokens.sign_in(path, world.now)
    sign_in = sign_ins.get(path)
    if method == credentials.LOGIN:
        from awsctx.signin import aws_login

        sign_in = aws_login.sign_in(aws_login.token_path(str(values["login_session"]), world.environ), world.now)
    return {
        "name": name,
        "active": active,
        "type": method,
        "account_id": account or None,
        "role_name": role or None,
        "region": text_of(values, "region") or None,
        "output": text_of(values, "output") or None,
        "sso_session": text_of(values, "sso_session") or None,
        "guarded": world.guarded(name),
        "sign_in": sign_in.status if sign_in else None,
        "expires_at": tokens.iso(sign_in.expires_at) if sign_in else None,
    }


def _torn(world: World, names: list[str]) -> list[str]:
    """The lines about damaged token files."""
    from awsctx.commands.login import damaged_of

    return damaged_of(world, names)


def _table(world: World, names: list[str], terminal: bool) -> "Table":
    from awsctx.core.table import table
    from awsctx.signin.tokens import label

    def row(profile: "dict[str, Any]") -> list[object]:
        mark = ("* " if profile["active"] else "  ") if terminal else ""
        keys = ("type", "account_id", "role_name", "region", "sso_session")
        return [mark + profile["name"], *(profile[key] for key in keys), label(profile, world.now)]

    first, *others = _COLUMNS
    return table([f"  {first}" if terminal else first, *others], map(row, _objects(world, names)))
