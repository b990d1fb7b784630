"""The console's federation endpoint: a sign-in token for short-lived keys, and the page that it opens."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from awsctx.demo.ledger import Ledger
from awsctx.demo.wire import Request, Response, answer, page, redirect

Operation = Callable[[Ledger, Request], Response]


def get_signin_token(ledger: Ledger, request: Request) -> Response:
    """getSigninToken, by POST alone, so that a client that puts keys into an address is found out."""
    form = request.form()
    try:
        session: dict[str, Any] = json.loads(form.get("Session", ""))
        key = ledger.keys.get(session["sessionId"])
        good = key is not None and (key.secret, key.session_token) == (session["sessionKey"], session["sessionToken"])
    except (ValueError, TypeError, KeyError):
        good = False
    if form.get("Action") != "getSigninToken" or not good:
        return page("Bad request", status=400)
    token = ledger.secret()
    ledger.console_tokens.append(token)
    return answer({"SigninToken": token})


def login(ledger: Ledger, request: Request) -> Response:
    """GET with Action=login: where the browser is sent."""
    if request.query.get("Action") != "login" or request.query.get("SigninToken") not in ledger.console_tokens:
        return page("Bad request", status=400)
    return redirect(request.query.get("Destination", "/"))


ROUTES: Mapping[tuple[str, str], tuple[str, Operation]] = {
    ("POST", "/federation"): ("GetSigninToken", get_signin_token),
    ("GET", "/federation"): ("ConsoleLogin", login),
}
