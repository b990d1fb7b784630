"""Both AWS files changed together: either both, or neither."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from awsctx.awsfiles import write
from awsctx.awsfiles.at_rest import at_rest
from awsctx.awsfiles.write import Change, Edit, content_of
from awsctx.errors import AwsctxError
from awsctx.store import files, lock, paths

# How long to wait for another awsctx that is writing the AWS files.
LOCK_SECONDS = 10.0


class HalfDone(AwsctxError):
    """One file has changed, the other has not, and the change cannot be taken back."""


def try_out(edits: Sequence[Edit]) -> list[Change]:
    """What the edits would do. Raises what `write.try_out` raises."""
    return at_rest([edit.path for edit in edits], lambda: [write.try_out(edit) for edit in edits])


def change_together(environ: Mapping[str, str], edits: Sequence[Edit], tried: Sequence[Change] = ()) -> list[Change]:
    """Make the edits, each as `write.change` does, under the lock that is in the state's folder; ``tried`` is what `try_out`
    has found. All are tried out before the lock is taken and the first is made; where a later one fails all the same (a
    full disk, say), those already made are taken back.

    Raises what `write.change` raises, AwsctxError where the lock is not to be had: nothing has changed then. Raises HalfDone.
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
        except BaseException as error:  # Ctrl-C, too, may come between the two files
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
                f"{reason}; and {stuck[0]} {what}", "when that is mended, the same call again ends the change"
            ) from error
    return changes


def _taken_back(made: Change) -> bool | None:
    """Whether the file is as it was before the change again; None where it cannot be read. Who else has changed it meanwhile
    has the last word."""
    old, new = made.old.encode(), made.new.encode()
    with suppress(OSError):
        if content_of(made.path) == new:
            files.replace(made.path, old, last_look=lambda: content_of(made.path) == new)
    try:
        return content_of(made.path) != new
    except OSError:
        return None
