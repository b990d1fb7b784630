"""What a switch must survive: death at any system call, a full disk, a stuck lock, a spoilt state, a crowd."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from filelock import FileLock
from tests.support import AWSCTX, DEVELOPER, TESTER, WALKTHROUGH, Home, stanza

# What a switch does to the file system, from the moment that it touches the state's folder.
CALLS = "openat,newfstatat,fstat,mkdir,flock,unlink,fchmod,write,close,rename,read,lseek,getdents64,readlink"


@pytest.fixture
def _python_writes_no_bytecode(home: Home) -> None:
    home.environ["PYTHONDONTWRITEBYTECODE"] = "1"


def counts(home: Home) -> dict[str, tuple[int, int]]:
    """For each system call: (how often a switch makes it in all, how often before it first looks at the state)."""
    log = home.folder / "strace"
    home.ok("-f", "-e", f"trace={CALLS}", "-o", log, AWSCTX, TESTER, command=["strace"])
    calls: dict[str, int] = {}
    before: dict[str, int] = {}
    seen = False
    for line in log.read_text().splitlines():
        found = re.match(r"\d+ +(\w+)\(", line)
        if not found:
            continue
        seen = seen or str(home.state) in line
        calls[found[1]] = calls.get(found[1], 0) + 1
        if not seen:
            before[found[1]] = before.get(found[1], 0) + 1
    return {name: (count, before.get(name, 0)) for name, count in calls.items()}


def without_serial(home: Home) -> list[bytes]:
    """The state's lines but for the third, which is the clock's."""
    lines = home.state.read_bytes().split(b"\n")
    return lines[:2] + lines[3:]


@pytest.mark.usefixtures("_python_writes_no_bytecode")
def test_killed_at_each_system_call_in_turn(home: Home) -> None:
    home.ok(TESTER)
    home.ok(DEVELOPER)
    old = home.state.read_bytes()
    table = counts(home)
    new = without_serial(home)
    before = old.split(b"\n")[:2] + old.split(b"\n")[3:]
    assert before != new and "rename" in table and "flock" in table
    outcomes = set()
    for call, (count, first) in table.items():
        for number in range(first + 1, count + 1):
            home.state.write_bytes(old)
            kill = f"inject={call}:signal=KILL:when={number}"
            home.run("-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", kill, AWSCTX, TESTER, command=["strace"])
            found = without_serial(home)
            assert found in (before, new), (call, number)
            outcomes.add(tuple(found))
            # Nothing that was left behind stands in the way of the next one.
            home.state.write_bytes(old)
            home.ok(TESTER)
            assert without_serial(home) == new, (call, number)
    assert outcomes == {tuple(before), tuple(new)}
    left = {path.name for path in home.state.parent.iterdir()}
    assert left <= {"state", "state.lock"}


@pytest.mark.parametrize("call", ["write", "rename", "fchmod", "mkdir"])
@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EROFS", "EACCES"])
def test_a_disk_that_is_full_or_read_only(home: Home, call: str, error: str) -> None:
    if call != "mkdir":
        home.ok(DEVELOPER)
    old = home.state.read_bytes() if call != "mkdir" else b""
    # `when=1` of write is the state: nothing has been said before.
    done = home.run("-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when=1",
                    AWSCTX, TESTER, command=["strace"])  # fmt: skip
    assert done.returncode == 1, done
    assert done.stderr.startswith("awsctx: could not write the state: "), done.stderr
    assert "Traceback" not in done.stderr
    if call != "mkdir":
        assert home.state.read_bytes() == old
        assert {path.name for path in home.state.parent.iterdir()} == {"state", "state.lock"}


def test_a_lock_that_is_held_for_ever(home: Home) -> None:
    home.ok(DEVELOPER)
    with FileLock(f"{home.state}.lock"):  # filelock's lock is the same lock
        start = time.monotonic()
        done = home.run(TESTER)
        assert time.monotonic() - start < 20
        assert done.returncode == 1 and "locked by another process" in done.stderr
        assert home.active() == DEVELOPER
        assert home.ok("current") == f"{DEVELOPER}\n"  # reading takes no lock
    home.ok(TESTER)


def test_filelock_waits_for_a_switch(home: Home) -> None:
    """… and the other way round: who holds our lock excludes filelock."""
    from awsctx.store import state

    home.ok(DEVELOPER)
    lock = FileLock(f"{home.state}.lock")

    def function(old: state.State) -> state.State:
        with pytest.raises(TimeoutError):
            lock.acquire(timeout=0.05)
        return old

    state.change(str(home.state), function)
    lock.acquire(timeout=0.05)
    lock.release()


def test_a_state_that_is_a_folder(home: Home) -> None:
    home.state.mkdir(parents=True)
    for call in ([TESTER], ["current"], ["-"], ["-u"], ["prompt"]):
        done = home.run(*call)
        assert done.returncode == 1, call
        assert str(home.state) in done.stderr and "Traceback" not in done.stderr


def test_a_lock_that_is_a_folder(home: Home) -> None:
    lock = home.state.with_name("state.lock")
    lock.mkdir(parents=True)
    done = home.run(TESTER)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"awsctx: could not write the state: its lock is a folder: {lock}\n"), done.stderr
    assert f"rmdir {lock}" in done.stderr


def test_a_torn_state_is_not_believed_and_a_switch_heals_it(home: Home) -> None:
    home.ok(DEVELOPER)
    home.ok(f"{TESTER}@eu-west-3")
    whole = home.state.read_bytes()
    line_1 = whole.index(b"\n") + 1
    for length in range(1, len(whole)):
        home.state.write_bytes(whole[:length])
        if length % 7 and length not in (line_1, len(whole) - 1):
            continue  # each seventh is enough for a test of a second or two
        done = home.run("current")
        if length == line_1:  # one whole line: as if written by hand
            assert done.stdout == f"{TESTER}\n"
        elif b"awsctx 2" in whole[:length] and whole[:length].endswith(b"\n"):  # only history is missing
            assert done.stdout == f"{TESTER}@eu-west-3\n"
        else:
            assert done.returncode == 1, length
            assert "damaged" in done.stderr
    home.ok(DEVELOPER)
    assert home.ok("current") == f"{DEVELOPER}\n"


@pytest.mark.parametrize("data", [b"", b"\n", b"\0\0\0", b"\xff\xfe", b"[state]\nname = x\n", b"\n" * 50, b"x" * 100_000])
def test_a_spoilt_state(home: Home, data: bytes) -> None:
    home.state.parent.mkdir(parents=True)
    home.state.write_bytes(data)
    for call in (["current"], ["prompt"], ["-"], ["history"], ["list"]):
        done = home.run(*call)
        assert done.returncode in (0, 1), call
        assert "Traceback" not in done.stderr and "an error of awsctx itself" not in done.stderr
    home.ok(TESTER)
    assert home.active() == TESTER


def test_a_state_with_carriage_returns(home: Home) -> None:
    home.ok(DEVELOPER)
    home.ok(f"{TESTER}@eu-west-3")
    home.state.write_bytes(home.state.read_bytes().replace(b"\n", b"\r\n"))
    assert home.ok("current") == f"{TESTER}@eu-west-3\n"
    home.ok("-")
    assert home.active() == DEVELOPER


@pytest.mark.parametrize("dangling", [False, True])
def test_a_state_that_is_a_symlink_stays_one(home: Home, dangling: bool, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "state"
    target.parent.mkdir()
    home.state.parent.mkdir(parents=True)
    home.state.symlink_to(target)
    if not dangling:
        target.write_bytes(b"")
    home.ok(TESTER)
    assert home.state.is_symlink() and home.state.resolve() == target
    assert home.active() == TESTER


@pytest.mark.parametrize("error", ["EACCES", "EROFS"])
@pytest.mark.parametrize("name", ["state.lock", ".state.awsctx-new"])
def test_a_folder_that_may_not_be_written(home: Home, name: str, error: str) -> None:
    home.ok(DEVELOPER)
    inject = ["-P", str(home.state.parent / name), "-e", "trace=openat", "-e", f"inject=openat:error={error}"]
    done = home.run("-f", "-o", "/dev/null", *inject, AWSCTX, TESTER, command=["strace"])
    assert done.returncode == 1
    assert done.stderr.startswith(f"awsctx: could not write the state: {home.state}: "), done
    assert home.active() == DEVELOPER


def test_a_crowd(home: Home) -> None:
    """32 processes switch 100 times each, a few are killed: the state is always whole, and each `previous` a context that
    someone switched to."""
    names = [f"p{number}" for number in range(8)]
    home.config.write_text(WALKTHROUGH + "".join(map(stanza, names)), encoding="utf-8")
    home.ok("p0")
    script = (
        "import sys, random\nfrom awsctx.__main__ import main\n"
        "for i in range(100): main([random.choice(['-', *sys.argv[1:]])])\n"
    )
    env = {**home.environ, "AWSCTX_STATE_FILE": str(home.state), "AWSCTX_CONFIG": str(home.settings)}
    python = str(AWSCTX.parent / "python")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    crowd = [subprocess.Popen([python, "-c", script, *names], env=env, **quiet) for _ in range(32)]
    allowed = {*names}
    looks = 0
    for process in random.sample(crowd, 6):
        time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
    while any(process.poll() is None for process in crowd):
        lines = home.state.read_text().split("\n")
        assert lines[0] in allowed and lines[6] == "awsctx 2" and lines[-1] == ""
        history = [line.split("\t")[0] for line in lines[7:-1]]
        assert set(history) <= allowed and len(set(history)) == len(history) and history[0] == lines[0]
        looks += 1
        time.sleep(0.01)
    assert looks > 10
    for process in crowd:
        talk = process.communicate()[1]
        assert process.returncode in (0, 1, -signal.SIGKILL), talk
        assert "locked" not in talk and "damaged" not in talk and "Traceback" not in talk, talk[-500:]
    home.ok("p3")
    home.ok("-")
    assert home.active() in allowed


@pytest.mark.parametrize("path", ["/dev/null", "/dev/full", "/dev/zero", "fifo"])
def test_a_state_that_is_no_file_at_all(home: Home, path: str) -> None:
    """None of these is waited for, filled memory from, or replaced."""
    if path == "fifo":
        path = str(home.folder / "fifo")
        os.mkfifo(path)
    before = os.stat(path)
    for call in ([TESTER], ["-"], ["-u"], ["current"], ["prompt"], ["history"]):
        done = home.run(*call, env={"AWSCTX_STATE_FILE": path}, timeout=10)
        assert done.returncode in (0, 1) and "Traceback" not in done.stderr, call
        assert call != [TESTER] or (done.returncode == 1 and "no regular file" in done.stderr), done
    after = os.stat(path)
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)


def test_no_own_config_by_way_of_dev_null(home: Home) -> None:
    home.ok(TESTER, env={"AWSCTX_CONFIG": "/dev/null"})
    done = home.run(DEVELOPER, env={"AWSCTX_CONFIG": "/dev/zero"}, timeout=10)
    assert done.returncode == 1 and "/dev/zero" in done.stderr
