"""Calls, environments and files at random: none ends in an error of awsctx itself, none hangs, none fails without a word.

A few in each run, the same ones; AWSCTX_FUZZ=10000 makes so many, and new ones (CONTRIBUTING.md, "Set up, and prove it").
"""

from __future__ import annotations

import os
import random
import time

import pytest
from tests.security import fuzzing
from tests.shells.ptys import token_file
from tests.support import DEVELOPER, Home

FEW = 150
MANY = int(os.environ.get("AWSCTX_FUZZ", "0"))


# What it has found, and how that ends now: (call, exit code, what stderr says).
FOUND = (
    (("_complete", "-1"), 2, ""),
    (("_complete", "9" * 15, "x"), 2, ""),
    (("init", "a\x1b[31mb"), 2, r"no such shell: a\x1b[31mb"),
    (("console", DEVELOPER, "-r", "eu-west-1", "--service", "\udcff", "--print"), 0, ""),
)


@pytest.mark.parametrize(("call", "status", "says"), FOUND, ids=[call[0] + str(at) for at, (call, _, _) in enumerate(FOUND)])
def test_calls_that_ended_so_once(home: Home, call: tuple[str, ...], status: int, says: str) -> None:
    done = home.run(*call)
    assert done.returncode == status and says in done.stderr and "itself" not in done.stderr, done


def test_no_call_ends_in_an_error_of_awsctx_itself(home: Home) -> None:
    token = token_file(home)
    first = time.time_ns() if MANY else 0
    wrong = []
    with fuzzing.server() as server:
        for seed in range(first, first + (MANY or FEW)):
            call = fuzzing.Call(random.Random(seed))
            call.put(home, token)
            what = fuzzing.run(server, home, call)
            if what:
                wrong.append(f"seed {seed}: {what}\n{call}")
    assert not wrong, "\n\n".join(wrong[:20])
