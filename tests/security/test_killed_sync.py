"""SIGKILL in a sync that renames profiles in both files, prunes one, and has the state follow: the same call again ends it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from tests.commands.granting import DEV, PROD, granting
from tests.support import AWSCTX

from awsctx.demo.standin import Client

KEYS = "# mine\n[worksso.dev.admin]\naws_access_key_id = AKIA\n"
CALL = ("sync", "-y", "--prune", "--name", "{role}-{account}")


class Synced:
    """Profiles by an old template, one of which is active and has a stanza in both files, another is granted no more."""

    def __init__(self, aws: Client, folder: Path) -> None:
        self.site = granting(aws, folder)
        self.site.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        self.site.sync("-y")
        self.site.credentials.write_text(KEYS)
        self.site.ok("worksso.dev.admin")
        self.paths = [self.site.config, self.site.credentials, self.site.state, self.site.settings]
        self.before = [path.read_bytes() for path in self.paths]
        aws.control(accounts=[DEV, type(PROD)(PROD.id, PROD.name, PROD.email, ())])

    def reset(self) -> None:
        for path, content in zip(self.paths, self.before, strict=True):
            path.write_bytes(content)

    def killed(self, name: str, number: int) -> None:
        inject = f"inject={name}:signal=KILL:when={number}"
        self.site.run("-f", "-o", os.devnull, "-e", f"trace={name}", "-e", inject, AWSCTX, *CALL, command=["strace"])

    def contents(self) -> tuple[str, str, str]:
        return self.site.config.read_text(), self.site.credentials.read_text(), self.site.active()

    def notes(self) -> list[str]:
        return [path.name for path in self.site.state.parent.iterdir() if path.name.startswith("unfinished")]


@pytest.fixture
def synced(aws: Client, tmp_path: Path) -> Synced:
    return Synced(aws, tmp_path / "home")


def test_killed_at_each_point_the_same_call_finishes(synced: Synced) -> None:
    site, log = synced.site, synced.site.folder / "strace"
    site.run("-f", "-o", str(log), "-e", "trace=rename,unlink", AWSCTX, *CALL, command=["strace"])
    found = re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE)
    done = synced.contents()
    assert "worksso" not in done[1] and done[2] == "admin-dev" and "prod" not in done[0] and found.count("rename") >= 5
    for name in ("rename", "unlink"):
        for number in range(1, found.count(name) + 1):
            synced.reset()
            synced.killed(name, number)
            site.ok(*CALL)
            assert synced.contents() == done, (name, number)
            assert not synced.notes(), (name, number)


def test_what_was_not_begun_is_not_finished(synced: Synced) -> None:
    """Killed before the config changed: the note says what was to be done, and nobody has to do that now."""
    synced.killed("rename", 2)
    assert synced.notes() and synced.site.config.read_bytes() == synced.before[0]
    synced.site.ok("sync", "-y")
    assert synced.contents() == (synced.before[0].decode(), KEYS, "worksso.dev.admin")
    assert not synced.notes()
