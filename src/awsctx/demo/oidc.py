"""SSO-OIDC: registration, the device code, the authorization code with PKCE, and refreshing.

RFC 6749 (OAuth 2.0), RFC 7636 (PKCE), RFC 8252 (native apps: the port of a loopback redirect is free) and RFC 8628
(device code), in the wire format of botocore's "sso-oidc" model.
"""

from __future__ import annotations

import base64
import hashlib
import html
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from awsctx.demo.ledger import Code, Device, Ledger, Registration, SignIn
from awsctx.demo.wire import Refused, Request, Response, answer, page, redirect

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
Operation = Callable[[Ledger, Request], Response]


def register_client(ledger: Ledger, request: Request) -> Response:
    """RegisterClient: a public client."""
    wanted = request.json()
    _required(wanted, "clientName", "clientType")
    if wanted["clientType"] != "public":
        raise Refused("InvalidClientMetadataException", "clientType must be public")
    grants, redirects = _strings(wanted, "grantTypes"), _strings(wanted, "redirectUris")
    if "authorization_code" in grants and not redirects:
        raise Refused("InvalidRedirectUriException", "authorization_code needs redirectUris")
    if any(urlsplit(uri).hostname not in ("127.0.0.1", "::1", "localhost") for uri in redirects):
        raise Refused("InvalidRedirectUriException", "a public client redirects to loopback")
    _known_portal(ledger, wanted.get("issuerUrl"))
    client = ledger.register(_strings(wanted, "scopes"), grants, redirects)
    registered = {
        "clientId": client.id,
        "clientSecret": client.secret,
        "clientIdIssuedAt": int(time.time()),
        "clientSecretExpiresAt": int(client.expires),
    }
    return answer(registered, client_name=wanted["clientName"], grant_types=list(grants))


def start_device_authorization(ledger: Ledger, request: Request) -> Response:
    """StartDeviceAuthorization: a device code, and the user code and page to approve it with."""
    wanted = request.json()
    client = _client(ledger, wanted)
    _required(wanted, "startUrl")
    _known_portal(ledger, wanted["startUrl"])
    letters = "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(8))
    user_code = f"{letters[:4]}-{letters[4:]}"
    expires = time.time() + ledger.scenario.device_seconds
    device = Device(ledger.secret(), user_code, client, expires)
    ledger.devices[device.code] = device
    uri = f"http://{request.headers['host']}/device"
    started = {
        "deviceCode": device.code,
        "userCode": user_code,
        "verificationUri": uri,
        "verificationUriComplete": f"{uri}?user_code={user_code}",
        "expiresIn": int(ledger.scenario.device_seconds),
        "interval": ledger.scenario.interval,
        **ledger.scenario.device_page,
    }
    return answer(started, user_code=user_code)


def create_token(ledger: Ledger, request: Request) -> Response:
    """CreateToken: tokens for a device code, an authorization code or a refresh token."""
    wanted = request.json()
    _required(wanted, "grantType")
    client = _client(ledger, wanted)
    grant = wanted["grantType"]
    by_grant = {DEVICE_GRANT: _by_device, "authorization_code": _by_code, "refresh_token": _by_refresh}
    if grant not in by_grant or (client.grant_types and grant not in client.grant_types):
        raise Refused("UnsupportedGrantTypeException", f"grant type {grant} is not this client's")
    signin = by_grant[grant](ledger, client, wanted)
    tokens = {
        "accessToken": signin.access_token,
        "tokenType": "Bearer",
        "expiresIn": int(ledger.scenario.token_seconds),
        "refreshToken": signin.refresh_token or None,
    }
    return answer(tokens, grant_type=grant.rpartition(":")[2], person=signin.person)


def _by_device(ledger: Ledger, client: Registration, wanted: Mapping[str, Any]) -> SignIn:
    device = ledger.devices.get(wanted.get("deviceCode", ""))
    if device is None or device.client is not client or device.decision == "spent":
        raise Refused("InvalidGrantException", "no such device code")
    if device.expires <= time.time():
        raise Refused("ExpiredTokenException", "the device code has expired")
    device.polls += 1
    policy = ledger.scenario.device
    if device.decision == "denied" or policy == "denied":
        raise Refused("AccessDeniedException", "the sign-in was denied")
    if device.decision != "approved" and not (isinstance(policy, int) and device.polls > policy):
        raise Refused("AuthorizationPendingException", "not approved yet")
    device.decision = "spent"
    return ledger.sign_in(client, ledger.scenario.person)


def _by_code(ledger: Ledger, client: Registration, wanted: Mapping[str, Any]) -> SignIn:
    # A code is spent at the first try, right or wrong: somebody else may have seen it.
    code = ledger.codes.pop(wanted.get("code", ""), None)
    if code is None or code.client is not client:
        raise Refused("InvalidGrantException", "no such authorization code")
    if code.expires <= time.time():
        raise Refused("ExpiredTokenException", "the authorization code has expired")
    if wanted.get("redirectUri") != code.redirect_uri:
        raise Refused("InvalidGrantException", "redirectUri is not the one that the code was asked with")
    digest = hashlib.sha256(str(wanted.get("codeVerifier", "")).encode()).digest()
    if base64.urlsafe_b64encode(digest).decode().rstrip("=") != code.challenge:
        raise Refused("InvalidGrantException", "codeVerifier does not fit the code_challenge")
    return ledger.sign_in(client, code.person)


def _by_refresh(ledger: Ledger, client: Registration, wanted: Mapping[str, Any]) -> SignIn:
    signin = ledger.refreshes.get(wanted.get("refreshToken", ""))
    if signin is None or signin.client is not client:
        raise Refused("InvalidGrantException", "no such refresh token, or one that was used before")
    return ledger.refresh(signin)


def authorize(ledger: Ledger, request: Request) -> Response:
    """GET /authorize: where PKCE sends the browser. What it does is the scenario's `authorize`."""
    client = ledger.clients.get(request.query.get("client_id", ""))
    back = request.query.get("redirect_uri", "")
    if client is None or not _registered(client, back):
        # Never redirect there (RFC 6749, 4.1.2.1): the address may be anybody's.
        return page("Invalid request", "<p>Unknown client, or a redirect_uri that is not its own.", 400)
    state = request.query.get("state", "")
    policy = ledger.scenario.authorize
    challenge = request.query.get("code_challenge", "")
    method = request.query.get("code_challenge_method")
    if request.query.get("response_type") != "code" or method != "S256" or not challenge:
        return redirect(f"{back}?{urlencode({'error': 'invalid_request', 'state': state})}")
    if policy == "never":
        return page("Sign in", "<p>Nobody will press a button here.")
    if policy == "denied":
        return redirect(f"{back}?{urlencode({'error': 'access_denied', 'state': state})}")
    if policy == "button" and "approve" not in request.query:
        return page("Allow access?", _button("/authorize", {**request.query, "approve": "yes"}))
    code = ledger.secret()
    expires = time.time() + ledger.scenario.code_seconds
    ledger.codes[code] = Code(client, back, challenge, expires, ledger.scenario.person)
    state = "not-" + state if policy == "state" else state
    return redirect(f"{back}?{urlencode({'code': code, 'state': state})}")


def device_page(ledger: Ledger, request: Request) -> Response:
    """GET /device: where a person approves a device code. What a visit does is the scenario's `device`."""
    user_code = request.query.get("user_code", "")
    if not user_code:
        return page("Sign in", "<form><input name=user_code placeholder=CODE autofocus> <button>Next</button></form>")
    device = next((d for d in ledger.devices.values() if d.user_code == user_code.upper()), None)
    if device is None or device.expires <= time.time():
        return page("No such code", status=404)
    policy = ledger.scenario.device
    if policy == "never":
        return page("Sign in", "<p>Nobody will press a button here.")
    if policy == "button" and "approve" not in request.query:
        return page("Allow access?", _button("/device", {"user_code": user_code, "approve": "yes"}))
    device.decision = device.decision or "approved"
    return page("Request approved", "<p>You can close this window and go back to the terminal.")


ROUTES: Mapping[tuple[str, str], tuple[str, Operation]] = {
    ("POST", "/client/register"): ("RegisterClient", register_client),
    ("POST", "/device_authorization"): ("StartDeviceAuthorization", start_device_authorization),
    ("POST", "/token"): ("CreateToken", create_token),
    ("GET", "/authorize"): ("Authorize", authorize),
    ("GET", "/device"): ("Device", device_page),
}


def _registered(client: Registration, uri: str) -> bool:
    """Whether `uri` is one of the client's, its port aside (RFC 8252, 7.3)."""
    asked = urlsplit(uri)
    return any(
        (known.scheme, known.hostname, known.path) == (asked.scheme, asked.hostname, asked.path)
        for known in map(urlsplit, client.redirect_uris)
    )


def _client(ledger: Ledger, wanted: Mapping[str, Any]) -> Registration:
    client = ledger.clients.get(str(wanted.get("clientId", "")))
    if client is None or client.secret != wanted.get("clientSecret") or client.expires <= time.time():
        raise Refused("InvalidClientException", "unknown client, wrong secret, or a registration that has ended")
    return client


def _known_portal(ledger: Ledger, url: str | None) -> None:
    known = ledger.scenario.start_urls
    if url is not None and known is not None and url.rstrip("/#") not in {u.rstrip("/#") for u in known}:
        raise Refused("InvalidRequestException", "Invalid start URL")


def _required(wanted: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if not wanted.get(name):
            raise Refused("InvalidRequestException", f"{name} is missing")


def _strings(wanted: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(value) for value in wanted.get(name) or ())


def _button(path: str, query: Mapping[str, str]) -> str:
    return f'<a href="{html.escape(path + "?" + urlencode(query))}">Allow access</a>'
