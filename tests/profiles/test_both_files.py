"""Both files changed together: under one lock, both or neither, and an error that says what is."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from tests.awsfiles.judge import full_config

import awsctx
from awsctx.awsfiles.grammar import PROFILE
from awsctx.awsfiles.headers import CONFIG, CREDENTIALS
from awsctx.awsfiles.ops import Add, Rename
from awsctx.awsfiles.write import Edit
from awsctx.errors import AwsctxError
from awsctx.profiles import both_files
from awsctx.profiles.both_files import HalfDone, change_together
from awsctx.store import files

CONFIG_BEFORE, KEYS_BEFORE = "[profile a]\nregion = x\n", "[a]\naws_access_key_id = AKIA\n"


class Place:
    """Two files that both have a profile `a`, and a state's folder."""

    def __init__(self, folder: Path) -> None:
        self.config, self.keys = folder / "config", folder / "credentials"
        self.config.write_text(CONFIG_BEFORE)
        self.keys.write_text(KEYS_BEFORE)
        self.lock = folder / "own" / "edit.lock"
        self.environ = {"AWSCTX_STATE_FILE": str(folder / "own" / "state")}

    def rename(self) -> None:
        ops = [Rename((PROFILE, "a"), "b")]
        edits = [Edit(str(self.config), CONFIG, lambda _: ops), Edit(str(self.keys), CREDENTIALS, lambda _: ops)]
        change_together(self.environ, edits)

    def contents(self) -> tuple[str, str]:
        return self.config.read_text(), self.keys.read_text()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


BEFORE = (CONFIG_BEFORE, KEYS_BEFORE)
AFTER = (CONFIG_BEFORE.replace("profile a", "profile b"), KEYS_BEFORE.replace("[a]", "[b]"))


def test_both_change_and_nothing_is_left_beside_them(place: Place) -> None:
    place.rename()
    assert place.contents() == AFTER
    assert {path.name for path in place.config.parent.iterdir()} == {"config", "credentials", "own"}
    assert place.lock.stat().st_mode & 0o777 == 0o600


def test_a_lock_that_is_held_is_given_up(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(both_files, "LOCK_SECONDS", 0.2)
    place.lock.parent.mkdir()
    with FileLock(place.lock), pytest.raises(AwsctxError, match="another awsctx") as caught:
        place.rename()
    assert str(place.lock) in caught.value.hints[0]
    assert place.contents() == BEFORE


def failing(monkeypatch: pytest.MonkeyPatch, *at: int, replaces: bool = False, error: BaseException | None = None) -> None:
    """Let the replaces of those numbers fail (from 1); where ``replaces``, though the file is replaced."""
    replace: Callable[..., None] = os.replace
    calls = []

    def replaced(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) not in at:
            return replace(*arguments)
        if replaces:
            replace(*arguments)
        raise error or OSError(5, os.strerror(5))

    monkeypatch.setattr(files.os, "replace", replaced)  # type: ignore[attr-defined]


def test_an_error_before_the_second_replace_takes_the_first_back(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, 2)
    with pytest.raises(AwsctxError, match=f"^{place.keys}: could not be changed: Input/output error") as caught:
        place.rename()
    assert caught.value.hints == ("it is as it was",)
    assert place.contents() == BEFORE


@pytest.mark.parametrize("at", [(1,), (2,), (1, 2)])
def test_an_error_after_a_replace_is_no_error(place: Place, monkeypatch: pytest.MonkeyPatch, at: tuple[int, ...]) -> None:
    """A file server may say that it has failed when it has not."""
    failing(monkeypatch, *at, replaces=True)
    place.rename()
    assert place.contents() == AFTER


def test_a_file_that_cannot_be_taken_back_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, 2, 3)
    with pytest.raises(HalfDone, match=f"{place.config} has changed, and could not be changed back"):
        place.rename()
    assert place.contents() == (AFTER[0], BEFORE[1])


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("replaces", [False, True])
def test_an_interrupt_takes_all_back(place: Place, monkeypatch: pytest.MonkeyPatch, at: int, replaces: bool) -> None:
    failing(monkeypatch, at, replaces=replaces, error=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        place.rename()
    assert place.contents() == BEFORE


def test_a_file_that_cannot_be_read_after_the_replace_is_not_called_unchanged(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def replaced(*arguments: Any) -> None:
        replace(*arguments)
        place.config.unlink()
        place.config.mkdir()  # as good as a network home that is gone

    monkeypatch.setattr(files.os, "replace", replaced)  # type: ignore[attr-defined]
    with pytest.raises(AwsctxError, match="could not be changed") as caught:
        change_together(place.environ, [Edit(str(place.config), CONFIG, lambda _: [Add((PROFILE, "c"), {"region": "r"})])])
    assert "not known" in caught.value.message


def test_a_file_that_aws_has_emptied_is_looked_at_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """`aws configure set` empties the file, and fills it a moment later."""
    edit = Edit(str(place.config), CONFIG, lambda _: [Rename((PROFILE, "a"), "b")])
    tried = both_files.try_out([edit])
    theirs = CONFIG_BEFORE + "[profile theirs]\n"
    place.config.write_text("")
    monkeypatch.setattr(
        "awsctx.awsfiles.write.time.sleep", lambda _: place.config.read_text() or place.config.write_text(theirs)
    )
    change_together(place.environ, [edit], tried)
    assert place.config.read_text() == theirs.replace("profile a", "profile b")


def test_what_was_tried_out_is_not_worked_out_again_under_the_lock(place: Place) -> None:
    """Others wait for the lock; what takes seconds for thousands of profiles is done before it."""
    asked = []
    edit = Edit(str(place.config), CONFIG, lambda sections: asked.append(sections) or [Rename((PROFILE, "a"), "b")])  # type: ignore[func-returns-value]
    change_together(place.environ, [edit])
    assert len(asked) == 1


MANY = """if True:
    import os, sys
    from awsctx.awsfiles.headers import CONFIG
    from awsctx.awsfiles.ops import Add
    from awsctx.awsfiles.write import Edit
    from awsctx.profiles.both_files import change_together
    for number in range(5):
        ops = [Add(("profile", f"{sys.argv[2]}.{number}"), {"region": "r"})]
        change_together(os.environ, [Edit(sys.argv[1], CONFIG, lambda _: ops)])
"""


def test_many_processes_lose_no_change(place: Place) -> None:
    source = Path(awsctx.__file__).parents[1]
    environ = {**os.environ, **place.environ, "PYTHONPATH": os.pathsep.join([str(source), *sys.path])}
    workers = [
        subprocess.Popen([sys.executable, "-S", "-c", MANY, str(place.config), f"w{worker}"], env=environ)
        for worker in range(6)
    ]
    assert [worker.wait() for worker in workers] == [0] * 6
    profiles = full_config(place.config, place.config.with_name("none"))["profiles"]
    assert set(profiles) == {"a"} | {f"w{worker}.{number}" for worker in range(6) for number in range(5)}
    assert place.config.read_text().startswith(CONFIG_BEFORE)
