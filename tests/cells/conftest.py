"""What these tests share."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.cells.commands import MARK, running
from tests.commands.many import Fleet


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    """Four profiles; whatever a test leaves running in it is a failure, and is ended."""
    home = Fleet(tmp_path / "home")
    home.profiles("a", "b", "c", "d")
    home.environ[MARK] = uuid4().hex  # a run in another container may have the same folder, and be seen in /proc
    yield home
    left = running(home)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert not left
