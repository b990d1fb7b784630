"""Where the output of `awsctx exec` over many goes, and what comes of it where that takes nothing, through the installed
command."""

from __future__ import annotations

import re
import time

import pytest
from tests.commands.many import Fleet
from tests.support import AWSCTX


def test_output_into_files(fleet: Fleet) -> None:
    done = fleet.many(
        "--out", "made/for it", "-r", "us-east-1", "--", "sh", "-c", "echo $AWS_PROFILE; echo err >&2; exit 1", status=1
    )
    assert done.stdout == ""
    folder = fleet.folder / "made" / "for it"
    assert len(list(folder.iterdir())) == 8
    assert (folder / "keys@us-east-1.out").read_text() == "keys\n"
    assert (folder / "keys@us-east-1.err").read_text() == "err\n"
    assert "err\n" not in done.stderr


def test_the_disk_is_full_under_out(fleet: Fleet) -> None:
    """A limit on a file's size stands for a disk: what the command cannot write ends it, and the run says so."""
    script = f'ulimit -f 1; exec "{AWSCTX}" exec --all --out out -- head -c 4096 /dev/zero'
    done = fleet.run("-c", script, command=["bash"])
    assert done.returncode == 1, done
    assert "awsctx: 4 of 4 failed" in done.stderr
    full = fleet.run("exec", "--all", "--out", "/proc/nothing-is-made-here", "--", "true")
    assert full.returncode == 1 and "could not make the folder" in full.stderr


def test_nobody_reads_any_more(fleet: Fleet) -> None:
    fleet.profiles(*(f"p{number}" for number in range(50)))
    script = f'"{AWSCTX}" exec --all -q -- sh -c "yes; echo \\$AWS_PROFILE >>ended" | head -1; echo "${{PIPESTATUS[0]}}"'
    began = time.monotonic()
    done = fleet.run("-c", script, command=["bash"])
    assert time.monotonic() - began < 20
    assert re.fullmatch("p[01]\ty\n141\n", done.stdout)
    assert re.fullmatch(r"awsctx: 50 runs over 50 profiles, \d+ at a time\n", done.stderr)
    assert len(fleet.again("--dry-run").stdout.split()) == 50


def test_stdout_that_takes_nothing(fleet: Fleet) -> None:
    done = fleet.run("-c", f'"{AWSCTX}" exec --all -- echo hello >/dev/full', command=["sh"])
    assert done.returncode == 1
    assert "awsctx: could not write to standard output: No space left on device\n" in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed(fleet: Fleet, closed: str) -> None:
    done = fleet.run(
        "-c", f"'{AWSCTX}' exec --all -- sh -c 'cat; echo hello; echo oops >&2; echo ran >>ran' {closed}", command=["sh"]
    )
    assert done.returncode == 0, done
    assert (fleet.folder / "ran").read_text() == "ran\n" * 4
    if closed == "<&-":
        assert done.stdout.count("\thello\n") == 4 and done.stderr.count("\toops\n") == 4
