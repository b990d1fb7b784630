"""The lock of everything that takes seconds: filelock's, in a file that is made as all files of awsctx are. (`state` has one of
its own for the hot path, which excludes the same processes.)"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from awsctx.errors import AwsctxError
from awsctx.store import files

__all__ = ["Timeout", "held"]


@contextmanager
def held(path: str, *, seconds: float, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock file at ``path``; it is made where it is missing, 0600, and stays. Where somebody else has it at first,
    ``waiting`` is called.

    Raises Timeout where it is not to be had within ``seconds``, AwsctxError where its file cannot be made or opened.
    """
    lock = FileLock(path, mode=0o600)
    try:
        files.make_folder(os.path.dirname(path))
        os.close(files.open_lock(path))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting()
            lock.acquire(timeout=seconds, poll_interval=0.05)
    except Timeout:
        raise
    except OSError as e:
        raise not_to_be_opened(path, e) from None
    try:
        yield
    finally:
        lock.release()


def not_to_be_opened(path: str, error: OSError) -> AwsctxError:
    """The error for a lock whose file cannot be made or opened (after a `sudo awsctx` of old it may be root's)."""
    from awsctx.shells import quoted

    folder = os.path.dirname(path)
    fix = f"make {quoted(folder)} a folder that you can write to"
    if os.path.islink(path):
        fix = f"take it away: rm -f {quoted(path)}"
    elif os.path.isfile(path) and os.access(folder, os.W_OK):
        fix = f"it is another user's; take it away: rm -f {quoted(path)}"
    return AwsctxError(f"could not take the lock {path}: {error.strerror or error}", fix)
