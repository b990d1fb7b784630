"""A disk that takes no more (a quota, a read-only mount): the user's files stay whole, the message is true, and what writes
nothing goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.shells.conftest import Open, home, open_terminal, shell
from tests.support import AWSCTX, DEVELOPER, TESTER, WALKTHROUGH, Home

__all__ = ["home", "open_terminal", "shell"]

KEYS = f"[{TESTER}]\naws_access_key_id = AKIA\n"
EDITS = (
    ("rename", TESTER, "t"),
    ("remove", "-y", TESTER),
    ("add", "new", "--session", "worksso", "--account", "1", "--role", "r"),
    ("copy", TESTER, "c"),
)


def tree(home: Home) -> dict[str, bytes]:
    """The user's files, and the state."""
    paths = (home.config, home.credentials, home.state, home.settings)
    return {str(path): path.read_bytes() for path in paths if path.exists()}


@pytest.fixture
def both(home: Home) -> Home:
    home.credentials.write_text(KEYS)
    home.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    home.ok(DEVELOPER)
    home.ok(TESTER)
    return home


def over_quota(home: Home, name: str, *call: str) -> subprocess.CompletedProcess[str]:
    """Each write to the file that is to become ``name`` fails, as at the end of a quota."""
    new = next(iter([p for p in (home.config, home.credentials, home.state, home.settings) if p.name == name]))
    unfinished = str(new.with_name(f".{name}.awsctx-new"))
    inject = "inject=write,fsync:error=EDQUOT"
    return home.run(
        "-f", "-o", os.devnull, "-P", unfinished, "-e", "trace=write,fsync", "-e", inject, AWSCTX, *call, command=["strace"]
    )


@pytest.mark.parametrize("call", EDITS, ids=lambda call: call[0])
@pytest.mark.parametrize("name", ["config", "credentials"])
def test_a_quota_takes_nothing_away(both: Home, name: str, call: tuple[str, ...]) -> None:
    before = tree(both)
    done = over_quota(both, name, *call)
    if name == "credentials" and call[0] in ("add", "copy"):
        assert done.returncode == 0  # they do not write there
        return
    assert done.returncode == 1 and "Disk quota exceeded" in done.stderr and "it is as it was" in done.stderr, done
    assert f"{name}: could not be changed" in done.stderr
    assert tree(both) == before
    assert not list(both.aws.glob(".*awsctx-new"))
    both.ok(*call)


def test_a_state_over_quota(both: Home) -> None:
    before = tree(both)
    done = over_quota(both, "state", DEVELOPER)
    assert done.returncode == 1 and "could not write the state" in done.stderr and "Disk quota exceeded" in done.stderr
    assert "make room" in done.stderr
    assert tree(both) == before


def read_only(home: Home, folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``command`` where ``folder`` is mounted read-only."""
    wrapper = where_read_only(folder)
    return home.run(*wrapper[1:], *map(str, command), command=[wrapper[0]])


def where_read_only(folder: Path) -> tuple[str, ...]:
    """The words that run the command behind them where ``folder`` is mounted read-only. A chroot cannot have that."""
    options = "-m" if os.geteuid() == 0 else "-Urm"
    if not shutil.which("unshare") or subprocess.run(["unshare", options, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no mount namespace to be had here")
    mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    return ("unshare", options, "sh", "-c", mount, str(folder))


@pytest.mark.parametrize("call", EDITS, ids=lambda call: call[0])
def test_aws_files_on_a_read_only_mount(both: Home, call: tuple[str, ...]) -> None:
    before = tree(both)
    done = read_only(both, both.aws, AWSCTX, *call)
    assert done.returncode == 1 and "Read-only file system" in done.stderr and "it is as it was" in done.stderr, done
    assert tree(both) == before
    assert not [path for path in both.state.parent.iterdir() if path.name.startswith("unfinished")]


def test_a_state_on_a_read_only_mount(both: Home) -> None:
    before = tree(both)
    folder = both.state.parent
    for call in ((DEVELOPER,), ("-",), ("-u",), ("-r", "eu-west-3")):
        done = read_only(both, folder, AWSCTX, *call)
        assert done.returncode == 1 and "could not write the state" in done.stderr and "Read-only file system" in done.stderr, (
            done
        )
        assert "permissions" not in done.stderr and "switched" not in done.stderr
    for call in EDITS[:2]:
        done = read_only(both, folder, AWSCTX, *call)
        assert done.returncode == 1 and "Read-only file system" in done.stderr, done
    assert tree(both) == before
    for call in (("list",), ("current",), ("exec", "--", "true"), ("prompt",), ("history",), ("show", TESTER), ("doctor",)):
        done = read_only(both, folder, AWSCTX, *call)
        assert "Read-only" not in done.stderr and done.returncode == (1 if call == ("doctor",) else 0), done
    done = read_only(both, folder, AWSCTX, "exec", "--all", "--", "printenv", "AWS_PROFILE")
    assert (
        done.returncode == 0 and f"{TESTER}\t{TESTER}\n" in done.stdout and "could not keep the run for --failed" in done.stderr
    )


def test_a_shell_whose_state_is_read_only_goes_on(both: Home, open_terminal: Open, shell: str) -> None:
    """Nothing can be decided for it: it keeps what it has, its prompt says so, and its calls fail as they should."""
    terminal = open_terminal(wrapper=where_read_only(both.state.parent))
    assert "rror" not in terminal.greeting and "Traceback" not in terminal.greeting
    said = terminal.run(f"awsctx {DEVELOPER}; echo it was {terminal.status}.")
    assert "Read-only file system" in said and "it was 1." in said
    assert terminal.profile is None and terminal.prompt == ""
    terminal.set("AWS_PROFILE", DEVELOPER)
    assert (terminal.profile, terminal.prompt) == (DEVELOPER, DEVELOPER)
    assert both.active() == TESTER


def test_a_sign_in_that_cannot_be_kept_is_said(both: Home) -> None:
    """The token's folder is read-only: nobody is told that he is signed in."""
    cache = both.aws / "sso" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    done = read_only(both, both.aws, AWSCTX, "logout", "worksso")
    assert "Traceback" not in done.stderr and "itself" not in done.stderr
    assert both.config.read_text() == WALKTHROUGH
