"""The authorization code flow with PKCE (RFC 6749, 7636, 8252): the browser comes back to a listener on 127.0.0.1."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import queue
import secrets
import time
from contextlib import suppress
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from awsctx import trace
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.signin import cache, oidc
from awsctx.signin.cache import Token
from awsctx.signin.device import denied
from awsctx.signin.loopback import NOT_FOUND, Open, Page, Pages
from awsctx.signin.screen import Screen
from awsctx.signin.service import Refused, Service
from awsctx.signin.session import Session

SECONDS = 600.0
_PATH = "/oauth/callback"
_OK = ("signed in", "You can close this page and go back to the terminal.")
_FAILED = ("not signed in", "The terminal says why. You can close this page.")
_ANOTHER = ("not signed in", "This is not the sign-in that awsctx waits for. You can close this page.")


def sign_in(service: Service, session: Session, screen: Screen, *, open_page: Open | None, again: str) -> Token:
    """Sign in through the browser on this machine, within SECONDS and what ``service`` has left. ``open_page`` sends the
    browser to a page; None: the user does that. ``again`` is what to type to try again. Raises AwsctxError."""
    registration = oidc.registered(service, session, for_code=True)
    verifier = secrets.token_urlsafe(64)
    way_back = _WayBack(secrets.token_urlsafe(32))
    with _listening(way_back) as pages:
        redirect_uri = pages.address + _PATH
        url = _authorize_url(service, session, registration.client_id, redirect_uri, way_back.state, verifier)
        opened = pages.open(url, open_page) if open_page else False
        shown = " (the browser should show it now)" if opened else ""
        screen.say(f"to sign in to {session}, open this page on this machine{shown}:")
        screen.say(f"  {visible(url)}")
        screen.copy(url)
        try:
            answer = way_back.answer(screen, service.allowance.left(SECONDS))
            if answer is None:  # perhaps AWS's page has refused a registration that it does not know any more
                cache.remove(cache.registration_path(session))
            code = _code(answer, session, again)
            token = oidc.token(
                service,
                session,
                registration,
                grantType="authorization_code",
                redirectUri=redirect_uri,
                codeVerifier=verifier,
                code=code,
            )
            way_back.succeeded = True
        except Refused as e:
            raise oidc.refusal(e, session) from None
        finally:
            screen.done_waiting()
            way_back.ended.set()
    return token


def _listening(way_back: _WayBack) -> Pages:
    try:
        return Pages(way_back.page)
    except OSError as e:
        raise AwsctxError(f"could not listen on 127.0.0.1: {e.strerror}", "sign in with: --device-code") from None


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


def _code(answer: dict[str, str] | None, session: Session, again: str) -> str:
    """The authorization code in what the browser brought. Raises AwsctxError."""
    if answer is None:
        raise AwsctxError(
            f"nobody signed in to {session} in the browser in time",
            f"to try again: {again}; without a browser here: --device-code",
        )
    if answer.get("error") == "access_denied":
        raise denied(session, again)
    if "error" in answer or not answer.get("code"):
        error = visible(answer.get("error", "no code"))[:60]
        raise AwsctxError(f"AWS did not sign in to {session}: {error}", f"to try again: {again}")
    return answer["code"]


class _WayBack:
    """What the browser brings back from AWS's page. Only a request with the sign-in's own ``state`` counts, since any page may
    send one. The browser gets its page once it is known how the sign-in has ended, because the page says so."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.succeeded = False
        self.ended = Event()
        self._answers: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()

    def answer(self, screen: Screen, seconds: float) -> dict[str, str] | None:
        """The query that the browser came back with; None where it did not within ``seconds``."""
        end = time.monotonic() + seconds
        while (rest := end - time.monotonic()) > 0:
            screen.waiting("waiting for the sign-in in the browser", math.ceil(rest))
            with suppress(queue.Empty):
                return self._answers.get(timeout=min(rest, 1.0))
        return None

    def page(self, path: str) -> Page:
        """The page for a path, for `loopback.Pages`. Any page on the web can have the browser ask for it: without the state it
        ends nothing."""
        url = urlsplit(path)
        answer = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path != _PATH or not ("code" in answer or "error" in answer):  # a favicon
            return NOT_FOUND
        if not hmac.compare_digest(answer.get("state", "").encode(), self.state.encode()):
            trace.tell("an answer of another sign-in", "its state differs")
            return _page(*_ANOTHER, status=400)
        self._answers.put(answer)
        self.ended.wait()
        return _page(*_OK, status=200) if self.succeeded else _page(*_FAILED, status=400)


def _page(title: str, text: str, *, status: int) -> Page:
    """Fixed texts only: nothing of the request comes back."""
    html = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return Page(status, html.replace("@TITLE@", title).replace("@TEXT@", text).encode(), headers)
