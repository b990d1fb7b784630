"""Reading the AWS files while somebody else writes them in place, as aws does."""

import os
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from awsctx.errors import AwsctxError

T = TypeVar("T")

# The longest time that a program takes to write a file that it has emptied (seconds), and how often to look again.
_WHILE = 0.05
_ATTEMPTS = 5


def at_rest(paths: Sequence[str], read: Callable[[], T]) -> T:
    """The result of ``read``, which reads the files at ``paths``. A program that writes a file in place empties it first,
    so a reader may see a part of it. Hence an error of ``read`` counts only once the files have not changed for a while."""
    for _ in range(_ATTEMPTS):
        before = list(map(_version, paths))
        try:
            return read()
        except AwsctxError:
            time.sleep(_WHILE)
            if list(map(_version, paths)) == before:
                raise
    return read()


def _version(path: str) -> tuple[int, int, int]:
    """A value that differs once the file has been written."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_ino, found.st_size
