"""The state file: the active context and the history (CONTRIBUTING.md, "The state file").

Line 1 is the active profile's name, or empty: scripts may read it. ``read`` takes no lock, since a write replaces the file
whole; ``change`` is the only writer.

Hot path: imports nothing beyond fcntl and time.
"""

import os
import time

from awsctx import trace
from awsctx.core.context import Context
from awsctx.core.record import Record
from awsctx.core.text import has_control_characters
from awsctx.errors import AwsctxError
from awsctx.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MARK = "awsctx 2"
HISTORY_LENGTH = 20
LOCK_SECONDS = 5.0


class State:
    """The record of the active context, and the history: contexts, newest first, each once."""

    __slots__ = ("history", "record")

    def __init__(self, record: Record, history: tuple[Context, ...] = ()) -> None:
        self.record = record
        self.history = history

    @property
    def active(self) -> Context | None:
        return self.record.context

    def previous(self, now: float) -> Context | None:
        """The context that `awsctx -` returns to at ``now`` (epoch seconds): the newest one that is not active. Where the time
        of the active one is over, the one before it counts as active, for that is where shells went."""
        active = self.active
        if self.record.is_over(now):
            active = self.record.before if self.record.before != active else None
        return next((context for context in self.history if context != active), None)

    def text(self) -> str:
        profile, region = self.record.context or Context("")
        head = [profile, region, str(self.record.serial), str(self.record.until or ""), *(self.record.before or ("", "")), MARK]
        return "\n".join([*head, *("\t".join(context) for context in self.history), ""])


class StateDamaged(AwsctxError):
    """The state file is not one that awsctx wrote, or only a part of it."""


def text(path: str) -> bytes:
    """The state's text as a hook reads it: empty where there is none, or none that can be read."""
    try:
        return files.read(path)
    except OSError:
        return b""


def read(path: str, *, strictly: bool = False) -> State:
    """The state; an empty one where there is no file. With ``strictly``, a file with carriage returns counts as damaged. Raises
    StateDamaged, or AwsctxError where it cannot be read."""
    try:
        data = files.read(path)
    except FileNotFoundError:
        data = b""
    except OSError as e:
        raise AwsctxError(f"could not read the state: {path}: {_reason(e)}", _fix(e, path)) from None
    trace.tell("state", path)
    if strictly and b"\r" in data:
        raise _damaged(path)
    return _parse(data, path)


def followed(path: str) -> Record | None:
    """What the state says to a shell that follows it; None where the state is missing, damaged, or empty."""
    try:
        record = read(path, strictly=True).record
    except AwsctxError as e:
        trace.tell("no state to go by", e.message)
        return None
    return record if record.serial or record.context else None


def here(path: str, environ: "Mapping[str, str]", now: float) -> Context | None:
    """The active context for a call in ``environ`` at ``now`` (epoch seconds). None for a call of a hooked shell that stays
    without one. Raises as ``read``; TimeOver."""
    from awsctx.core.environ import stays_out

    record = read(path).record
    return None if stays_out(environ, record.serial) else record.in_time(now)


def _parse(data: bytes, path: str) -> State:
    try:
        lines = data.decode("utf-8").replace("\r\n", "\n").split("\n")
        if lines == [""]:
            return State(Record())
        if len(lines) == 2 and not lines[1]:  # one whole line: written by hand
            lines = [lines[0], "", "0", "", "", "", MARK, ""]
        elif lines[6:7] == ["awsctx 1"]:  # version 0.1.0
            entries = [line.rpartition("\t")[0] for line in lines[7:-1]]
            lines = [*lines[:2], lines[2].partition(" ")[0], "", "", "", MARK, *entries, ""]
        profile, region, serial, until, back, back_region, mark = lines[:7]
        history = [line.split("\t") for line in lines[7:-1]]
        fields = [profile, region, back, back_region, *(field for entry in history for field in entry)]
        if (
            mark != MARK
            or lines[-1]
            or len(until) > 11
            or until[:1] == "-"
            or any(has_control_characters(field) for field in fields)
        ):
            raise ValueError
        contexts = tuple(Context(name, region) for name, region in history if name)
        context = Context(profile, region) if profile else None
        before = Context(back, back_region) if back else None
        record = Record(context, int(serial), until=int(until or 0), before=before)
    except ValueError:
        raise _damaged(path) from None
    return State(record, contexts)


def _damaged(path: str) -> StateDamaged:
    return StateDamaged(f"the state file is damaged: {path}", "choose a context with `awsctx NAME`: that writes it anew")


def change(path: str, function: "Callable[[State], State]") -> State:
    """Replace the state by ``function`` of it, under the lock, atomically; the new state is returned.

    A damaged state counts as an empty one: a switch heals it. Nothing is written where ``function`` changes nothing but the
    serial. Raises AwsctxError where the file or its folder cannot be written, or the lock is held for longer than
    LOCK_SECONDS; whatever ``function`` raises passes through. The state is then unchanged.
    """
    try:
        target = files.target(path)
        _make_folder(os.path.dirname(target))
        if os.path.isdir(target):
            raise IsADirectoryError("it is a folder")
        with _Lock(path + ".lock"):
            try:
                old = read(path)
            except StateDamaged as e:
                trace.tell("starting from an empty state", e.message)
                old = State(Record())
            new = function(old)
            if new.text() != old.text():
                # The clock's microseconds, so that no hook ever sees the same serial stand for other content: not in a state
                # that was lost and made anew, nor in one that another machine has written.
                new.record.serial = max(old.record.serial + 1, time.time_ns() // 1000)
                files.replace(path, new.text().encode("utf-8", "surrogateescape"), private=True, durable=False)
                trace.tell("state written", f"{new.active or 'no context'} (serial {new.record.serial})")
    except OSError as e:
        raise AwsctxError(f"could not write the state: {path}: {_reason(e)}", _fix(e, path)) from None
    return new


def _make_folder(folder: str) -> None:
    """Make the state's folder, 0700. One that is there is closed to others where it is awsctx's own by its name; another
    one is the user's to open. Root closes none through a symlink, which may lead to any folder."""
    files.make_folder(folder)
    if os.path.basename(folder) == "awsctx" and os.stat(folder).st_mode & 0o077:
        if os.geteuid() == 0 and os.path.islink(folder):
            return
        try:
            os.chmod(folder, 0o700)
        except PermissionError:
            trace.tell("could not close to others", folder)


class _Lock:
    """Hold the lock file at ``path``: flock(2), which filelock takes too, without what importing filelock costs. The file stays
    in place. Raises AwsctxError when it stays taken for LOCK_SECONDS.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.release: Callable[[], object] = lambda: None

    def __enter__(self) -> None:
        import fcntl

        try:
            fd = files.open_lock(self.path)
        except IsADirectoryError:
            from awsctx.shells import quoted

            what = f"could not write the state: its lock is a folder: {self.path}"
            raise AwsctxError(what, f"remove that folder: rmdir {quoted(self.path)}") from None
        except OSError as e:
            import errno  # few calls need it

            if e.errno not in (errno.EACCES, errno.EPERM, errno.ELOOP):
                raise
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

    def __exit__(self, *_: object) -> None:
        self.release()


def _lock_held(path: str) -> AwsctxError:
    from awsctx.shells import quoted

    return AwsctxError(
        f"the state is locked by another process: {path}",
        f"it stayed locked for {LOCK_SECONDS:.0f} seconds; see who holds it with: fuser {quoted(path)}",
    )


def _reason(e: OSError) -> str:
    return e.strerror or str(e)


def _fix(e: OSError, path: str) -> str:
    import errno  # few calls need these

    from awsctx.core.agents import agent

    by_agent = agent(os.environ)  # which is told no way to choose a context that no guard has let in
    or_elsewhere = "" if by_agent else ", or name another file in AWSCTX_STATE_FILE"
    if isinstance(e, IsADirectoryError):
        from awsctx.shells import quoted

        return f"remove that folder{or_elsewhere}: rmdir {quoted(path)}"
    if e.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk, or your part of it, is full: make room, then switch again"
    if by_agent and e.errno in (errno.EINVAL, errno.EFBIG, errno.ELOOP, errno.EROFS):
        return "have the one you work for fix that"
    if e.errno in (errno.EINVAL, errno.EFBIG, errno.ELOOP):
        return "name another file in AWSCTX_STATE_FILE, or unset it"
    if e.errno == errno.EROFS:
        return "name a file elsewhere in AWSCTX_STATE_FILE"
    return f"fix the permissions of that file and its folder{or_elsewhere}"
