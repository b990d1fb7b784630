"""What `exec --failed` runs again is kept whole, privately, and by any number of runs at once."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from awsctx.cells import last_run
from awsctx.cells.last_run import LastRun
from awsctx.core.context import Context
from awsctx.errors import AwsctxError

WRITER = """
import sys
from awsctx.cells import last_run
from awsctx.core.context import Context
number = sys.argv[2]
for _ in range(20):
    last_run.write(sys.argv[1], last_run.LastRun((number,), contexts=[Context(number)] * 500))
"""


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = last_run.path(str(tmp_path / "folder" / "state"))
    run = LastRun(("a b", "", "\udcff", "ü\n"), None, True, ("AWS_X",), (Context("p"), Context("q@r", "eu-west-1")))
    last_run.write(path, run)
    found = last_run.read(path)
    assert (list(found.command), found.pipeline, found.keys, list(found.keep)) == (list(run.command), None, True, ["AWS_X"])
    assert [(context.profile, context.region) for context in found.contexts] == [("p", ""), ("q@r", "eu-west-1")]
    for file in Path(path).parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(path).parent.stat().st_mode) == 0o700


def test_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(AwsctxError, match="there is no last run"):
        last_run.read(str(tmp_path / "none"))


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"contexts": [[1]]}', '{"contexts": [], "odd": 1}', "\xff", "[" * 100_000], ids=range(8)
)
def test_what_awsctx_has_not_written_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "run").write_bytes(text.encode("latin-1"))
    with pytest.raises(AwsctxError, match="is not what awsctx wrote"):
        last_run.read(str(tmp_path / "run"))


@pytest.mark.parametrize(
    "odd",
    [
        {"command": "ls"},
        {"command": []},
        {"command": None},
        {"command": {"echo": 1}},
        {"command": [1]},
        {"command": ["echo", None]},
        {"command": [["echo"]]},
        {"command": ["echo", "a\0b"]},
        {"command": ["echo", "\ud800"]},
        {"pipeline": 7},
        {"pipeline": ["ls"]},
        {"pipeline": "ls\0"},
        {"keep": 5},
        {"keep": [7]},
        {"also": "a"},
        {"also": [7]},
        {"keys": "yes"},
        {"lock": 1},
        {"folder": 1},
        {"folder": "there"},
        {"folder": "/\0"},
        {"contexts": {"ab": 1}},
        {"contexts": [["a", None]]},
        {"contexts": [["", ""]]},
        {"contexts": [["a", "x\x1b[31m"]]},
        {"contexts": [["a", "", "b"]]},
    ],
    ids=json.dumps,
)
def test_an_edited_one_is_not_run(tmp_path: Path, odd: dict[str, object]) -> None:
    path = tmp_path / "run"
    path.write_text(json.dumps({"command": ["echo"], "contexts": [["a", ""]]}))
    assert last_run.read(str(path)).contexts == (Context("a"),)
    path.write_text(json.dumps({"command": ["echo"], "contexts": [["a", ""]], **odd}))
    with pytest.raises(AwsctxError, match="is not what awsctx wrote"):
        last_run.read(str(path))


def test_an_old_one_that_cannot_be_removed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = last_run.path(str(tmp_path / "state"))
    last_run.write(path, LastRun(("old",), contexts=[Context("a")]))

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(30, "Read-only file system")

    for name in ("replace", "unlink"):
        monkeypatch.setattr(f"os.{name}", refuse)
    keeper = last_run.Keeper(path, LastRun(("new",)))
    keeper.keep([])
    assert keeper.trouble == [
        "could not keep the run for --failed: Read-only file system",
        f"remove {path}: --failed would repeat the run before this one",
    ]
    monkeypatch.undo()
    keeper.keep([])
    assert keeper.trouble == [] and list(last_run.read(path).command) == ["new"]


def test_20_at_once_tear_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "run")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, path, str(number)]) for number in range(20)]
    while any(writer.poll() is None for writer in writers):
        if Path(path).exists():
            found = last_run.read(path)
            assert {context.profile for context in found.contexts} == set(found.command)
            assert len(found.contexts) == 500
    assert [writer.returncode for writer in writers] == [0] * 20
    assert sorted(file.name for file in tmp_path.iterdir()) == ["run", "run.lock"]
