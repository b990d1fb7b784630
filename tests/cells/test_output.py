"""What becomes of the bytes that cells write."""

from __future__ import annotations

import json
import random
import stat
from pathlib import Path

import pytest

from awsctx.cells import output
from awsctx.cells.output import Files, JsonLines, Lines
from awsctx.cells.plan import Cell
from awsctx.cells.runner import Ended
from awsctx.core.context import Context
from awsctx.core.table import shortened
from awsctx.errors import AwsctxError, CommandNotRunnable

A, B = Cell(Context("a", "eu-west-1"), "111122223333", "eu-west-1"), Cell(Context("b"))


class Written:
    """The streams, as a person or a pipe gets them."""

    def __init__(self) -> None:
        self.streams = {1: b"", 2: b""}

    def __call__(self, stream: int, data: bytes) -> None:
        self.streams[stream] += data


def test_whole_lines_each_behind_its_name() -> None:
    got = Written()
    lines = Lines([A, B], got)
    for cell, stream, data in ((A, 1, b"one\ntw"), (B, 1, b"x\n\ny"), (A, 1, b"o\nthree"), (A, 2, b"oops"), (B, 2, b"")):
        lines.take(cell, stream, data)
    assert got.streams == {1: b"a@eu-west-1\tone\nb\tx\nb\t\na@eu-west-1\ttwo\n", 2: b""}
    lines.end(Ended(A, 0))
    lines.end(Ended(B, 3))
    assert got.streams[1].endswith(b"two\na@eu-west-1\tthree\nb\ty\n")
    assert got.streams[2] == b"a@eu-west-1\toops\n"


def test_a_cell_that_had_nothing_to_run_says_why() -> None:
    got = Written()
    Lines([A], got).end(Ended(A, 1, error=AwsctxError("it has no credentials", "see: awsctx doctor")))
    assert got.streams[2] == b"a@eu-west-1\tawsctx: it has no credentials\na@eu-west-1\t  see: awsctx doctor\n"


def test_however_the_bytes_come_no_line_is_torn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_IN_MEMORY", 50)  # so that most lines go by the disk
    dice = random.Random(7)
    cells = [Cell(Context(f"p{number}")) for number in range(64)]
    texts = {cell.name: bytes(dice.choices(b"ab\0\xff\r\x1b\n", k=3000)) for cell in cells}
    got = Written()
    lines = Lines(cells, got)
    left = dict(texts)
    while left:
        name = dice.choice(list(left))
        size = dice.randrange(1, 400)
        lines.take(Cell(Context(name)), 1, left[name][:size])
        left[name] = left[name][size:]
        if not left[name]:
            lines.end(Ended(Cell(Context(left.pop(name) or name)), 0))
    found: dict[str, bytes] = {}
    for line in got.streams[1][:-1].split(b"\n"):
        name, tab, text = line.partition(b"\t")
        assert tab
        found[name.decode()] = found.get(name.decode(), b"") + text + b"\n"
    assert found == {name: text if text.endswith(b"\n") else text + b"\n" for name, text in texts.items()}


def test_on_a_terminal_in_a_column_and_in_colours() -> None:
    got = Written()
    wide = Cell(Context("a-profile-with-a-name-that-is-wide"))
    lines = Lines([wide, B], got, width=60, coloured=frozenset((1,)))
    for cell in (wide, B):
        lines.take(cell, 1, b"x\n")
        lines.take(cell, 2, b"y\n")
    assert got.streams[1].decode() == f"\x1b[36ma-profile…at-is-wide\x1b[m x\n\x1b[33m{'b':20}\x1b[m x\n"
    assert got.streams[2].decode() == f"a-profile…at-is-wide y\n{'b':20} y\n"


@pytest.mark.parametrize(
    ("width", "shown"), [(20, "a-long-name"), (11, "a-long-name"), (10, "a-lo…-name"), (2, "…e"), (1, "…")]
)
def test_a_wide_name_loses_its_middle(width: int, shown: str) -> None:
    assert shortened("a-long-name", width) == shown


def test_names_drive_no_terminal() -> None:
    got = Written()
    odd = Cell(Context("a\x1b[2Jb"))
    Lines([odd], got).take(odd, 1, b"x\n")
    assert got.streams[1] == b"a\\x1b[2Jb\tx\n"


@pytest.mark.parametrize(
    ("written", "stdout"),
    [
        (b'{"a": [1, 2.5, null]}\n', {"a": [1, 2.5, None]}),
        (b"[]", []),
        (b"12\n", 12),
        (b"", ""),
        (b"plain\n", "plain\n"),
        (b'{"a": 1}\n{"a": 2}\n', '{"a": 1}\n{"a": 2}\n'),
        (b"NaN", "NaN"),
        (b"[1e999]", "[1e999]"),
        (b"\xff\n", "\ufffd\n"),
        (b"[" * 100_000, "[" * 100_000),
        (b"9" * 5000, "9" * 5000),
    ],
)
def test_stdout_is_a_value_where_it_is_json(written: bytes, stdout: object) -> None:
    got = Written()
    sink = JsonLines(got)
    for start in range(0, len(written), 40_000):
        sink.take(A, 1, written[start : start + 40_000])
    sink.take(A, 2, b"oops\n")
    sink.end(Ended(A, 137, 1.23456))
    assert got.streams[1].count(b"\n") == 1
    assert json.loads(got.streams[1]) == {
        "profile": "a",
        "account_id": "111122223333",
        "region": "eu-west-1",
        "status": 137,
        "stdout": stdout,
        "stderr": "oops\n",
        "seconds": 1.235,
    }


def test_json_of_a_cell_of_which_nothing_is_known() -> None:
    got = Written()
    JsonLines(got).end(Ended(B, 126, error=CommandNotRunnable("could not run it")))
    found = json.loads(got.streams[1])
    assert (found["account_id"], found["region"], found["status"]) == (None, None, 126)
    assert (found["stdout"], found["stderr"], found["seconds"]) == ("", "awsctx: could not run it\n", 0.0)


def test_files_are_private_and_their_names_part_the_cells(tmp_path: Path) -> None:
    files = Files(str(tmp_path / "new" / "folder"), Written())
    names = ["a/b", "a%2Fb", "..", "ünï c'd", "a"]
    for name in names:
        files.files(Cell(Context(name, "eu-west-1")))
    made = sorted(path.name for path in (tmp_path / "new" / "folder").iterdir())
    stems = ("a%2Fb", "a%252Fb", "..", "ünï c'd", "a")
    assert made == sorted(f"{stem}@eu-west-1.{kind}" for stem in stems for kind in ("out", "err"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new" / "folder").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "new" / "folder").stat().st_mode) == 0o700


def test_a_folder_or_a_file_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AwsctxError, match="could not make the folder"):
        Files(str(tmp_path / "file" / "below"), Written())
    got = Written()
    files = Files(str(tmp_path), got)
    wide = Cell(Context("x" * 300))
    with pytest.raises(AwsctxError, match="File name too long"):
        files.files(wide)
    files.end(Ended(wide, 1, error=AwsctxError("no")))
    assert got.streams[2] == b"awsctx: no\n"
    files.end(Ended(B, 1, error=AwsctxError("no")))
    assert (tmp_path / "b.err").read_text() == "awsctx: no\n"
