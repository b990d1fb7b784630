"""Child processes and signals: what the runner needs of the system."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
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


def kill(group: int, number: int) -> bool:
    """Send a signal to a process group; whether the group exists."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # a zombie on macOS, or a program of another user, which awsctx cannot end
        return False
    return True


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
