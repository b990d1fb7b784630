"""A note, in the state's folder, of a change to the names of profiles. The change affects both AWS files and the state.

If the call is killed in between, the note stays. When the same call is repeated, it sees by the note that the half-done
change is its own, and finishes it. A note is identified by its change, or by the call (``by``) where a repeated call would
find another change to make.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from awsctx.awsfiles import names
from awsctx.errors import AwsctxError
from awsctx.profiles.both_files import HalfDone
from awsctx.profiles.follow_names import Names
from awsctx.store import files, paths
from awsctx.world import World


def left(world: World, by: str) -> Names:
    """The change that the call ``by`` began in these files and did not finish; empty where there is none."""
    try:
        found = json.loads(files.read(_note(world, {}, by), own=True))
    except (OSError, ValueError):
        return {}
    whole = isinstance(found, dict) and all(new is None or isinstance(new, str) for new in found.values())
    return found if whole else {}


def begun(world: World, change: Names) -> bool:
    """Whether exactly this change was begun in these files and not finished."""
    return os.path.exists(_note(world, change))


@contextmanager
def noted(world: World, change: Names, by: str = "") -> Iterator[None]:
    """Write a note before the files are changed. The note stays until ``ended``, and is removed after an error that has
    left the files as they were. Raises AwsctxError where the note cannot be written: do not change anything then."""
    path = _note(world, change, by)
    try:
        files.make_folder(os.path.dirname(path))
        files.replace(path, json.dumps(dict(change)).encode() + b"\n", own=True)
    except OSError as e:
        raise AwsctxError(f"could not write {path}: {e.strerror or e}", "nothing has been changed") from None
    try:
        yield
    except HalfDone:
        raise
    except BaseException:
        _forget(path)
        raise


def ended(world: World, change: Names, by: str = "") -> None:
    """Remove the note: the change is complete, also in the state."""
    _forget(_note(world, change, by))


def _forget(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def _note(world: World, change: Names, by: str = "") -> str:
    """The path of the note. Each change has its own."""
    where = [os.path.realpath(path) for path in (names.config_path(world.environ), names.credentials_path(world.environ))]
    key = json.dumps([where, by or sorted(change.items())])
    digest = hashlib.sha1(key.encode(errors="surrogateescape"), usedforsecurity=False).hexdigest()
    return paths.beside_state(world.environ, f"unfinished-{digest[:16]}")
