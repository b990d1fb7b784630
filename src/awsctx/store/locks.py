"""The files of `exec --lock` (awsctx(1), GUARD RAILS), in a folder beside the state. Each is called by what is in it (SHA-1),
so that the same lock is the same file, and one that has been changed is known for it.

Hot path: imports nothing that the interpreter has not loaded already.
"""

import _thread
import os

from awsctx.errors import AwsctxError
from awsctx.store import files

FOLDER = "locks"
# One that no call has asked for in so long (seconds) is removed when another is made.
_KEPT = 90 * 86400.0


def keep(folder: str, data: bytes) -> str:
    """The path of the file that holds ``data``; it is made where it is missing or has been changed. Raises AwsctxError."""
    path = os.path.join(folder, _name(data))
    try:
        if read(path) == data and os.lstat(path).st_mode & 0o777 == 0o600:
            os.utime(path)
            return path
        files.make_folder(folder)
        _sweep(folder)
        # Each writer has an unfinished file of its own: what two of them write is the same.
        unfinished = f"{path}.{os.getpid()}.{_thread.get_ident()}"
        try:
            files.replace(unfinished, data, own=True, durable=False)
            os.replace(unfinished, path)
        except BaseException:
            _remove(unfinished)
            raise
    except OSError as e:
        raise AwsctxError(f"could not write the lock's file {path}: {e.strerror or e}", "make that folder writable") from None
    return path


def read(path: str) -> bytes | None:
    """What the file at ``path`` holds; None where it is gone, or is not what was written there."""
    try:
        data = files.read(path, own=True)
    except OSError:
        return None
    return data if os.path.basename(path) == _name(data) else None


def _name(data: bytes) -> str:
    try:
        from _sha1 import sha1  # what hashlib wraps, without its 4 ms
    except ImportError:
        from hashlib import sha1
    return str(sha1(data, usedforsecurity=False).hexdigest())


def _sweep(folder: str) -> None:
    import time

    before = time.time() - _KEPT
    for entry in os.scandir(folder):
        try:
            if entry.stat(follow_symlinks=False).st_mtime < before:
                os.unlink(entry.path)
        except OSError:  # another thread's or process's unfinished file, which has its place by now
            continue


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass
