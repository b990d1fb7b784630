"""What the user is told about a run, before and after it. Pure."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Sequence

from awsctx.cells.plan import Cell
from awsctx.cells.runner import Outcome
from awsctx.core.text import visible


def before(cells: Sequence[Cell], jobs: int) -> str:
    """The number of cells, profiles and regions."""
    profiles = len({cell.context.profile for cell in cells})
    regions = len({cell.context.region for cell in cells} - {""})
    over = _count(profiles, "profile") + (f" and {_count(regions, 'region')}" if regions else "")
    return f"awsctx: {_count(len(cells), 'run')} over {over}, {min(jobs, len(cells))} at a time"


def after(outcome: Outcome, again: str) -> list[str]:
    """The failed cells by status, those not run, then ``again``: the call that runs both (empty: none does). Nothing where all
    succeeded."""
    failed = [ended for ended in outcome.ended if ended.status]
    if not failed and not outcome.not_run:
        return []
    every = len(outcome.ended) + len(outcome.not_run)
    lines = [f"awsctx: {len(failed)} of {every} failed" + (f", {len(outcome.not_run)} not run" if outcome.not_run else "")]
    for status in sorted({ended.status for ended in failed}):
        lines.append(f"  status {_named(status)}: {_names(ended.cell for ended in failed if ended.status == status)}")
    if outcome.not_run:
        lines.append(f"  not run: {_names(outcome.not_run)}")
    return [*lines, f"  run them again: {again}"] if again else lines


def _named(status: int) -> str:
    """A status, with the name of the signal that it stands for."""
    try:
        return f"{status} ({signal.Signals(status - 128).name})"
    except ValueError:
        return str(status)


def _names(cells: Iterable[Cell]) -> str:
    return ", ".join(visible(cell.name) for cell in cells)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
