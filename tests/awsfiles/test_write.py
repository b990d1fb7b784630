"""The writer: whole files or none, through symlinks, mode kept, no other program's change lost, no secret shown."""

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.awsfiles.judge import NASTY

from awsctx.awsfiles import write
from awsctx.awsfiles.grammar import PROFILE
from awsctx.awsfiles.headers import CONFIG, EditError, FileFormat
from awsctx.awsfiles.ops import Add, Op, Remove, Rename, Sections, SetKeys
from awsctx.awsfiles.read import ConfigFileError
from awsctx.errors import AwsctxError
from awsctx.store import files

A, B = (PROFILE, "a"), (PROFILE, "b")
ADD_B = [Add(B, {"region": "r"})]
SOURCE = Path(write.__file__).parents[2]
BEFORE = "# mine\n[profile a]\nregion = x\n"
AFTER = BEFORE + "[profile b]\nregion = r\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config"
    path.write_text(BEFORE)
    return path


def edit(path: str, plan: write.Plan | Sequence[Op], file_format: FileFormat) -> write.Edit:
    return write.Edit(path, file_format, plan if callable(plan) else lambda _: plan)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def leftovers(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"config"}


def test_writes_and_says_what(config: Path) -> None:
    change = write.change(edit(str(config), ADD_B, CONFIG))
    assert (change.written, change.old, change.new) == (True, BEFORE, AFTER)
    assert config.read_text() == AFTER
    assert (
        change.diff
        == f"--- {config}\n+++ {config}\n@@ -1,3 +1,5 @@\n # mine\n [profile a]\n region = x\n+[profile b]\n+region = r\n"
    )
    assert not leftovers(config.parent)


def test_a_dry_run_touches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "none" / "config"
    change = write.try_out(edit(str(path), ADD_B, CONFIG))
    assert not change.written
    assert "+[profile b]\n" in change.diff
    assert not path.parent.exists()


@pytest.mark.parametrize("mode", [0o444, 0o600, 0o640, 0o666])
def test_mode_stays(config: Path, mode: int) -> None:
    config.chmod(mode)
    write.change(edit(str(config), ADD_B, CONFIG))
    assert config.read_text() == AFTER
    assert mode_of(config) == mode


def test_new_file_and_folder_are_private(tmp_path: Path) -> None:
    path = tmp_path / ".aws" / "config"
    write.change(edit(str(path), ADD_B, CONFIG))
    assert (mode_of(path), mode_of(path.parent)) == (0o600, 0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_owner_stays(config: Path) -> None:
    os.chown(config, 1234, 4321)
    write.change(edit(str(config), ADD_B, CONFIG))
    assert (config.stat().st_uid, config.stat().st_gid) == (1234, 4321)


@pytest.mark.parametrize("dangling", [False, True])
def test_symlinks_stay(tmp_path: Path, dangling: bool) -> None:
    target, link = tmp_path / "dotfiles" / "aws-config", tmp_path / "config"
    link.symlink_to(Path("dotfiles") / "aws-config")
    if not dangling:
        target.parent.mkdir()
        target.write_text(BEFORE)
    write.change(edit(str(link), ADD_B, CONFIG))
    assert link.is_symlink()
    assert target.read_text() == (AFTER if not dangling else AFTER.removeprefix(BEFORE))


def test_a_change_of_nothing_writes_nothing(config: Path) -> None:
    before = config.stat()
    ops: list[Sequence[Op]] = [[], [SetKeys(A, {"region": "x"})], [Rename(A, "c"), Rename((PROFILE, "c"), "a")]]
    for nothing in ops:
        change = write.change(edit(str(config), nothing, CONFIG))
        assert (change.written, change.diff) == (False, "")
    assert config.stat().st_ino == before.st_ino
    assert config.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("file", [file for file in NASTY if file.stem.startswith("refused")], ids=lambda file: file.stem)
def test_what_botocore_refuses_is_refused(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(file.read_bytes())
    with pytest.raises(ConfigFileError, match=rf"^{re.escape(str(path))}:[0-9]+: ."):
        write.change(edit(str(path), ADD_B, CONFIG))
    assert path.read_bytes() == file.read_bytes()


def test_an_edit_that_means_more_is_refused(config: Path) -> None:
    text = "  [profile a]\n  [profile b]\nx = 1\n[profile c]\n"
    config.write_text(text.replace("[profile a]", "[profile z]\n  y = 1\n  [profile a]"))
    before = config.read_text()
    write.change(edit(str(config), [Remove(frozenset([A]))], CONFIG))  # harmless
    config.write_text("[profile a]\n\n  [profile b]\n  x = 1\n[profile c]\n[profile z]\n")
    before = config.read_text()
    with pytest.raises(EditError):
        write.change(edit(str(config), [SetKeys(A, {"k": "1\n  [profile b]"})], CONFIG))
    config.write_text("[profile z]\nx = 1\n[profile a]\n  [profile b]\n")
    before = config.read_text()
    with pytest.raises(EditError, match="would change more"):  # the header of b would go on with x
        write.change(edit(str(config), [Remove(frozenset([A]))], CONFIG))
    assert config.read_text() == before


@pytest.mark.parametrize("kind", ["folder", "fifo", "device", "loop", "read-only folder", "full disk"])
def test_what_cannot_be_written(config: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = config.with_name("other")
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path = Path(os.devnull)
    elif kind == "loop":
        path.symlink_to(path)
    else:
        path = config
        monkeypatch.setattr(files, "replace", _failing(kind))
    with pytest.raises(AwsctxError, match=rf"^{re.escape(str(path))}: could not be changed: ."):
        write.change(edit(str(path), ADD_B, CONFIG))
    assert config.read_text() == BEFORE


def _failing(kind: str) -> object:
    def replace(path: str, data: bytes, **options: object) -> None:
        number = 28 if kind == "full disk" else 13
        raise OSError(number, os.strerror(number))

    return replace


def test_reads_again_what_changed_meanwhile(config: Path) -> None:
    calls = []

    def plan(sections: Sections) -> list[Op]:
        calls.append([title for title, _ in sections])
        if len(calls) == 1:
            config.write_text(BEFORE + "[profile theirs]\n")
        return [Add(B, {"region": "r"})]

    write.change(edit(str(config), plan, CONFIG))
    assert len(calls) == 2
    assert config.read_text() == BEFORE + "[profile theirs]\n[profile b]\nregion = r\n"


def test_looks_again_after_the_disk_has_it(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk is what takes long, and so the time in which someone else is likely to write."""
    wait = os.fsync

    def wait_in_between(fd: int) -> None:
        wait(fd)
        monkeypatch.setattr(os, "fsync", wait)
        config.write_text(BEFORE + "[profile theirs]\n")

    monkeypatch.setattr(os, "fsync", wait_in_between)
    write.change(edit(str(config), ADD_B, CONFIG))
    assert config.read_text() == BEFORE + "[profile theirs]\n[profile b]\nregion = r\n"
    assert not leftovers(config.parent)


def test_gives_up_on_a_file_that_never_rests(config: Path) -> None:
    def plan(sections: Sections) -> list[Op]:
        config.write_text(config.read_text() + "#")
        return ADD_B

    with pytest.raises(AwsctxError, match="something else keeps changing it"):
        write.change(edit(str(config), plan, CONFIG))
    assert "profile b" not in config.read_text()


@pytest.mark.parametrize("opened", ["before", "after"])
def test_a_writer_that_had_read_the_file_before_loses_nothing(
    config: Path, opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `aws configure set` does: read, change, open for writing, write; ours comes in between."""
    original = files.replace
    theirs = BEFORE + "[profile theirs]\n"

    def replace_in_between(path: str, data: bytes, **options: Any) -> bool:
        monkeypatch.setattr(files, "replace", original)
        late = None if opened == "after" else config.open("w")
        replaced = original(path, data)
        with late or config.open("w") as file:
            file.write(theirs)
        return replaced

    monkeypatch.setattr(files, "replace", replace_in_between)
    write.change(edit(str(config), ADD_B, CONFIG))
    assert config.read_text() == theirs + "[profile b]\nregion = r\n"


def environ() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), *sys.path])}


KILLED = """if True:
    import sys
    from awsctx.awsfiles import write
    from awsctx.awsfiles.headers import CONFIG
    from awsctx.awsfiles.ops import Add
    edit = write.Edit(sys.argv[1], CONFIG, lambda _: [Add(("profile", "b"), {"region": "r"})])
    write.SETTLE_SECONDS = 0
    open("/dev/null").close()  # from here on
    write.change(edit)
    open(sys.argv[1] + ".done", "w").close()  # where one dies after all is done
"""
# Those that change something on the disk, or wait for it; between two of them it makes no difference where one dies.
CALLS = "openat,write,fsync,fdatasync,fchmod,fchown,ftruncate,rename,renameat,renameat2,unlink,unlinkat,flock,mkdir,mkdirat"


def test_killed_at_each_system_call(config: Path) -> None:
    """Old or new, whole, whenever the writer dies; and the next one finds its way."""
    command = [sys.executable, "-S", "-c", KILLED, str(config)]
    trace = config.with_name("trace")
    strace = ["strace", "-o", str(trace), "-e", f"trace={CALLS}"]
    subprocess.run([*strace, *command], env=environ(), check=True)
    calls = trace.read_text().splitlines()
    start = next(at for at, line in enumerate(calls) if "/dev/null" in line)
    points = [at for at in range(start + 1, len(calls) - 1) if "openat" not in calls[at] or "O_CREAT" in calls[at]]
    seen: set[str] = set()
    for at in points:
        name = calls[at].partition("(")[0]
        number = sum(line.startswith(f"{name}(") for line in calls[: at + 1])
        config.write_text(BEFORE)
        inject = f"inject={name}:signal=KILL:when={number}"
        status = subprocess.run([*strace, "-e", inject, *command], env=environ()).returncode
        assert status in (-signal.SIGKILL, 128 + signal.SIGKILL), calls[at]
        assert config.read_text() in (BEFORE, AFTER), calls[at]
        seen.add(config.read_text())
    assert seen == {BEFORE, AFTER}
    assert len(points) >= 6
    config.write_text(BEFORE)
    write.change(edit(str(config), ADD_B, CONFIG))
    assert config.read_text() == AFTER
    trace.unlink()
    config.with_name("config.done").unlink()
    assert not leftovers(config.parent)
