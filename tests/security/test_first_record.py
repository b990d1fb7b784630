"""A shell that started with its user's own AWS_PROFILE: the state that it sees when that ends is not one that it was in."""

from __future__ import annotations

import pytest
from tests.shells.conftest import Open, open_terminal, shell
from tests.shells.conftest import home as signed_in
from tests.shells.ptys import LOAD, outside
from tests.shells.test_nu import SHOW, nu
from tests.support import DEVELOPER, TESTER, Home

__all__ = ["open_terminal", "shell", "signed_in"]

STAYS = f"{TESTER} is guarded: this one stays without a context"


@pytest.fixture
def home(signed_in: Home) -> Home:
    """The state is on a guarded profile."""
    signed_in.configure(f'guard = ["{TESTER}"]\n')
    outside(signed_in, TESTER, "-y")
    return signed_in


@pytest.mark.parametrize("how", ["inherited", "set above the hook's line"])
@pytest.mark.parametrize("end", ["unset", "-s -u"])
def test_a_guarded_state_is_not_entered(how: str, end: str, shell: str, home: Home, open_terminal: Open) -> None:
    if how == "inherited":
        terminal = open_terminal(env={"AWS_PROFILE": DEVELOPER})
    else:
        export = f"set -gx AWS_PROFILE {DEVELOPER}" if shell == "fish" else f"export AWS_PROFILE={DEVELOPER}"
        terminal = open_terminal(load=f"{export}\n{LOAD[shell]}")
    assert (terminal.profile, terminal.kind, terminal.greeting) == (DEVELOPER, "pinned", "")
    said = terminal.unset("AWS_PROFILE") if end == "unset" else terminal.run("awsctx -s -u")
    assert f"awsctx: {STAYS}" in said
    assert (terminal.profile, terminal.prompt) == (None, "")
    # Nor is what it sees from then on, without a word.
    outside(home, DEVELOPER)
    assert terminal.said() == f"awsctx: now on {DEVELOPER} (switched in another shell)"
    outside(home, TESTER, "-y")
    assert "this one stays on" in terminal.said() and terminal.profile == DEVELOPER


def test_nor_by_nushell(home: Home) -> None:
    (home.folder / "hook.nu").write_text(home.ok("init", "nu"), encoding="utf-8")
    for end in ("hide-env AWS_PROFILE", "awsctx -s -u"):
        shown = nu(home, SHOW, end, SHOW, AWS_PROFILE=DEVELOPER)
        assert shown == [f'["{DEVELOPER}", null, "{DEVELOPER} 3h12m", pinned]', '[null, null, "", ""]']
        assert f"awsctx: {STAYS}\n" in home.said  # type: ignore[attr-defined]
