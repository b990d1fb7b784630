"""Both AWS files changed together: either both, or neither."""

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from awsctx.awsfiles.headers import Flavour
from awsctx.awsfiles.read import read_bytes
from awsctx.awsfiles.write import Change, Plan, change
from awsctx.errors import AwsctxError
from awsctx.store import files

T = TypeVar("T")

# How long a program takes, at most, to write the file that it has emptied (seconds), and how often to look again.
_WHILE = 0.05
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to become of the file at ``path``."""

    path: str
    flavour: Flavour
    plan: Plan

    def try_out(self) -> Change:
        """As `write.change`, a dry run."""
        return change(self.path, self.plan, self.flavour, dry_run=True)

    def make(self, tried: Change | None) -> Change:
        """As `write.change`."""
        return change(self.path, self.plan, self.flavour, tried=tried)


def try_out(edits: Sequence[Edit]) -> list[Change]:
    """What the edits would do. Raises what `write.change` raises."""
    return steady([edit.path for edit in edits], lambda: [edit.try_out() for edit in edits])


def change_together(edits: Sequence[Edit], tried: Sequence[Change] = ()) -> list[Change]:
    """Make the edits, each as `write.change` does; ``tried`` is what `try_out` has found. Of several, all are tried out before
    the first is made; where a later one fails all the same (a full disk, say), those already made are taken back. Raises what
    `write.change` raises; nothing has changed then."""
    if not tried and len(edits) > 1:
        tried = try_out(edits)
    done: list[tuple[Edit, bytes, bytes]] = []
    changes = []
    for edit, would in zip_longest(edits, tried):
        before = read_bytes(edit.path)
        try:
            changes.append(edit.make(would))
        except AwsctxError:
            for other, old, new in reversed(done):
                _take_back(other, old, new)
            raise
        if changes[-1].written:
            done.append((edit, before, read_bytes(edit.path)))
    return changes


def steady(paths: Sequence[str], read: Callable[[], T]) -> T:
    """What ``read`` makes of the files. aws writes them in place, so whoever reads at that moment sees a part: an error is
    believed only once the files have stayed as they are for a while."""
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


def _take_back(edit: Edit, old: bytes, new: bytes) -> None:
    """Unless someone else has changed it meanwhile, or it cannot be written any more."""
    with contextlib.suppress(OSError):
        if read_bytes(edit.path) == new:
            files.replace(edit.path, old)
