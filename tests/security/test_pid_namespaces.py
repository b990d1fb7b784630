"""Containers, or hosts, that share a home: with one process id in each, no shell takes another's switch for its own."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from tests.shells.conftest import Open, home, open_terminal, shell
from tests.support import DEVELOPER, TESTER, Home

__all__ = ["home", "open_terminal", "shell"]

GUARD_TESTER = f'guard = ["{TESTER}"]\n'


def container() -> tuple[str, ...]:
    """What starts a command as process 1 of a container of its own, as far as this machine lets us."""
    for options in (("-Urpf", "--mount-proc"), ("-pf", "--mount-proc")):
        wrapper = ("unshare", *options)
        if shutil.which("unshare") and subprocess.run([*wrapper, "true"], capture_output=True, check=False).returncode == 0:
            return wrapper
    pytest.skip("no PID namespace to be had here")


def test_two_shells_with_one_process_id(home: Home, open_terminal: Open) -> None:
    one, other = (open_terminal(wrapper=container()) for _ in range(2))
    pid = "$fish_pid" if one.shell == "fish" else "$$"
    assert [pane.run(f"echo it is {pid}.").splitlines()[-1] for pane in (one, other)] == ["it is 1."] * 2
    home.configure(GUARD_TESTER)
    one.run(f"awsctx {DEVELOPER}")
    assert other.said() == f"awsctx: now on {DEVELOPER} (switched in another shell)"
    one.run(f"awsctx -y {TESTER}")
    assert one.profile == TESTER
    assert other.said() == f"awsctx: another shell switched to {TESTER}, which is guarded: this one stays on {DEVELOPER}"
    assert (other.profile, other.kind) == (DEVELOPER, "ok")
    assert len(list((home.state.parent / "shells").iterdir())) == 2


def test_they_switch_at_the_same_moment(home: Home, open_terminal: Open) -> None:
    panes = {DEVELOPER: open_terminal(wrapper=container()), TESTER: open_terminal(wrapper=container())}
    for _ in range(5):
        for name, pane in panes.items():
            then = "; and" if pane.shell == "fish" else " &&"
            pane.child.send(f"awsctx {name}{then} printenv AWS_PROFILE >{home.folder}/{name}.out\r")
        for name, pane in panes.items():
            pane._until_prompt()
            assert (home.folder / f"{name}.out").read_text() == f"{name}\n"
            (home.folder / f"{name}.out").unlink()


def test_the_answer_of_a_shell_that_looks_gone_is_made_anew(home: Home, open_terminal: Open) -> None:
    """A new shell sweeps what is old and whose process it does not see: in another container that one may live."""
    one = open_terminal(wrapper=container())
    one.run(f"awsctx {DEVELOPER}")
    for path in (home.state.parent / "shells").iterdir():
        path.unlink()
    open_terminal()
    one.run(f"awsctx {TESTER}")
    assert one.profile == TESTER
