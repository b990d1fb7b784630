"""The options of `awsctx exec` over many, and the last run that `--failed` takes up, through the installed command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.commands.many import Fleet
from tests.support import AWSCTX


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """Two profiles."""
    home = Fleet(tmp_path / "home")
    home.profiles("p1", "p2")
    return home


def test_several_r_add_up(fleet: Fleet) -> None:
    for options in (["-r", "eu-west-1", "-r", "us-east-1"], ["--region", "eu-west-1", "-r", "us-east-1,eu-west-1"]):
        cells = fleet.many(*options, "--dry-run", "--", "true").stdout.split()
        assert cells == ["p1@eu-west-1", "p1@us-east-1", "p2@eu-west-1", "p2@us-east-1"]
    for options in (["-r", "all", "-r", "eu-west-1"], ["-r", "eu-west-1", "-r", ""]):
        assert fleet.run("exec", "--all", *options, "--", "touch", "ran").returncode == 1
    single = fleet.run("exec", "-p", "p1", "-r", "eu-west-1", "-r", "us-east-1", "--", "touch", "ran")
    assert single.returncode == 1 and "'eu-west-1,us-east-1' is not a region\n" in single.stderr
    assert fleet.ok("exec", "-p", "p1", "-r", "eu-west-3", "--", "printenv", "AWS_REGION") == "eu-west-3\n"
    assert not list(fleet.folder.rglob("ran"))


@pytest.mark.parametrize("options", [["--out", ""], ["--out="], ["--one-per", ""]])
def test_an_empty_value_is_not_one_that_was_not_given(fleet: Fleet, options: list[str]) -> None:
    """`--out "$UNSET"` in a script must not print what was to go into files."""
    for call in (["--all"], ["-p", "p1"]):
        done = fleet.run("exec", *call, *options, "--", "touch", "ran")
        assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("awsctx: ")
    assert not list(fleet.folder.rglob("ran"))


def test_the_number_of_cells_is_said_quietly_too(fleet: Fleet) -> None:
    env: dict[str, str | None] = {"AWS_ACCESS_KEY_ID": "AKIAOLD"}
    for option in ("-q", "--quiet"):
        assert fleet.many(option, "-j", "1", "--", "true", env=env).stderr == "awsctx: 2 runs over 2 profiles, 1 at a time\n"


def flaky(fleet: Fleet) -> Path:
    """A folder with a program that has just failed there in each profile, and succeeds from now on."""
    folder = fleet.folder / "there"
    folder.mkdir()
    program = folder / "flaky"
    program.write_text('#!/bin/sh\n[ -e go ] && pwd && echo "$PWD" && [ ! -e fails ]\n')
    program.chmod(0o755)
    fleet.many("-j", "1", "--", "./flaky", status=1, cwd=folder, env={"PWD": None})
    (folder / "go").touch()
    return folder


def test_failed_runs_where_the_last_run_was(fleet: Fleet) -> None:
    folder = flaky(fleet)
    (folder / "fails").touch()
    for _ in range(2):  # the folder stays in the record
        done = fleet.again("-j", "1", "--out", "out", status=1)
        assert "awsctx: runs in ~/there, where the last run was\n" in done.stderr
        assert (fleet.folder / "out" / "p1.out").read_text() == f"{folder}\n{folder}\n"
    (folder / "fails").unlink()
    done = fleet.again("-j", "1", cwd=folder)
    assert "where the last run was" not in done.stderr
    assert done.stdout == "".join(f"{name}\t{folder}\n" * 2 for name in ("p1", "p2"))


def test_a_link_to_that_folder_is_no_other_one(fleet: Fleet) -> None:
    folder = flaky(fleet)
    link = fleet.folder / "link"
    link.symlink_to(folder)
    assert "where the last run was" not in fleet.again(cwd=link, env={"PWD": str(link)}).stderr


def test_the_folder_of_the_last_run_is_gone(fleet: Fleet) -> None:
    folder = flaky(fleet)
    folder.rename(fleet.folder / "elsewhere")
    done = fleet.again(status=1)
    assert done.stderr == (
        "awsctx: could not run in ~/there, where the last run was: No such file or directory\n"
        "  make that folder again, or run the command anew\n"
    )


def test_a_record_without_a_folder_runs_here(fleet: Fleet) -> None:
    folder = flaky(fleet)
    record = fleet.state.parent / "state.last-run"
    values = json.loads(record.read_text())
    assert values.pop("folder") == str(folder)
    record.write_text(json.dumps(values))
    assert fleet.again(status=127).stderr.startswith("awsctx: command not found: ./flaky\n")
    assert "p1\t" in fleet.again(cwd=folder).stdout


def test_where_the_run_cannot_be_kept_no_other_is_left_to_repeat(fleet: Fleet) -> None:
    """A limit on a file's size stands for a full disk."""
    fleet.many("--", "sh", "-c", "echo old >>old; exit 1", status=1)
    before = (fleet.folder / "old").read_text()
    script = f'ulimit -f 0; exec "{AWSCTX}" exec --all -- false'
    done = fleet.run("-c", script, command=["bash"])
    assert done.returncode == 1 and "awsctx: warning: could not keep the run for --failed: " in done.stderr
    assert "2 of 2 failed" in done.stderr and "run them again" not in done.stderr
    assert "there is no last run" in fleet.again(status=1).stderr
    assert (fleet.folder / "old").read_text() == before
