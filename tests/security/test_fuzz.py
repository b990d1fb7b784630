"""Calls, environments and files at random: none ends in an error of awsctx itself, none hangs, none fails without a word.

A few in each run, the same ones; AWSCTX_FUZZ=10000 makes so many, and new ones (CONTRIBUTING.md, "Set up, and prove it").
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from tests.security import fuzzing
from tests.support import DEVELOPER, Home

FEW = 150
MANY = int(os.environ.get("AWSCTX_FUZZ", "0"))


def test_no_call_ends_in_an_error_of_awsctx_itself(home: Home) -> None:
    token = Path(home.ok("_record", DEVELOPER).split("\n")[5])
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
