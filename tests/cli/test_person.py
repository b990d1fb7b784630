"""What the person at the terminal is shown while something goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pexpect
import pytest
from rich.cells import cell_len
from tests.support import Home

STEPS = """
import time
from awsctx.cli.person import Person
person = Person()
for done in range(4):
    person.progress("accounts", done, 3)
    time.sleep(0.11)
person.waiting("waiting for the browser", 61)
person.say("done")
person.progress("asking AWS", 1, 2)
person.done_waiting()
"""


@pytest.mark.parametrize("columns", [80, 30, 6])
def test_one_bar_in_one_line_that_takes_itself_back(home: Home, columns: int) -> None:
    child = pexpect.spawn(sys.executable, ["-c", STEPS], env=home.environ, encoding="utf-8", dimensions=(24, columns))  # type: ignore[arg-type]
    child.expect(pexpect.EOF)
    said = re.sub("\x1b\\[[0-9;]*m", "", child.before)
    frames = said.split("\r\x1b[K")
    if columns > 6:
        assert [re.findall(r"\d/3", frame) for frame in frames[1:5]] == [["0/3"], ["1/3"], ["2/3"], ["3/3"]]
    assert all(cell_len(frame) < columns for frame in frames[1:6])
    if columns == 80:
        assert frames[4].startswith(f"accounts {'━' * 30} 3/3")
        assert frames[5] == "waiting for the browser … 1:01"
    assert frames[6] == "done\r\n"
    assert frames[-1] == ""


@pytest.mark.parametrize("variables", [{}, {"TERM": "dumb"}])
def test_where_nothing_can_be_taken_back_there_is_no_bar(home: Home, variables: dict[str, str]) -> None:
    environ = {**home.environ, **variables}
    if variables:
        out = pexpect.run(f"{sys.executable} -c '{STEPS.replace(chr(34), chr(34))}'", env=environ).decode()  # type: ignore[arg-type]
    else:
        out = subprocess.run([sys.executable, "-c", STEPS], env=environ, capture_output=True, text=True, check=True).stderr
    assert out.replace("\r", "") == f"done{os.linesep}"
