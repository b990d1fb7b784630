"""What these tests share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cells.commands import MARK, running
from tests.commands.many import Fleet


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    """Four profiles; whatever a test leaves running in it is a failure, and is ended."""
    home = Fleet(tmp_path / "home")
    home.profiles("a", "b", "c", "d")
    home.environ[MARK] = str(tmp_path)
    yield home
    left = running(home)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert not left
