"""What happens when profiles are renamed or removed: the state and its history follow, and the user is told what else names
them."""

from collections.abc import Mapping

from awsctx import shell
from awsctx.core import environ as env
from awsctx.core.context import Context
from awsctx.core.facts import SWITCH, Asked
from awsctx.core.record import Record
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.profiles import kubeconfig, references
from awsctx.shells import quoted
from awsctx.store import paths, state
from awsctx.world import World

# {old name: new name, or None where the profile is gone}
Names = Mapping[str, str | None]


def follow(world: World, names: Names) -> list[str]:
    """Let the state follow ``names``; the lines to tell the user, also about whatever else names those profiles."""
    said = []
    try:
        old = state.read(world.state_path)
        new, written = followed(old, names), None
        if new.text() != old.text():
            written = state.change(world.state_path, lambda old: followed(old, names))
            if new.active is None and old.active is not None:
                said.append(f"'{visible(old.active.profile)}' was the active profile: no context is active now")
        _answer(world, old, names, written)
    except state.StateDamaged:
        pass  # a damaged state names no profile
    except AwsctxError as e:
        said += [f"warning: {e.message}", *e.hints]
    own = world.environ.get("AWS_PROFILE", "")
    if own in names and not shell.shows_the_state(world) and env.exported_source(world.environ) != "directory":
        name = names[own]
        fix = f"; to change that: awsctx -s {quoted(name, world.shell)}" if name and world.hooked else ""
        said.append(f"note: AWS_PROFILE in this shell still names '{visible(own)}'{fix}")
    said += references.guard_notes(
        names, world.settings, paths.short(paths.config_path(world.environ)), World(world.environ).guarded
    )
    return said + named_elsewhere(world, names)


def named_elsewhere(world: World, names: Names) -> list[str]:
    """The lines about files that name those profiles, and that awsctx does not edit."""
    return references.pin_notes(names, paths.folder(world.environ)) + kubeconfig.notes(names, world.environ)


def followed(old: state.State, names: Names) -> state.State:
    """The state with the new names. Contexts of removed profiles are dropped."""

    active = _renamed(old.active, names) if old.active else None
    history = dict.fromkeys(context for entry in old.history if (context := _renamed(entry, names)))
    before = _renamed(old.record.before, names) if active and old.record.before else None
    record = Record(active, old.record.serial, until=old.record.until if active else 0, before=before)
    return state.State(record, tuple(history))


def _renamed(context: Context, names: Names) -> Context | None:
    """The context under its profile's new name; None where that profile is removed."""
    name = names.get(context.profile, context.profile)
    return None if name is None else Context(name, context.region)


def _answer(world: World, old: state.State, names: Names, written: state.State | None) -> None:
    """Tell the shell of this call the new names, silently. A shell that is on another context than the ``old`` state (it
    does not follow into guarded profiles) stays there."""
    if not shell.shows_the_state(world):
        return
    shown = Context(world.environ.get("AWS_PROFILE", ""), env.exported_region(world.environ))
    if old.active is not None and old.active.profile == shown.profile:
        shown = old.active
    fresh = World(world.environ, now=world.now)  # ``world`` has read the files before they changed
    shell.answer(fresh, Asked(SWITCH, _renamed(shown, names)), written=written)
