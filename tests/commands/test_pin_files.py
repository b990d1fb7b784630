"""Which files and folders awsctx reads as a pin, and what it says of those that are none (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest
from tests.commands.pinning import STATE, current
from tests.support import AWSCTX, DEVELOPER, TESTER, Home

TEXT = TESTER.encode()
READ = {"no end": TEXT, "CRLF": TEXT + b"\r\n", "BOM": b"\xef\xbb\xbf" + TEXT + b"\n"}
NOT_READ = {
    b"": "it is empty",
    b"\n": "it is empty",
    TEXT + b"\n" + TEXT + b"\n": "it holds more than one line",
    TEXT + b"\n\n": "it holds more than one line",
    TEXT + b"\x1b[31m\n": "it holds control characters",
    TEXT + b"\r" + TEXT: "it holds control characters",
    TEXT + b"\0\n": "it holds control characters",
    TEXT + "\u2028\n".encode(): "it holds control characters",
    TEXT + b"\xff\n": "it is not UTF-8",
    b"a" * (1 << 20): "it is longer than 4096 bytes",
}


@pytest.mark.parametrize("data", READ.values(), ids=READ)
def test_what_is_harmless_is_read(home: Home, project: Path, data: bytes) -> None:
    (project / ".awsctx").write_bytes(data)
    assert current(home, project) == STATE
    home.ok("allow", cwd=project)
    assert current(home, project) == (TESTER, "", "directory")


@pytest.mark.parametrize(("data", "why"), NOT_READ.items(), ids=NOT_READ.values())
def test_what_is_no_pin_is_said_and_not_counted(home: Home, project: Path, data: bytes, why: str) -> None:
    (project / ".awsctx").write_bytes(data)
    not_counted(home, project, why)
    assert (project / ".awsctx").read_bytes() == data


def not_counted(home: Home, project: Path, why: str) -> None:
    done = home.run("current", cwd=project / "deep", timeout=10)
    assert (done.returncode, done.stdout) == (0, f"{DEVELOPER}\n")
    assert done.stderr == f"awsctx: ~/project/.awsctx does not count: {why}\n"
    for call, then in ((("allow",), ""), (("pin", TESTER), ": not overwritten"), (("pin", "-u"), ": not removed")):
        refused = home.run(*call, cwd=project, timeout=10)
        assert refused.returncode == 1 and refused.stderr.splitlines()[0].endswith(f"is no pin: {why}{then}"), (call, refused)
    assert current(home, project) == STATE


@pytest.mark.parametrize("kind", ["fifo", "socket", "symlink", "dangling", "loop", "endless"])
def test_what_is_no_file_is_said_and_not_counted(home: Home, project: Path, kind: str) -> None:
    path = project / ".awsctx"
    symlink = "it is a symlink, which awsctx does not follow"
    (home.folder / "elsewhere").write_text(f"{TESTER}\n")
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(os.path.relpath(path))
    else:
        targets = {"symlink": home.folder / "elsewhere", "dangling": home.folder / "no", "loop": path, "endless": "/dev/zero"}
        path.symlink_to(targets[kind])
    not_counted(home, project, symlink if path.is_symlink() else "it is no regular file")
    assert (home.folder / "elsewhere").read_text() == f"{TESTER}\n"


def test_a_folder_of_that_name_is_passed_over(home: Home, project: Path) -> None:
    """Other programs keep their files in ~/.awsctx."""
    (project / ".awsctx").mkdir()
    done = home.run("current", cwd=project / "deep")
    assert (done.stdout, done.stderr) == (f"{DEVELOPER}\n", "")
    for call in (("pin", TESTER), ("pin", "-u")):
        assert "is no pin: it is a folder: not " in home.run(*call, cwd=project).stderr
    assert "there is no .awsctx" in home.run("allow", cwd=project).stderr
    home.ok("pin", TESTER)
    assert current(home, project / "deep") == (TESTER, "", "directory")


# Another user may not read this machine's Python, so what is needed is imported before.
NOT_ROOT = """
import importlib, os, pkgutil, sys, awsctx.commands.current
from awsctx.__main__ import main
for room in ("awsfiles", "core", "store"):  # modes may keep the user out of the folder that these are in, too
    for module in pkgutil.iter_modules(importlib.import_module(f"awsctx.{room}").__path__, f"awsctx.{room}."):
        importlib.import_module(module.name)
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
for path in sys.argv[1:]:
    os.chmod(path, 0)
sys.exit(main(["current"]))
"""


@pytest.mark.parametrize("closed", ["deep/.awsctx", "deep"])
def test_what_may_not_be_read_is_no_error(closed: str) -> None:
    """As a user who is not root, whom modes keep out."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        home.ok(DEVELOPER)
        deeper = home.folder / "deep" / "deeper"
        deeper.mkdir(parents=True)
        home.ok("pin", TESTER, cwd=deeper.parent)
        if os.geteuid() == 0:
            for path in (Path(folder), *Path(folder).rglob("*")):
                os.chown(path, 65534, 65534, follow_symlinks=False)
        path = home.folder / closed
        done = home.run("-c", NOT_ROOT, str(path), command=(sys.executable,), cwd=deeper, env={"PWD": str(deeper)})
        path.chmod(0o700)
    why = "it could not be read: permission denied"
    said = "" if closed == "deep" else f"awsctx: {home.folder / closed} does not count: {why}\n".replace(str(home.folder), "~")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{DEVELOPER}\n", said)


def test_a_folder_that_is_gone_is_no_error(home: Home, project: Path) -> None:
    home.ok("pin", TESTER, cwd=project)
    script = 'cd "$1/deep" && rmdir "$1/deep" && shift && exec "$@"'
    for call, status in ((("current",), 0), (("pin", TESTER), 1), (("pin", "-u"), 0), (("allow",), 0), (("doctor",), 1)):
        (project / "deep").mkdir(exist_ok=True)
        done = home.run(str(project), str(AWSCTX), *call, command=("sh", "-c", script, "sh"))
        assert done.returncode == status and "Traceback" not in done.stderr and "error of awsctx itself" not in done.stderr, (
            done
        )
        assert call != ("current",) or done.stdout == f"{TESTER}\n"  # its shell's word is all that is left of the folder


def test_a_folder_by_a_symlink_is_the_one_that_the_shell_spells(home: Home, project: Path) -> None:
    """The folders above are those that a person sees; what is allowed is the real folder's pin."""
    home.ok("pin", TESTER, cwd=project)
    (home.folder / "link").symlink_to(project)
    (home.folder / "deep link").symlink_to(project / "deep")
    spelled = {"PWD": str(home.folder / "link" / "deep")}
    assert current(home, home.folder / "link" / "deep", **spelled) == (TESTER, "", "directory")
    assert current(home, home.folder / "deep link", PWD=str(home.folder / "deep link")) == STATE
    for wrong in ("/", "deep", "", str(project / "deep" / ".."), "//"):
        assert current(home, project / "deep", PWD=wrong) == (TESTER, "", "directory"), wrong
