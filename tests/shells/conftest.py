"""Each test here runs once in each shell, at a terminal of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.shells.ptys import SHELLS, Terminal, sign_in
from tests.support import Home

Open = Callable[..., Terminal]


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with the walkthrough's configuration, signed in for another 3h12m and a half."""
    home = Home(tmp_path / "home")
    sign_in(home, 3 * 3600 + 12 * 60 + 30)
    return home


@pytest.fixture
def open_terminal(shell: str, home: Home) -> Iterator[Open]:
    """Opens terminals with the shell of this test; options as Terminal has them."""
    with ExitStack() as stack:

        def open_one(**options: object) -> Terminal:
            return stack.enter_context(Terminal(shell, home, **options))  # type: ignore[arg-type]

        yield open_one


@pytest.fixture
def terminal(open_terminal: Open) -> Terminal:
    return open_terminal()
