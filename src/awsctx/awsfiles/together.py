"""Both AWS files changed together: either both, or neither."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from awsctx import files
from awsctx.awsfiles.headers import Flavour
from awsctx.awsfiles.read import read_bytes
from awsctx.awsfiles.write import Change, Plan, change
from awsctx.errors import AwsctxError


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to become of the file at ``path``."""

    path: str
    flavour: Flavour
    plan: Plan

    def run(self, *, dry_run: bool) -> Change:
        """As `write.change`."""
        return change(self.path, self.plan, self.flavour, dry_run=dry_run)


def change_together(edits: Sequence[Edit], *, dry_run: bool = False) -> list[Change]:
    """Make the edits, each as `write.change` does. Of several, all are tried out before the first is made; where a later one
    fails all the same (a full disk, say), those already made are taken back. Raises what `write.change` raises; nothing has
    changed then."""
    if dry_run or len(edits) > 1:
        tried = [edit.run(dry_run=True) for edit in edits]
        if dry_run:
            return tried
    done: list[tuple[Edit, bytes, bytes]] = []
    changes = []
    for edit in edits:
        before = read_bytes(edit.path)
        try:
            changes.append(edit.run(dry_run=False))
        except AwsctxError:
            for other, old, new in reversed(done):
                _take_back(other, old, new)
            raise
        if changes[-1].written:
            done.append((edit, before, read_bytes(edit.path)))
    return changes


def _take_back(edit: Edit, old: bytes, new: bytes) -> None:
    """Unless someone else has changed it meanwhile, or it cannot be written any more."""
    with contextlib.suppress(OSError):
        if read_bytes(edit.path) == new:
            files.replace(edit.path, old)
