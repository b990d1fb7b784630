"""The authorization code flow with PKCE (RFC 6749, 7636, 8252): the browser comes back to a listener on 127.0.0.1."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import queue
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.signin import cache, oidc
from awsctx.signin.cache import Token
from awsctx.signin.device import denied
from awsctx.signin.screen import Screen
from awsctx.signin.service import Refused, Service
from awsctx.signin.session import Session, login_command

SECONDS = 600.0
_PATH = "/oauth/callback"
_OK = ("signed in", "You can close this page and go back to the terminal.")
_FAILED = ("not signed in", "The terminal says why. You can close this page.")


def sign_in(
    service: Service, session: Session, screen: Screen, *, seconds: float, open_page: Callable[[str], bool] | None
) -> Token:
    """Sign in through the browser on this machine, within ``seconds``. ``open_page`` opens a URL in the browser;
    None: the person does that. Raises AwsctxError."""
    registration = oidc.registered(service, session, for_code=True)
    verifier = secrets.token_urlsafe(64)
    state = secrets.token_urlsafe(32)
    with _Listener() as listener:
        url = _authorize_url(service, session, registration.client_id, listener.redirect_uri, state, verifier)
        opened = open_page(url) if open_page else False
        shown = " (the browser should show it now)" if opened else ""
        screen.say(f"to sign in to {session}, open this page on this machine{shown}:")
        screen.say(f"  {visible(url)}")
        try:
            answer = listener.answer(screen, seconds)
            if answer is None:  # perhaps AWS's page has refused a registration that it does not know any more
                cache.remove(cache.registration_path(session))
            code = _code(answer, session, state)
            token = oidc.token(
                service,
                session,
                registration,
                grantType="authorization_code",
                redirectUri=listener.redirect_uri,
                codeVerifier=verifier,
                code=code,
            )
        except Refused as e:
            raise oidc.refusal(e, session) from None
        finally:
            screen.done_waiting()
        listener.succeeded = True
    return token


def _authorize_url(service: Service, session: Session, client_id: str, redirect_uri: str, state: str, verifier: str) -> str:
    """The page to open. `scopes`, not RFC 6749's `scope`: so AWS has it."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "code_challenge_method": "S256",
        "scopes": " ".join(session.scopes or oidc.DEFAULT_SCOPES),
        "code_challenge": challenge,
    }
    return f"{service.endpoint}/authorize?{urlencode(query, quote_via=quote)}"


def _code(answer: dict[str, str] | None, session: Session, state: str) -> str:
    """The authorization code in what the browser brought. Raises AwsctxError."""
    again = f"to try again: {login_command(session.name)}"
    if answer is None:
        raise AwsctxError(
            f"nobody signed in to {session} in the browser in time", f"{again}; without a browser here: --device-code"
        )
    if not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
        raise AwsctxError(
            f"the browser came back from another sign-in than this one to {session} (its state differs): refused", again
        )
    if answer.get("error") == "access_denied":
        raise denied(session)
    if "error" in answer or not answer.get("code"):
        error = visible(answer.get("error", "no code"))[:60]
        raise AwsctxError(f"AWS did not sign in to {session}: {error}", again)
    return answer["code"]


class _Listener:
    """Takes the browser's way back, on 127.0.0.1 only. The page that the browser gets says how the sign-in ended, so
    it is sent when the block is left."""

    def __init__(self) -> None:
        self.succeeded = False
        self.ended = Event()
        self.answers: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()
        try:
            self._server = _Server(("127.0.0.1", 0), _Handler)
        except OSError as e:
            raise AwsctxError(f"could not listen on 127.0.0.1: {e.strerror}", "sign in with: --device-code") from None
        self._server.listener = self

    @property
    def redirect_uri(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{_PATH}"

    def answer(self, screen: Screen, seconds: float) -> dict[str, str] | None:
        """The query that the browser came back with; None where it did not within ``seconds``."""
        end = time.monotonic() + seconds
        while (rest := end - time.monotonic()) > 0:
            screen.waiting("waiting for the sign-in in the browser", math.ceil(rest))
            with suppress(queue.Empty):
                return self.answers.get(timeout=min(rest, 1.0))
        return None

    def __enter__(self) -> _Listener:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.join_handlers(2.0)
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    """A thread a connection, since browsers open some that they never use."""

    daemon_threads = True
    block_on_close = False
    listener: _Listener

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.answering: list[Event] = []

    def join_handlers(self, seconds: float) -> None:
        """Wait until the pages that are owed have been sent."""
        for sent in self.answering:
            sent.wait(seconds)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is nobody's concern."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "awsctx"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        answer = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path != _PATH or not ("code" in answer or "error" in answer):  # a favicon, a curious neighbour
            self.send_error(404)
            return
        listener, sent = self.server.listener, Event()
        self.server.answering.append(sent)
        try:
            listener.answers.put(answer)
            listener.ended.wait()
            self._page(*(_OK if listener.succeeded else _FAILED), status=200 if listener.succeeded else 400)
        finally:
            sent.set()

    def _page(self, title: str, text: str, *, status: int) -> None:
        """Fixed texts only: nothing of the request comes back."""
        html = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
        body = html.replace("@TITLE@", title).replace("@TEXT@", text).encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The code is in the request's line: nothing of it is written anywhere."""
