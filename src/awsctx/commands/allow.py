"""`awsctx allow`: accept a folder's pin that `awsctx pin` has not written here (awsctx(1), GUARD RAILS)."""

from awsctx import guard, shell
from awsctx.commands import Result
from awsctx.core.context import parse
from awsctx.core.facts import FOLDER, Asked
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.store import paths, pins
from awsctx.world import World


def allow(world: World) -> Result:
    """Accept the nearest pin from here upwards, until its file changes. Raises AwsctxError where there is none, or awsctx
    cannot read it."""
    refuse_agent(world, "allow")
    path, line = _nearest(world)
    try:
        context = parse(line, world.files.exists)
    except AwsctxError as e:
        raise pins.NoPin(path, pins.UNREADABLE, e.message) from None
    done = "already allowed" if pins.is_allowed(path, line, world.environ) else "allowed"
    pins.remember(path, line, world.environ)
    shell.answer(World(world.environ, now=world.now), Asked(FOLDER))
    notes = []
    if world.guarded(context.profile):
        notes.append(f"warning: it does not count: '{visible(context.profile)}' is guarded")
    elif not world.files.exists(context.profile):
        notes.append(f"warning: there is no profile '{visible(context.profile)}': until there is, each call here fails")
    return Result("", f"{done}: {paths.short(path)}, which says {visible(line)}", *notes)


def _nearest(world: World) -> tuple[str, str]:
    """The path and the line of the nearest pin. Files that are not pins are skipped."""
    others = []
    for path in paths.pin_files(paths.folder(world.environ)):
        try:
            return path, pins.read(path)
        except pins.NoPin as e:
            others.append(e)
    if others:
        raise others[0]
    raise AwsctxError("there is no .awsctx in this folder or above it", "pin this folder with: awsctx pin NAME")


def refuse_agent(world: World, call: str) -> None:
    """Raise AwsctxError where a coding agent makes this call. A pin leads the user's shells, so the user decides which one
    counts."""
    if not guard.counts(world):
        raise AwsctxError(f"{call}: refused to an agent", "it is a person's decision: ask the one you work for")
