"""The SSO portal (botocore's service "sso"): what a sign-in grants, and keys for it."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from awsctx.demo.ledger import Ledger, SignIn
from awsctx.demo.scenario import Account
from awsctx.demo.wire import Refused, Request, Response, answer

Operation = Callable[[Ledger, Request], Response]


def get_role_credentials(ledger: Ledger, request: Request) -> Response:
    """GetRoleCredentials: keys of one role in one account."""
    signin = _signed_in(ledger, request)
    account_id, role = _required(request, "account_id"), _required(request, "role_name")
    account = _account(ledger, signin, account_id)
    if account is None or role not in account.roles:
        raise Refused("ForbiddenException", "No access")
    key = ledger.role_key(account_id, role, signin.person)
    credentials = {
        "accessKeyId": key.id,
        "secretAccessKey": key.secret,
        "sessionToken": key.session_token,
        "expiration": int(key.expires * 1000),
    }
    return answer({"roleCredentials": credentials}, account_id=account_id, role_name=role, person=signin.person)


def list_accounts(ledger: Ledger, request: Request) -> Response:
    """ListAccounts: a page of the accounts that the sign-in grants."""
    signin = _signed_in(ledger, request)
    _within_rate(ledger)
    accounts, following = _page(ledger, request, ledger.granted(signin.person))
    listed = [{"accountId": a.id, "accountName": a.name, "emailAddress": a.email} for a in accounts]
    return answer({"accountList": listed, "nextToken": following}, person=signin.person)


def list_account_roles(ledger: Ledger, request: Request) -> Response:
    """ListAccountRoles: a page of the roles in one account."""
    signin = _signed_in(ledger, request)
    _within_rate(ledger)
    account_id = _required(request, "account_id")
    account = _account(ledger, signin, account_id)
    if account is None:
        raise Refused("ForbiddenException", "No access")
    roles, following = _page(ledger, request, account.roles)
    listed = [{"roleName": role, "accountId": account_id} for role in roles]
    return answer({"roleList": listed, "nextToken": following}, account_id=account_id, person=signin.person)


def logout(ledger: Ledger, request: Request) -> Response:
    """Logout: the sign-in ends."""
    signin = _signed_in(ledger, request)
    ledger.end(signin)
    return Response(detail={"person": signin.person})


ROUTES: Mapping[tuple[str, str], tuple[str, Operation]] = {
    ("GET", "/federation/credentials"): ("GetRoleCredentials", get_role_credentials),
    ("GET", "/assignment/accounts"): ("ListAccounts", list_accounts),
    ("GET", "/assignment/roles"): ("ListAccountRoles", list_account_roles),
    ("POST", "/logout"): ("Logout", logout),
}


def _signed_in(ledger: Ledger, request: Request) -> SignIn:
    token = request.headers.get("x-amz-sso_bearer_token", "")
    signin = ledger.signins.get(token)
    if signin is None or signin.expires <= time.time():
        raise Refused("UnauthorizedException", "Session token not found or invalid")
    return signin


def _required(request: Request, name: str) -> str:
    if value := request.query.get(name, ""):
        return value
    raise Refused("InvalidRequestException", f"{name} is missing")


def _account(ledger: Ledger, signin: SignIn, account_id: str) -> Account | None:
    return next((a for a in ledger.granted(signin.person) if a.id == account_id), None)


def _within_rate(ledger: Ledger) -> None:
    """Counts the listing calls of the last second. Raises `Refused` (429) when there are too many."""
    if ledger.scenario.rate is None:
        return
    now = time.time()
    ledger.listings[:] = [at for at in ledger.listings if at > now - 1]
    if len(ledger.listings) >= ledger.scenario.rate:
        raise Refused("TooManyRequestsException", "HTTP 429 Unknown Code")
    ledger.listings.append(now)


def _page(ledger: Ledger, request: Request, entries: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
    """The page that `next_token` asks for, and the token of the one after it."""
    limit = ledger.scenario.page_size
    size = request.query.get("max_result") or str(limit)
    if not size.isdecimal() or not 1 <= int(size) <= 100:
        raise Refused("InvalidRequestException", "max_result must be between 1 and 100")
    start = _decoded(request.query["next_token"]) if request.query.get("next_token") else 0
    end = start + min(int(size), limit)
    following = base64.urlsafe_b64encode(f"from {end}".encode()).decode() if end < len(entries) else None
    return entries[start:end], following


def _decoded(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token).removeprefix(b"from "))
    except ValueError:
        raise Refused("InvalidRequestException", "next_token is not one of ours") from None
