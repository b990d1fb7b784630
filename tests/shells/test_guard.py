"""The guard in hooked shells (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.shells.ptys import Terminal
from tests.support import DEVELOPER, TESTER, Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """On the developer; the previous context is the tester, which is guarded by its account."""
    home = Home(tmp_path / "home")
    home.ok(TESTER)
    home.ok(DEVELOPER)
    home.configure('guard = ["account:4321*"]\n')
    return home


def test_an_alias_asks_as_what_it_calls_does(home: Home) -> None:
    with Terminal("bash", home, after='eval "$(awsctx alias --shell bash)"') as terminal:
        for line, question in ((f"{TESTER} echo r''an", "Run the command there?"), (TESTER, "Switch to it?")):
            terminal.child.send(f"{line}\r")
            terminal.child.expect_exact(f"'{TESTER}' is guarded. {question} [y/N] ")
            assert "ran" not in terminal.run("n")
        assert terminal.profile == DEVELOPER
        assert "ran" not in terminal.run(f"CLAUDECODE=1 {TESTER} echo r''an")


def test_back_into_it_in_one_shell_and_in_two(home: Home) -> None:
    with Terminal("bash", home) as one, Terminal("bash", home) as other:
        one.run(f"awsctx -y {TESTER}")
        assert f"which is guarded: this one stays on {DEVELOPER}" in other.said()
        assert "is guarded: not switched" in other.run(f"awsctx {TESTER} </dev/null"), "active, but not here"
        assert one.run(f"awsctx {TESTER} </dev/null").count("guarded") == 0
        for away, back in ((f"awsctx {DEVELOPER}", "awsctx -"), (f"awsctx -s {DEVELOPER}", "awsctx -s -")):
            one.run(away)
            assert "is guarded: not switched" in one.run(f"{back} </dev/null")
            assert one.profile == DEVELOPER
        one.run("awsctx -s - -y")
        assert (one.profile, one.kind) == (TESTER, "guarded")


def test_following_again_is_asked_about_where_it_leads_back_into_it(home: Home) -> None:
    with Terminal("bash", home) as terminal:
        terminal.run(f"awsctx -y {TESTER}")
        terminal.run(f"awsctx -s {DEVELOPER}")
        assert "is guarded: not switched" in terminal.run("awsctx -s -u </dev/null")
        assert "is guarded: not switched" in terminal.run("CLAUDECODE=1 awsctx -s -u -y")
        assert terminal.profile == DEVELOPER
        terminal.child.send("awsctx -s -u\r")
        terminal.child.expect_exact(f"'{TESTER}' is guarded. Switch to it? [y/N] ")
        terminal.run("y")
        assert terminal.profile == TESTER
        terminal.run(f"awsctx {DEVELOPER}")
        terminal.run(f"awsctx -s {DEVELOPER}@eu-west-3")
        assert "follows other shells' switches again" in terminal.run("awsctx -s -u </dev/null")
