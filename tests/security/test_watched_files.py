"""What a hook reads before each prompt may be anything: a folder's `.awsctx` is of whoever made the folder. No prompt hangs,
fills the memory or says a word of it."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from tests.shells.conftest import Open, home, open_terminal, shell
from tests.shells.ptys import sign_in, token_file
from tests.shells.test_nu import SHOW, nu
from tests.support import DEVELOPER, TESTER, Home

__all__ = ["home", "open_terminal", "shell"]

SECONDS = 10.0  # for four prompts; an idle one takes a hundredth of one


def fifo(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 6 << 30)


def text(path: Path) -> None:
    """300 MB without a NUL."""
    with path.open("wb") as file:
        for _ in range(300):
            file.write(b"x" * (1 << 20))


def nuls(path: Path) -> None:
    """A line, then NULs and lines, half a million of them."""
    path.write_bytes(DEVELOPER.encode() + b"\n" + b"\0a" * 500_000)


def unreadable(path: Path) -> None:
    path.write_text(DEVELOPER)
    path.chmod(0)


def folder(path: Path) -> None:
    path.mkdir()


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def circle(path: Path) -> None:
    path.symlink_to(".awsctx")


def escapes(path: Path) -> None:
    path.write_bytes(b"\x1b]0;owned\x07\xff\xfe\n$(touch pwned)\r\n")


KINDS = (fifo, endless, sparse, text, nuls, unreadable, folder, dangling, circle, escapes)


@pytest.mark.parametrize("make", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_a_pin_of_somebodys(make: object, home: Home, open_terminal: Open) -> None:
    here = home.folder / "somebodys" / "deep"
    here.mkdir(parents=True)
    make(here.parent / ".awsctx")  # type: ignore[operator]
    terminal = open_terminal(before="ulimit -v 4000000")
    terminal.run(f"awsctx {TESTER}")
    began = time.monotonic()
    said = terminal.run(f"cd {here}") + terminal.run() + terminal.run("true")
    assert terminal.profile == TESTER
    assert time.monotonic() - began < SECONDS
    assert "\x1b]0;owned" not in said and "rror" not in said and "lloc" not in said, said
    assert not list(home.folder.rglob("pwned"))
    terminal.run(f"awsctx {DEVELOPER}")
    assert terminal.profile == DEVELOPER
    subprocess.run(["rm", "-rf", str(here.parent)], check=True)  # it may be big


@pytest.mark.parametrize("make", [fifo, endless, sparse, nuls, folder, dangling], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("what", ["state", "token"])
def test_the_state_and_the_token_too(make: object, what: str, home: Home, open_terminal: Open) -> None:
    terminal = open_terminal(before="ulimit -v 4000000")
    terminal.run(f"awsctx {TESTER}")
    path = home.state if what == "state" else token_file(home)
    path.unlink()
    make(path)  # type: ignore[operator]
    began = time.monotonic()
    said = terminal.run() + terminal.run("true")
    assert terminal.profile == TESTER
    assert time.monotonic() - began < SECONDS
    assert "rror" not in said and "lloc" not in said, said


@pytest.mark.parametrize("make", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_a_pin_of_somebodys_in_nushell(make: object, home: Home) -> None:
    sign_in(home, 3600)
    (home.folder / "hook.nu").write_text(home.ok("init", "nu"), encoding="utf-8")
    here = home.folder / "somebodys" / "deep"
    here.mkdir(parents=True)
    make(here.parent / ".awsctx")  # type: ignore[operator]
    began = time.monotonic()
    shown = nu(home, f"awsctx {TESTER}", f"cd {here}", f"print $env.AWS_PROFILE; {SHOW}", f"awsctx {DEVELOPER}", SHOW)
    assert [line.partition(" ")[0] for line in shown] == [TESTER, f'["{TESTER}",', f'["{DEVELOPER}",']
    assert time.monotonic() - began < SECONDS
    said: str = home.said  # type: ignore[attr-defined]
    assert "\x1b]0;owned" not in said and "rror" not in said, said
    assert not list(home.folder.rglob("pwned"))
    subprocess.run(["rm", "-rf", str(here.parent)], check=True)  # it may be big


@pytest.mark.parametrize("make", [fifo, endless, sparse, nuls, folder, dangling], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("what", ["state", "token"])
def test_the_state_and_the_token_in_nushell_too(make: object, what: str, home: Home) -> None:
    sign_in(home, 3600)
    (home.folder / "hook.nu").write_text(home.ok("init", "nu"), encoding="utf-8")
    home.ok(TESTER)
    path = home.state if what == "state" else token_file(home)
    kept = path.with_name("kept")
    path.rename(kept)
    make(path)  # type: ignore[operator]
    path.rename(made := path.with_name("made"))
    kept.rename(path)
    began = time.monotonic()
    assert nu(home, f"rm {path}", f"mv {made} {path}", "print $env.AWS_PROFILE") == [TESTER]
    assert time.monotonic() - began < SECONDS
    said: str = home.said  # type: ignore[attr-defined]
    assert "rror" not in said, said
