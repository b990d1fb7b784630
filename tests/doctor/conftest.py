"""Doctor asked in this process, for a home that a test has made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.doctor.healthy import HEALTHY, HOOKED, token, write_token
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


@pytest.fixture
def healthy(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    home.config.write_text(HEALTHY)
    tools = home.folder / "bin"
    tools.mkdir()
    for name in ("aws", "jq"):
        (tools / name).touch(mode=0o755)
    home.environ |= {**HOOKED, "PATH": str(tools)}
    with monkeypatch.context() as patched:
        patched.setenv("HOME", str(home.folder))
        write_token(token("2099-01-01T00:00:00Z"))
    return home
