"""The one writer of the AWS files: checked and atomic.

The config file is the most precious file that awsctx touches. Each write reads the file, edits its text, and has
configparser, which botocore reads with, confirm that exactly the intended keys differ. Only then does it replace the file.
aws and other programs do not know awsctx's lock. If one of them changes the file meanwhile, the write starts again.
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

# The most attempts, where the file keeps changing.
ATTEMPTS = 20
# How long another program may take from reading or emptying the file to writing it.
SETTLE_SECONDS = 0.03
# A file that a program writes in place counts as whole once it has not been written for QUIET_SECONDS. A write waits for that
# for PATIENCE_SECONDS at most.
QUIET_SECONDS = 0.2
PATIENCE_SECONDS = 3.0

# Decides the ops from the sections that the file has when it is written.
Plan = Callable[[Sections], Sequence[Op]]


@dataclass(frozen=True, slots=True)
class Edit:
    """An intended edit of the file at ``path``, whose ``file_format`` is CONFIG or CREDENTIALS. The ``plan`` is called
    again if the file changed meanwhile; it may raise AwsctxError."""

    path: str
    file_format: FileFormat
    plan: Plan

    def on(self, content: bytes) -> "Change":
        """The change that the plan makes of this content, checked."""
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
    """The file's text before and after a write. ``written``: it was done, and not only tried out."""

    path: str
    old: str = field(repr=False)
    new: str = field(repr=False)
    written: bool = False

    @property
    def diff(self) -> str:
        """The unified diff, with `****` for each secret; '' where nothing changes."""
        return masked_diff(self.path, self.old, self.new)


def try_out(edit: Edit) -> Change:
    """What the edit would change. Raises ConfigFileError where botocore refuses the file, EditError where the edit cannot be
    made, AwsctxError where the file cannot be read."""
    try:
        return edit.on(content_of(edit.path))
    except OSError as error:
        raise AwsctxError(f"{edit.path}: could not be changed: {error.strerror or error}", "it is as it was") from error


def change(edit: Edit, tried: Change | None = None) -> Change:
    """Edit an AWS file. The caller holds the lock for edits. ``tried`` is the result of `try_out`: it is written as it is
    if the file is still the same, so that the lock is held only for a moment.

    A missing file counts as empty; it is created with mode 0600, its folder with 0700. Symlinks (dangling ones too), mode,
    access control list and owner stay.

    Raises what `try_out` raises, and AwsctxError where the file cannot be written. The file is unchanged then, unless the
    error says otherwise.
    """
    attempt = _Attempt(edit, tried)
    try:
        files.make_folder(os.path.dirname(files.target(edit.path)))
        return attempt.make()
    except OSError as error:
        return attempt.outcome_after(error)


class _Attempt:
    """A write in progress. ``made`` is the change that it tried to write last."""

    def __init__(self, edit: Edit, tried: Change | None) -> None:
        self.edit = edit
        self.path = edit.path
        self.tried = tried
        self.made: Change | None = None

    def make(self) -> Change:
        """Make the change; start again as often as another program writes the file meanwhile."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        for _ in range(ATTEMPTS):
            _wait_for_quiet(self.path, deadline)
            with _opened(self.path) as file:
                there = _content_now(file, self.path)
                try:
                    made = self.tried if self.tried and there == self.tried.old.encode() else self.edit.on(there)
                except AwsctxError:
                    time.sleep(SETTLE_SECONDS)
                    if content_of(self.path) == there:
                        raise
                    continue  # the error came from a file that another program was writing
                if made.new == made.old:
                    return made
                if not made.old:  # another program may have emptied it, and be about to fill it
                    time.sleep(SETTLE_SECONDS)
                self.made = made
                if _replace(self.path, made.old.encode(), made.new.encode()) and self._protect(file, made):
                    return replace(made, written=True)
        raise AwsctxError(f"{self.path}: something else keeps changing it", "try again when that is done")

    def outcome_after(self, error: OSError) -> Change:
        """The outcome after an OSError: the change, if the file has it all the same (a file server may report an error
        after a write), else an AwsctxError that says what the file has now."""
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

    def _protect(self, file: BinaryIO, made: Change) -> bool:
        """Protect the change from a program that read the file before the replace and writes it afterwards. Whether the
        file has the change now; the writing of that program is in the file in any case.

        aws opens, empties and fills a file. If it opened the file that has been replaced (``file``), its change would be
        lost, so ours is applied to what it wrote there. If it opened the new file, our change is lost, and the write starts
        again.
        """
        time.sleep(SETTLE_SECONDS)
        old, new = made.old.encode(), made.new.encode()
        theirs = _at_rest(lambda: _content_now(file, self.path), old, lambda content: _keeps_all(self.edit, content, made))
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
    """Replace the file if its content is still ``old``; whether it was."""
    return files.replace(path, new, last_look=lambda: content_of(path) == old)


def _wait_for_quiet(path: str, deadline: float) -> None:
    """Wait until no program has written the file in place for QUIET_SECONDS, since an editor may be in the middle of a
    write. Wait until ``deadline`` (monotonic clock) at most. A file that was replaced whole, as awsctx does it, needs no
    wait: it was renamed after it was written, so its ctime differs from its mtime."""
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
    """The content that ``read`` gives twice in a row, once it ``is_whole``. An empty file may be about to be filled."""
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
    """Whether the content has every section from before the change. If not, another program is still writing it."""
    try:
        there = dict(sections(edit.path, content, edit.file_format)[0])
    except ConfigFileError:
        return False
    return dict(sections(edit.path, made.old.encode(), edit.file_format)[0]).keys() <= there.keys()


def _undone(edit: Edit, content: bytes, made: Change) -> bool:
    """Whether any section that the change touched is as it was before."""
    try:
        there = dict(sections(edit.path, content, edit.file_format)[0])
    except ConfigFileError:
        return False
    old, new = (dict(sections(edit.path, text.encode(), edit.file_format)[0]) for text in (made.old, made.new))
    touched = [title for title in {**old, **new} if old.get(title) != new.get(title)]
    return any(there.get(title) == old.get(title) for title in touched)


def _opened(path: str) -> BinaryIO:
    """The open file; an empty one where it is missing. Raises OSError, also for a folder, a pipe or a device."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise OSError("it is no regular file")
    try:
        return open(path, "rb", buffering=0)
    except FileNotFoundError:
        return io.BytesIO()


def content_of(path: str) -> bytes:
    with _opened(path) as file:
        return _content_now(file, path)


def _content_now(file: BinaryIO, path: str) -> bytes:
    """The content that the open file has now."""
    return b"" if isinstance(file, io.BytesIO) else files.read_open(file.fileno(), path, names.MOST)


def _two_alike(path: str, text: str, error: TwoAlike, file_format: FileFormat) -> EditError:
    """The error that names the lines to look at. The last of them is the one that botocore takes."""
    sections = Document(text).sections
    alike = [(one.line, visible(one.header)) for one in sections if file_format.meaning(one.header) == error.title]
    where = " and ".join(f"{path}:{number} ([{name}])" for number, name in alike)
    return EditError(
        f"{where} spell one name, and both would become [{visible(error.header)}], so nothing is written",
        f"aws reads only the last, line {alike[-1][0]}: by hand, remove the other or name it differently, then try again",
    )
