"""What every call has: mistakes that are told, `--version`, `--help`, `--debug`, a reader that stops."""

from __future__ import annotations

import re
import sys

import pytest
from tests.support import AWSCTX, DEVELOPER, TESTER, Home, stanza


@pytest.mark.parametrize("call", [TESTER, "-", "-c", "list", "history", "prompt", "current --json"])
def test_a_broken_own_config_stops_a_call_and_is_named(home: Home, call: str) -> None:
    home.ok(DEVELOPER)
    home.ok(TESTER)
    home.configure('gaurd = ["x"]\n')
    done = home.run(*call.split())
    assert (done.returncode, done.stdout) == (1, "")
    assert str(home.settings) in done.stderr and "'gaurd'" in done.stderr


def test_usage_mistakes_are_exit_2_and_one_line(home: Home) -> None:
    for call in (["--nonsense"], ["list", "a", "b"], ["-r"], ["-u", TESTER], [TESTER, DEVELOPER], ["use"], ["init"]):
        done = home.run(*call)
        assert done.returncode == 2, (call, done)
        assert done.stdout == ""
        assert done.stderr.startswith("awsctx: ")
        assert "Traceback" not in done.stderr and "Usage" not in done.stderr


def test_bare_awsctx_without_a_terminal_lists(home: Home) -> None:
    assert home.ok() == home.ok("list") == f"{DEVELOPER}\n{TESTER}\n"


def test_version_and_help_everywhere(home: Home) -> None:
    for call in ([], ["use"], ["list"], ["exec"], ["current"], ["--debug"]):
        assert re.fullmatch(r"awsctx \d+\.\d+\.\d+\n", home.ok(*call, "--version"))
    for call in ([], ["use"], ["list"], ["current"], ["exec"], ["history"], ["init"], ["prompt"]):
        assert "Usage: awsctx" in home.ok(*call, "--help")


def test_debug_tells_on_stderr_and_changes_nothing_else(home: Home) -> None:
    home.ok(TESTER)
    plain = home.run("current")
    for done in (home.run("--debug", "current"), home.run("current", env={"AWSCTX_DEBUG": "1"})):
        assert (done.returncode, done.stdout) == (0, plain.stdout)
        assert str(home.state) in done.stderr


def test_a_reader_that_stops_or_is_slow_is_no_error(home: Home) -> None:
    names = [f"p{number:05}" for number in range(20_000)]
    home.config.write_text("".join(map(stanza, names)), encoding="utf-8")
    done = home.run("-c", f"'{AWSCTX}' list | head -1; echo ${{PIPESTATUS[0]}}", command=["bash"])
    assert (done.stdout, done.stderr) == ("p00000\n0\n", "")
    slow = (
        "import os, subprocess, sys, time; r, w = os.pipe(); os.set_blocking(w, False); "
        "p = subprocess.Popen(sys.argv[1:], stdout=w); os.close(w); time.sleep(0.3); n = 0\n"
        "while data := os.read(r, 999): n += data.count(10)\nprint(n, p.wait())"
    )
    assert home.ok("-c", slow, AWSCTX, "list", command=[sys.executable]) == "20000 0\n"


def test_version_and_help_wherever_options_go(home: Home) -> None:
    home.ok(TESTER)
    for call in (
        ["use", TESTER, "--version"], [TESTER, "--version"], ["-", "--version"], ["-r", "eu-west-1", "--version"],
        ["list", "--json", "--version"], ["exec", "-q", "--version"], ["exec", "-p", TESTER, "--version"],
        ["--version", "list"],
    ):  # fmt: skip
        assert home.ok(*call).startswith("awsctx "), call
    for options in ([], ["-p", TESTER], ["-q", "--"]):
        assert home.ok("exec", *options, "sh", "-c", "echo $1", "sh", "--version") == "--version\n"
    for call in (["--help"], ["list", "--help"], ["list"]):
        done = home.run("-c", f"'{AWSCTX}' {' '.join(call)} > /dev/full", command=["sh"])
        assert (done.returncode, done.stderr) == (1, "awsctx: could not write to standard output: No space left on device\n")


def test_debug_tells_of_what_is_read_and_decided(home: Home) -> None:
    home.ok(TESTER)
    told = home.run("--debug", "current", "--json").stderr
    for word in (str(home.state), str(home.config), f"in force: {TESTER} (source: state)"):
        assert word in told


@pytest.mark.parametrize("call", ["--help", "list --help", "help"])
def test_help_that_goes_nowhere_is_an_error(home: Home, call: str) -> None:
    done = home.run("-c", f"{AWSCTX} {call} >&-", command=["sh"])
    assert (done.returncode, done.stderr) == (1, "awsctx: could not write to standard output: Bad file descriptor\n")


def test_the_help_of_an_equation_is_that_of_rename(home: Home) -> None:
    assert home.ok(f"new={TESTER}", "--help") == home.ok("rename", "--help")
