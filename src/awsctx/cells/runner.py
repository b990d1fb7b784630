"""Runs cells, several at a time, and passes on what they write.

One thread, with one loop over pipes and signals. Each command leads a session of its own. So a signal reaches everything
that it has started, unless that has left the session, and a Ctrl-C at the terminal reaches it only through this module. A
signal that would end this process goes to the commands first.
"""

from __future__ import annotations

import errno
import os
import selectors
import signal
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from awsctx import trace
from awsctx.cells.plan import Cell
from awsctx.cells.processes import caught, fill_standard_streams, send, spawn
from awsctx.errors import AwsctxError

# Bytes to read from a pipe at a time, and at the end of its command: more than a pipe holds.
_READ = 1 << 16
_REST = 1 << 20
# Seconds for which the output of processes that a command leaves behind is still read. Nothing else waits for them.
_LINGER = 0.2
# (seconds after the first signal, the harder signal to send then). The last one is for what has just been started.
_HARDER = ((2.0, signal.SIGTERM), (5.0, signal.SIGKILL), (5.5, signal.SIGKILL))
_TICK = 0.2
# The errors by which the system says that it has no room for another process or pipe now.
_FULL = (errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM)

Spawn = Callable[[str, Sequence[str], Mapping[str, str]], int]
Start = Callable[[Cell, Spawn], int]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a cell ended. ``status`` is the command's, 128+N for signal N. ``error`` says why the command could not run;
    ``status`` is its exit code then. ``seconds`` is how long it ran."""

    cell: Cell
    status: int
    seconds: float = 0.0
    error: AwsctxError | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a run. ``stopped`` is the signal that ended it (SIGPIPE where the reader has gone), or 0. ``trouble``
    says why the output could not be written."""

    ended: list[Ended]
    not_run: list[Cell]
    stopped: int = 0
    trouble: str = ""


class Sink(Protocol):
    """Where the output goes. Its methods raise OSError where they cannot write."""

    def files(self, cell: Cell) -> tuple[int, int] | None:
        """Descriptors for a command's stdout and stderr, which the caller closes. None: the output comes through ``take``."""

    def take(self, cell: Cell, stream: int, data: bytes) -> None:
        """Accept a piece of stdout (1) or stderr (2)."""

    def end(self, ended: Ended) -> None:
        """The cell has ended, and no more output comes from it."""


@dataclass(slots=True, eq=False)
class _Child:
    cell: Cell
    pid: int
    began: float
    pipes: set[int] = field(default_factory=set)
    ended: Ended | None = None


class Runner:
    """One run. ``told`` is called with the runner now and then, to show and to save the progress."""

    def __init__(self, sink: Sink, start: Start, *, jobs: int, fail_fast: bool = False) -> None:
        self.ended: list[Ended] = []
        self.waiting: deque[Cell] = deque()
        self.running: dict[int, _Child] = {}
        self.failed = 0
        self._sink = sink
        self._start = start
        self._room = jobs
        self._fail_fast = fail_fast
        fill_standard_streams()
        self._selector = selectors.DefaultSelector()
        self._lingering: list[tuple[float, _Child]] = []
        self._signals: list[int] = []  # received by this process, and not handled yet
        self._stopped = 0
        self._harder: list[tuple[float, int]] = []
        self._sessions: set[int] = set()  # of commands that ended after the first signal
        self._write_failed = False
        self._trouble = ""

    def interrupted(self) -> bool:
        """Whether the run is ending, so that a write which waits for its reader should give up."""
        return bool(self._signals or self._stopped)

    def run(self, cells: Sequence[Cell], told: Callable[[Runner], None] = lambda runner: None) -> Outcome:
        """Run all cells, until a signal comes or the output cannot be written. No process of theirs is left running then."""
        self.waiting.extend(cells)
        with caught(self._signals) as wake, self._selector:
            self._selector.register(wake, selectors.EVENT_READ)
            try:
                while self._goes_on():
                    told(self)
                    for key, _ in self._selector.select(self._seconds_to_wait()):
                        if key.data is None:
                            os.read(wake, _READ)
                        else:
                            self._read(key.fd, *key.data)
                    self._reap()
                    self._finish_ended()
                    self._escalate()
            except BaseException:
                self._send(signal.SIGKILL)
                raise
        return Outcome(self.ended, list(self.waiting), self._stopped, self._trouble)

    def _goes_on(self) -> bool:
        self._start_more()
        return bool(self.running or self._lingering or self._sessions)

    def _start_more(self) -> None:
        while self.waiting and len(self.running) < self._room and not self._stopped and not (self._fail_fast and self.failed):
            if not self._start_one(self.waiting.popleft()):
                return

    def _start_one(self, cell: Cell) -> bool:
        """Start the next cell; whether another one may be tried now."""
        child = _Child(cell, 0, time.monotonic())
        theirs: list[int] = []
        try:
            theirs.extend(self._sink.files(cell) or ())
            if not theirs:
                self._make_pipes(child, theirs)
            child.pid = self._start(cell, lambda path, arguments, environ: spawn(path, arguments, environ, *theirs))
        except (AwsctxError, OSError) as e:
            self._close(child)
            cause = e if isinstance(e, OSError) else e.__cause__
            if isinstance(cause, OSError) and cause.errno in _FULL and self.running:
                trace.tell("no room for more", f"{len(self.running)} at a time from here on")
                self._room = len(self.running)
                self.waiting.appendleft(cell)
                return False
            error = e if isinstance(e, AwsctxError) else AwsctxError(f"could not start it: {e.strerror}")
            self._end(Ended(cell, error.exit_code, error=error))
            return True
        finally:
            for fd in theirs:
                os.close(fd)
        self.running[child.pid] = child
        return True

    def _make_pipes(self, child: _Child, theirs: list[int]) -> None:
        """Make the pipes for a command's stdout and stderr. ``theirs`` gets the ends that it writes to; the other ends are
        read here. Raises OSError."""
        for stream in (1, 2):
            ours, other = os.pipe()
            theirs.append(other)
            child.pipes.add(ours)
            self._selector.register(ours, selectors.EVENT_READ, (child, stream))

    def _read(self, fd: int, child: _Child, stream: int, most: int = _READ) -> None:
        if fd not in child.pipes:
            return  # closed since the selector returned it
        data = os.read(fd, most)
        if data:
            self._hand_on(lambda: self._sink.take(child.cell, stream, data))
        else:
            self._close(child, fd)

    def _close(self, child: _Child, *fds: int) -> None:
        """Stop reading from ``fds`` (none named: from all)."""
        for fd in fds or tuple(child.pipes):
            self._selector.unregister(fd)
            child.pipes.remove(fd)
            os.close(fd)

    def _reap(self) -> None:
        for pid in list(self.running):
            found, status = os.waitpid(pid, os.WNOHANG)
            if not found:
                continue
            child = self.running.pop(pid)
            code = os.waitstatus_to_exitcode(status)
            now = time.monotonic()
            child.ended = Ended(child.cell, code if code >= 0 else 128 - code, now - child.began)
            self.failed += child.ended.status != 0
            self._read_rest(child)  # before another command starts, and may be faster
            self._lingering.append((now + _LINGER, child))
            if self._stopped:
                self._sessions.add(pid)

    def _finish_ended(self) -> None:
        """Finish the commands that have ended and whose pipes are closed, or have been open for long enough since."""
        now = time.monotonic()
        for until, child in self._lingering:
            if child.pipes and until <= now:
                self._read_rest(child)
                self._close(child)
            if not child.pipes and child.ended:
                self._end(child.ended)
        self._lingering = [(until, child) for until, child in self._lingering if child.pipes]

    def _read_rest(self, child: _Child) -> None:
        """Read what is in the pipes of a command that has ended, and their end. What it has started may still write to them."""
        for fd in tuple(child.pipes):
            stream = self._selector.get_key(fd).data[1]
            os.set_blocking(fd, False)
            try:
                self._read(fd, child, stream, _REST)
                self._read(fd, child, stream, _REST)
            except BlockingIOError:
                pass

    def _end(self, ended: Ended) -> None:
        self.failed += ended.error is not None
        self.ended.append(ended)
        self._hand_on(lambda: self._sink.end(ended))

    def _hand_on(self, write: Callable[[], None]) -> None:
        """Write, unless a write has failed before. A failure ends the run."""
        if self._write_failed:
            return
        try:
            write()
        except OSError as e:
            self._write_failed = True
            if isinstance(e, BrokenPipeError):
                self._stop(signal.SIGPIPE)
            elif not isinstance(e, InterruptedError):  # a write that gave up because of ``interrupted``
                self._trouble = e.strerror or str(e)
                self._stop(signal.SIGTERM)

    def _escalate(self) -> None:
        """End the run after a signal, and send harder signals as time passes. Each further signal from the user sends the
        next harder one at once."""
        while self._signals:
            number = self._signals.pop(0)
            if not self._stopped:
                self._stop(number)
            elif self._harder:
                self._send(self._harder.pop(0)[1])
        while self._harder and self._harder[0][0] <= time.monotonic():
            self._send(self._harder.pop(0)[1])
        if self._sessions:
            self._sessions = send(self._sessions, 0) if self._harder else set()

    def _stop(self, number: int) -> None:
        if not self._stopped:
            now = time.monotonic()
            self._stopped = number
            self._harder = [(now + after, harder) for after, harder in _HARDER]
            self._send(number)

    def _send(self, number: int) -> None:
        send({*self.running, *self._sessions}, number)

    def _seconds_to_wait(self) -> float:
        """Seconds until there is something to do, even if no event comes."""
        ends = [until for until, _ in self._lingering] + [at for at, _ in self._harder]
        return max(min([_TICK, *(end - time.monotonic() for end in ends)]), 0)
