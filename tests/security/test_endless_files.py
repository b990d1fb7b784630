"""Files that never end, or are no files: each call ends, soon and in little memory, with something said or done."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tests.shells.ptys import token_file
from tests.support import AWSCTX, DEVELOPER, Home

NEW = ("add", "new", "--session", "worksso", "--account", "1", "--role", "r")
READING = (("list", "-l"), ("doctor",), ("exec", "--", "true"))
EDITING = (NEW, ("show", DEVELOPER), ("remove", "-y", DEVELOPER))
CALLS = {
    "config": (*READING, *EDITING, ("sync", "--dry-run"), ("_complete", "0", "")),
    "credentials": (*READING, *EDITING, ("rename", DEVELOPER, "x")),
    "token": (*READING, ("sessions",), ("prompt",), ("login",), ("sync", "--dry-run"), ("logout",)),
    "own config": (*READING, (DEVELOPER,), ("sync", "--dry-run")),
    "state": (*READING, (DEVELOPER,), ("prompt",), ("history",)),
    "pin": (*READING, ("current",), ("pin",), ("pin", DEVELOPER), ("pin", "-u"), ("allow",), ("remove", "-y", DEVELOPER)),
}


def token_of(home: Home) -> Path:
    path = token_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def place(home: Home, what: str) -> Path:
    if what == "pin":
        return home.folder / ".awsctx"
    path = {"config": home.config, "credentials": home.credentials, "own config": home.settings, "state": home.state}.get(what)
    path = path or token_of(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path


def make(path: Path, kind: str) -> None:
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    else:
        path.touch()
        os.truncate(path, 6 << 30)


@pytest.mark.parametrize("kind", ["fifo", "endless", "6 GB"])
@pytest.mark.parametrize("what", CALLS)
def test_a_file_that_never_ends(home: Home, what: str, kind: str) -> None:
    make(place(home, what), kind)
    for call in CALLS[what]:
        limited = ["sh", "-c", 'ulimit -v 1500000; exec "$@"', "sh", AWSCTX]
        env = {
            "AWS_PROFILE": DEVELOPER if what != "pin" else "",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        }
        try:
            done = home.run(*call, command=limited, timeout=20, env=env)
        except subprocess.TimeoutExpired:
            pytest.fail(f"{call} hangs on the {what} as {kind}")
        assert done.returncode in (0, 1, 2, 3), (call, done)
        assert "Traceback" not in done.stderr and "error of awsctx itself" not in done.stderr, (call, done)
