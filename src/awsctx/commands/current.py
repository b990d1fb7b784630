"""What is in force: `current`, `prompt`, `history`, and the record that the hook asks for."""

from awsctx.commands import Result
from awsctx.core.text import visible
from awsctx.world import World


def current(world: World, *, flag: str | None = None, as_json: bool = False) -> Result:
    """The context in force, as `NAME[@REGION]`, or as JSON with its source and the credentials that botocore would use."""
    world.check_settings()
    found = world.in_force(flag)
    if not as_json:
        return Result(f"{visible(str(found.context))}\n")
    from json import dumps

    value = {
        "profile": found.context.profile,
        "region": found.context.region or None,
        "source": found.source,
        "credentials": world.method(found),
    }
    return Result(dumps(value, indent=2) + "\n")
