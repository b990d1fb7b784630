"""The one writer of the AWS files: checked, atomic.

The config file is the most precious file that awsctx touches. So each write reads the file, edits its text, lets
configparser (which is what botocore reads with) say whether exactly the intended keys differ, and only then
replaces the file. aws and other programs know nothing of awsctx's lock: if the file changed meanwhile, all starts again.
"""

import io
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from awsctx.awsfiles import names
from awsctx.awsfiles.diff import masked_diff
from awsctx.awsfiles.document import Document
from awsctx.awsfiles.edit import TwoAlike, apply
from awsctx.awsfiles.headers import EditError, FileFormat
from awsctx.awsfiles.ops import Op, Sections
from awsctx.awsfiles.read import ConfigFileError
from awsctx.awsfiles.verify import agrees, sections
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.store import files

# How often to start again because the file keeps changing.
ATTEMPTS = 20
# How long a program that has read the file, or has emptied it, may take until it writes it.
SETTLE_SECONDS = 0.03
# A file that a program writes in place is whole once nobody has written it for so long; how long to wait for that at most.
QUIET_SECONDS = 0.2
PATIENCE_SECONDS = 3.0

# What to do, decided on the sections that the file has at the time of writing.
Plan = Callable[[Sections], Sequence[Op]]


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to become of the file at ``path``, whose ``file_format`` is CONFIG or CREDENTIALS. The plan is asked again when
    the file changed meanwhile; it may raise."""

    path: str
    file_format: FileFormat
    plan: Plan

    def on(self, content: bytes) -> "Change":
        """The change that the plan makes of the content, checked."""
        before, defaults = sections(self.path, content, self.file_format)
        old = content.decode()
        ops = self.plan(before)
        try:
            new = apply(old, ops, self.file_format) if ops else old
        except TwoAlike as error:
            raise _two_alike(self.path, old, error, self.file_format) from None
        if new != old and not agrees(new, before, defaults, ops, self.file_format):
            raise EditError(f"{self.path}: this edit would change more than it should, so nothing is written")
        return Change(self.path, old, new)


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


def try_out(edit: Edit) -> Change:
    """What the edit would change. Raises ConfigFileError where botocore refuses the file, EditError where the edit cannot be
    made, AwsctxError where the file cannot be read."""
    try:
        return edit.on(content_of(edit.path))
    except OSError as error:
        raise AwsctxError(f"{edit.path}: could not be changed: {error.strerror or error}", "it is as it was") from error


def change(edit: Edit, tried: Change | None = None) -> Change:
    """Edit an AWS file. The caller holds the lock for edits. ``tried`` is what `try_out` has found: it is done as it is where
    the file is still the same, so that the lock is held for a moment only.

    A missing file counts as empty; it is made 0600, its folder 0700. Symlinks (dangling ones too), mode, access control list
    and owner stay.

    Raises what `try_out` raises, and AwsctxError where the file cannot be written. The file is then as it was, or the error
    says otherwise.
    """
    attempt = _Attempt(edit, tried)
    try:
        files.make_folder(os.path.dirname(os.path.realpath(edit.path)))
        return attempt.until_done()
    except OSError as error:
        return attempt.ended_by(error)


class _Attempt:
    """A change under way: ``made`` is what it last tried to write."""

    def __init__(self, edit: Edit, tried: Change | None) -> None:
        self.edit = edit
        self.path = edit.path
        self.tried = tried
        self.made: Change | None = None

    def until_done(self) -> Change:
        """Make the change, again and again until nobody comes in between."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        for _ in range(ATTEMPTS):
            _wait_for_quiet(self.path, deadline)
            with _opened(self.path) as file:
                there = _again(file, self.path)
                try:
                    made = self.tried if self.tried and there == self.tried.old.encode() else self.edit.on(there)
                except AwsctxError:
                    time.sleep(SETTLE_SECONDS)
                    if content_of(self.path) == there:
                        raise
                    continue  # what is wrong with it may be that a program had just emptied it
                if made.new == made.old:
                    return made
                if not made.old:  # someone may have emptied it, and be about to fill it
                    time.sleep(SETTLE_SECONDS)
                self.made = made
                if _replace(self.path, made.old.encode(), made.new.encode()) and self._defend(file, made):
                    return replace(made, written=True)
        raise AwsctxError(f"{self.path}: something else keeps changing it", "try again when that is done")

    def ended_by(self, error: OSError) -> Change:
        """What an error of the system has left: a change that is there all the same (a file server may say otherwise), or an
        error that says what is."""
        reason = error.strerror or error
        try:
            now = content_of(self.path)
        except OSError:
            now = None
        if self.made and now == self.made.new.encode():
            return replace(self.made, written=True)
        if now is None and self.made:
            hint = "it cannot be read either: whether it has changed is not known"
            raise AwsctxError(f"{self.path}: could not be changed: {reason}", hint) from error
        raise AwsctxError(f"{self.path}: could not be changed: {reason}", "it is as it was") from error

    def _defend(self, file: BinaryIO, made: Change) -> bool:
        """Keep the change in the file where a program has read it before the replace and writes it after; whether that was to
        be had. Whatever comes of it, what they wrote is in the file.

        aws opens, empties and fills the file. Had it opened the one that is replaced by now (``file``), its own change would
        be lost: ours is made to what it wrote. Had it opened the new one, ours is lost: then all has to start again.
        """
        time.sleep(SETTLE_SECONDS)
        old, new = made.old.encode(), made.new.encode()
        theirs = _at_rest(lambda: _again(file, self.path), old, lambda content: _keeps_all(self.edit, content, made))
        if theirs != old and _keeps_all(self.edit, theirs, made):
            replaced = False
            try:
                if _undone(self.edit, theirs, made):
                    theirs = self.edit.on(theirs).new.encode()
            finally:
                replaced = _replace(self.path, new, theirs)
            if replaced:
                return True
        now = _at_rest(lambda: content_of(self.path), new, bool)
        return now == new or not _undone(self.edit, now, made)


def _replace(path: str, old: bytes, new: bytes) -> bool:
    """Replace the file, if it is as it was; whether that was so."""
    return files.replace(path, new, last_look=lambda: content_of(path) == old)


def _wait_for_quiet(path: str, deadline: float) -> None:
    """Wait until no program has written the file in place for QUIET_SECONDS, until ``deadline`` (monotonic clock) at most: an
    editor may be half way. A file that was replaced whole, as awsctx does it, has been renamed after it was written."""
    while time.monotonic() < deadline:
        try:
            found = os.stat(path)
        except OSError:
            return
        age = time.time() - found.st_mtime
        if found.st_ctime_ns != found.st_mtime_ns or not 0 <= age < QUIET_SECONDS:
            return
        time.sleep(QUIET_SECONDS - age)


def _at_rest(read: Callable[[], bytes], expected: bytes, is_whole: Callable[[bytes], bool]) -> bytes:
    """What ``read`` gives, once it gives it twice and it ``is_whole``: a file just emptied is about to be filled."""
    content = read()
    for _ in range(ATTEMPTS):
        if content == expected:
            break
        time.sleep(SETTLE_SECONDS)
        before, content = content, read()
        if content == before and is_whole(content):
            break
    return content


def _keeps_all(edit: Edit, content: bytes, made: Change) -> bool:
    """Whether every section from before the change is in it: nothing else is taken for a file that is whole."""
    try:
        there = dict(sections(edit.path, content, edit.file_format)[0])
    except ConfigFileError:
        return False
    return dict(sections(edit.path, made.old.encode(), edit.file_format)[0]).keys() <= there.keys()


def _undone(edit: Edit, content: bytes, made: Change) -> bool:
    """Whether any section that the change was about is as it was before."""
    try:
        there = dict(sections(edit.path, content, edit.file_format)[0])
    except ConfigFileError:
        return False
    old, new = (dict(sections(edit.path, text.encode(), edit.file_format)[0]) for text in (made.old, made.new))
    touched = [title for title in {**old, **new} if old.get(title) != new.get(title)]
    return any(there.get(title) == old.get(title) for title in touched)


def _opened(path: str) -> BinaryIO:
    """The file, or an empty one where there is none. Raises OSError, for a folder, a pipe or a device as well."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise OSError("it is no regular file")
    try:
        return open(path, "rb", buffering=0)
    except FileNotFoundError:
        return io.BytesIO()


def content_of(path: str) -> bytes:
    with _opened(path) as file:
        return _again(file, path)


def _again(file: BinaryIO, path: str) -> bytes:
    """What the open file holds by now."""
    return b"" if isinstance(file, io.BytesIO) else files.read_open(file.fileno(), path, names.MOST)


def _two_alike(path: str, text: str, error: TwoAlike, file_format: FileFormat) -> EditError:
    """The error, with the lines that the person has to look at. (The last of them is the one that botocore takes.)"""
    sections = Document(text).sections
    alike = [(one.line, visible(one.header)) for one in sections if file_format.meaning(one.header) == error.title]
    where = " and ".join(f"{path}:{number} ([{name}])" for number, name in alike)
    return EditError(
        f"{where} spell one name, and both would become [{visible(error.header)}], so nothing is written",
        f"aws reads only the last, line {alike[-1][0]}: by hand, remove the other or name it differently, then try again",
    )
