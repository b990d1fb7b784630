"""The user at the terminal, as ports: what a sign-in has to tell them, and what a command may ask them. `cli` gives the one
that is real, a test its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Ask(Protocol):
    """Puts a yes-or-no question to the user. ``default`` is the answer that Enter gives."""

    def __call__(self, question: str, default: bool = False) -> bool: ...


class Screen(Protocol):
    """Where the user is told what to do."""

    def say(self, line: str) -> None:
        """One line, to stay."""

    def waiting(self, what: str, seconds: float) -> None:
        """What is being waited for and for how much longer at most; takes the place of the last such line."""

    def progress(self, what: str, done: int, total: int) -> None:
        """How far a thing is; takes the place of the last such line."""

    def copy(self, text: str) -> None:
        """Put ``text`` on the clipboard of the terminal, where that is far away (SSH), and so is the user's browser."""

    def done_waiting(self) -> None:
        """Take away what ``waiting`` or ``progress`` has shown."""


class Person(Screen, Protocol):
    """Who can be asked, too."""

    def ask(self, question: str, completions: Sequence[str] = ()) -> str:
        """The line that they typed; empty: the default. Raises Cancelled."""

    def pick(self, title: str, rows: Sequence[str], also: str = "") -> int:
        """The place of the row that they chose; -1: that was ``also``, a choice beyond the rows. Raises Cancelled."""

    def show(self, text: str, *, page: bool) -> None:
        """What is about to be done, a diff included; with ``page`` it is to be judged, and may be longer than the terminal."""
