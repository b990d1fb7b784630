"""Symlinks where awsctx writes: none has it, or `sudo awsctx`, overwrite a file of somebody else's."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.signin.helpers import SignIns
from tests.support import DEVELOPER, TESTER, Home

from awsctx.errors import AwsctxError
from awsctx.profiles import unfinished
from awsctx.signin import cache
from awsctx.store import locks, sync_names
from awsctx.world import World

root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")
SOMEBODY = 4242
NEW = ("--session", "worksso", "--account", "1", "--role", "r")
FAILED = cache.Failure(1.0, "x", "y", ())


def _begin(home: Home) -> None:
    world, change = World(home.environ), {TESTER: "t"}
    with unfinished.noted(world, change):
        assert unfinished.begun(world, change)


def _unfinished_note(home: Home) -> str:
    return os.path.basename(unfinished._note(World(home.environ), {TESTER: "t"}))


OWN: dict[str, tuple[Callable[[Home], str], Callable[[Home], object]]] = {
    "the last run": (lambda _: "state.last-run", lambda home: home.run("exec", "--all", "--", "true")),
    "the allowed pins": (lambda _: "allowed", lambda home: home.ok("pin", TESTER)),
    "the names by sync": (lambda _: "sync.json", lambda home: sync_names.write(home.environ, "worksso", ["a"])),
    "a failure note": (lambda _: "x.failed", lambda home: cache.write_failure(str(home.state.parent / "x"), FAILED)),
    "an unfinished note": (_unfinished_note, _begin),
    "the file of a lock": (
        lambda _: os.path.join("locks", locks._name(b"one")),
        lambda home: locks.keep(str(home.state.parent / "locks"), b"one"),
    ),
}


@pytest.mark.parametrize("dangling", [False, True], ids=["", "dangling"])
@pytest.mark.parametrize("what", OWN)
def test_a_file_of_its_own_takes_the_place_of_a_link(home: Home, what: str, dangling: bool) -> None:
    name, write = OWN[what]
    path, precious = home.state.parent / name(home), home.folder / "precious"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not dangling:
        precious.write_text("mine\n")
    path.symlink_to(precious)
    write(home)
    assert not path.is_symlink()
    assert not precious.exists() if dangling else precious.read_text() == "mine\n"
    if what != "an unfinished note":  # which is removed when the change has been made
        assert stat.S_IMODE(path.stat().st_mode) == 0o600 and "mine" not in path.read_text()


LOCKS = {
    "state.lock": (DEVELOPER,),
    "edit.lock": ("add", "new", *NEW),
    "allowed.lock": ("pin", TESTER),
}


@pytest.mark.parametrize("dangling", [False, True], ids=["", "dangling"])
@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_not_opened_through_a_link(home: Home, name: str, dangling: bool) -> None:
    """To replace it would give two processes a lock each, so that is left to the user."""
    lock, precious = home.state.parent / name, home.folder / "precious"
    lock.parent.mkdir(parents=True)
    if not dangling:
        precious.write_text("mine")
    lock.symlink_to(precious)
    done = home.run(*LOCKS[name])
    first, hint = done.stderr.splitlines()
    assert done.returncode == 1 and first.endswith(f"could not take the lock {lock}: it is a symlink")
    assert hint == f"  take it away: rm -f {lock}"
    assert not precious.exists() if dangling else precious.read_text() == "mine"
    lock.unlink()
    home.ok(*LOCKS[name])


def test_the_lock_of_the_last_run(home: Home) -> None:
    """The run goes on, and nothing is kept of it."""
    lock, precious = home.state.parent / "state.last-run.lock", home.folder / "precious"
    lock.parent.mkdir(parents=True)
    lock.symlink_to(precious)
    home.config.write_text("[profile a]\nregion = eu-west-1\n")
    done = home.run("exec", "--all", "--", "false")
    assert f"could not keep the run for --failed: could not take the lock {lock}: it is a symlink\n" in done.stderr
    assert not precious.exists()


# --- sudo ---

NO = "it is another user's symlink, which root does not follow: call awsctx without sudo"


def _linked(path: Path, target: Path, owner: int = SOMEBODY) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    os.chown(path, owner, owner, follow_symlinks=False)


@root
@pytest.mark.parametrize("by", ["", "by a link of root"])
@pytest.mark.parametrize("dangling", [False, True], ids=["", "dangling"])
def test_root_writes_the_state_through_no_link_of_another_user(home: Home, dangling: bool, by: str) -> None:
    precious = home.folder / "folder" / "precious"
    if not dangling:
        precious.parent.mkdir()
        precious.write_text("mine\n")
    first = home.folder / "first"
    _linked(first if by else home.state, precious)
    if by:
        _linked(home.state, first, owner=0)
    done = home.run(DEVELOPER)
    hint = "name another file in AWSCTX_STATE_FILE, or unset it"
    assert (done.returncode, done.stderr) == (1, f"awsctx: could not write the state: {home.state}: {NO}\n  {hint}\n")
    assert not precious.parent.exists() if dangling else precious.read_text() == "mine\n"


@root
def test_root_writes_through_links_of_its_own(home: Home) -> None:
    target = home.folder / "dotfiles" / "state"
    _linked(home.state, target, owner=0)
    home.ok(DEVELOPER)
    assert home.state.is_symlink() and target.read_text().startswith(f"{DEVELOPER}\n")


@root
def test_root_edits_no_aws_file_through_a_link_of_another_user(home: Home) -> None:
    real = home.folder / "real"
    home.config.rename(real)
    text = real.read_text()
    _linked(home.config, real)
    done = home.run("add", "new", *NEW)
    assert (done.returncode, done.stderr) == (1, f"awsctx: {home.config}: could not be changed: {NO}\n  it is as it was\n")
    assert real.read_text() == text


@root
def test_root_writes_no_hook_through_a_link_of_another_user(home: Home) -> None:
    path, precious = home.folder / ".local" / "share" / "awsctx" / "hook.bash", home.folder / "precious"
    _linked(path, precious)
    done = home.run("init", "bash", "--save")
    assert (done.returncode, done.stderr) == (1, f"awsctx: could not write {path}: {NO}\n")
    assert not precious.exists()


@root
def test_root_remembers_nothing_through_a_link_of_another_user(home: Home) -> None:
    from awsctx.store.own_config import set_sync_keys

    config, precious = home.folder / "config.toml", home.folder / "precious"
    precious.write_text("# mine\n")
    _linked(config, precious)
    with pytest.raises(AwsctxError, match=NO):
        set_sync_keys(str(config), "worksso", {"region": "eu-west-1"}, str(home.folder / "lock"))
    assert precious.read_text() == "# mine\n"


@root
def test_root_writes_no_sign_in_through_a_link_of_another_user(site: SignIns) -> None:
    precious = site.folder / "precious"
    precious.write_text("mine")
    precious.chmod(0o644)
    _linked(site.path(), precious)
    done = site.run("login", "worksso", "--browser")
    assert done.returncode == 1 and NO in done.stderr, done
    assert precious.read_text() == "mine" and stat.S_IMODE(precious.stat().st_mode) == 0o644


@root
def test_root_closes_no_folder_through_a_link(home: Home) -> None:
    """The state's folder is made 0700 where it is not; what a link leads to may be any folder of the system."""
    elsewhere = home.folder / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    elsewhere.chmod(0o755)
    _linked(home.state.parent, elsewhere)
    home.run(DEVELOPER)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o755
