"""The demo as its user sees it: the walkthrough and the shells, and that nothing is left of them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest
from tests.signin.helpers import ended
from tests.tools import locate

from awsctx.demo.play import HERE

# Says that it is new, and does what it is told, at once: for tests that are not about aws.
FAKE_AWS = '#!/bin/sh\n[ "$1" = --version ] && echo aws-cli/2.30.0 && exit\n'
Environ = Callable[..., dict[str, str]]


def command(call: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; from awsctx.demo.play import *; sys.exit({call})"]


def running(*what: str) -> str:
    """The id of the process that pgrep finds."""
    return subprocess.run(["pgrep", *what], capture_output=True, text=True).stdout.strip()


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where the demo makes its sandbox: empty before and after."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def environ(tmp_path: Path, scratch: Path) -> Environ:
    """A caller's environment, with an AWS of its own that is not to be seen; with `fake`, that as `aws`."""

    def make(fake: str | None = None, **more: str) -> dict[str, str]:
        tools = locate.tools() / "bin"
        if fake is not None:
            tools = tmp_path / "fake"
            tools.mkdir()
            (tools / "aws").write_text(fake)
            (tools / "aws").chmod(0o755)
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        mine = {"TMPDIR": str(scratch), "PATH": path, "AWS_PROFILE": "mine", "AWSCTX_STATE_FILE": "/nowhere"}
        return {**os.environ, **mine, **more}

    return make


def test_the_walkthrough(environ: Environ, scratch: Path) -> None:
    played = subprocess.run(command("play()"), env=environ(), capture_output=True, text=True, timeout=120)
    assert played.returncode == 0, played.stdout + played.stderr
    owners = [line for line in played.stdout.splitlines() if line.startswith('{"InstanceID":')]
    assert [line.rpartition("/")[2] for line in owners] == ['ada"}', 'grace"}']
    assert sum(line.startswith('"i-') for line in played.stdout.splitlines()) == 8
    identities = [line for line in played.stdout.splitlines() if line.startswith("arn:")]
    assert [line.rpartition("_")[0] or line for line in identities] == [
        "arn:aws:iam::999988887777:user/old-ci",
        *["arn:aws:sts::123412341234:assumed-role/AWSReservedSSO_developer"] * 2,
        "arn:aws:sts::43214321:assumed-role/AWSReservedSSO_tester",
        "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ReadOnlyAccess",
    ]
    steps = re.findall("^about '(.*)'$", (HERE / "walkthrough.bash").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(steps) > 8 and [line[2:] for line in played.stdout.splitlines() if line[2:] in steps] == steps
    assert "Enter" not in played.stdout, "without a terminal there is nobody to press it"
    assert "(worksso.developer) could not be found" in played.stderr
    assert "\nworksso.search.readonly\n" in played.stdout
    assert re.search(r"^\[worksso\.developer \dh\d+m !\] \$ aws sts", played.stdout, re.MULTILINE)
    assert played.stdout.rstrip().endswith("switch; awsctx - goes back") and "\x1b" not in played.stdout
    assert not list(scratch.iterdir())


def test_a_command_that_fails_is_said_and_told(environ: Environ, scratch: Path) -> None:
    broken = FAKE_AWS + 'exit "$([ "$1" = configure ] && echo 0 || echo 9)"\n'
    played = subprocess.run(command("play()"), env=environ(broken), capture_output=True, text=True, timeout=60)
    assert played.returncode == 1
    assert played.stdout.count("# this failed, and should not have") == 11
    assert played.stderr.rstrip().endswith("awsctx: 11 of the walkthrough's commands failed")
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_it_is_taken_down_when_it_is_cut_short(environ: Environ, scratch: Path, number: signal.Signals, status: int) -> None:
    slow = environ(FAKE_AWS + "sleep 60\n", TERM="dumb")
    child: Any = pexpect.spawn(command("play()")[0], command("play()")[1:], env=slow, encoding="utf-8", timeout=20)
    for heading in ("What that wrote", "Keys that someone exported"):
        child.expect_exact("Enter goes on, Ctrl-C ends")
        child.sendline()
        child.expect_exact(heading)
    child.expect_exact("$ aws sts get-caller-identity")
    standin = running("-P", str(child.pid), "-f", "standin")
    bash = running("-P", str(child.pid), "-x", "bash")
    assert standin and bash
    if number == signal.SIGINT:
        child.sendintr()
    else:
        child.kill(number)
    assert ended(child) == status
    assert not list(scratch.iterdir())
    assert not Path("/proc", standin).exists()
    assert not running("-g", bash, "-r", "R,S,D"), "what the walkthrough had under way ends with it"


@pytest.mark.parametrize(("keys", "status"), [("\x03", 130), ("\x04", 1)])
def test_on_a_terminal_each_step_waits_for_enter(environ: Environ, scratch: Path, keys: str, status: int) -> None:
    """Ctrl-C ends it there; where input ends, it goes on."""
    quick = environ(FAKE_AWS, TERM="dumb", NO_COLOR="1")
    child: Any = pexpect.spawn(command("play()")[0], command("play()")[1:], env=quick, encoding="utf-8", timeout=20)
    child.expect_exact("From nothing")
    child.expect_exact("Enter goes on, Ctrl-C ends")
    assert "What that wrote" not in child.before
    with pytest.raises(pexpect.TIMEOUT):
        child.expect_exact("What that wrote", timeout=1)
    child.sendline()
    child.expect_exact("What that wrote")
    while child.expect_exact(["Enter goes on, Ctrl-C ends", pexpect.EOF]) == 0:
        child.send(keys)
    assert ended(child) == status, "1: that aws does nothing"
    assert not list(scratch.iterdir())


def test_a_fish_4_reads_no_manual_pages(environ: Environ, scratch: Path, tmp_path: Path) -> None:
    """It does so where it has not kept what it read: in the cache's folder, where older ones take the data's."""
    (tmp_path / "fish").write_text('#!/bin/sh\nls -d "$XDG_CACHE_HOME"/fish/* "$XDG_DATA_HOME"/fish/*\n')
    (tmp_path / "fish").chmod(0o755)
    theirs = environ(FAKE_AWS)
    theirs["PATH"] = f"{tmp_path}{os.pathsep}{theirs['PATH']}"
    played = subprocess.run(command("shell(name='fish')"), env=theirs, capture_output=True, text=True, timeout=20)
    assert [line.partition("/awsctx-demo-")[2].partition("/")[2] for line in played.stdout.splitlines()[-2:]] == [
        "cache/fish/generated_completions",
        "data/fish/generated_completions",
    ], played.stdout + played.stderr
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_to_play_in(environ: Environ, scratch: Path, shell: str) -> None:
    theirs = environ(FAKE_AWS, SHELL=f"/usr/bin/{shell}", TERM="dumb")
    child: Any = pexpect.spawn(command("shell()")[0], command("shell()")[1:], env=theirs, encoding="utf-8", timeout=20)
    child.expect_exact("`exit` ends the sandbox")
    child.sendline("awsctx worksso.tester")
    child.expect_exact("switched to worksso.tester")
    child.expect(r"\[worksso\.tester \dh\d+m\]")
    child.sendline('echo "is:$AWS_PROFILE:$HOME:"')
    child.expect_exact(f"is:worksso.tester:{scratch}/awsctx-demo-")
    child.sendline("exit 7")
    assert ended(child) == 7
    assert not list(scratch.iterdir())


def test_a_shell_that_has_no_hook(environ: Environ) -> None:
    code = "shell(name='csh')"
    refused = subprocess.run(command(code), env=environ(), capture_output=True, text=True, timeout=20)
    assert "no hook for the shell csh" in refused.stderr


def test_ctrl_c_in_the_shell_is_the_shells(environ: Environ, scratch: Path) -> None:
    theirs = environ(FAKE_AWS, SHELL="/bin/bash", TERM="dumb")
    child: Any = pexpect.spawn(command("shell()")[0], command("shell()")[1:], env=theirs, encoding="utf-8", timeout=20)
    child.expect_exact("`exit` ends the sandbox")
    child.sendline("sleep 60; echo survived $((6 * 7))")
    child.expect_exact("sleep 60; echo")
    time.sleep(0.3)
    child.sendintr()
    child.sendline("echo alive $((6 * 7))")
    child.expect_exact("alive 42")
    child.sendline("exit")
    ended(child)
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("beside", [True, False])
def test_without_moto_it_hands_over_or_says_what_to_install(environ: Environ, tmp_path: Path, beside: bool) -> None:
    binaries = tmp_path / "data" / "awsctx" / "demo" / "bin"
    binaries.mkdir(parents=True)
    if beside:
        (binaries / "awsctx").write_text('#!/bin/sh\necho "handed over: $*"\n')
        (binaries / "awsctx").chmod(0o755)
    code = "import sys; sys.modules['moto'] = None; from awsctx.__main__ import main; sys.exit(main(sys.argv[1:]))"
    asked = [sys.executable, "-c", code, "demo", "--play"]
    data = {"XDG_DATA_HOME": str(tmp_path / "data")}
    answered = subprocess.run(asked, env=environ(**data), capture_output=True, text=True, timeout=20)
    if beside:
        assert answered.stdout == "handed over: demo --play\n"
    else:
        assert answered.returncode == 1 and "pip install 'awsctx-cli[demo]'" in answered.stderr
        # Into what install.sh has made, no pip installs.
        (tmp_path / "data" / "awsctx" / "installed").touch()
        answered = subprocess.run(asked, env=environ(**data), capture_output=True, text=True, timeout=20)
        script = Path(__file__).parents[2] / "install.sh"
        assert answered.stderr.endswith(f"  {script} --demo\n")
