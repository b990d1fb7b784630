"""`awsctx history`: the contexts that the user switched to."""

from awsctx.commands import Result
from awsctx.core.text import visible
from awsctx.store import state
from awsctx.world import World


def history(world: World, *, as_json: bool = False) -> Result:
    """The contexts that the user switched to, newest first, each once."""
    world.check_settings()
    entries = [
        str(context)
        for context in state.read(world.state_path).history
        if world.lock is None or world.files.exists(context.profile)
    ]
    if as_json:
        from json import dumps

        return Result(dumps(entries, indent=2) + "\n")
    if not entries:
        from awsctx.commands.list import none_at_all

        todo = "switch to one with: awsctx NAME" if world.files.names() else none_at_all(world)
        return Result("", f"no context has been used yet: {todo}")
    return Result("".join(f"{visible(entry)}\n" for entry in entries))
