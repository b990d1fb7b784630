"""A sign-in from its request to its token: share what is there, refresh what can be refreshed, else the browser or a
device code; one at a time per session."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from awsctx import trace
from awsctx.errors import AwsctxError, SignInNeeded
from awsctx.signin import browser, cache, device, oidc, pkce, start_url, tokens
from awsctx.signin.cache import Token
from awsctx.signin.request import Request
from awsctx.signin.screen import Screen
from awsctx.signin.service import NoAnswer, Refused, Service, in_words
from awsctx.signin.session import Session, login_command
from awsctx.signin.waiting import Allowance
from awsctx.store import paths

BROWSER, DEVICE_CODE = "browser", "device-code"

# What a call may take besides the wait for the user: registration, tokens (seconds).
_SLACK = 60.0
# How long another process may take from the answer to its refresh to the file (seconds).
_GRACE = 1.0
# What is spent on refreshing a sign-in that still lasts (seconds).
BRIEFLY = 5.0


@dataclass(frozen=True)
class Outcome:
    """``how`` is `valid` (nothing to do), `refreshed`, `shared` (another process did it meanwhile) or `signed in`."""

    token: Token
    how: str


def ensure(session: Session, request: Request, environ: Mapping[str, str], screen: Screen) -> Outcome:
    """A token for ``session`` that is good now. Raises SignInNeeded where only the user can sign in, and nobody is there to do
    it; AwsctxError."""
    outcome = _ensured(session, request, environ, screen)
    return replace(outcome, token=replace(outcome.token, session=session.name))


def _ensured(session: Session, request: Request, environ: Mapping[str, str], screen: Screen) -> Outcome:
    before = cache.read_token(session.token_path)
    if not request.force and before and _good(before):
        return Outcome(before, "valid")
    if not _may_ask(request) and (request.force or before is None or not before.refreshable(time.time())):
        raise needed(session, request)

    began, started, waited = time.monotonic(), time.time(), False

    def waiting() -> None:
        nonlocal waited
        waited = True
        screen.say(f"another awsctx is signing in to {session}: waiting for it")

    seconds = request.patience or request.seconds or pkce.SECONDS + _SLACK
    try:
        with cache.locked(session.token_path, seconds=seconds, waiting=waiting):
            left = request.after(time.monotonic() - began)
            return _alone(session, left, before, environ, screen, since=started if waited else None)
    except cache.Busy:
        raise NoAnswer(
            f"nobody signed in to {session} in time ({in_words(seconds)}): another awsctx is still waiting for that",
            f"finish that, or end it; to try again: {_again(session, request)}",
        ) from None


def _alone(
    session: Session,
    request: Request,
    before: Token | None,
    environ: Mapping[str, str],
    screen: Screen,
    since: float | None = None,
) -> Outcome:
    """As ``ensure``, by the one that holds the lock. ``before`` is the token that there was before. ``since`` is when it began
    to wait for the lock (epoch seconds; None: it did not): what has failed for another since then fails for this one, too."""
    now = cache.read_token(session.token_path)
    if now and now != before and now.expires_at > time.time():
        return Outcome(now, "shared")
    note = _note_path(session, environ)
    allowance = Allowance(request.seconds)
    if now and not request.force:
        service = Service("sso-oidc", now.region or session.region, request.profile, allowance=allowance)
        with failing_together(note, "refresh", since):
            kept = _refreshed(service, session, now, request.patience)
        if kept:
            return kept
    if not _may_ask(request):
        raise needed(session, request)
    with failing_together(note, "sign-in", since):
        cache.check_replaceable(session.token_path)
        session = start_url.resolved(session, request.profile, allowance)
        service = Service("sso-oidc", session.region, request.profile, allowance=allowance)
        token = _sign_in(service, session, request, environ, screen)
    if session.inline:  # no AWS tool refreshes this form: with a refresh token it would look as if one did
        token = replace(token, refresh_token="")
    cache.write_token(session.token_path, token)
    cache.write_failure(note, None)
    return Outcome(token, "signed in")


def _note_path(session: Session, environ: Mapping[str, str]) -> str:
    """Where the note of a failed sign-in to ``session`` is kept: not in the AWS folder."""
    return paths.beside_state(environ, f"sso-login-{Path(session.token_path).stem}")


@contextmanager
def failing_together(path: str, attempt: str, since: float | None) -> Iterator[None]:
    """Run an attempt at a sign-in on behalf of all processes that wait for it; ``path``, in the state's folder, is where its
    failure is noted. The caller holds the lock. ``since`` is when it began to wait for the lock (epoch seconds; None: it did
    not wait).

    Where another process has failed in the meantime, this one fails in the same way. The user is not asked again, and a
    service that does not answer is not called again.
    """
    failed = cache.read_failure(path) if since is not None else None
    if failed and since and failed.attempt == attempt and since < failed.at <= time.time():
        raise NoAnswer(f"another awsctx login failed, and this one with it: {failed.message}", *failed.hints)
    try:
        yield
    except AwsctxError as e:
        cache.write_failure(path, cache.Failure(time.time(), attempt, e.message, e.hints))
        raise


def needed(session: Session, request: Request) -> SignInNeeded:
    """The error where only the user can sign in, and nobody is there to do it."""
    return SignInNeeded(
        f"{session} needs a sign-in, and there is no terminal to do it on",
        f"on a terminal: {_again(session, request)}",
        "or choose a flow here: --device-code or --browser",
    )


def _again(session: Session, request: Request) -> str:
    """What to type to sign in once more, in the same way."""
    return login_command(session.name, force=request.force, options=request.options)


def choose(environ: Mapping[str, str], *, container: bool, display: bool) -> str:
    """The flow that works here (awsctx(1), SIGNING IN). A browser on another machine cannot come back to this one's
    127.0.0.1."""
    if environ.get("SSH_CONNECTION"):
        return DEVICE_CODE
    if environ.get("BROWSER"):
        return BROWSER
    return DEVICE_CODE if container or not display else BROWSER


def in_container(environ: Mapping[str, str]) -> bool:
    """Whether this is a container (Docker, Podman, Kubernetes, systemd-nspawn) or WSL: the browser is outside of it."""
    if any(environ.get(name) for name in ("container", "KUBERNETES_SERVICE_HOST", "WSL_DISTRO_NAME")):
        return True
    return any(Path(path).exists() for path in ("/.dockerenv", "/run/.containerenv"))


def has_display(environ: Mapping[str, str]) -> bool:
    """Whether there is a display for a browser."""
    return sys.platform == "darwin" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _may_ask(request: Request) -> bool:
    return request.person or bool(request.flow)


def _good(token: Token) -> bool:
    """Whether the token can stay as it is. One that is about to end, and can be refreshed, is to be refreshed now."""
    rest = token.expires_at - time.time()
    return rest > 0 and (rest > tokens.REFRESH_WINDOW or not token.refreshable(time.time()))


def _refreshed(service: Service, session: Session, old: Token, seconds: float | None) -> Outcome | None:
    """The outcome of refreshing ``old``, the token in the file; None where a sign-in is due. The caller holds the lock.

    `aws` refreshes without a lock, and a refresh token works once: where the file has changed meanwhile, what is there
    now is the newer sign-in (a torn one is fixed), and where it is gone, someone has signed out. Takes up to ``seconds``
    (None: as any call).
    """
    path = session.token_path
    if not old.refreshable(time.time()):
        return Outcome(old, "valid") if old.expires_at > time.time() else None
    new = None
    if old.expires_at > time.time():
        seconds = min(seconds or BRIEFLY, BRIEFLY)
    try:
        new = oidc.refreshed(service, session, old, seconds)
    except Refused as e:
        trace.tell("not refreshed", e.code)
        _await_change(path, old)
    except AwsctxError:
        if old.expires_at <= time.time():
            raise
    now = cache.read_token(path)
    if now and now != old and now.expires_at > time.time():
        return Outcome(now, "shared")
    if new and Path(path).exists():
        cache.write_token(path, new)
        return Outcome(new, "refreshed")
    return Outcome(now, "valid") if now and now.expires_at > time.time() else None


def _await_change(path: str, old: Token) -> None:
    """Wait for the process that has used ``old``'s refresh token to write the new token, all of it."""
    end = time.monotonic() + _GRACE
    while time.monotonic() < end:
        now = cache.read_token(path)
        if now != old if now else not Path(path).exists():
            return
        time.sleep(0.05)


def _sign_in(service: Service, session: Session, request: Request, environ: Mapping[str, str], screen: Screen) -> Token:
    command = request.browser
    gone = browser.missing(command, request.browser_key, environ, "this sign-in")
    if gone:
        command = ""
        screen.say(gone)
    named = command or environ.get("BROWSER", "")
    here = {**environ, "BROWSER": named}
    chosen = request.flow or choose(here, container=in_container(environ), display=has_display(environ))
    trace.tell("flow", chosen)

    def open_page(page: str | Path) -> bool:
        return browser.open_page(page, environ, command)

    # Over SSH, or without a display, the user sees no browser that starts here, unless BROWSER names one that shows elsewhere.
    seen = has_display(environ) and not environ.get("SSH_CONNECTION")
    opener = open_page if request.open_browser and (named or seen) else None
    again = _again(session, request)
    if chosen == BROWSER:
        return pkce.sign_in(service, session, screen, open_page=opener, again=again)
    return device.sign_in(service, session, screen, open_page=opener, again=again)
