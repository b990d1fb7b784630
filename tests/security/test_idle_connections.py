"""A connection that says nothing (a browser's speculative one, a neighbour's) keeps nobody from the page, nor awsctx from its
end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.security.conftest import Fetch
from tests.signin.helpers import SignIns, ended

from awsctx.aws.one_page import hand_over

Idle = Callable[..., None]


@pytest.fixture
def idle() -> Iterator[Idle]:
    """Opens connections to the server of a URL, says ``begin`` on each, and holds them."""
    with ExitStack() as held:

        def connect(url: str, count: int, begin: bytes = b"") -> None:
            parts = urlsplit(url)
            for _ in range(count):
                connection = socket.create_connection((parts.hostname or "", parts.port or 0))
                held.enter_context(connection)
                connection.sendall(begin)

        yield connect


def test_the_console_is_handed_over_past_them(owner: Fetch, idle: Idle) -> None:
    def browser(page: str | Path) -> bool:
        idle(str(page), 20)
        idle(str(page), 5, b"GET / HTTP/1.1\r\nX: ")
        threading.Thread(target=owner, args=(str(page),)).start()
        return True

    began = time.monotonic()
    assert hand_over("https://x", browser, seconds=20) == "opened"
    assert time.monotonic() - began < 15


def test_the_console_ends_in_time(idle: Idle) -> None:
    def browser(page: str | Path) -> bool:
        idle(str(page), 1)
        return True

    began = time.monotonic()
    assert hand_over("https://x", browser, seconds=1) == "not fetched"
    assert time.monotonic() - began < 6


def test_a_sign_in_past_them(site: SignIns, idle: Idle) -> None:
    child = site.at_terminal("login", "worksso", "--browser", "--no-browser", "--timeout", "20")
    child.expect(r"(http://\S+/authorize\?\S+redirect_uri=http%3A%2F%2F127.0.0.1%3A(\d+)\S+)")
    idle(f"http://127.0.0.1:{child.match[2]}", 20)
    site.run(command=["curl", "-sL", child.match[1]])
    assert ended(child) == 0
