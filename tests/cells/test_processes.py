"""A signal reaches everything in the sessions of the running commands, played through the installed command."""

from __future__ import annotations

import os
import signal
import sys
import time

from tests.cells.commands import UP, gone, programs, running, started
from tests.commands.many import Fleet
from tests.support import AWSCTX


def test_process_groups_of_their_own_are_ended_too(fleet: Fleet) -> None:
    """`timeout` leads one, and so does each job of a shell with job control."""
    process = started(fleet, "-c", f"{UP}timeout 90 sleep 91 | cat")
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130 and time.monotonic() - began < 1.9
    assert gone(fleet, 0.5)


def test_a_group_of_its_own_that_ignores_all_is_killed(fleet: Fleet) -> None:
    process = started(fleet, "--", "bash", "-c", f"set -m; (trap '' INT TERM; {UP}while :; do sleep 0.1; done) & wait")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert gone(fleet, 0.5)


def test_what_has_left_the_session_or_outlived_its_cell_runs_on(fleet: Fleet) -> None:
    script = f"[ $AWS_PROFILE != a ] || {{ sleep 60 & {UP}exit; }}; setsid sleep 60 & {UP}wait"
    process = started(fleet, "--", "sh", "-c", script)
    end = time.monotonic() + 20
    while programs(fleet) != [*["sh"] * 3, *["sleep"] * 4]:  # one has exited, the others have become what they are
        assert time.monotonic() < end, programs(fleet)
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    left = running(fleet)
    assert process.returncode == 130 and len(left) == 4
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert gone(fleet)


ZOMBIES = """
import ctypes, os, signal, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
awsctx = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
while not os.path.exists("up.a"):
    time.sleep(0.02)
began = time.monotonic()
awsctx.send_signal(signal.SIGINT)
print(awsctx.wait(), time.monotonic() - began)
"""


def test_a_zombie_that_nobody_reaps_is_not_waited_for(fleet: Fleet) -> None:
    """As in a container whose process 1 reaps nothing. (What a shell starts by `&` ignores INT, and ends at TERM.)"""
    command = ["exec", "--match", "a", "--", "sh", "-c", f"sleep 60 & {UP}wait"]
    status, seconds = fleet.ok("-c", ZOMBIES, str(AWSCTX), *command, command=[sys.executable]).split()
    assert status == "130" and float(seconds) < 4
