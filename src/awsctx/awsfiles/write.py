"""The one writer of the AWS files: locked, checked, atomic.

The config file is the most precious file that awsctx touches. So each write reads the file under a lock, edits its
text, lets configparser (which is what botocore reads with) say whether exactly the intended keys differ, and only then
replaces the file. aws and other programs know nothing of the lock: if the file changed meanwhile, all starts again.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock, Timeout

from awsctx import files
from awsctx.awsfiles.diff import masked_diff
from awsctx.awsfiles.edit import apply
from awsctx.awsfiles.headers import EditError, Flavour
from awsctx.awsfiles.ops import Op, Sections
from awsctx.awsfiles.verify import agrees, sections
from awsctx.errors import AwsctxError

# How long to wait for another awsctx that is writing the same file.
LOCK_SECONDS = 10.0
# How often to start again because the file keeps changing.
ATTEMPTS = 20

# What to do, decided on the sections that the file has at the time of writing.
Plan = Callable[[Sections], Sequence[Op]]


@dataclass(frozen=True, slots=True)
class Change:
    """What a write did, or would do: the file's text before and after; ``written``: it was done."""

    path: str
    old: str = field(repr=False)
    new: str = field(repr=False)
    written: bool = False

    @property
    def diff(self) -> str:
        """Unified, each secret in it `****`; '' where nothing changes."""
        return masked_diff(self.path, self.old, self.new)


def change(path: str, plan: "Plan | Sequence[Op]", flavour: Flavour, *, dry_run: bool = False) -> Change:
    """Edit the AWS file at ``path``, of the ``flavour`` CONFIG or CREDENTIALS; ``dry_run``: only say what would change.

    A plan is asked again when the file changed meanwhile; it may raise. A missing file counts as empty; it is made
    0600, its folder 0700. Symlinks (dangling ones too), mode and owner stay.

    Raises ConfigFileError where botocore refuses the file, EditError where the edit cannot be made, AwsctxError where
    the file cannot be read, locked or written. The file is then as it was.
    """
    decide = plan if callable(plan) else lambda _: plan
    try:
        if dry_run:
            return _edited(path, _content(path), decide, flavour)
        target = os.path.realpath(path)
        Path(target).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(target + ".lock", timeout=LOCK_SECONDS):
            for _ in range(ATTEMPTS):
                old = _content(path)
                made = _edited(path, old, decide, flavour)
                if made.new == made.old:
                    return made
                if _content(path) == old:
                    files.replace(path, made.new.encode())
                    return replace(made, written=True)
    except Timeout:
        raise AwsctxError(
            f"{path}: another awsctx has been writing it for {LOCK_SECONDS:.0f} seconds",
            f"it holds the lock {target}.lock; try again when it is done",
        ) from None
    except OSError as error:
        raise AwsctxError(f"{path}: could not be changed: {error.strerror or error}", "it is as it was") from error
    raise AwsctxError(f"{path}: something else keeps changing it", "try again when that is done")


def _content(path: str) -> bytes:
    """The file's bytes; b'' for a missing one. Raises OSError, for a folder or a device as well."""
    file = Path(path)
    if not file.is_file() and file.exists():
        raise OSError(f"{path} is no regular file")
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _edited(path: str, content: bytes, decide: Plan, flavour: Flavour) -> Change:
    """The change that the plan makes, checked."""
    before, defaults = sections(path, content, flavour)
    old = content.decode()
    ops = decide(before)
    new = apply(old, ops, flavour) if ops else old
    if new != old and not agrees(new, before, defaults, ops, flavour):
        raise EditError(f"{path}: this edit would change more than it should, so nothing is written")
    return Change(path, old, new)
