"""What follows when profiles get other names, or go: the state and its history; and what the user has to be told of."""

import os
from collections.abc import Mapping

from awsctx import shell
from awsctx.core.context import Context
from awsctx.core.decide import SWITCH, Asked
from awsctx.core.record import Record
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
        if new.text() != old.text():
            _write(world, names)
            if new.active is None and old.active is not None:
                said.append("it was the active profile: no context is active now")
    except state.StateDamaged:
        pass  # it names nothing that anybody could follow
    except AwsctxError as e:
        said += [f"warning: {e.message}", *e.hints]
    own = world.environ.get("AWS_PROFILE", "")
    if own in names and not shell.shows_the_state(world):
        name = names[own]
        cure = f"; to change that: awsctx -s {visible(name)}" if name and world.hooked else ""
        said.append(f"note: AWS_PROFILE in this shell still names '{visible(own)}'{cure}")
    said += references.guard_notes(
        names, world.settings, paths.short(paths.config_path(world.environ)), World(world.environ).guarded
    )
    return said + references.pin_notes(names, os.getcwd()) + kubeconfig.notes(names, world.environ)


def followed(old: state.State, names: Names) -> state.State:
    """The state with the names changed: contexts of a profile that is gone are gone."""

    def new(context: Context) -> Context | None:
        name = names.get(context.profile, context.profile)
        return None if name is None else Context(name, context.region)

    active = new(old.active) if old.active else None
    history = dict.fromkeys(context for context in map(new, old.history) if context is not None)
    before = new(old.record.before) if active and old.record.before else None
    record = Record(active, old.record.serial, until=old.record.until if active else 0, before=before)
    return state.State(record, tuple(history))


def _write(world: World, names: Names) -> None:
    """Write the state that follows; this call's shell takes it over without a word, where it is where the state is."""
    fresh = World(world.environ, now=world.now)  # the files have changed since ``world`` has read them
    after = state.change(world.state_path, lambda old: followed(old, names))
    if shell.shows_the_state(world):
        shell.answer(fresh, Asked(SWITCH, after.active), written=after)
