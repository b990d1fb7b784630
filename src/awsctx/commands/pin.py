"""`awsctx pin`: the context of this folder and those below it (awsctx(1), GUARD RAILS)."""

import os

from awsctx import shell, shells
from awsctx.commands import Result
from awsctx.commands.allow import refuse_agent
from awsctx.commands.use import overrides
from awsctx.core import environ as env
from awsctx.core.context import Context, parse
from awsctx.core.facts import FOLDER, Asked
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.store import paths, pins
from awsctx.world import World


def pin(world: World, name: str) -> Result:
    """Pin this folder to the context ``name``. Raises AwsctxError where there is no such profile, where the pin would not
    count, or where another file has its name; nothing is written then."""
    refuse_agent(world, "pin")
    context = world.context(name)
    if world.guarded(context.profile):
        raise AwsctxError(f"'{visible(context.profile)}' is guarded: a pin on it would not count, and none is written")
    path = _here(world)
    if os.path.lexists(path):
        _check_is_pin(path, "not overwritten")
    line = str(context)
    if parse(line, world.files.exists) != context or not pins.is_line(line):
        raise AwsctxError(f"a pin cannot hold '{visible(line)}'", "rename the profile with: awsctx rename OLD NEW")
    pins.remember(path, line, world.environ)
    pins.write(path, line)
    after = World(world.environ, now=world.now)  # `.` has read the pin that stood here before
    shell.answer(after, Asked(FOLDER))
    where = paths.short(os.path.dirname(path))
    return Result("", f"pinned {where} and the folders below it to {visible(line)}", *_overrides(after, context))


def unpin(world: World) -> Result:
    """Remove this folder's pin. Raises AwsctxError where the file is not a pin."""
    path = _here(world)
    if not os.path.lexists(path):
        counts = f"; {paths.short(world.pin.path)} counts here" if world.pin else ""
        return Result("", f"there is no pin in this folder{counts}")
    _check_is_pin(path, "not removed")
    pins.remove(path)
    pins.remember(path, "", world.environ)
    shell.answer(World(world.environ, now=world.now), Asked(FOLDER))
    return Result("", f"removed {paths.short(path)}")


def show(world: World) -> Result:
    """The context that this folder is pinned to. Raises AwsctxError where no pin counts here."""
    notes = [found.note for found in world.pins if found.note]
    counts = world.pin
    if counts is None:
        raise AwsctxError("no pin counts here", *notes, "pin this folder with: awsctx pin NAME")
    return Result(f"{visible(str(counts.context))}\n", f"by {paths.short(counts.path)}", *notes)


def _here(world: World) -> str:
    """The path of this folder's pin, whether it exists or not."""
    folder = paths.folder(world.environ)
    if not folder:
        raise AwsctxError("this folder has been removed", "cd to another")
    return os.path.join(folder, pins.NAME)


def _check_is_pin(path: str, done: str) -> None:
    """Raise AwsctxError where the file at ``path`` is not a pin. ``done`` is the part of the message that says what has not
    been done."""
    try:
        pins.read(path)
    except pins.NoPin as e:
        raise AwsctxError(f"{e.message}: {done}", "if it is not needed, move it away") from None


def _overrides(world: World, context: Context) -> list[str]:
    """The line about what overrides the pin in this shell."""
    lines = overrides(world, context)
    own = world.environ.get("AWS_PROFILE", "")
    if world.hooked and own not in ("", context.profile) and env.exported_source(world.environ) in ("", "environment"):
        lines.append(f"warning: AWS_PROFILE={visible(own)} in this shell overrides it; to be rid of that:")
        lines.append(f"  {shells.unset_command(world.shell, ['AWS_PROFILE'])}")
    return lines
