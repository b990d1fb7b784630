"""What the stand-in has handed out, and to whom. Times are seconds since the epoch."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from awsctx.demo.scenario import STALE_KEY, Account, Scenario

Strings = tuple[str, ...]


@dataclass
class Registration:
    """An OIDC client."""

    id: str
    secret: str
    expires: float
    scopes: Strings
    grant_types: Strings
    redirect_uris: Strings


@dataclass
class Device:
    """A device authorization under way. `decision` is "", "approved", "denied" or "spent"."""

    code: str
    user_code: str
    client: Registration
    expires: float
    decision: str = ""
    polls: int = 0


@dataclass
class Code:
    """An authorization code: good once."""

    client: Registration
    redirect_uri: str
    challenge: str
    expires: float
    person: str


@dataclass
class SignIn:
    """A person's sign-in: its access token and, where it has one, the refresh token in force."""

    person: str
    client: Registration
    access_token: str
    expires: float
    refresh_token: str = ""


@dataclass(frozen=True)
class Key:
    """Keys for STS and EC2, and who they are."""

    id: str
    secret: str
    session_token: str
    account: str
    arn: str
    expires: float


@dataclass
class Ledger:
    """All of it, under one lock: whoever reads or changes more than one thing holds `lock`."""

    scenario: Scenario
    lock: threading.RLock = field(default_factory=threading.RLock)
    clients: dict[str, Registration] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    signins: dict[str, SignIn] = field(default_factory=dict)
    refreshes: dict[str, SignIn] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    console_tokens: list[str] = field(default_factory=list)
    login_codes: dict[str, str] = field(default_factory=dict)
    login_refreshes: set[str] = field(default_factory=set)
    calls: list[dict[str, Any]] = field(default_factory=list)
    fault_hits: dict[int, int] = field(default_factory=dict)
    listings: list[float] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        arn = "arn:aws:iam::999988887777:user/old-ci"
        self.keys[STALE_KEY] = Key(STALE_KEY, "", "", "999988887777", arn, float("inf"))

    def secret(self, prefix: str = "") -> str:
        """A new secret; all of them are kept, so that a test can look for each in what a program printed."""
        value = prefix + secrets.token_urlsafe(32)
        self.secrets.append(value)
        return value

    def register(self, scopes: Strings, grant_types: Strings, redirects: Strings) -> Registration:
        """A new OIDC client."""
        expires = time.time() + self.scenario.registration_seconds
        client = Registration(secrets.token_urlsafe(16), self.secret(), expires, scopes, grant_types, redirects)
        self.clients[client.id] = client
        return client

    def sign_in(self, client: Registration, person: str) -> SignIn:
        """A new sign-in. It has a refresh token where the client asked for scopes, as with AWS."""
        signin = SignIn(person, client, self.secret("aoa"), time.time() + self.scenario.token_seconds)
        if self.scenario.refresh and client.scopes:
            signin.refresh_token = self.secret("aor")
            self.refreshes[signin.refresh_token] = signin
        self.signins[signin.access_token] = signin
        return signin

    def refresh(self, signin: SignIn) -> SignIn:
        """The sign-in's next tokens. The refresh token is spent; the old access token lives on until its end."""
        del self.refreshes[signin.refresh_token]
        return self.sign_in(signin.client, signin.person)

    def end(self, signin: SignIn) -> None:
        """Sign out: neither of its tokens is good any more."""
        self.signins.pop(signin.access_token, None)
        self.refreshes.pop(signin.refresh_token, None)

    def granted(self, person: str) -> list[Account]:
        """The accounts that the person has."""
        ids = self.scenario.people.get(person)
        return [account for account in self.scenario.everything if ids is None or account.id in ids]

    def role_key(self, account: str, role: str, person: str) -> Key:
        """Keys of an Identity Center role, whose ARN looks as AWS makes it."""
        suffix = hashlib.sha256(f"{account}/{role}".encode()).hexdigest()[:16]
        return self.key(account, f"arn:aws:sts::{account}:assumed-role/AWSReservedSSO_{role}_{suffix}/{person}")

    def key(self, account: str, arn: str) -> Key:
        """Short-lived keys for the identity `arn` in `account`."""
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        key_id = "ASIA" + "".join(secrets.choice(alphabet) for _ in range(16))
        expires = time.time() + self.scenario.role_seconds
        key = Key(key_id, self.secret(), self.secret("IQoJ"), account, arn, expires)
        self.keys[key.id] = key
        return key
