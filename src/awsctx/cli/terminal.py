"""The person at the terminal, as `signin` sees them: lines on stderr, and one line that counts down."""

from __future__ import annotations

import os

from awsctx.cli import render


class Terminal:
    """The real `signin.screen.Screen`. A countdown is shown where stderr is a terminal that can take a line back."""

    def __init__(self) -> None:
        self._counts = os.isatty(2) and os.environ.get("TERM", "dumb") not in ("", "dumb")
        self._shown = False

    def say(self, line: str) -> None:
        self.done_waiting()
        render.talk(line)

    def waiting(self, what: str, seconds: float) -> None:
        minutes, rest = divmod(int(seconds), 60)
        self.transient(f"{what} … {minutes}:{rest:02}")

    def copy(self, text: str) -> None:
        """By OSC 52, which the terminal takes, or leaves, without a word."""
        if self._counts and os.environ.get("SSH_CONNECTION"):
            from base64 import b64encode

            self._write(f"\x1b]52;c;{b64encode(text.encode()).decode()}\x07")
            self.say("  (it is on your clipboard, too, where your terminal allows that)")

    def transient(self, text: str) -> None:
        """One line that the next one takes the place of."""
        if self._counts:
            self._write(f"\r\x1b[K{text[: _columns() - 1]}")
            self._shown = True

    def done_waiting(self) -> None:
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = False

    def _write(self, text: str) -> None:
        try:
            render.write(2, text)
        except OSError:
            self._counts = False


def _columns() -> int:
    try:
        return max(os.get_terminal_size(2).columns, 2)
    except OSError:
        return 80
