"""Another user of the machine, and root: who owns what awsctx makes, and who else may touch it."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import subprocess
from pathlib import Path

import pytest
from tests.signin.helpers import SignIns
from tests.support import AWSCTX, DEVELOPER, TESTER, Home

from awsctx.core.environ import PROTOCOL
from awsctx.demo.sandbox import START_URL

NEW = ("--session", "worksso", "--account", "1", "--role", "r")
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")
SOMEBODY = 4242


def under(home: Home, umask: str, *call: str, **options: object) -> subprocess.CompletedProcess[str]:
    return home.run("-c", f'umask {umask}; exec "$@"', "sh", AWSCTX, *call, command=["sh"], **options)  # type: ignore[arg-type]


def modes(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode)) for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize("umask", ["000", "002", "077", "0777"])
def test_folders_that_the_umask_leaves_open(home: Home, umask: str) -> None:
    """Whoever can write ~/.aws chooses what aws runs (credential_process): each folder on the way is closed, in any umask."""
    home.config.unlink()
    home.aws.rmdir()
    env = {"AWSCTX_STATE_FILE": str(home.folder / "c" / "d" / "state")}
    source = home.folder / "config"
    source.write_text("[sso-session worksso]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n")
    assert under(home, umask, "add", "new", *NEW, env={**env, "AWS_CONFIG_FILE": str(source)}).returncode == 0
    assert under(home, umask, "new", env={**env, "AWS_CONFIG_FILE": str(source)}).returncode == 0
    made = modes(home.folder / "c")
    assert made.pop("d") == "0o700" and set(made.values()) == {"0o600"}, made
    assert stat.S_IMODE((home.folder / "c").stat().st_mode) == 0o700


MAKERS = {
    "a hook in a file": ("init", "bash", "--save"),
    "many at once": ("exec", "--match", "plain", "--out", "{home}/out/of/it", "--", "true"),
    "a switch": ("use", TESTER),
    "an answer to a hook": ("_hook",),
    "a lock": ("exec", "--lock", "-p", "plain", "--", "true"),
    "a pin that is allowed": ("allow",),
}


@pytest.mark.parametrize("umask", ["000", "0777"])
@pytest.mark.parametrize("what", MAKERS)
def test_every_folder_that_a_call_makes(home: Home, what: str, umask: str) -> None:
    """So that nobody else can put a hook, a state or a file of their own in its place."""
    home.config.write_text("[profile plain]\nregion = eu-west-1\n" + home.config.read_text())
    (home.folder / ".awsctx").write_text("plain\n")
    answer = home.state.parent / "shells" / "1-2"
    env = {"AWSCTX_ANSWER": f"bash {PROTOCOL} 1 {answer}", "AWSCTX_HOOK": "1", "AWSCTX_MEMORY": ""}
    call = [word.format(home=home.folder) for word in MAKERS[what]]
    done = under(home, umask, *call, env=env if what == "an answer to a hook" else {})
    folders = [path for path in home.folder.rglob("*") if path.is_dir() and path != home.aws]
    assert folders, done
    assert {str(path): oct(stat.S_IMODE(path.stat().st_mode)) for path in folders} == dict.fromkeys(map(str, folders), "0o700")


@pytest.mark.parametrize("umask", ["000", "0777"])
def test_every_folder_and_file_of_a_sign_in_and_a_sync(site: SignIns, umask: str) -> None:
    """~/.aws itself, the tokens, the own config: nothing was there before."""
    shutil.rmtree(site.aws)
    setup = (
        "setup",
        "--browser",
        "--session",
        "s",
        "--start-url",
        START_URL,
        "--sso-region",
        "eu-west-1",
        "--region",
        "eu-west-1",
    )
    more = (
        "--scopes",
        "sso:account:access",
        "--account",
        "123412341234",
        "--role",
        "developer",
        "--output",
        "json",
        "--profile",
        "p",
    )
    for call in ((*setup, *more), ("sync", "s", "-y"), ("p",)):
        done = under(site, umask, *call)
        assert done.returncode == 0, done
    ours = [path for top in (site.aws, site.folder / ".config", site.folder / ".local") for path in (top, *top.rglob("*"))]
    assert {path.name for path in ours} >= {".aws", "config", "sso", "cache", "config.toml", "state"}
    odd = {
        str(path): oct(mode)
        for path in ours
        if (mode := stat.S_IMODE(path.stat().st_mode)) != (0o700 if path.is_dir() else 0o600)
    }
    assert not odd


@pytest.mark.parametrize("kind", ["link", "fifo", "device"])
def test_what_is_planted_where_exec_writes(home: Home, kind: str) -> None:
    """`exec --out` into a folder that others share: no link has a file of the user's overwritten, no FIFO is waited for."""
    home.config.write_text("[profile a]\nregion = eu-west-1\n[profile b]\nregion = eu-west-1\n")
    out, precious = home.folder / "out", home.folder / "precious"
    out.mkdir()
    precious.write_text("mine")
    match kind:
        case "fifo":
            os.mkfifo(out / "a.out")
        case _:
            (out / "a.out").symlink_to(precious if kind == "link" else os.devnull)
    device = stat.S_IMODE(os.stat(os.devnull).st_mode)
    done = home.run("exec", "--all", "--out", str(out), "--", "echo", "hi", timeout=20)
    assert done.returncode == 1 and "status 1: a\n" in done.stderr, done
    assert "could not write" in (out / "a.err").read_text()
    assert (out / "b.out").read_text() == "hi\n"
    assert precious.read_text() == "mine" and stat.S_IMODE(os.stat(os.devnull).st_mode) == device


@pytest.mark.parametrize("umask", ["000", "0777"])
def test_folders_of_the_aws_files(tmp_path: Path, umask: str) -> None:
    code = "import os, sys; from awsctx.store import files; os.umask(int(sys.argv[2], 8)); files.make_folder(sys.argv[1])"
    from sys import executable

    subprocess.run([executable, "-c", code, str(tmp_path / "a" / "b" / "c"), umask], check=True)
    assert modes(tmp_path) == {"a": "0o700", "a/b": "0o700", "a/b/c": "0o700"}


@pytest.mark.parametrize("umask", ["000", "0777"])
@pytest.mark.parametrize("call", ["init bash --save", "exec --match * --out out/of/it -- true", "_hook"])
def test_every_folder_is_closed(home: Home, umask: str, call: str) -> None:
    """On the way to a rendered hook, to what many commands say and the last run of them, to the answers for a shell."""
    answer = home.state.parent / "shells" / "1-1"
    home.config.write_text("[profile keys]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
    hook = {"AWSCTX_ANSWER": f"bash {PROTOCOL} 1 {answer}", "AWSCTX_HOOK": "x", "AWSCTX_MEMORY": ""}
    done = under(home, umask, *call.split(), env=hook)
    made = [path for path in home.folder.rglob("*") if path.is_dir() and home.aws not in (path, *path.parents)]
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in made} == {"0o700"}, (made, done)


def test_no_file_of_awsctx_stays_beside_the_aws_files(home: Home) -> None:
    home.credentials.write_text(f"[{TESTER}]\naws_access_key_id = AKIA\n")
    home.ok("add", "new", *NEW)
    home.ok("rename", TESTER, "t")
    home.ok("copy", "t", "u")
    home.ok("remove", "-y", "u", "t")
    assert {path.name for path in home.aws.iterdir()} == {"config", "credentials"}
    assert modes(home.state.parent) == {"edit.lock": "0o600"}


# --- sudo ---


def given_away(home: Home) -> None:
    """The home, and the way to it, is somebody's."""
    for path in (home.folder, *home.folder.rglob("*")):
        os.chown(path, SOMEBODY, SOMEBODY)
    for path in home.folder.parents:
        if path != Path("/") and path.stat().st_mode & 0o001 == 0:
            path.chmod(path.stat().st_mode | 0o011)


@root
def test_sudo_leaves_nothing_that_keeps_the_user_out(home: Home) -> None:
    """`sudo -E awsctx`: root in the user's home."""
    given_away(home)
    home.ok("add", "new", *NEW)
    home.ok(DEVELOPER)
    owners = {path.stat().st_uid for path in home.folder.rglob("*")}
    assert owners == {SOMEBODY}


@pytest.mark.parametrize("call", [("add", "new", *NEW), (DEVELOPER,)], ids=["edit", "switch"])
def test_a_lock_file_of_root_is_named(home: Home, call: tuple[str, ...]) -> None:
    """What `sudo -E awsctx` of old has left: a lock file that the user cannot open."""
    lock = home.state.parent / ("edit.lock" if call[0] == "add" else "state.lock")
    lock.parent.mkdir(parents=True)
    lock.touch(mode=0o600)
    refusing = ["-f", "-o", os.devnull, "-P", lock, "-e", "trace=openat", "-e", "inject=openat:error=EACCES", AWSCTX]
    done = home.run(*refusing, *call, command=["strace"])
    assert done.returncode == 1
    first, hint = done.stderr.splitlines()
    assert first.endswith(f"could not take the lock {lock}: Permission denied")
    subprocess.run(["sh", "-c", hint.partition("take it away: ")[2]], check=True)
    assert not lock.exists()
    home.ok(*call)


# --- access control lists ---


def acl(*entries: tuple[int, int, int]) -> bytes:
    """A POSIX access control list as the kernel takes it: (tag, rights, id)."""
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


NOBODY = 0xFFFFFFFF
# The owner may write, user 1234 may read; the group may do nothing; the mask is r.
LIST = acl((1, 6, NOBODY), (2, 4, 1234), (4, 0, NOBODY), (0x10, 4, NOBODY), (0x20, 0, NOBODY))
ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"


@pytest.fixture
def listed(home: Home) -> Home:
    """A home whose config file has an access control list and another attribute."""
    try:
        os.setxattr(home.config, ACCESS, LIST)
        os.setxattr(home.config, "user.note", b"mine")
    except (OSError, AttributeError):
        pytest.skip("this file system has no access control lists")
    return home


def test_an_edit_keeps_the_access_control_list(listed: Home) -> None:
    before = listed.config.stat().st_mode
    listed.ok("add", "new", *NEW)
    assert os.getxattr(listed.config, ACCESS) == LIST
    assert os.getxattr(listed.config, "user.note") == b"mine"
    assert listed.config.stat().st_mode == before


def test_a_list_that_cannot_be_kept_opens_the_file_to_nobody(listed: Home) -> None:
    """The mode's group bits were the list's mask: without the list they would be the group's."""
    inject = ["-f", "-o", os.devnull, "-e", "trace=fsetxattr", "-e", "inject=fsetxattr:error=EPERM", AWSCTX]
    done = listed.run(*inject, "add", "new", *NEW, command=["strace"])
    assert done.returncode == 0, done
    assert ACCESS not in os.listxattr(listed.config)
    assert stat.S_IMODE(listed.config.stat().st_mode) == 0o600


def test_a_folder_that_gives_lists_to_new_files_gives_none_to_an_edited_one(listed: Home) -> None:
    os.removexattr(listed.config, ACCESS)
    listed.config.chmod(0o640)
    os.setxattr(listed.aws, DEFAULT, acl((1, 7, NOBODY), (2, 6, 1234), (4, 0, NOBODY), (0x10, 6, NOBODY), (0x20, 0, NOBODY)))
    listed.ok("add", "new", *NEW)
    assert ACCESS not in os.listxattr(listed.config)
    assert stat.S_IMODE(listed.config.stat().st_mode) == 0o640
