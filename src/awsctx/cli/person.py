"""The user at the terminal: reads messages on stderr, answers questions, chooses one of many."""

from __future__ import annotations

import os
import time

from awsctx.cli import render
from awsctx.errors import Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsctx.cli.bar import Bar

# How often a bar is drawn at most (seconds): there may be thousands of steps.
_FRAME = 0.1


class Person:
    """The real `signin.screen.Person`. What waits and goes on is shown where stderr is a terminal that can take a line back."""

    def __init__(self) -> None:
        self._moves = render.moves(2)
        self._shown = False
        self._next_frame = 0.0
        self._bar: Bar | None = None

    def say(self, line: str) -> None:
        self.done_waiting()
        render.talk(line)

    def waiting(self, what: str, seconds: float) -> None:
        minutes, rest = divmod(int(seconds), 60)
        self._transient(f"{what} … {minutes}:{rest:02}"[: render.columns(2) - 1])

    def progress(self, what: str, done: int, total: int, running: int = 0, failed: int = 0) -> None:
        now = time.monotonic()
        if not self._moves or (now < self._next_frame and done < total):
            return
        from awsctx.cli.bar import Bar

        self._next_frame = now + _FRAME
        if self._bar is None or self._bar.what != what:
            self._bar = Bar(what, coloured=render.coloured(2))
        self._transient(self._bar.text(done, total, running, failed, render.columns(2) - 1))

    def copy(self, text: str) -> None:
        """Copy by OSC 52. A terminal that does not know it shows nothing."""
        if self._moves and os.environ.get("SSH_CONNECTION"):
            from base64 import b64encode

            self._write(f"\x1b]52;c;{b64encode(text.encode()).decode()}\x07")
            self.say("  (it is on your clipboard, too, where your terminal allows that)")

    def done_waiting(self) -> None:
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = False
            self._next_frame = 0.0

    def ask(self, question: str, completions: Sequence[str] = ()) -> str:
        """The line that the user typed, without blanks around it. Tab completes. Raises Cancelled at the end of input."""
        from awsctx.cli.line import read_line

        try:
            return read_line(question, completions).strip()
        except EOFError:
            render.talk("")
            raise Cancelled("cancelled: nothing was written") from None

    def pick(self, title: str, rows: Sequence[str], also: str = "") -> int:
        from awsctx.cli import filter_picker

        place = filter_picker.pick([(row,) for row in rows], title, also=also)
        if place is None:
            raise Cancelled("cancelled: nothing was written")
        return place

    def show(self, text: str, *, page: bool) -> None:
        from awsctx.cli import styled
        from awsctx.cli.pager import paged

        self.done_waiting()
        shown = styled.diff(text) if render.coloured(2) else text
        if not (page and self._moves and os.isatty(0) and paged(shown, 2)):
            render.write(2, shown)

    def _transient(self, text: str) -> None:
        """One line that the next one takes the place of."""
        if self._moves:
            self._write(f"\r\x1b[K{text}")
            self._shown = True

    def _write(self, text: str) -> None:
        try:
            render.write(2, text)
        except OSError:
            self._moves = False
