"""A call obeys its redirections: with /dev/null to read nobody is asked, and what has been typed ahead is not eaten."""

from __future__ import annotations

import pytest
from tests.shells.conftest import Open, home, open_terminal, shell
from tests.shells.test_nu import nu
from tests.support import TESTER, Home

__all__ = ["home", "open_terminal", "shell"]

REFUSED = f"awsctx: '{TESTER}' is guarded: not switched"


@pytest.mark.parametrize("call", [f"-s {TESTER}", TESTER, f"use {TESTER}", f"-s {TESTER} -r eu-west-1"])
def test_in_each_shell(call: str, home: Home, open_terminal: Open) -> None:
    home.configure(f'guard = ["{TESTER}"]\n')
    terminal = open_terminal()
    told = home.folder / "told"
    terminal.child.send(f"awsctx {call} </dev/null 2>{told}\recho typed ahead >{home.folder}/ahead\r")
    said = terminal._until_prompt() + terminal._until_prompt()
    assert "Switch to it?" not in said and "guarded" not in said
    assert REFUSED in told.read_text()
    assert (home.folder / "ahead").read_text() == "typed ahead\n"
    assert terminal.profile is None


def test_in_nushell(home: Home) -> None:
    home.configure(f'guard = ["{TESTER}"]\n')
    (home.folder / "hook.nu").write_text(home.ok("init", "nu"), encoding="utf-8")
    shown = nu(home, f"try {{ awsctx -s {TESTER} e> told }}; print ($env.AWS_PROFILE? | default none)")
    assert shown == ["none"]
    assert REFUSED in (home.folder / "told").read_text() + home.said  # type: ignore[attr-defined]
