"""Doctor asked in this process, for a home that a test has made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.support import Home

from awsctx.doctor import Finding, Subject, examine
from awsctx.world import World

Ask = Callable[..., list[Finding]]


@pytest.fixture
def ask(home: Home, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Asks doctor, with more variables where given (`person=True`: at a terminal)."""
    monkeypatch.setenv("HOME", str(home.folder))  # where the token cache is

    def ask(*, person: bool = False, now: float | None = None, **variables: str) -> list[Finding]:
        return examine(Subject(World({**home.environ, **variables}, now=now), person=person))

    return ask
