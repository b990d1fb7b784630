"""What every test gets: nothing of the caller's variables and terminal, and on demand a home of its own and a stand-in AWS."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support import Home

from awsctx.demo.standin import Client, spawn

# Whoever runs the tests (nohup, a script's background job) may ignore these, and what we start would, too.
for _number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _number == signal.SIGINT else signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _nothing_of_the_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("AWS") and name not in ("AWSCTX_TOOLS", "AWS_CA_BUNDLE"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with the walkthrough's configuration."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def running() -> Iterator[Client]:
    """One stand-in AWS for all tests, in a process of its own: moto's warnings are not ours to fix."""
    with spawn(warm=True) as aws:
        yield aws


@pytest.fixture
def aws(running: Client) -> Client:
    """The stand-in, as new."""
    running.reset()
    return running
