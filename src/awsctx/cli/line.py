"""A line that the user types, with the editing and the completions of readline where Python has it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence

from awsctx.cli import render

_TICK = 0.25  # seconds


def read_line(question: str, completions: Sequence[str]) -> str:
    """What the user answers to ``question``; Tab completes to one of ``completions``. Raises EOFError."""
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
    """Send this process a signal now and then. Without it, a Ctrl-C that comes between the drawing of the question and the
    wait for a key has no effect before the next key (readline_until_enter_or_signal in CPython's readline.c)."""
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
