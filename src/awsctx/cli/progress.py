"""What the terminal shows while many profiles are asked or run: their output, and one bar below it."""

from __future__ import annotations

import io
import os
import select
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from awsctx.cli.person import Person

if TYPE_CHECKING:
    from rich.console import Console

# Seconds between two drawings, and that a write waits for its reader before it asks whether to give up.
_REST = 0.1
_PATIENCE = 0.2
# The columns of the bar itself, and those that are left for what stands beside it.
_WIDEST = 30
_COUNTS = 44
# What a pipe takes at once where it takes anything, on Linux and macOS.
_PIECE = 4096


class Progress(Person):
    """The real `commands.exec_many.Screens`. The bar is shown where stderr is a terminal that can take a line back."""

    def __init__(self) -> None:
        super().__init__()
        self._terminals = frozenset(stream for stream in (1, 2) if os.isatty(stream))
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") in ("", "dumb")
        self.coloured: frozenset[int] = frozenset() if plain else self._terminals
        self.width = _columns(1) if 1 in self._terminals else 0
        self._bar: _Bar | None = None
        self._drawn = 0.0

    def progress(self, what: str, done: int, of: int, running: int = 0, failed: int = 0) -> None:
        now = time.monotonic()
        if not self._moves or (now - self._drawn < _REST and done < of):
            return
        if self._bar is None or self._bar.what != what:
            self._bar = _Bar(what, of, coloured=2 in self.coloured)
        self._drawn = now
        self._write(f"\r\x1b[K{self._bar.text(done, running, failed, _columns(2) - 1)}")
        self._shown = True

    def write(self, stream: int, data: bytes, give_up: Callable[[], bool]) -> None:
        if stream in self._terminals:
            self.done_waiting()
        rest = memoryview(data)
        while rest:
            if select.select([], [stream], [], _PATIENCE)[1]:
                rest = rest[os.write(stream, rest[:_PIECE]) :]
            elif give_up():
                raise InterruptedError


class _Bar:
    """A line of text: a bar, how many are done, run and have failed, and since when."""

    def __init__(self, what: str, of: int, *, coloured: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Columns

        self.what = what
        self._bar = BarColumn()
        self._out = io.StringIO()
        self._console: Console = Console(file=self._out, force_terminal=True, no_color=not coloured)
        self._columns: Any = Columns(
            *([TextColumn("{task.description}")] if what else []),
            self._bar,
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            console=self._console,
            auto_refresh=False,
        )
        self._task = self._columns.add_task(what, total=of, counts="")

    def text(self, done: int, running: int, failed: int, width: int) -> str:
        """The line, in at most ``width`` columns."""
        counts = [f"{running} running"] * bool(running) + [f"[red]{failed} failed[/red]"] * bool(failed)
        self._columns.update(self._task, completed=done, counts=", ".join(counts))
        self._console.width = max(width, 1)
        self._bar.bar_width = min(_WIDEST, max(width - _COUNTS, 4))
        self._out.seek(0)
        self._out.truncate()
        self._console.print(self._columns.get_renderable(), end="", no_wrap=True, crop=True)
        return self._out.getvalue().split("\n")[0].rstrip()


def _columns(stream: int) -> int:
    try:
        return max(os.get_terminal_size(stream).columns, 2)
    except OSError:
        return 80
