"""The names that `awsctx sync` has given, session by session: a generated profile of another name was named by a person.

JSON in a file beside the state's, 0600. A file that is missing, or not as awsctx writes it, knows of none.
"""

import json
from collections.abc import Iterable, Mapping

from awsctx.errors import AwsctxError
from awsctx.store import files, lock, paths

_LOCK_SECONDS = 5.0


def read(environ: Mapping[str, str], session: str) -> frozenset[str]:
    """The names given to profiles of ``session``."""
    return frozenset(_all(_path(environ)).get(session, ()))


def write(environ: Mapping[str, str], session: str, names: Iterable[str]) -> None:
    """Keep ``names`` as those of ``session``. Raises AwsctxError."""
    path, wanted = _path(environ), sorted(names)
    if _all(path).get(session, []) == wanted:
        return
    try:
        with lock.held(paths.beside_state(environ, "edit.lock"), seconds=_LOCK_SECONDS):
            files.replace(path, json.dumps({**_all(path), session: wanted}).encode(), own=True)
    except OSError as e:
        raise AwsctxError(f"could not keep the names in {paths.short(path)}: {e.strerror or e}") from None


def _path(environ: Mapping[str, str]) -> str:
    return paths.beside_state(environ, "sync.json")


def _all(path: str) -> dict[str, list[str]]:
    try:
        found = json.loads(files.read(path, own=True))
        return {session: [name for name in names if isinstance(name, str)] for session, names in found.items()}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return {}
