"""SSO-OIDC: registrations and tokens. The requests are those of AWS CLI 2.38 (botocore/utils.py, SSOTokenFetcher and
SSOTokenFetcherAuth; botocore/tokens.py, SSOTokenProvider)."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from awsctx.errors import AwsctxError
from awsctx.signin import cache
from awsctx.signin.cache import Registration, Token
from awsctx.signin.service import Refused, Service
from awsctx.signin.session import Session

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CODE_GRANTS = ("authorization_code", "refresh_token")
DEFAULT_SCOPES = ("sso:account:access",)
# Without the port: the listener's differs each time, and any is accepted (RFC 8252, 7.3).
REDIRECT_URI = "http://127.0.0.1/oauth/callback"


def registered(service: Service, session: Session, *, for_code: bool) -> Registration:
    """A client for one of the two flows: the cached one, else a new one, then cached. The caller holds the lock."""
    cached = cache.read_registration(session, for_code=for_code, now=time.time())
    return cached or register(service, session, for_code=for_code)


def register(service: Service, session: Session, *, for_code: bool) -> Registration:
    """A new client, cached. The caller holds the lock. Raises AwsctxError."""
    wanted: dict[str, Any] = {
        "clientName": f"botocore-client-{int(time.time()) if session.inline else session.name}",
        "clientType": "public",
    }
    scopes = tuple(session.scopes or ())
    if for_code:
        scopes = scopes or DEFAULT_SCOPES
        wanted |= {"grantTypes": CODE_GRANTS, "redirectUris": [REDIRECT_URI], "issuerUrl": session.portal_url}
    if scopes:
        wanted["scopes"] = scopes
    try:
        made = service.call("register_client", **wanted)
        registration = Registration(
            _text(made, "clientId"),
            _text(made, "clientSecret"),
            int(made["clientSecretExpiresAt"]),
            scopes,
            CODE_GRANTS if for_code else (),
        )
    except Refused as e:
        raise refusal(e, session) from None
    except (KeyError, TypeError, ValueError):
        raise service.unusable("register_client") from None
    cache.write_registration(session, registration)
    return registration


def token(service: Service, session: Session, registration: Registration, seconds: float | None = None, **grant: Any) -> Token:
    """The token that a grant (``grantType`` and what belongs to it) gives, within ``seconds`` (None: as any call). Raises
    Refused, AwsctxError."""
    start = time.time()
    wanted: dict[str, Any] = {"clientId": registration.client_id, "clientSecret": registration.client_secret, **grant}
    if seconds is not None:
        wanted["seconds"] = seconds
    made = service.call("create_token", **wanted)
    try:
        return Token(
            session.start_url,
            service.region,
            _text(made, "accessToken"),
            int(start + int(made["expiresIn"])),
            registration.client_id,
            registration.client_secret,
            registration.expires_at,
            str(made.get("refreshToken") or ""),
        )
    except (KeyError, TypeError, ValueError):
        raise service.unusable("create_token") from None


def refreshed(service: Service, session: Session, old: Token, seconds: float | None = None) -> Token:
    """The token after ``old``, by its refresh token. Raises as ``token``."""
    registration = Registration(old.client_id, old.client_secret, old.registration_expires_at or 0)
    new = token(service, session, registration, seconds, grantType="refresh_token", refreshToken=old.refresh_token)
    # A service that gives no new refresh token leaves the old one in force (RFC 6749, 6).
    return new if new.refresh_token else replace(new, refresh_token=old.refresh_token)


def refusal(refused: Refused, session: Session) -> AwsctxError:
    """What to tell a user whom the service has turned away."""
    said = f"{refused.code or 'an error'} (HTTP {refused.status})"
    return AwsctxError(
        f"AWS refused to sign in to {session}: {said}",
        f"check its start URL ({session.start_url}) and its SSO region ({session.region})",
    )


def _text(made: dict[str, Any], key: str) -> str:
    """A field that must be there. Raises KeyError."""
    value = made[key]
    if not isinstance(value, str) or not value:
        raise KeyError(key)
    return value
