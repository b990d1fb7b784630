"""What an edit of a large AWS config file costs, beside botocore's parse of it. Run by `tests/run --benchmarks`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.harness import profiles, seconds, table
from tests.support import AWSCTX, Home

PARSE = "import sys; from botocore.configloader import load_config; load_config(sys.argv[1])"
START = "import botocore.configloader"
ADD = ("--session", "worksso", "--account", "1", "--role", "r", "--dry-run")


def test_an_edit_of_a_large_file(home: Home) -> None:
    """At most three times botocore's parse, the start of each aside: with --dry-run all of it but the replace."""
    names = profiles(home, 20_000)
    commands: dict[str, tuple[str | Path, ...]] = {
        "python": (sys.executable, "-c", START),
        "botocore": (sys.executable, "-c", PARSE, home.config),
        "awsctx": (AWSCTX, "add", "x", "--session", "gone", "--help"),
        "add": (AWSCTX, "add", "new", *ADD),
        "copy": (AWSCTX, "copy", names[7], "new", "--dry-run"),
        "rename": (AWSCTX, "rename", names[7], "new", "--dry-run"),
        "remove": (AWSCTX, "remove", names[7], "--dry-run"),
    }
    found = seconds(commands, home.environ, rounds=3)
    parse = found["botocore"] - found["python"]
    ratios = {name: (found[name] - found["awsctx"]) / parse for name in ("add", "copy", "rename", "remove")}
    limits = dict.fromkeys(ratios, 3.0)
    table("an edit of a file of 20,000 profiles, as a multiple of botocore's parse", {"awsctx": ratios}, limits)
    assert all(ratio <= 3 for ratio in ratios.values()), ratios
