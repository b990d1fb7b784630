"""The files of `exec --lock`: by content, private, swept."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from awsctx.errors import AwsctxError
from awsctx.store import locks

DAY = 86400


def test_the_same_content_is_the_same_file_and_private(tmp_path: Path) -> None:
    folder = str(tmp_path / "a" / "locks")
    old = os.umask(0)
    try:
        first = locks.keep(folder, b"one")
    finally:
        os.umask(old)
    assert locks.keep(folder, b"one") == first != locks.keep(folder, b"two")
    assert Path(first).stat().st_mode & 0o777 == 0o600
    assert Path(folder).stat().st_mode & 0o777 == 0o700
    assert sorted(os.listdir(folder)) == sorted({os.path.basename(first), os.path.basename(locks.keep(folder, b"two"))})


def test_one_that_is_open_to_others_or_changed_is_made_anew(tmp_path: Path) -> None:
    path = Path(locks.keep(str(tmp_path), b"one"))
    path.chmod(0o644)
    locks.keep(str(tmp_path), b"one")
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"other")
    assert locks.read(str(path)) is None
    locks.keep(str(tmp_path), b"one")
    assert locks.read(str(path)) == b"one"


def test_a_symlink_in_its_place_is_replaced_and_its_target_stays(tmp_path: Path) -> None:
    path = Path(locks.keep(str(tmp_path / "locks"), b"one"))
    path.unlink()
    (tmp_path / "target").write_bytes(b"mine")
    path.symlink_to(tmp_path / "target")
    locks.keep(str(tmp_path / "locks"), b"one")
    assert not path.is_symlink() and (tmp_path / "target").read_bytes() == b"mine"


def test_old_ones_go_when_another_is_made_and_used_ones_stay(tmp_path: Path) -> None:
    used, old = (Path(locks.keep(str(tmp_path), data)) for data in (b"used", b"old"))
    for path in (used, old):
        os.utime(path, (time.time() - 91 * DAY,) * 2)
    assert locks.keep(str(tmp_path), b"used") == str(used)
    locks.keep(str(tmp_path), b"another")
    assert used.exists() and not old.exists()


def test_any_number_at_once_disturb_one_another_in_nothing(tmp_path: Path) -> None:
    """Each sweeps while the others write; some write the same."""
    with ThreadPoolExecutor(16) as threads:
        for turn in range(20):
            folder = str(tmp_path / str(turn))
            made = list(threads.map(lambda number: locks.keep(folder, b"%d" % (number // 2)), range(80)))  # noqa: B023
            assert sorted(os.listdir(folder)) == sorted({os.path.basename(path) for path in made})


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AwsctxError, match="could not write the lock's file"):
        locks.keep(str(tmp_path / "file" / "locks"), b"one")
