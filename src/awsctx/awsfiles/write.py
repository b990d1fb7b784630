"""The one writer of the AWS files: locked, checked, atomic.

The config file is the most precious file that awsctx touches. So each write reads the file under a lock, edits its
text, lets configparser (which is what botocore reads with) say whether exactly the intended keys differ, and only then
replaces the file. aws and other programs know nothing of the lock: if the file changed meanwhile, all starts again.
"""

import io
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from awsctx.awsfiles import grammar
from awsctx.awsfiles.diff import masked_diff
from awsctx.awsfiles.edit import TwoAlike, apply
from awsctx.awsfiles.headers import EditError, Flavour
from awsctx.awsfiles.ops import Op, Sections
from awsctx.awsfiles.read import ConfigFileError
from awsctx.awsfiles.verify import agrees, sections
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.store import files

# How long to wait for another awsctx that is writing the same file.
LOCK_SECONDS = 10.0
# How often to start again because the file keeps changing.
ATTEMPTS = 20
# How long a program that has read the file may take until it writes it.
SETTLE_SECONDS = 0.03

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


def change(
    path: str, plan: "Plan | Sequence[Op]", flavour: Flavour, *, dry_run: bool = False, tried: Change | None = None
) -> Change:
    """Edit the AWS file at ``path``, of the ``flavour`` CONFIG or CREDENTIALS; ``dry_run``: only say what would change.

    A plan is asked again when the file changed meanwhile; it may raise. ``tried`` is what a dry run of the same edit has
    found: it is done as it is where the file is still the same. A missing file counts as empty; it is made
    0600, its folder 0700. Symlinks (dangling ones too), mode and owner stay.

    Raises ConfigFileError where botocore refuses the file, EditError where the edit cannot be made, AwsctxError where
    the file cannot be read, locked or written. The file is then as it was.
    """
    decide = plan if callable(plan) else lambda _: plan
    target = os.path.realpath(path)
    try:
        if dry_run:
            return _edited(path, _content(path), decide, flavour)
        Path(target).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(target + ".lock", timeout=LOCK_SECONDS):
            return _replaced(path, decide, flavour, tried)
    except Timeout:
        raise AwsctxError(
            f"{path}: another awsctx has been writing it for {LOCK_SECONDS:.0f} seconds",
            f"it holds the lock {target}.lock; try again when it is done",
        ) from None
    except OSError as error:
        raise AwsctxError(f"{path}: could not be changed: {error.strerror or error}", "it is as it was") from error


def _replaced(path: str, decide: Plan, flavour: Flavour, tried: Change | None) -> Change:
    """Make the change, again and again until nobody comes in between."""
    for _ in range(ATTEMPTS):
        with _opened(path) as file:
            there = file.read()
            made = tried if tried and there == tried.old.encode() else _edited(path, there, decide, flavour)
            if made.new == made.old:
                return made
            if not made.old:  # someone may have emptied it, and be about to fill it
                time.sleep(SETTLE_SECONDS)
            if _replace(path, made.old.encode(), made.new.encode()) and _stays(path, file, made, decide, flavour):
                return replace(made, written=True)
    raise AwsctxError(f"{path}: something else keeps changing it", "try again when that is done")


def _stays(path: str, file: BinaryIO, made: Change, decide: Plan, flavour: Flavour) -> bool:
    """Whether the change has outlived a program that read the file before the replace and writes it after.

    aws opens, empties and fills the file. Had it opened the one that is replaced by now (``file``), its own change would
    be lost: it is brought over. Had it opened the new one, ours is lost: then all has to start again.
    """
    time.sleep(SETTLE_SECONDS)
    old, new = made.old.encode(), made.new.encode()
    theirs = _at_rest(lambda: _again(file), old)
    if theirs != old and _keeps_all(path, theirs, made, flavour):
        if _undone(path, theirs, made, flavour):
            theirs = _edited(path, theirs, decide, flavour).new.encode()
        if _replace(path, new, theirs):
            return True
    now = _at_rest(lambda: _content(path), new)
    return now == new or not _undone(path, now, made, flavour)


def _replace(path: str, old: bytes, new: bytes) -> bool:
    """Replace the file, if it is as it was; whether that was so."""
    return files.replace(path, new, last_look=lambda: _content(path) == old)


def _at_rest(read: Callable[[], bytes], expected: bytes) -> bytes:
    """What ``read`` gives, once it gives it twice; a file just emptied is about to be filled."""
    content = read()
    for _ in range(ATTEMPTS):
        if content == expected:
            break
        time.sleep(SETTLE_SECONDS)
        before, content = content, read()
        if content == before and content:
            break
    return content


def _keeps_all(path: str, content: bytes, made: Change, flavour: Flavour) -> bool:
    """Whether every section from before the change is in it: nothing else is taken for a file that is whole."""
    try:
        there = dict(sections(path, content, flavour)[0])
    except ConfigFileError:
        return False
    return dict(sections(path, made.old.encode(), flavour)[0]).keys() <= there.keys()


def _undone(path: str, content: bytes, made: Change, flavour: Flavour) -> bool:
    """Whether any section that the change was about is as it was before."""
    try:
        there = dict(sections(path, content, flavour)[0])
    except ConfigFileError:
        return False
    old, new = (dict(sections(path, text.encode(), flavour)[0]) for text in (made.old, made.new))
    touched = [title for title in {**old, **new} if old.get(title) != new.get(title)]
    return any(there.get(title) == old.get(title) for title in touched)


def _opened(path: str) -> BinaryIO:
    """The file, or an empty one where there is none. Raises OSError, for a folder or a device as well."""
    if Path(path).exists() and not Path(path).is_file():
        raise OSError("it is no regular file")
    try:
        return Path(path).open("rb", buffering=0)
    except FileNotFoundError:
        return io.BytesIO()


def _content(path: str) -> bytes:
    with _opened(path) as file:
        return file.read()


def _again(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _edited(path: str, content: bytes, decide: Plan, flavour: Flavour) -> Change:
    """The change that the plan makes, checked."""
    before, defaults = sections(path, content, flavour)
    old = content.decode()
    ops = decide(before)
    try:
        new = apply(old, ops, flavour) if ops else old
    except TwoAlike as error:
        raise _two_alike(path, old, error, flavour) from None
    if new != old and not agrees(new, before, defaults, ops, flavour):
        raise EditError(f"{path}: this edit would change more than it should, so nothing is written")
    return Change(path, old, new)


def _two_alike(path: str, text: str, error: TwoAlike, flavour: Flavour) -> EditError:
    """The error, with the lines that the person has to look at. (The last of them is the one that botocore takes.)"""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    headers = [(number, name) for number, (kind, name, _) in enumerate(grammar.scan(lines), 1) if kind is grammar.HEADER]
    alike = [(number, visible(name)) for number, name in headers if flavour.meaning(name) == error.title]
    where = " and ".join(f"{path}:{number} ([{name}])" for number, name in alike)
    return EditError(
        f"{where} spell one name, and both would become [{visible(error.header)}], so nothing is written",
        f"aws reads only the last, line {alike[-1][0]}: by hand, remove the other or name it differently, then try again",
    )
