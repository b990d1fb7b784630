"""A call that says that it switched, and a shell that stays where it was: said, and no success."""

from __future__ import annotations

import pytest
from tests.shells.conftest import Open, home, open_terminal, shell, terminal
from tests.shells.ptys import Terminal
from tests.support import DEVELOPER, TESTER, Home

__all__ = ["home", "open_terminal", "shell", "terminal"]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_variable_that_is_read_only_is_said_and_fails_the_call(terminal: Terminal) -> None:
    terminal.run(f"awsctx {DEVELOPER}; readonly AWS_PROFILE")
    said = terminal.run(f"awsctx {TESTER} || echo it failed")
    assert "awsctx: AWS_PROFILE is read-only in this shell" in said and "it failed" in said
    assert terminal.prompt.startswith(DEVELOPER), "what it still has runs"


def test_a_shell_that_has_unset_the_states_path_goes_where_its_own_calls_go(home: Home, open_terminal: Open) -> None:
    for own in (None, str(home.folder / "own" / "state")):
        terminal = open_terminal(env={"AWSCTX_STATE_FILE": own})
        terminal.run(f"awsctx {DEVELOPER}")
        terminal.unset("AWSCTX_STATE_FILE")
        assert "switched to" in terminal.run(f"awsctx {TESTER}@eu-west-3")
        assert (terminal.profile, terminal.prompt) == (TESTER, f"{TESTER}@eu-west-3 3h12m")
        terminal.run("awsctx -u")
        assert (terminal.profile, terminal.prompt) == (None, "")
