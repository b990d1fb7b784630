"""The file that a call leaves its answer in: nobody else can put one there, or have one written elsewhere."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from tests.support import DEVELOPER, TESTER, Home

from awsctx.core.environ import PROTOCOL

SOMEBODY = 4242
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")


def handed(home: Home, answer: Path) -> dict[str, str]:
    return {"AWSCTX_HOOK": "1", "AWSCTX_ANSWER": f"bash {PROTOCOL} 1 {answer}", "AWSCTX_MEMORY": ""}


@pytest.fixture
def shells(home: Home) -> Path:
    home.ok(DEVELOPER)
    folder = home.state.parent / "shells"
    folder.mkdir(mode=0o700)
    return folder


def test_a_folder_that_others_can_write_is_closed(home: Home, shells: Path) -> None:
    shells.chmod(0o777)
    home.ok(TESTER, env=handed(home, shells / "1-a"))
    assert stat.S_IMODE(shells.stat().st_mode) == 0o700
    assert (shells / "1-a").read_text().startswith(f"awsctx {PROTOCOL} 1\n")


@pytest.mark.parametrize("kind", ["fifo", "link", "folder"])
def test_what_lies_in_the_way(home: Home, shells: Path, kind: str) -> None:
    precious = home.folder / "precious"
    precious.write_text("mine")
    for name in ("1-a", "1-a.new"):
        path = shells / name
        if kind == "fifo":
            os.mkfifo(path)
        elif kind == "link":
            path.symlink_to(precious)
        else:
            path.mkdir()
    done = home.run(TESTER, env=handed(home, shells / "1-a"), timeout=20)
    assert "Traceback" not in done.stderr and "itself" not in done.stderr
    assert precious.read_text() == "mine"
    if kind != "folder":
        assert done.returncode == 0 and (shells / "1-a").is_file() and not (shells / "1-a").is_symlink()
    else:
        assert done.returncode == 1 and "could not tell this shell" in done.stderr


@root
@pytest.mark.parametrize("kind", ["another user's", "a link"])
def test_a_folder_that_is_not_ones_own(home: Home, shells: Path, kind: str) -> None:
    elsewhere = home.folder / "elsewhere" / "shells"
    elsewhere.mkdir(parents=True)
    if kind == "a link":
        shells.rmdir()
        shells.symlink_to(elsewhere)
    else:
        os.chown(shells, SOMEBODY, SOMEBODY)
    done = home.run(TESTER, env=handed(home, shells / "1-a"))
    assert done.returncode == 1 and "its folder is not yours" in done.stderr
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("path", ["shells/../../precious", "other/1-a", "shells/a b", "shells/..", "shells/.hidden"])
def test_a_path_that_is_no_answers(home: Home, shells: Path, path: str) -> None:
    done = home.run(TESTER, env=handed(home, home.state.parent / path))
    assert done.returncode == 1 and "not a place for answers" in done.stderr
