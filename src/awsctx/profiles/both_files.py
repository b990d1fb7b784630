"""Changes of both AWS files: both are made, or neither."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from awsctx.awsfiles import write
from awsctx.awsfiles.at_rest import at_rest
from awsctx.awsfiles.write import Change, Edit, content_of
from awsctx.errors import AwsctxError
from awsctx.store import files, lock, paths

# Seconds to wait for another awsctx that writes the AWS files.
LOCK_SECONDS = 10.0


class HalfDone(AwsctxError):
    """One file has been changed and could not be changed back; the other has not been changed."""


def try_out(edits: Sequence[Edit]) -> list[Change]:
    """The changes that the edits would make. Raises what `write.try_out` raises."""
    return at_rest([edit.path for edit in edits], lambda: [write.try_out(edit) for edit in edits])


def change_together(environ: Mapping[str, str], edits: Sequence[Edit], tried: Sequence[Change] = ()) -> list[Change]:
    """Make the edits, each by `write.change`, under the lock in the state's folder. ``tried`` is the result of `try_out`.
    All edits are tried out before the first is made. Where a later one fails all the same (on a full disk, say), the
    earlier ones are undone.

    Raises what `write.change` raises, and AwsctxError where the lock cannot be had: nothing has changed then. Raises
    HalfDone where an edit could not be undone.
    """
    path = paths.beside_state(environ, "edit.lock")
    tried = tried or try_out(edits)
    try:
        with lock.held(path, seconds=LOCK_SECONDS):
            return _all_or_none(edits, tried)
    except lock.Timeout:
        raise AwsctxError(
            f"another awsctx has been changing the AWS files for {LOCK_SECONDS:.0f} seconds",
            f"it holds the lock {path}; try again when it is done",
        ) from None


def _all_or_none(edits: Sequence[Edit], tried: Sequence[Change]) -> list[Change]:
    changes: list[Change] = []
    for edit, would in zip(edits, tried, strict=True):
        try:
            changes.append(write.change(edit, would))
        except BaseException as error:  # also Ctrl-C, which may come between the two files
            left = {made.path: _taken_back(made) for made in (would, *reversed(changes)) if made.new != made.old}
            stuck = [path for path, back in left.items() if not back]
            if not stuck:
                raise
            reason = error.message if isinstance(error, AwsctxError) else "interrupted"
            unknown = left[stuck[0]] is None
            what = (
                "cannot be read: whether it has changed is not known"
                if unknown
                else "has changed, and could not be changed back"
            )
            raise HalfDone(
                f"{reason}; and {stuck[0]} {what}", "fix that, then run the same command again: it finishes the change"
            ) from error
    return changes


def _taken_back(made: Change) -> bool | None:
    """Undo a change; whether the file no longer has it, None where it cannot be read. A file that another program has
    changed meanwhile stays as it is."""
    old, new = made.old.encode(), made.new.encode()
    with suppress(OSError):
        if content_of(made.path) == new:
            files.replace(made.path, old, last_look=lambda: content_of(made.path) == new)
    try:
        return content_of(made.path) != new
    except OSError:
        return None
