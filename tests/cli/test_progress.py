"""The bar, and output that waits for its reader."""

from __future__ import annotations

import os
import threading

import pytest
from tests.signin.helpers import plain

from awsctx.cli.bar import Bar
from awsctx.cli.progress import Progress


@pytest.mark.parametrize(("width", "shown"), [(100, "━" * 30 + " 1/4 2 running, 1 failed 0:00:00"), (60, "━" * 16 + " 1/4")])
def test_the_bar_is_one_line_that_fits(width: int, shown: str) -> None:
    text = plain(Bar("asking", coloured=True).text(1, 4, 2, 1, width)).replace("╸", "━").replace("╺", "━")
    assert text.startswith(f"asking {shown}") and len(text) <= width and "\n" not in text


def test_colours_only_where_they_are_wanted() -> None:
    assert "\x1b[3" in Bar("", coloured=True).text(1, 4, 2, 1, 80)
    assert "\x1b[3" not in Bar("", coloured=False).text(1, 4, 2, 1, 80)


def test_nothing_is_shown_where_stderr_is_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    shown = Progress()
    shown.progress("asking", 1, 4)
    shown.write(1, b"data\n", lambda: False)
    shown.done_waiting()
    assert capfd.readouterr() == ("data\n", "")
    assert (shown.width, shown.coloured) == (0, frozenset())


def test_a_slow_reader_gets_all_and_none_is_given_up() -> None:
    ours, theirs = os.pipe()
    data = os.urandom(300_000)
    got: list[bytes] = []

    def read() -> None:
        while piece := os.read(ours, 1000):
            got.append(piece)

    with pytest.raises(InterruptedError):
        Progress().write(theirs, data, lambda: True)
    held = os.read(ours, 1 << 20)
    assert data.startswith(held) and held
    reader = threading.Thread(target=read)
    reader.start()
    Progress().write(theirs, data, lambda: False)
    os.close(theirs)
    reader.join()
    os.close(ours)
    assert b"".join(got) == data
