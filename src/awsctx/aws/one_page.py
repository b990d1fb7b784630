"""Hand a secret link to a browser without its showing up among the processes' arguments: the browser is given a page on
loopback with a name that nobody can guess, which leads on to the link, once."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer


def hand_over(link: str, open_page: Callable[[str], bool], *, seconds: float = 60) -> str:
    """Have ``open_page`` open ``link``: `opened`; `no browser` where it knows none; `not fetched` where nothing came for
    the link within ``seconds``."""
    path = f"/{secrets.token_urlsafe(24)}"
    fetched: list[bool] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not fetched and hmac.compare_digest(self.path.encode(), path.encode()):
                fetched.append(True)
                self.send_response(302)
                self.send_header("Location", link)
                self.send_header("Cache-Control", "no-store")
                self.send_header("Referrer-Policy", "no-referrer")
            else:
                self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on stderr."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.timeout = 0.5
        if not open_page(f"http://127.0.0.1:{server.server_port}{path}"):
            return "no browser"
        end = time.monotonic() + seconds
        while not fetched and time.monotonic() < end:
            server.handle_request()
    return "opened" if fetched else "not fetched"
