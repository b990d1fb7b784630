"""The device code flow (RFC 8628): the user approves a code on any device that has a browser."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.signin import browser, oidc
from awsctx.signin.cache import Registration, Token
from awsctx.signin.loopback import Open
from awsctx.signin.screen import Screen
from awsctx.signin.service import NoAnswer, Refused, Service, in_words
from awsctx.signin.session import Session

# RFC 8628: 3.2 (the interval where the service names none) and 3.5 (what slow_down adds).
_INTERVAL = 5
_SLOW_DOWN = 5


@dataclass(frozen=True)
class _Code:
    """A device authorization under way. ``seconds`` is its life, ``interval`` the pause between polls."""

    device_code: str = field(repr=False)
    user_code: str
    uri: str
    complete_uri: str
    seconds: float
    interval: float


def sign_in(
    service: Service,
    session: Session,
    screen: Screen,
    *,
    open_page: Open | None,
    again: str,
) -> Token:
    """Sign in with a device code, for as long as the code lives and ``service`` has left. ``open_page`` opens a URL in the
    browser; None: the user does that. ``again`` is what to type to try again. Raises AwsctxError."""
    registration, code = _start(service, session)
    opened = open_page(code.complete_uri) if open_page else False
    screen.say(f"to sign in to {session}, open this page{' (the browser should show it now)' if opened else ''}:")
    screen.say(f"  {visible(code.complete_uri)}")
    screen.copy(code.complete_uri)
    screen.say(f"and check that it shows the code {visible(code.user_code)} (or enter it at {visible(code.uri)})")
    try:
        return _poll(service, session, registration, code, screen, again)
    finally:
        screen.done_waiting()


def _start(service: Service, session: Session) -> tuple[Registration, _Code]:
    """A registration and a code for it. A cached registration that the service does not know any more is made anew."""
    registration = oidc.registered(service, session, for_code=False)
    try:
        return registration, _authorize(service, session, registration)
    except Refused as e:
        if e.code not in ("InvalidClientException", "UnauthorizedClientException"):
            raise oidc.refusal(e, session) from None
    registration = oidc.register(service, session, for_code=False)
    try:
        return registration, _authorize(service, session, registration)
    except Refused as e:
        raise oidc.refusal(e, session) from None


def _authorize(service: Service, session: Session, registration: Registration) -> _Code:
    made: dict[str, Any] = service.call(
        "start_device_authorization",
        clientId=registration.client_id,
        clientSecret=registration.client_secret,
        startUrl=session.portal_url,
    )
    try:
        return _Code(
            made["deviceCode"],
            made["userCode"],
            browser.checked(str(made["verificationUri"])),
            browser.checked(str(made.get("verificationUriComplete") or made["verificationUri"])),
            float(made["expiresIn"]),
            float(made.get("interval") or _INTERVAL),
        )
    except (KeyError, TypeError, ValueError):
        raise service.unusable("start_device_authorization") from None


def _poll(service: Service, session: Session, registration: Registration, code: _Code, screen: Screen, again: str) -> Token:
    """Ask, after each interval, whether the code has been approved."""
    left, given = service.allowance.left(code.seconds), service.allowance.seconds
    end = time.monotonic() + left
    seconds = code.seconds if given is None or left == code.seconds else given
    interval, answered = code.interval, False
    while True:
        _pause(min(interval, end - time.monotonic()), end, screen)
        if time.monotonic() >= end:
            raise _too_late(session, seconds, again)
        try:
            return oidc.token(service, session, registration, grantType=oidc.DEVICE_GRANT, deviceCode=code.device_code)
        except NoAnswer:
            if answered and time.monotonic() >= end:  # there was hardly time for this one
                raise _too_late(session, seconds, again) from None
            raise
        except Refused as e:
            answered = True
            if e.code == "SlowDownException":
                interval += _SLOW_DOWN
            elif e.code == "ExpiredTokenException":
                raise _too_late(session, seconds, again) from None
            elif e.code == "AccessDeniedException":
                raise denied(session, again) from None
            elif e.code != "AuthorizationPendingException":
                raise oidc.refusal(e, session) from None


def _pause(seconds: float, end: float, screen: Screen) -> None:
    """Sleep, and count down once a second."""
    until = time.monotonic() + seconds
    while (rest := until - time.monotonic()) > 0:
        screen.waiting("waiting for the approval in the browser", math.ceil(end - time.monotonic()))
        time.sleep(min(rest, 1.0))


def denied(session: Session, again: str) -> AwsctxError:
    """The user has said no in the browser."""
    return AwsctxError(f"the sign-in to {session} was denied in the browser", f"to try again: {again}")


def _too_late(session: Session, seconds: float, again: str) -> AwsctxError:
    return AwsctxError(
        f"nobody approved the sign-in to {session} in time ({in_words(seconds)})",
        f"to try again: {again}",
    )
