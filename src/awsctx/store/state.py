"""The state file: the active context, what the hook needs to show it, and the history (CONTRIBUTING.md, "The record").

Line 1 is the active profile's name, or empty: scripts may read it. ``read`` takes no lock, since a write replaces the file
whole; ``change`` is the only writer.

Hot path: imports nothing beyond fcntl and time.
"""

import errno
import os
import time

from awsctx import trace
from awsctx.core.context import Context
from awsctx.core.text import has_control_characters
from awsctx.errors import AwsctxError
from awsctx.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

MARK = "awsctx 1"
HISTORY_LENGTH = 20
LOCK_SECONDS = 5.0


class Record:
    """What is said of one context, to the hook and by the state file. ``profile`` is empty for no context."""

    __slots__ = ("context", "facts", "follow", "serial", "token", "writer")

    def __init__(
        self,
        context: Context | None = None,
        *,
        serial: int = 0,
        writer: str = "-",
        facts: tuple[str, ...] = (),
        follow: str = "unguarded",
        token: str = "",
    ) -> None:
        self.context = context
        self.serial = serial
        self.writer = writer
        self.facts = facts
        self.follow = follow
        self.token = token

    def lines(self) -> list[str]:
        context = self.context or Context("")
        serial = f"{self.serial} {self.writer}"
        return [context.profile, context.region, serial, " ".join(self.facts), self.follow, self.token, MARK]


class Switch(Context):
    """A context in the history, and the writer of the call that switched to it."""

    writer: str

    def __new__(cls, profile: str, region: str = "", writer: str = "-") -> "Self":
        switch = super().__new__(cls, profile, region)
        switch.writer = writer
        return switch


class State:
    """The record of the active context, and the history: contexts, newest first, each once."""

    __slots__ = ("history", "record")

    def __init__(self, record: Record, history: tuple[Switch, ...] = ()) -> None:
        self.record = record
        self.history = history

    @property
    def active(self) -> Context | None:
        return self.record.context

    @property
    def previous(self) -> Context | None:
        """The context that `awsctx -` returns to: the newest one that is not active."""
        return next((context for context in self.history if context != self.active), None)

    def text(self) -> str:
        history = [f"{switch.profile}\t{switch.region}\t{switch.writer}" for switch in self.history]
        return "\n".join([*self.record.lines(), *history, ""])


class StateDamaged(AwsctxError):
    """The state file is not one that awsctx wrote, or only a part of it."""


def read(path: str) -> State:
    """The state, an empty one where there is no file. Raises StateDamaged, or AwsctxError where it cannot be read."""
    try:
        data = files.read(path)
    except FileNotFoundError:
        data = b""
    except OSError as e:
        raise AwsctxError(f"could not read the state: {path}: {_reason(e)}", _cure(e, path)) from None
    trace.tell("state", path)
    return _parse(data, path)


def _parse(data: bytes, path: str) -> State:
    try:
        lines = data.decode("utf-8").replace("\r\n", "\n").split("\n")
        if len(lines) == 2 and not lines[1] and lines[0]:  # one whole line: written by hand
            lines = [*Record(Context(lines[0])).lines(), ""]
        if lines == [""]:
            return State(Record())
        entries = [line.split("\t") for line in lines[7:-1]]
        if any(has_control_characters(field) for field in lines[:7] + [field for entry in entries for field in entry]):
            raise ValueError
        profile, region, serial, facts, follow, token, mark = lines[:7]
        if mark != MARK or lines[-1]:
            raise ValueError
        number, _, writer = serial.partition(" ")
        record = Record(
            Context(profile, region) if profile else None,
            serial=int(number),
            writer=writer,
            facts=tuple(facts.split()),
            follow=follow,
            token=token,
        )
        history = tuple(Switch(name, region, *by[:1]) for name, region, *by in entries if name)
    except ValueError:
        raise StateDamaged(
            f"the state file is damaged: {path}", "choose a context with `awsctx NAME`: that writes it anew"
        ) from None
    return State(record, history)


def change(path: str, function: "Callable[[State], State]") -> State:
    """Replace the state by ``function`` of it, under the lock, atomically; the new state is returned.

    A damaged state counts as an empty one: a switch heals it. Nothing is written where ``function`` changes nothing but the
    serial. Raises AwsctxError where the file or its folder cannot be written, or the lock is held for longer than
    LOCK_SECONDS; whatever ``function`` raises passes through. The state is then unchanged.
    """
    try:
        target = os.path.realpath(path)
        _make_folder(os.path.dirname(target))
        if os.path.isdir(target):
            raise IsADirectoryError(errno.EISDIR, "it is a folder", target)
        with _Lock(path + ".lock"):
            try:
                old = read(path)
            except StateDamaged as e:
                trace.tell("starting from an empty state", e.message)
                old = State(Record())
            new = function(old)
            if new.text() != old.text():
                # A fresh file starts at the clock, so that no hook ever sees the same serial stand for other content.
                new.record.serial = (old.record.serial or int(time.time())) + 1
                files.replace(path, new.text().encode("utf-8", "surrogateescape"), private=True, durable=False)
                trace.tell("state written", f"{new.active or 'no context'} (serial {new.record.serial})")
    except OSError as e:
        raise AwsctxError(f"could not write the state: {path}: {_reason(e)}", _cure(e, path)) from None
    return new


def _make_folder(folder: str) -> None:
    """Make the state's folder, 0700. One that is there is closed to others where it is awsctx's own by its name; another
    one is the user's to open."""
    files.make_folder(folder)
    if os.path.basename(folder) == "awsctx" and os.stat(folder).st_mode & 0o077:
        try:
            os.chmod(folder, 0o700)
        except PermissionError:
            trace.tell("could not close to others", folder)


class _Lock:
    """Hold the lock file at ``path``: the lock that filelock takes, flock(2), without what importing filelock costs (where
    there is no fcntl, filelock itself). The file stays in place. Raises AwsctxError when it stays taken for LOCK_SECONDS.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.release: Callable[[], object] = lambda: None

    def __enter__(self) -> None:
        try:
            import fcntl
        except ImportError:
            self._take_filelock()
            return None
        try:
            fd = files.open_lock(self.path)
        except PermissionError as e:
            from awsctx.store.lock import not_to_be_opened

            error = not_to_be_opened(self.path, e)
            where = self.path.removesuffix(".lock")
            raise AwsctxError(f"could not write the state: {where}: {error.message}", *error.hints) from None
        self.release = lambda: os.close(fd)
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                return fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(fd)
                    raise _lock_held(self.path) from None
                time.sleep(0.005)

    def _take_filelock(self) -> None:
        from filelock import FileLock, Timeout

        lock = FileLock(self.path)
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout:
            raise _lock_held(self.path) from None
        self.release = lock.release

    def __exit__(self, *_: object) -> None:
        self.release()


def _lock_held(path: str) -> AwsctxError:
    return AwsctxError(
        f"the state is locked by another process: {path}",
        f"it stayed locked for {LOCK_SECONDS:.0f} seconds; see who holds it with: fuser {path}",
    )


def _reason(e: OSError) -> str:
    return e.strerror or str(e)


def _cure(e: OSError, path: str) -> str:
    if e.errno in (errno.EINVAL, errno.EFBIG):
        return "name another file in AWSCTX_STATE_FILE, or unset it"
    if isinstance(e, IsADirectoryError):
        return f"remove that folder, or name another file in AWSCTX_STATE_FILE: rmdir {path}"
    if e.errno == errno.ENOSPC:
        return "the disk is full: make room, then switch again"
    return "mend the permissions of that folder, or name another file in AWSCTX_STATE_FILE"
