"""The SSO portal: what a sign-in grants, and its end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from awsctx.core.keys import Keys
from awsctx.errors import AwsctxError, SignInNeeded
from awsctx.signin.cache import Token
from awsctx.signin.service import NoAnswer, Refused, Service
from awsctx.signin.session import login_command

# The most that a page may have (botocore's model of the service).
_PAGE = 100
# Seconds for listing the accounts, or the roles of one, over all pages.
_LIST_SECONDS = 120.0


@dataclass(frozen=True)
class Account:
    """An account that the sign-in grants. ``name`` and ``email`` may be empty."""

    id: str
    name: str = ""
    email: str = ""


class Caller(Protocol):
    """What makes the calls: a Service, or a Paced one."""

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]: ...

    def unusable(self, operation: str) -> NoAnswer: ...


class Portal:
    """The portal, asked with one token. Its methods raise TokenRefused where the token is not good (any more), and
    AwsctxError. ``service`` is who asks it (None: one that is made with the network settings of ``profile``)."""

    def __init__(self, token: Token, profile: str = "", service: Caller | None = None) -> None:
        self._token = token
        self._service = service or Service("sso", token.region, profile)

    def accounts(self) -> list[Account]:
        """The accounts, by the portal's order."""
        return list(self.each_account())

    def each_account(self) -> Iterator[Account]:
        """The accounts, page by page as they come."""
        for found in self._all("list_accounts", "accountList"):
            yield Account(_id(found, "accountId"), _text(found, "accountName"), _text(found, "emailAddress"))

    def roles(self, account_id: str) -> list[str]:
        """The names of the roles in an account, by the portal's order."""
        found = self._all("list_account_roles", "roleList", accountId=account_id)
        return [_id(role, "roleName") for role in found]

    def role_credentials(self, account_id: str, role: str) -> Keys:
        """Keys of a role in an account."""
        answer = self._call("get_role_credentials", "give keys of that role", accountId=account_id, roleName=role)
        found = answer.get("roleCredentials")
        if not isinstance(found, dict) or not isinstance(found.get("expiration"), int):
            raise self._service.unusable("get_role_credentials")
        key, secret, token = (_text(found, name) for name in ("accessKeyId", "secretAccessKey", "sessionToken"))
        if not (key and secret and token):
            raise self._service.unusable("get_role_credentials")
        return Keys(key, secret, token, found["expiration"] // 1000)

    def _call(self, operation: str, what: str, **parameters: Any) -> dict[str, Any]:
        """The answer to one call; ``what`` is what the portal refuses to do where it refuses."""
        session = self._token.session
        again = f"sign in anew with: {login_command(session, force=True) if session else 'awsctx login --force'}"
        try:
            return self._service.call(operation, accessToken=self._token.access_token, **parameters)
        except Refused as e:
            if e.status == 401:
                raise TokenRefused("the SSO portal does not take this sign-in any more", again) from None
            raise AwsctxError(f"the SSO portal refused to {what}: {e.code} (HTTP {e.status})", again) from None

    def _all(self, operation: str, key: str, **parameters: str) -> Iterator[dict[str, Any]]:
        """The entries of all pages."""
        end = time.monotonic() + _LIST_SECONDS
        more: dict[str, Any] = dict(parameters)
        seen = set()
        while True:
            page = self._call(operation, "list what this sign-in grants", maxResults=_PAGE, **more)
            entries = page.get(key)
            if not isinstance(entries, list):
                raise self._service.unusable(operation)
            yield from entries
            if not page.get("nextToken"):
                return
            more["nextToken"] = page["nextToken"]
            if page["nextToken"] in seen:
                raise NoAnswer("the SSO portal's list has no end: its pages come again", "try again later")
            seen.add(page["nextToken"])
            if time.monotonic() > end:
                raise NoAnswer("the SSO portal takes too long to list what this sign-in grants", "try again later")


class TokenRefused(SignInNeeded):
    """The portal does not take a sign-in that looks good here: it has been ended elsewhere."""


def end(token: Token, seconds: float, profile: str = "") -> str:
    """End the sign-in at the portal, within ``seconds``. Empty where it is ended (or was already), else what went
    wrong."""
    try:
        Service("sso", token.region, profile).call("logout", seconds, accessToken=token.access_token)
    except Refused as e:
        return "" if e.status == 401 else f"the portal refused: {e.code} (HTTP {e.status})"
    except AwsctxError as e:
        return e.message
    return ""


def _id(found: Any, key: str) -> str:
    value = found.get(key) if isinstance(found, dict) else None
    if not isinstance(value, str) or not value:
        raise AwsctxError(f"the SSO portal's answer holds an entry without {key}", "try again later")
    return value


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""
