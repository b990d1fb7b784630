"""Child processes and signals: what the runner needs of the system."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager

# The signals that end a run.
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def spawn(path: str, arguments: Sequence[str], environ: Mapping[str, str], out: int, err: int) -> int:
    """Start a program with an empty stdin and these descriptors for its output; its pid. The pid is also that of its
    process group and session. All else is as `exec` leaves it. Raises OSError."""
    defaults = [number for name in ("SIGPIPE", "SIGXFSZ") if (number := getattr(signal, name, None)) is not None]
    return os.posix_spawn(
        path,
        list(arguments),
        dict(environ),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, out, 1),
            (os.POSIX_SPAWN_DUP2, err, 2),
        ],
        setsid=True,
        setsigdef=defaults,
    )


def send(sessions: Set[int], number: int) -> set[int]:
    """Send a signal to everything in these sessions; those of them in which it reached a process that is alive. A process
    leaves its session by setsid(2) alone, which `timeout` or a shell's job control does not call; it may lead another process
    group there. Only Linux says which groups a session has: elsewhere the signal goes to the session's own."""
    found = {(session, session) for session in sessions}
    alive = _groups(sessions)
    reached = set()
    for session, group in found if alive is None else found | alive:
        try:
            os.killpg(group, number)
        except ProcessLookupError:
            continue
        except PermissionError:  # a zombie on macOS, or a program of another user, which awsctx cannot end
            continue
        if alive is None or (session, group) in alive:
            reached.add(session)
    return reached


def _groups(sessions: Set[int]) -> set[tuple[int, int]] | None:
    """(session, process group) of each process of ``sessions`` that is alive; a zombie is not. None where there is no /proc as
    Linux has it."""
    if not os.path.exists("/proc/self/stat"):
        return None
    found = set()
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:
                values = file.read().rpartition(b")")[2].split()  # behind the program's name, which may hold anything
        except OSError:  # it has ended
            continue
        state, group, session, threads = values[0], int(values[2]), int(values[3]), int(values[17])
        if session in sessions and (state not in (b"Z", b"X") or threads > 1):
            found.add((session, group))
    return found


def fill_standard_streams() -> None:
    """Open /dev/null as descriptors 0, 1 and 2 where the caller has closed them, so that no other file gets these numbers."""
    while (fd := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(fd)


@contextmanager
def caught(signals: list[int]) -> Iterator[int]:
    """Inside this context, signals that would end this process are added to ``signals`` instead. They, and the end of a
    child, make the returned descriptor readable. A signal that the caller ignores stays ignored."""
    wake, woken = os.pipe()
    for fd in (wake, woken):
        os.set_blocking(fd, False)
    before = {number: signal.getsignal(number) for number in (*_ENDING, signal.SIGCHLD)}
    wakeup = signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    try:
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        for number in _ENDING:
            if before[number] != signal.SIG_IGN:
                signal.signal(number, lambda number, frame: signals.append(number))
        yield wake
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        os.close(wake)
        os.close(woken)
