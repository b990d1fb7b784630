"""The guard's question waits for a user, and the world goes on: what has changed meanwhile is not entered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.signin.helpers import ended
from tests.support import DEVELOPER, TESTER, Home
from tests.test_guard import DOORS, KEYS, at_terminal, call_of, each_door, guarded_of, home

from awsctx.commands.use import use
from awsctx.errors import AwsctxError
from awsctx.store import state
from awsctx.world import World

__all__ = ["home"]


@pytest.mark.parametrize("meanwhile", ["renamed", "removed", "another account"])
@each_door
def test_what_has_changed_while_the_question_waited_is_not_entered(home: Home, door: str, meanwhile: str) -> None:
    child = at_terminal(home, *call_of(door))
    child.expect_exact("[y/N] ")
    if guarded_of(door) == "keys":
        home.credentials.write_text(
            {"renamed": KEYS.replace("[keys]", "[other]"), "removed": ""}.get(meanwhile, KEYS + "x = y\n")
        )
    elif meanwhile == "renamed":
        home.ok("rename", TESTER, "other")
    elif meanwhile == "removed":
        home.ok("remove", "-y", TESTER)
    else:
        home.config.write_text(home.config.read_text().replace("43214321", "43214322"))
    child.send("y\r")
    child.expect_exact(f"'{guarded_of(door)}' has changed while the question waited: {DOORS[door][1]}")
    assert ended(child) == 1 and home.active() == DEVELOPER


def test_another_shells_switch_at_the_same_moment_leads_nobody_in(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` means the developer where it is asked about, and the tester where it is done."""
    change = state.change

    def slowly(path: str, function: Callable[[state.State], state.State]) -> state.State:
        home.ok(TESTER, "-y")
        home.ok(DEVELOPER)
        return change(path, function)

    for environ, yes in (({}, False), ({"CLAUDECODE": "1"}, True)):
        home.ok(TESTER, "-y")
        home.ok(DEVELOPER)
        home.ok(TESTER, "-y")
        monkeypatch.setattr(state, "change", slowly)
        with pytest.raises(AwsctxError, match="another shell switched at the same moment"):
            use(World({**home.environ, **environ}), "-", yes=yes)
        monkeypatch.setattr(state, "change", change)
        assert home.active() == DEVELOPER
