"""A note in the state's folder of a change that two files and the state take part in.

Where the change is killed in between, the note stays. The same call again then knows that what it finds half done is its own,
and does the rest. A note is known by its change; where the same call would find another change to make, by that
call (``by``)."""

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
    """The change of names that the call ``by`` has begun in these files, and did not end; empty: there is none."""
    try:
        found = json.loads(files.read(_note(world, {}, by)))
    except (OSError, ValueError):
        return {}
    whole = isinstance(found, dict) and all(new is None or isinstance(new, str) for new in found.values())
    return found if whole else {}


def begun(world: World, change: Names) -> bool:
    """Whether this very change of names has been begun, in these files, and did not end."""
    return os.path.exists(_note(world, change))


@contextmanager
def noted(world: World, change: Names, by: str = "") -> Iterator[None]:
    """Write a note, which stays until ``ended``, while the files are changed; after an error that has left them as they were
    there is none. Raises AwsctxError where it cannot be written: nothing is to be changed then."""
    path = _note(world, change, by)
    try:
        files.make_folder(os.path.dirname(path))
        files.replace(path, json.dumps(dict(change)).encode() + b"\n", private=True)
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
    """All of the change is made, the state's part too: the note goes."""
    _forget(_note(world, change, by))


def _forget(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def _note(world: World, change: Names, by: str = "") -> str:
    """One change has one note: another one does not see it."""
    where = [os.path.realpath(path) for path in (names.config_path(world.environ), names.credentials_path(world.environ))]
    key = json.dumps([where, by or sorted(change.items())])
    digest = hashlib.sha1(key.encode(errors="surrogateescape"), usedforsecurity=False).hexdigest()
    return paths.beside_state(world.environ, f"unfinished-{digest[:16]}")
