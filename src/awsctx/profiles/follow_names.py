"""What follows when profiles get other names, or go: the state and its history; and what the user has to be told of."""

import os
from collections.abc import Mapping

from awsctx.core.context import Context
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.profiles import kubeconfig, references
from awsctx.store import paths, state
from awsctx.world import World

# {old name: new name, or None where the profile is gone}
Names = Mapping[str, str | None]


def follow(world: World, names: Names) -> list[str]:
    """Let the state follow ``names``; the lines to say of it, and of whatever else names those profiles."""
    said = []
    try:
        old = state.read(world.state_path)
        new = followed(old, names)
        if (new.active, new.history) != (old.active, old.history):
            _write(world, names)
            if new.active is None and old.active is not None:
                said.append("it was the active profile: no context is active now")
    except state.StateDamaged:
        pass  # it names nothing that anybody could follow
    except AwsctxError as e:
        said += [f"warning: {e.message}", *e.hints]
    own = world.environ.get("AWS_PROFILE", "")
    if own in names and not _shows_the_state(world):
        name = names[own]
        cure = f"; to change that: awsctx -s {visible(name)}" if name and world.call else ""
        said.append(f"note: AWS_PROFILE in this shell still names '{visible(own)}'{cure}")
    said += references.guard_notes(names, world.settings, paths.short(paths.config_path(world.environ)))
    return said + references.pin_notes(names, os.getcwd()) + kubeconfig.notes(names, world.environ)


def followed(old: state.State, names: Names) -> state.State:
    """The state with the names changed: contexts of a profile that is gone are gone."""

    def new(context: Context) -> Context | None:
        name = names.get(context.profile, context.profile)
        return None if name is None else Context(name, context.region)

    active = new(old.active) if old.active else None
    history = dict.fromkeys(state.Switch(*context) for context in map(new, old.history) if context is not None)
    return state.State(state.Record(active), tuple(history))


def _write(world: World, names: Names) -> None:
    fresh = World(world.environ, now=world.now)  # the files have changed since ``world`` has read them

    def change(old: state.State) -> state.State:
        new = followed(old, names)
        record = old.record
        if new.active != old.active:
            record = fresh.record(new.active)
            record.serial = old.record.serial
            record.writer = world.call if _shows_the_state(world) else "-"
        return state.State(record, new.history)

    state.change(world.state_path, change)


def _shows_the_state(world: World) -> bool:
    """Whether this shell's AWS_PROFILE is the state's: then its hook takes the new one without a word."""
    return bool(world.call) and world.environ.get("AWSCTX_EXPORTED", "").startswith("state:")
