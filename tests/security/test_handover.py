"""A page on loopback is handed to this user's browser alone: its address stands in argv, where everybody reads it."""

from __future__ import annotations

import socket
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.commands.conftest import Run
from tests.security.conftest import Fetch
from tests.signin.helpers import SignIns, ended

from awsctx.aws.one_page import hand_over
from awsctx.demo.sandbox import Sandbox, add_program
from awsctx.demo.standin import Client
from awsctx.signin import loopback
from awsctx.signin.loopback import NOT_FOUND, Gate, Page, Pages

LINK = "https://signin.aws.amazon.com/federation?SigninToken=secret"
# Keeps what it was told to open, and opens it only when it is told to.
SLOW_BROWSER = """\
import os, sys, time, urllib.request
with open({seen!r} + ".new", "w") as file:
    file.write(sys.argv[1])
os.rename({seen!r} + ".new", {seen!r})
while not os.path.exists({go!r}):
    time.sleep(0.05)
urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open(sys.argv[1], timeout=10).read()
"""


def wait_for(path: Path) -> str:
    for _ in range(200):
        if path.exists():
            return path.read_text()
        time.sleep(0.05)
    raise AssertionError(f"{path.name} never came")


def test_the_consoles_link_goes_to_no_other_user(run: Run, sandbox: Sandbox, aws: Client, neighbour: Fetch) -> None:
    seen, go = sandbox.home / "seen", sandbox.home / "go"
    browser = add_program(sandbox.bin, "slow-browser", SLOW_BROWSER.format(seen=str(seen), go=str(go)))
    results = []
    caller = threading.Thread(target=lambda: results.append(run("console", "role", BROWSER=f"{browser} %s")))
    caller.start()
    assert neighbour(wait_for(seen)) == (404, "")
    assert neighbour(seen.read_text()) == (404, "")
    go.touch()  # and it is not used up
    caller.join(30)
    (done,) = results
    assert (done.returncode, done.stderr) == (0, "opened the console as role\n")
    assert [call["status"] for call in aws.calls("ConsoleLogin")] == [302]


def test_the_owner_gets_it_once(owner: Fetch) -> None:
    answers: list[tuple[int, str]] = []

    def browser(page: str | Path) -> bool:
        threading.Thread(target=lambda: answers.append(owner(str(page)))).start()
        return True

    assert hand_over(LINK, browser, seconds=10) == "opened"
    for _ in range(100):
        if answers:
            break
        time.sleep(0.05)
    assert answers == [(302, LINK)]


def test_a_sign_in_is_not_ended_by_another_user(site: SignIns, neighbour: Fetch) -> None:
    """He reads the page in argv, signs in there as himself, and brings his own code back."""
    child = site.at_terminal("login", "worksso", "--browser", "--no-browser")
    child.expect(r"(http://\S+/authorize\?\S+)")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(child.match[1]).query).items()}
    back = f"{asked['redirect_uri']}?code=his&state={asked['state']}"
    assert neighbour(back) == (404, "")
    site.run(command=["curl", "-sL", child.match[1]])
    assert ended(child) == 0
    assert site.sessions()["worksso"]["sign_in"] == "valid"


def connected(target: socket.socket) -> socket.socket:
    return socket.create_connection(target.getsockname())


def test_who_is_at_the_other_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        gate = Gate(listening)
        assert gate.knows
        with connected(listening) as client:
            assert gate.admits(client.getsockname())
            gone = client.getsockname()
        assert not gate.admits(gone)  # closed: said to be root's, who it need not be
        six = socket.socket(socket.AF_INET6)
        with six:
            six.connect(("::ffff:127.0.0.1", listening.getsockname()[1]))
            assert gate.admits(("127.0.0.1", six.getsockname()[1]))


def test_where_nobody_tells_the_address_goes_by_a_file(owner: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback, "_TABLES", (("/nonexistent", b""),))
    files: list[Path] = []

    def browser(page: str | Path) -> bool:
        assert isinstance(page, Path)
        files.append(page)
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
        text = page.read_text()
        assert LINK not in text
        threading.Thread(target=owner, args=(text.partition("url=")[2].partition('"')[0],)).start()
        return True

    assert hand_over(LINK, browser, seconds=10) == "opened"
    assert not files[0].parent.exists()


@pytest.mark.parametrize("ask", [lambda pages: pages.address + "/x", lambda pages: pages.address + "/oauth/callback?code=c"])
def test_another_user_gets_nothing_whatever_he_asks(ask: Callable[[Pages], str], neighbour: Fetch, owner: Fetch) -> None:
    asked: list[str] = []

    def answer(path: str) -> Page:
        asked.append(path)
        return NOT_FOUND

    with Pages(answer) as pages:
        assert neighbour(ask(pages)) == (404, "")
        assert asked == []
        with socket.create_connection(("127.0.0.1", urlsplit(pages.address).port or 0)) as connection:
            connection.sendall(b"POST /x HTTP/1.0\r\n\r\n")
            assert connection.makefile().readline() == "HTTP/1.0 404 Not Found\n"
        assert asked == []
        owner(ask(pages))
        assert len(asked) == 1
