"""A network home that fails at the moment of a replace (EIO, ESTALE): before it, after it, with the file out of sight. What the
message says of the files is so, and the same call again ends what was begun."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.support import TESTER, WALKTHROUGH, Home

KEYS = f"[{TESTER}]\naws_access_key_id = AKIA\n"
# The command, but the replaces of a file fail from a number on, before or after they are done; `unseen`: that file cannot be
# opened either from then on.
FAILING = """if True:
    import os, sys
    name, first, when, number = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    replace, opened, calls = os.replace, os.open, []
    def failing(source, target):
        if os.path.basename(target) == name:
            calls.append(target)
        bad = os.path.basename(target) == name and len(calls) >= first
        if not bad or when != "before":
            replace(source, target)
        if bad:
            raise OSError(number, os.strerror(number))
    def blind(path, *more, **named):
        if when == "unseen" and len(calls) >= first and os.path.basename(str(path)) == name:
            raise OSError(number, os.strerror(number), path)
        return opened(path, *more, **named)
    os.replace, os.open = failing, blind
    import io, builtins
    def file(path, *more, **named):
        if when == "unseen" and len(calls) >= first and os.path.basename(str(path)) == name:
            raise OSError(number, os.strerror(number), path)
        return io.open(path, *more, **named)
    builtins.open = file
    from awsctx.__main__ import leave, main
    leave(main(sys.argv[5:]))
"""
CALLS = {"rename": ("rename", TESTER, "t"), "remove": ("remove", "-y", TESTER)}


@pytest.fixture
def both(home: Home) -> Home:
    home.credentials.write_text(KEYS)
    home.ok(TESTER)
    return home


def contents(home: Home) -> tuple[str, str]:
    return home.config.read_text(), home.credentials.read_text()


def played(home: Home, *arguments: object) -> subprocess.CompletedProcess[str]:
    return home.run(*map(str, arguments), command=[sys.executable, "-c", FAILING])


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("when", ["before", "after", "unseen"])
@pytest.mark.parametrize("name", ["config", "credentials"])
@pytest.mark.parametrize("error", [5, 116])
def test_the_message_is_true(both: Home, name: str, when: str, error: int, call: str) -> None:
    old = contents(both)
    done = played(both, name, 1, when, error, *CALLS[call])
    now = contents(both)
    changed = {"config": now[0] != old[0], "credentials": now[1] != old[1]}
    if when == "after":
        assert done.returncode == 0 and all(changed.values()) and both.active() != TESTER, done
        return
    assert done.returncode == 1 and done.stderr.startswith("awsctx: "), done
    if when == "before":
        assert "it is as it was" in done.stderr and now == old, done
    else:
        assert changed[name] and f"{getattr(both, name)} cannot be read: whether it has changed is not known" in done.stderr, (
            done
        )
        assert changed["config"] == (name == "config") or f"{both.config} has changed" in done.stderr
    both.ok(*CALLS[call])
    assert TESTER not in both.config.read_text() + both.credentials.read_text() + both.active()
    assert not [path for path in both.state.parent.iterdir() if path.name.startswith("unfinished")]


@pytest.mark.parametrize("when", ["before", "unseen"])
def test_a_state_that_cannot_follow_is_said(both: Home, when: str) -> None:
    done = played(both, "state", 1, when, 5, *CALLS["rename"])
    assert done.returncode == 0 and "warning: could not write the state" in done.stderr, done
    assert "[profile t]" in both.config.read_text() and "[t]" in both.credentials.read_text()


def test_one_file_alone(both: Home) -> None:
    for when, says in (("before", "it is as it was"), ("unseen", "whether it has changed is not known")):
        both.config.write_text(WALKTHROUGH)
        done = played(both, "config", 1, when, 116, "copy", TESTER, "c")
        assert done.returncode == 1 and says in done.stderr, done
        assert ("[profile c]" in both.config.read_text()) == (when == "unseen")
