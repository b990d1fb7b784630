"""A clock that is set back or ahead (a virtual machine that wakes up, NTP's first answer): switches still win, and every shell
still sees them. The state's serial is the clock's, so a clock set back by a day is a state a day ahead."""

from __future__ import annotations

import os
import time

import pytest
from tests.shells.conftest import Open, home, open_terminal, shell
from tests.shells.ptys import outside, sign_in
from tests.support import DEVELOPER, TESTER, Home

from awsctx.core.context import Context
from awsctx.core.record import Record
from awsctx.store import state

__all__ = ["home", "open_terminal", "shell"]

DAY = 86400


def serial(home: Home) -> int:
    return int(home.state.read_text().split("\n")[2])


def set_clock_back(home: Home, days: int = 1) -> None:
    """As the state stands once it has been: written by a clock that was so much ahead."""
    lines = home.state.read_text().split("\n")
    lines[2] = str(int(lines[2]) + days * DAY * 1_000_000)
    home.state.write_text("\n".join(lines))


@pytest.mark.parametrize("days", [1, -1])
def test_a_switch_wins_and_every_shell_sees_it(days: int, home: Home, open_terminal: Open) -> None:
    outside(home, DEVELOPER)
    one, other = open_terminal(), open_terminal()
    set_clock_back(home, days)
    assert one.said() == other.said() == ""
    ahead = serial(home)
    for name in (TESTER, DEVELOPER, TESTER):
        one.run(f"awsctx {name}")
        assert (one.profile, home.active()) == (name, name)
        assert other.said() == f"awsctx: now on {name} (switched in another shell)"
    assert serial(home) > ahead
    one.run("awsctx -")
    assert one.profile == DEVELOPER


def test_a_state_that_is_lost_then_is_made_anew_and_seen(home: Home, open_terminal: Open) -> None:
    outside(home, DEVELOPER)
    set_clock_back(home)
    terminal = open_terminal()
    home.state.unlink()
    outside(home, TESTER)
    assert terminal.said() == f"awsctx: now on {TESTER} (switched in another shell)"
    assert terminal.profile == TESTER


def test_files_of_the_future_hold_nothing_up(home: Home, open_terminal: Open) -> None:
    """The token and the answers are younger than this moment: each change is still seen, and no prompt asks for ever."""
    token = sign_in(home, 3600 + 30)
    terminal = open_terminal()
    terminal.run(f"awsctx {TESTER}")
    for path in [token, *(home.state.parent / "shells").iterdir()]:
        os.utime(path, (time.time() + DAY, time.time() + DAY))
    assert terminal.prompt == f"{TESTER} 1h0m"
    os.utime(sign_in(home, -60), (time.time() + DAY, time.time() + DAY))
    assert terminal.prompt == f"{TESTER} expired"
    terminal.run(f"awsctx {DEVELOPER}")
    assert terminal.prompt == f"{DEVELOPER} expired"


def test_serials_grow_whatever_the_clock_says(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    for number, now in enumerate([2 * DAY, DAY, DAY, 0, 10**9 * DAY, 3 * DAY]):
        monkeypatch.setattr(state.time, "time_ns", lambda now=now: now * 10**9)  # type: ignore[attr-defined]
        after = state.change(str(home.state), lambda old, n=number: state.State(Record(Context(f"p{n}"), old.record.serial)))
        seen.append(after.record.serial)
    assert seen == sorted(set(seen))
