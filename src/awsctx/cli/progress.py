"""What the terminal shows while many profiles are asked or run: their output, and one bar below it."""

from __future__ import annotations

import os
import select
from collections.abc import Callable

from awsctx.cli import render
from awsctx.cli.person import Person

# Seconds that a write waits for its reader before it asks whether to give up.
_PATIENCE = 0.2
# What a pipe takes at once where it takes anything, on Linux and macOS.
_PIECE = 4096


class Progress(Person):
    """The real `commands.exec_many.Screens`. The bar is shown where stderr is a terminal that can take a line back."""

    def __init__(self) -> None:
        super().__init__()
        self._terminals = frozenset(stream for stream in (1, 2) if os.isatty(stream))
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") in ("", "dumb")
        self.coloured: frozenset[int] = frozenset() if plain else self._terminals
        self.width = render.columns(1) if 1 in self._terminals else 0

    def write(self, stream: int, data: bytes, give_up: Callable[[], bool]) -> None:
        if stream in self._terminals:
            self.done_waiting()
        rest = memoryview(data)
        while rest:
            if select.select([], [stream], [], _PATIENCE)[1]:
                rest = rest[os.write(stream, rest[:_PIECE]) :]
            elif give_up():
                raise InterruptedError
