"""The one progress bar, drawn by rich as a line of text."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

# The columns of the bar itself at most, and those that are left for what stands beside it.
_WIDEST = 30
_COUNTS = 44


class Bar:
    """A line of text: a bar, how many are done, run and have failed, and since when."""

    def __init__(self, what: str, *, coloured: bool) -> None:
        self.what = what
        self._bar = BarColumn()
        self._out = io.StringIO()
        self._console: Console = Console(file=self._out, force_terminal=True, no_color=not coloured)
        self._columns: Any = Progress(
            *([TextColumn("{task.description}")] if what else []),
            self._bar,
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            console=self._console,
            auto_refresh=False,
        )
        self._task = self._columns.add_task(what, total=None, counts="")

    def text(self, done: int, total: int, running: int, failed: int, width: int) -> str:
        """The line, in at most ``width`` columns."""
        counts = [f"{running} running"] * bool(running) + [f"[red]{failed} failed[/red]"] * bool(failed)
        self._columns.update(self._task, completed=done, total=total, counts=", ".join(counts))
        self._console.width = max(width, 1)
        self._bar.bar_width = min(_WIDEST, max(width - _COUNTS, 4))
        self._out.seek(0)
        self._out.truncate()
        self._console.print(self._columns.get_renderable(), end="", no_wrap=True, crop=True)
        return self._out.getvalue().split("\n")[0].rstrip()
