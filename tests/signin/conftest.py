"""Ways to sign in to the stand-in AWS, in this process or as a user does."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.signin.helpers import SignIns

from awsctx.demo.standin import Client
from awsctx.signin import service


@pytest.fixture
def site(aws: Client, tmp_path: Path) -> SignIns:
    """A home with the walkthrough's configuration, whose AWS is the stand-in; nobody has signed in yet."""
    return SignIns(tmp_path / "home", aws)


class Said:
    """A `signin.screen.Screen` that keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.waits: list[float] = []
        self.copied: list[str] = []
        self.steps: list[tuple[int, int]] = []

    def say(self, line: str) -> None:
        self.lines.append(line)

    def waiting(self, what: str, seconds: float) -> None:
        self.waits.append(seconds)

    def copy(self, text: str) -> None:
        self.copied.append(text)

    def progress(self, what: str, done: int, total: int) -> None:
        self.steps.append((done, total))

    def done_waiting(self) -> None:
        pass


@pytest.fixture
def here(site: SignIns, monkeypatch: pytest.MonkeyPatch) -> SignIns:
    """The same home for code of ours that runs in this process; what it sleeps between retries takes no time."""
    for name in ("HOME", "BROWSER", *(name for name in site.environ if name.startswith("AWS_") or name.lower() == "no_proxy")):
        monkeypatch.setenv(name, site.environ[name])
    monkeypatch.setattr(service, "_PAUSE", 0.01)
    return site


@pytest.fixture
def screen() -> Said:
    return Said()
