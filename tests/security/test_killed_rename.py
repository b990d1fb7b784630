"""SIGKILL between the two files, or before the state: the same call again finishes what was begun."""

from __future__ import annotations

import os
import re

import pytest
from tests.support import AWSCTX, TESTER, WALKTHROUGH, Home

KEYS = f"[{TESTER}]\naws_access_key_id = AKIA\n"
CALLS = "rename,unlink,fsync"


@pytest.fixture
def both(home: Home) -> Home:
    """A home where the active profile has a stanza in both files."""
    home.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    reset(home)
    return home


def reset(home: Home) -> None:
    home.config.write_text(WALKTHROUGH)
    home.credentials.write_text(KEYS)
    home.ok(TESTER)


def traced(home: Home, call: tuple[str, ...], *more: str, calls: str = CALLS) -> None:
    home.run("-f", "-e", f"trace={calls}", *more, AWSCTX, *call, command=["strace"])


def notes(home: Home) -> list[str]:
    return [path.name for path in home.state.parent.iterdir() if path.name.startswith("unfinished")]


@pytest.mark.parametrize("call", [("rename", TESTER, "t"), ("remove", "-y", TESTER)], ids=["rename", "remove"])
def test_killed_at_each_point_the_same_call_finishes(both: Home, call: tuple[str, ...]) -> None:
    log = both.folder / "strace"
    traced(both, call, "-o", str(log))
    found = re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE)
    done = (both.config.read_text(), both.credentials.read_text(), both.active())
    assert found.count("rename") >= 4 and done[2] == ("t" if call[0] == "rename" else "")
    for name in set(found):
        for number in range(1, found.count(name) + 1):
            reset(both)
            traced(both, call, "-o", os.devnull, "-e", f"inject={name}:signal=KILL:when={number}", calls=name)
            if (both.config.read_text(), both.credentials.read_text(), both.active()) != done or notes(both):
                both.ok(*call)
            assert (both.config.read_text(), both.credentials.read_text(), both.active()) == done, (name, number)
            assert not notes(both)


def test_another_call_does_not_take_the_note_for_its_own(both: Home) -> None:
    traced(both, ("rename", TESTER, "t"), "-o", os.devnull, "-e", "inject=rename:signal=KILL:when=3", calls="rename")
    assert notes(both)
    assert "[profile t]" in both.config.read_text() and TESTER in both.credentials.read_text()
    done = both.run("rename", TESTER, "worksso.developer")
    assert done.returncode == 1 and "already" in done.stderr
    assert both.run("rename", "--dry-run", TESTER, "t").stdout.count("[t]") == 1
    both.ok("rename", TESTER, "t")
    assert both.run("rename", TESTER, "t").returncode == 1


def test_ctrl_c_before_the_state_follows_is_finished_by_the_same_call(both: Home) -> None:
    lock = str(both.state) + ".lock"
    traced(both, ("rename", TESTER, "t"), "-o", os.devnull, "-P", lock, "-e", "inject=flock:signal=INT:when=1", calls="flock")
    assert (both.active(), notes(both) != []) == (TESTER, True)
    both.ok("rename", TESTER, "t")
    assert (both.active(), notes(both)) == ("t", [])
