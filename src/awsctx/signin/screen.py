"""What a sign-in has to say to the person, as a port: `cli` gives the real one, a test its own."""

from __future__ import annotations

from typing import Protocol


class Screen(Protocol):
    """Where the person is told what to do."""

    def say(self, line: str) -> None:
        """One line, to stay."""

    def waiting(self, what: str, seconds: float) -> None:
        """What is being waited for and for how much longer at most; replaces what was said by the last call."""

    def copy(self, text: str) -> None:
        """Put ``text`` on the clipboard of the terminal, where that is far away (SSH), and so is the person's browser."""

    def done_waiting(self) -> None:
        """Take away what ``waiting`` has shown."""
