"""What is said of a run."""

from __future__ import annotations

from awsctx.cells import report
from awsctx.cells.plan import Cell
from awsctx.cells.runner import Ended, Outcome
from awsctx.core.context import Context

A, B, C, D = (Cell(Context(name, "eu-west-1" if name == "c" else "")) for name in "abcd")


def test_before() -> None:
    assert report.before([A], 8) == "awsctx: 1 run over 1 profile, 1 at a time"
    cells = [Cell(Context(profile, region)) for profile in "ab" for region in ("eu-west-1", "us-east-1", "us-west-2")]
    assert report.before(cells, 2) == "awsctx: 6 runs over 2 profiles and 3 regions, 2 at a time"


def test_nothing_is_said_where_all_is_well() -> None:
    assert report.after(Outcome([Ended(A, 0), Ended(B, 0)], []), "again") == []


def test_the_failed_by_status_then_the_not_run() -> None:
    outcome = Outcome([Ended(B, 7), Ended(A, 0), Ended(C, 137)], [D])
    assert report.after(outcome, "awsctx exec --failed") == [
        "awsctx: 2 of 4 failed, 1 not run",
        "  status 7: b",
        "  status 137 (SIGKILL): c@eu-west-1",
        "  not run: d",
        "  run them again: awsctx exec --failed",
    ]
    assert not any("again" in line for line in report.after(outcome, ""))
