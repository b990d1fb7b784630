"""What a prompt may cost: no process (awsctx(1), THE SHELL HOOK) counted by strace, beside a shell without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import Terminal, sign_in, token_file, tool
from tests.support import TESTER, Home

STARTS = ("fork(", "vfork(", "clone(", "clone3(", "execve(")


def _open_traced(open_terminal: Open, home: Home, **options: object) -> tuple[Terminal, Path]:
    log = home.folder / f"strace-{len(options)}"
    wrapper = (tool("strace"), "-f", "-qq", "-o", str(log), "-e", "trace=fork,vfork,clone,clone3,execve")
    return open_terminal(wrapper=wrapper, **options), log


def _starts(log: Path) -> list[str]:
    """What has been started so far: processes and programs, not threads."""
    lines = log.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if any(start in line for start in STARTS) and "CLONE_THREAD" not in line]


def _started(terminal: Terminal, log: Path, prompts: int) -> list[str]:
    before = len(_starts(log))
    for _ in range(prompts):
        terminal.run()
    return _starts(log)[before:]


@pytest.mark.parametrize("newer", ["state", "token"])
def test_a_prompt_starts_no_process(newer: str, home: Home, open_terminal: Open) -> None:
    terminal, log = _open_traced(open_terminal, home)
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    if newer == "token":
        sign_in(home, 2 * 3600 + 30)
        assert token_file(home).stat().st_mtime_ns >= home.state.stat().st_mtime_ns
    assert terminal.prompt == f"{TESTER}@eu-west-3 {'2h0m' if newer == 'token' else '3h12m'}"
    bare, bare_log = _open_traced(open_terminal, home, load="")
    assert _started(terminal, log, 20) == _started(bare, bare_log, 20) == []


def test_nor_does_one_that_follows_or_sees_the_minute_change(home: Home, open_terminal: Open) -> None:
    terminal, log = _open_traced(open_terminal, home)
    terminal.run(f"awsctx {TESTER}")
    text = home.state.read_text(encoding="utf-8")
    before = len(_starts(log))
    for serial, seconds in enumerate((7200, 61, -1, 30)):
        lines = text.split("\n")
        home.state.write_text("\n".join([lines[0], f"eu-west-{serial}", f"{serial} -", *lines[3:]]), encoding="utf-8")
        sign_in(home, seconds)
        assert "awsctx: now on" in terminal.run()
    assert _starts(log)[before:] == []


def test_a_profile_of_the_users_own_starts_one_process_once(home: Home, open_terminal: Open) -> None:
    terminal, log = _open_traced(open_terminal, home)
    before = len(_starts(log))
    terminal.set("AWS_PROFILE", TESTER)
    started = _starts(log)[before:]
    assert len([line for line in started if '"_record"' in line and "= -1" not in line]) == 1
    assert _started(terminal, log, 5) == []
