"""What a prompt may cost: no process (awsctx(1), THE SHELL HOOK) counted by strace, beside a shell without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import Terminal, outside, sign_in, token_file, tool
from tests.support import DEVELOPER, TESTER, Home

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


def test_a_change_costs_one_call_and_then_none(home: Home, open_terminal: Open) -> None:
    """Each kind of change there is."""
    terminal, log = _open_traced(open_terminal, home)
    terminal.run(f"awsctx {TESTER}")
    pinned = home.folder / "pinned"
    (pinned / "deep").mkdir(parents=True)
    (pinned / ".awsctx").write_text("nothing\n", encoding="utf-8")
    changes = {
        "another shell's switch": lambda: outside(home, f"{DEVELOPER}@eu-west-3"),
        "a sign-in": lambda: sign_in(home, 7200),
        "its end": lambda: sign_in(home, -1),
        "an export": lambda: terminal.set("AWS_PROFILE", TESTER),
        "an unset": lambda: terminal.unset("AWS_PROFILE"),
        "keys": lambda: terminal.set("AWS_ACCESS_KEY_ID", "AKIA"),
        "a folder with a pin": lambda: terminal.run(f"cd {pinned}/deep"),
        "a pin's change": lambda: (pinned / ".awsctx").write_text("nobody\n", encoding="utf-8"),
        "its being allowed": lambda: home.ok("allow", cwd=pinned),
        "a folder without one": lambda: terminal.run(f"cd {home.folder}"),
    }
    wrong = {}
    for name, change in changes.items():
        before = len(_asked(log))
        change()
        counts = []
        for _ in range(3):
            terminal.run()
            counts.append(len(_asked(log)) - before)
        if counts != [1, 1, 1]:
            wrong[name] = counts
    assert wrong == {}


def test_a_switch_of_its_own_costs_the_process_that_it_is(home: Home, open_terminal: Open) -> None:
    terminal, log = _open_traced(open_terminal, home)
    for call in (TESTER, f"-s {DEVELOPER}@eu-west-2", "-s -u", "-", "-r eu-west-3", "-u"):
        before = len(_starts(log))
        terminal.run(f"awsctx {call}")
        for _ in range(3):
            terminal.run()
        started = [line for line in _starts(log)[before:] if "= -1" not in line]
        assert ["execve" in line for line in started] == [False, True], (call, started)  # a fork, and what it becomes


def _asked(log: Path) -> list[str]:
    return [line for line in _starts(log) if '"_hook"' in line and "= -1" not in line]
