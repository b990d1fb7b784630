"""AWS Sign-In, as `aws login` asks it (botocore's service "signin"): /v1/authorize for the browser, /v1/token for its code and
for refreshing. Proof of possession (DPoP) is not looked at."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from awsctx.demo.ledger import Ledger
from awsctx.demo.wire import Request, Response, answer, page, redirect

Operation = Callable[[Ledger, Request], Response]


def authorize(ledger: Ledger, request: Request) -> Response:
    """GET /v1/authorize: approved at once, as the scenario's `authorize` says for the portal's."""
    back, state = request.query.get("redirect_uri", ""), request.query.get("state", "")
    if urlsplit(back).hostname != "127.0.0.1" or request.query.get("code_challenge_method") != "SHA-256":
        return page("Invalid request", status=400)
    if ledger.scenario.authorize == "never":
        return page("Sign in", "<p>Nobody will press a button here.")
    code = ledger.secret()
    ledger.login_codes[code] = request.query.get("code_challenge", "")
    return redirect(f"{back}?{urlencode({'code': code, 'state': state})}")


def token(ledger: Ledger, request: Request) -> Response:
    """POST /v1/token: keys for a code, or for a refresh token, which is good once."""
    wanted = request.json()
    if wanted.get("grantType") == "authorization_code":
        challenge = ledger.login_codes.pop(wanted.get("code", ""), None)
        digest = hashlib.sha256(str(wanted.get("codeVerifier", "")).encode()).digest()
        good = challenge == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    else:
        good = wanted.get("refreshToken", "") in ledger.login_refreshes
        ledger.login_refreshes.discard(wanted.get("refreshToken", ""))
    if not good:
        denied = {"error": "TOKEN_EXPIRED", "message": "no such code or refresh token, or one that was used before"}
        return Response(400, json.dumps(denied).encode(), headers={"x-amzn-ErrorType": "AccessDeniedException"})
    role = f"assumed-role/{ledger.scenario.person}/login"
    key = ledger.key("123412341234", f"arn:aws:sts::123412341234:{role}")
    refresh = ledger.secret()
    ledger.login_refreshes.add(refresh)
    made: dict[str, Any] = {
        "accessToken": {"accessKeyId": key.id, "secretAccessKey": key.secret, "sessionToken": key.session_token},
        "tokenType": "urn:aws:params:oauth:token-type:access_token_sigv4",
        "expiresIn": int(ledger.scenario.login_seconds),
        "refreshToken": refresh,
        "idToken": _id_token(key.arn),
    }
    return answer(made, grant_type=wanted.get("grantType"))


def _id_token(who: str) -> str:
    claims = {"sub": who, "iat": int(time.time()), "exp": int(time.time()) + 900}
    parts = ({"alg": "none"}, claims)
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "x"])


ROUTES: Mapping[tuple[str, str], tuple[str, Operation]] = {
    ("GET", "/v1/authorize"): ("LoginAuthorize", authorize),
    ("POST", "/v1/token"): ("CreateOAuth2Token", token),
}
