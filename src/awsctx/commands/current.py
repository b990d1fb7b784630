"""`awsctx current`: the context in force, and where it comes from."""

from awsctx.commands import Result
from awsctx.core.environ import keys_only_read
from awsctx.core.text import visible
from awsctx.world import World


def current(world: World, *, flag: str | None = None, as_json: bool = False) -> Result:
    """The context in force, as `NAME[@REGION]`. As JSON also its source, the credentials that botocore would use, and its
    limits (guarded, read-only, locked, until)."""
    world.check_settings()
    found = world.in_force(flag)
    if not as_json:
        return Result(f"{visible(str(found.context))}\n")
    from json import dumps

    from awsctx.awsfiles import methods
    from awsctx.signin import tokens

    credentials = methods.in_force(found, world.environ, world.files)
    account, role = world.files.account_and_role(found.context.profile)
    value = {
        "profile": found.context.profile,
        "region": found.context.region or None,
        "source": found.source,
        "credentials": credentials,
        "account_id": account or None,
        "role_name": role or None,
        "guarded": world.guarded(found.context.profile),
        "read_only": _reads_only(world, found.context.profile, role, credentials),
        "locked": bool(world.environ.get("AWSCTX_LOCK")),
        "until": tokens.iso(world.until(found) or None),
    }
    return Result(dumps(value, indent=2) + "\n")


def _reads_only(world: World, profile: str, role: str, credentials: str) -> bool:
    """Whether the context in force can only read: by the keys of `exec --read-only`, by the lock, or by a role that matches
    `read_only`."""
    if credentials == "env" and keys_only_read(world.environ):
        return True
    if world.lock is not None and world.lock.granted.get(profile):
        return True
    return bool(role) and world.settings.reads_only(role)
