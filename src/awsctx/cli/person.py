"""The person at the terminal, asked: a line, or one of many."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence

from awsctx.cli import filter_picker, render
from awsctx.cli.terminal import Terminal
from awsctx.errors import Cancelled

_TICK = 0.25  # seconds


class Person(Terminal):
    """The real `commands.setup.Person`."""

    def ask(self, question: str, completions: Sequence[str] = ()) -> str:
        """The line that the person typed, without blanks around it. Tab completes. Raises Cancelled at the end of
        input."""
        try:
            return _line(question, completions).strip()
        except EOFError:
            render.talk("")
            raise Cancelled("cancelled: nothing was written") from None

    def pick(self, title: str, rows: Sequence[str]) -> int:
        """The place of the row that the person chose. Raises Cancelled."""
        place = filter_picker.pick(rows, title)
        if place is None:
            raise Cancelled("cancelled: nothing was written")
        return place


def _line(question: str, completions: Sequence[str]) -> str:
    """Raises EOFError."""
    if os.isatty(0) and os.isatty(1) and sys.stdin and sys.stdout:
        with _completing(completions), _ticking():
            return input(question)
    render.write(2, question)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


@contextlib.contextmanager
def _ticking() -> Iterator[None]:
    """While it lasts, a signal comes now and then: `input` does not see a Ctrl-C that comes between the drawing of
    its question and the waiting for a key (readline_until_enter_or_signal in CPython's readline.c) before the next
    signal."""
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, _TICK, _TICK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _completing(completions: Sequence[str]) -> Iterator[None]:
    """While it lasts, `input` edits its line by readline, where Python has it, and Tab completes to one of
    ``completions``."""
    try:
        import readline
    except ImportError:
        yield
        return

    def candidate(text: str, number: int) -> str | None:
        fitting = [word for word in completions if word.startswith(text)]
        return fitting[number] if number < len(fitting) else None

    readline.set_auto_history(False)
    readline.set_completer_delims("")
    readline.set_completer(candidate)
    libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(None)
