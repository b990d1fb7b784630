"""Pages on 127.0.0.1 that answer nobody but this user.

Their addresses stand among the arguments of the browser, where every user of the machine reads them (`/proc/PID/cmdline`). So
the kernel is asked whose a connection is; where it does not tell (macOS), the browser gets a file that nobody else can read,
and the page's address is in that file.
"""

from __future__ import annotations

import contextlib
import html
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from awsctx import trace

# The kernel's tables of TCP sockets: each socket's own address, its peer's, and its owner (Linux, proc_pid_net(5)). A socket of
# IPv6 may talk to one of IPv4.
_TABLES = (("/proc/net/tcp", b""), ("/proc/net/tcp6", b"\0" * 10 + b"\xff\xff"))
# Seconds that a connection may say nothing, and that the last answer may take.
_SILENCE = 10.0
_LAST_ANSWER = 2.0

Address = tuple[str, int]
# Sends the browser to an address, or to a file of ours; False where there is no browser.
Open = Callable[[str | Path], bool]


class Gate:
    """Who is at the other end of a connection to ``listening``, a socket of ours on an IPv4 address of loopback."""

    def __init__(self, listening: socket.socket) -> None:
        self._own: Address = listening.getsockname()
        # Our own uid as the table has it. None: the kernel does not tell whose a socket is.
        self._uid = _owner(self._own, ("0.0.0.0", 0))  # noqa: S104  (the peer of a socket that listens)

    @property
    def knows(self) -> bool:
        """Whether the kernel tells who owns a connection."""
        return self._uid is not None

    def admits(self, peer: Address) -> bool:
        """Whether ``peer`` is a process of this user's. Where that cannot be told, everybody is."""
        return self._uid is None or _owner(peer, self._own) == self._uid


def _owner(own: Address, peer: Address) -> int | None:
    """The uid of whoever has the TCP socket with these two addresses; None where no process has it, or nobody tells."""
    for path, prefix in _TABLES:
        wanted = [_written(prefix, own), _written(prefix, peer)]
        try:
            with open(path, encoding="ascii") as table:
                for line in table:
                    row = line.split()
                    # A socket without an inode is closed, and the table names root as its owner.
                    if row[1:3] == wanted and row[9] != "0":
                        return int(row[7])
        except OSError:
            return None
    return None


def _written(prefix: bytes, address: Address) -> str:
    """An address as the tables have it: words of four bytes in this machine's order, then the port."""
    host = prefix + socket.inet_aton(address[0])
    words = (int.from_bytes(host[at : at + 4], sys.byteorder) for at in range(0, len(host), 4))
    return "".join(f"{word:08X}" for word in words) + f":{address[1]:04X}"


@dataclass(frozen=True)
class Page:
    """What the browser gets."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_FOUND = Page(404)


class Pages:
    """A server on 127.0.0.1, as a context manager. ``answer`` gives the page for a path with its query; it is called in a
    thread of the connection's own, and only for this user. Raises OSError where there is no port to listen on."""

    def __init__(self, answer: Callable[[str], Page]) -> None:
        self._server = _Server(answer)
        self._folder = ""

    @property
    def address(self) -> str:
        """The URL of the server, without a `/` at its end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def open(self, url: str, open_page: Open) -> bool:
        """Send the browser to ``url``, an address that nobody else may have. False where there is no browser."""
        if self._server.gate.knows:
            return open_page(url)
        trace.tell("handing over by a file", "the kernel does not tell whose a connection is")
        self._folder = self._folder or tempfile.mkdtemp(prefix="awsctx-")  # 0700
        file = Path(self._folder) / "page.html"
        file.touch(mode=0o600)
        file.write_text(f'<meta http-equiv="refresh" content="0; url={html.escape(url)}">\n', encoding="utf-8")
        return open_page(file)

    def __enter__(self) -> Pages:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.wait_for_answers()
        self._server.server_close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


class _Server(ThreadingHTTPServer):
    """A server with a thread for each connection, since browsers open some that they never use."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Callable[[str], Page]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.gate = Gate(self.socket)
        self._owed: list[threading.Event] = []

    @contextlib.contextmanager
    def owing(self) -> Iterator[None]:
        """Make ``wait_for_answers`` wait for the answer that is sent meanwhile."""
        sent = threading.Event()
        self._owed.append(sent)
        try:
            yield
        finally:
            sent.set()

    def wait_for_answers(self) -> None:
        for sent in self._owed:
            sent.wait(_LAST_ANSWER)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that hangs up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "awsctx"
    sys_version = ""
    timeout = _SILENCE

    def do_GET(self) -> None:
        if not self.server.gate.admits(self.client_address):
            trace.tell("a request of another user's", "not answered")
            self._send(NOT_FOUND)
            return
        with self.server.owing():
            self._send(self.server.answer(self.path))

    def send_error(self, *_: object, **__: object) -> None:
        """Answer other methods, and what is no request, as a page that is not there."""
        self._send(NOT_FOUND)

    def _send(self, page: Page) -> None:
        self.send_response(page.status)
        always = {"Content-Length": str(len(page.body)), "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        for name, value in (always | dict(page.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page.body)

    def log_message(self, *_: object) -> None:
        """Log nothing: the request's line may hold a secret."""
