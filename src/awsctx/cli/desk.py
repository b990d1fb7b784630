"""The person at the terminal, as `sync` needs them: a bar for the listing, a diff to look at."""

from __future__ import annotations

from awsctx.cli import render, styled
from awsctx.cli.person import Person

_WIDTH = 24


class Desk(Person):
    """The real `commands.sync.Desk`."""

    def progress(self, done: int, total: int) -> None:
        """`accounts ████████░░░░ 12/30`, where stderr is a terminal."""
        full = _WIDTH * done // max(total, 1)
        self.transient(f"accounts {'█' * full}{'░' * (_WIDTH - full)} {done}/{total}")

    def show(self, diff: str) -> None:
        self.done_waiting()
        render.write(2, styled.diff(diff, 2))
