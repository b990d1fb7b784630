"""Reading the AWS files while somebody else writes them in place, as aws does."""

import os
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from awsctx.errors import AwsctxError

T = TypeVar("T")

# How long a program takes, at most, to write the file that it has emptied (seconds), and how often to look again.
_WHILE = 0.05
_ATTEMPTS = 5


def at_rest(paths: Sequence[str], read: Callable[[], T]) -> T:
    """What ``read`` makes of the files. Whoever reads at the wrong moment sees a part of one: an error is believed only once
    the files have stayed as they are for a while."""
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
    """Something that differs when the file has been written in between."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_ino, found.st_size
