"""install.sh under each sh that a system may have: it installs, adds the hook's lines, and takes all out again."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pexpect
import pytest
from tests.install.conftest import INSTALL, Machine
from tests.signin.helpers import ended

ALL = {
    "dash": ["dash"],
    "bash": ["bash", "--posix"],
    "busybox": ["busybox", "ash"],
    "mksh": ["mksh"],
    "ksh": ["ksh"],
    "yash": ["yash", "--posixly-correct"],
    "zsh": ["zsh", "--emulate", "sh"],
}


# On Linux tests/run brings them all, but for yash where the system has no package of it.
SH = {name: command for name, command in ALL.items() if sys.platform == "linux" or shutil.which(name)}
EACH_SH = [
    pytest.param(name, marks=pytest.mark.skipif(name == "yash" and not shutil.which(name), reason="no yash on this system"))
    for name in SH
]


@pytest.fixture
def machine(with_uv: Machine) -> Machine:
    # Not every shell has these built in; yash heeds a built-in one only where PATH has the like.
    for command in (*filter(shutil.which, SH), "[", "printf", "true", "umask", "pwd"):
        if not (with_uv.bin / command).exists():
            with_uv.add(command)
    return with_uv


def test_it_is_ascii() -> None:
    assert INSTALL.read_bytes().isascii()


def test_it_reads_no_line_by_itself() -> None:
    """In the ash of busybox 1.38, which few systems have yet, `read` never ends once a signal has been trapped."""
    words = [line.partition("# ")[0].split() for line in INSTALL.read_text().splitlines()]
    assert not [line for line in words if "read" in line]


@pytest.mark.parametrize("sh", EACH_SH)
def test_in_again_and_out(machine: Machine, stub: Path, sh: str) -> None:
    startup = machine.home / ".bashrc"
    startup.write_bytes(b"a=1\n# no end of line")
    before = machine.tree()

    for _ in range(2):
        done = machine.run(*SH[sh], INSTALL, "--hook", "--shell=bash", "--from", stub, LC_ALL="C")
        assert (done.returncode, done.stderr) == (0, ""), done

    assert machine.run("bash", "-ic", "type -t awsctx").stdout == "function\n"
    done = machine.run(*SH[sh], INSTALL, "--uninstall", LC_ALL="C")
    assert (done.returncode, done.stdout, done.stderr) == (0, "awsctx is removed\n", "")
    assert machine.tree() == before


@pytest.mark.parametrize("sh", EACH_SH)
def test_a_failure_and_a_mistake(machine: Machine, sh: str) -> None:
    before = machine.tree()

    done = machine.run(*SH[sh], INSTALL, "--from", machine.home / "nowhere.whl", LC_ALL="C")

    assert done.returncode == 1
    assert "install.sh: uv could not install" in done.stderr
    assert machine.tree() == before
    mistake = machine.run(*SH[sh], INSTALL, "--shell", "csh", LC_ALL="C")
    assert (mistake.returncode, mistake.stdout) == (2, "")


@pytest.mark.parametrize("sh", EACH_SH)
def test_ctrl_c_at_the_question_leaves_what_was_there(machine: Machine, stub: Path, sh: str) -> None:
    before = machine.tree()
    arguments = [*SH[sh][1:], str(INSTALL), "--shell", "bash", "--from", str(stub)]
    environ = os.environ | machine.environ
    terminal = pexpect.spawn(str(machine.bin / SH[sh][0]), arguments, env=environ, cwd=machine.home, timeout=30)

    terminal.expect_exact("[Y/n] ")
    terminal.sendintr()
    # One that comes between the question and the read that waits for its answer is seen with the next.
    if terminal.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=10):
        terminal.sendintr()

    assert ended(terminal) == 130
    assert machine.tree() == before
