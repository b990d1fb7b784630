"""The two files under an edit that is killed, fails, or runs against others."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from itertools import product

import pytest
from tests.support import AWSCTX, TESTER, WALKTHROUGH, Home, stanza
from tests.tools import locate

KEYS = f"# keys\n[{TESTER}]\naws_access_key_id = AKIA\n[other]\naws_access_key_id = AKIA2\n"
# By which a file gets its new content.
CALLS = "fchmod,fsync,rename,flock,write,unlink"


@pytest.fixture
def both(home: Home) -> Home:
    """A home where a profile has a stanza in both files."""
    home.credentials.write_text(KEYS)
    home.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    return home


def traced(home: Home, *more: str, calls: str = CALLS) -> subprocess.CompletedProcess[str]:
    return home.run("-f", "-e", f"trace={calls}", *more, AWSCTX, "remove", TESTER, "-y", command=["strace"])


def contents(home: Home) -> tuple[str, str]:
    return home.config.read_text(), home.credentials.read_text()


def calls_of(home: Home) -> list[str]:
    """The system calls of a remove, from when it has the config's lock."""
    log = home.folder / "strace"
    traced(home, "-o", str(log))
    return re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE)


def test_killed_at_each_system_call_each_file_is_old_or_new(both: Home) -> None:
    old = contents(both)
    found = calls_of(both)
    new = contents(both)
    assert old[0] != new[0] and old[1] != new[1] and found.count("rename") >= 2
    possible = set(product(*zip(old, new, strict=True)))
    for call in set(found):
        for number in range(1, found.count(call) + 1):
            both.config.write_text(old[0])
            both.credentials.write_text(old[1])
            traced(both, "-o", os.devnull, "-e", f"inject={call}:signal=KILL:when={number}", calls=call)
            assert contents(both) in possible, (call, number)
            assert contents(both) != (old[0], new[1]), "the credentials file comes second"
            # What was left behind stands in nobody's way, and the same call ends what was begun.
            if contents(both) != new:
                both.ok("remove", TESTER, "-y")
            assert contents(both) == new, (call, number)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("error", ["ENOSPC", "EROFS"])
def test_where_one_file_cannot_be_written_neither_is(both: Home, error: str, number: int) -> None:
    old = contents(both)
    done = traced(both, "-o", os.devnull, "-e", f"inject=rename:error={error}:when={number}", calls="rename")
    assert done.returncode == 1 and done.stderr.startswith("awsctx: "), done
    assert contents(both) == old


def test_aws_configure_set_runs_against_it(home: Home) -> None:
    """Nobody's change is lost: neither aws's, nor awsctx's."""
    home.config.write_text(WALKTHROUGH + stanza("theirs") + stanza("mine"))
    failed: list[object] = []

    def theirs() -> None:
        for number in range(8):
            done = home.run("configure", "set", f"key{number}", str(number), "--profile", "theirs", command=[locate.aws2()])
            if done.returncode:
                failed.append(done)

    thread = threading.Thread(target=theirs)
    thread.start()
    rounds = 0
    while thread.is_alive() or rounds < 3:
        home.ok("copy", "mine", f"copy{rounds}")
        home.ok(f"renamed{rounds}=copy{rounds}")
        rounds += 1
    thread.join()
    assert not failed
    text = home.config.read_text()
    assert [f"key{number} = {number}\n" in text for number in range(8)] == [True] * 8
    expected = ["theirs", "mine", *(f"renamed{number}" for number in reversed(range(rounds)))]
    assert [name for name in home.ok("list").splitlines() if not name.startswith("worksso")] == expected
    assert text.startswith(WALKTHROUGH)


def test_ten_at_once(home: Home) -> None:
    arguments = ["--session", "worksso", "--account", "1", "--role", "r"]
    commands = [[AWSCTX, "add", f"new{number}", *arguments] for number in range(10)]
    calls = [subprocess.Popen(command, env=home.environ, stderr=subprocess.PIPE) for command in commands]
    for call in calls:
        _, talk = call.communicate(timeout=60)
        assert call.returncode == 0, talk
    assert set(home.ok("list").splitlines()[2:]) == {f"new{number}" for number in range(10)}
