"""Sign-in tokens and client registrations in the AWS CLI's own cache, written (`tokens` reads them on the hot path).

A token, `<sha1 of the session's name or start URL>.json`, has the fields of ``Token``, in that order; a registration,
`<sha1 of what it is for>.json`, those of ``Registration``. Both as AWS CLI 2.38 writes them (its botocore/utils.py,
SSOTokenFetcher and SSOTokenFetcherAuth), so that either tool reuses what the other has written. All writes are atomic,
0600, under the session's lock; the AWS tools take no lock, so a writer reads again before it writes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from awsctx import trace
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.signin import tokens
from awsctx.signin.session import Session
from awsctx.store import files, lock, paths

# A registration that ends sooner than this is not used any more (AWS CLI's window for it).
_REGISTRATION_WINDOW = 15 * 60


# The end of the name of a file, in the state's folder, that says how the last attempt at a sign-in failed.
_FAILED = ".failed"


class Busy(AwsctxError):
    """Another awsctx has held the lock for all of the time that there was."""


@dataclass(frozen=True)
class Token:
    """A sign-in. Times are epoch seconds, UTC. Its repr shows no secret."""

    start_url: str
    region: str
    access_token: str = field(repr=False)
    expires_at: int
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    registration_expires_at: int | None = None
    refresh_token: str = field(default="", repr=False)
    # The session's name, for messages. It is not in the file.
    session: str = field(default="", compare=False)

    def refreshable(self, now: float) -> bool:
        """Whether there is all that a refresh needs, and the registration is still good."""
        until = self.registration_expires_at
        return bool(self.refresh_token and self.client_id and self.client_secret and until and until > now)

    def to_json(self) -> str:
        """The file's content; what is unknown is left out."""
        fields = {
            "startUrl": self.start_url,
            "region": self.region,
            "accessToken": self.access_token,
            "expiresAt": tokens.iso(self.expires_at),
            "clientId": self.client_id,
            "clientSecret": self.client_secret,
            "registrationExpiresAt": tokens.iso(self.registration_expires_at),
            "refreshToken": self.refresh_token,
        }
        return json.dumps({name: value for name, value in fields.items() if value})


@dataclass(frozen=True)
class Registration:
    """An OIDC client that AWS made for us. ``expires_at`` is epoch seconds, UTC."""

    client_id: str
    client_secret: str = field(repr=False)
    expires_at: int
    scopes: tuple[str, ...] = ()
    grant_types: tuple[str, ...] = ()

    @property
    def for_code(self) -> bool:
        """Whether it is for the authorization code (PKCE); the device code needs one that is not."""
        return "authorization_code" in self.grant_types

    def to_json(self) -> str:
        """The file's content."""
        fields: dict[str, Any] = {
            "clientId": self.client_id,
            "clientSecret": self.client_secret,
            "expiresAt": tokens.iso(self.expires_at),
            "scopes": list(self.scopes),
            "grantTypes": list(self.grant_types),
        }
        return json.dumps({name: value for name, value in fields.items() if value})


def read_token(path: str) -> Token | None:
    """The token at ``path``; None where there is none, or a torn one."""
    found = read_json(path)
    expires_at = tokens.epoch(found.get("expiresAt"))
    access_token = _text(found, "accessToken")
    if expires_at is None or not access_token:
        return None
    return Token(
        _text(found, "startUrl"),
        _text(found, "region"),
        access_token,
        expires_at,
        _text(found, "clientId"),
        _text(found, "clientSecret"),
        tokens.epoch(found.get("registrationExpiresAt")),
        _text(found, "refreshToken"),
    )


def write_token(path: str, token: Token) -> None:
    """Make ``token`` the one at ``path``. The caller holds the lock. Raises AwsctxError."""
    _write(path, token.to_json())
    trace.tell("token written", path)


def remove(path: str) -> bool:
    """Remove a file of the cache; False where there was none. Raises AwsctxError."""
    try:
        Path(path).unlink()
    except FileNotFoundError:
        return False
    except OSError as e:
        raise AwsctxError(f"could not remove {paths.short(path)}: {e.strerror}", "remove it by hand") from None
    return True


def stray_tokens() -> dict[str, str]:
    """{path: what it is} of every token in the cache, whether the config still knows its session or not."""
    found = {}
    for path in Path(tokens.token_path("")).parent.glob("*.json"):
        token = read_token(str(path))
        if token:
            found[str(path)] = visible(token.start_url) or "a session that the config does not know"
    return found


def registration_path(session: Session) -> str:
    """Where the registration for a session is kept."""
    key = {
        "tool": "botocore",
        "startUrl": session.start_url,
        "region": session.region,
        "scopes": session.scopes,
        "session_name": None if session.inline else session.name,
    }
    digest = hashlib.sha1(json.dumps(key, sort_keys=True).encode(), usedforsecurity=False).hexdigest()
    return str(Path(session.token_path).with_name(digest + ".json"))


def read_registration(session: Session, *, for_code: bool, now: float) -> Registration | None:
    """The registration for a session, if it is good for that flow and for some time to come."""
    found = read_json(registration_path(session))
    expires_at = tokens.epoch(found.get("expiresAt"))
    client_id, client_secret = _text(found, "clientId"), _text(found, "clientSecret")
    if expires_at is None or expires_at - now < _REGISTRATION_WINDOW or not client_id or not client_secret:
        return None
    registration = Registration(client_id, client_secret, expires_at, _texts(found, "scopes"), _texts(found, "grantTypes"))
    return registration if registration.for_code == for_code else None


def write_registration(session: Session, registration: Registration) -> None:
    """Keep a registration for the next sign-in. The caller holds the lock. Raises AwsctxError."""
    _write(registration_path(session), registration.to_json())


@dataclass(frozen=True)
class Failure:
    """Why an attempt at a sign-in failed, for the processes that waited for it. ``at`` is epoch seconds; ``attempt`` says what
    was tried."""

    at: float
    attempt: str
    message: str
    hints: tuple[str, ...]


def read_failure(path: str) -> Failure | None:
    """How the last attempt failed that is noted at ``path``; None where it succeeded."""
    found = read_json(path + _FAILED, own=True)
    at = found.get("at")
    if not isinstance(at, (int, float)):
        return None
    return Failure(at, _text(found, "attempt"), _text(found, "message"), _texts(found, "hints"))


def write_failure(path: str, failure: Failure | None) -> None:
    """Keep ``failure`` at ``path``; None removes it. The caller holds the lock. A failure that cannot be
    written is lost without a word."""
    with suppress(AwsctxError):
        if failure:
            _write(path + _FAILED, json.dumps(asdict(failure)), own=True)
        else:
            remove(path + _FAILED)


@contextmanager
def locked(path: str, *, seconds: float, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock that belongs to the token at ``path``. Where another process has it, ``waiting`` is called once. Raises
    Busy where the lock is not free within ``seconds``, AwsctxError where its file cannot be made."""
    with ExitStack() as stack:
        try:
            files.make_folder(os.path.dirname(path))
            stack.enter_context(lock.held(path + ".lock", seconds=seconds, waiting=waiting))
        except lock.Timeout:
            raise Busy(
                f"another awsctx has been signing in here for {seconds:.0f} seconds",
                "finish that, or end it, and try again",
            ) from None
        except OSError as e:
            raise _not_writable(path, e) from None
        yield


def read_json(path: str, *, own: bool = False) -> dict[str, Any]:
    """The JSON object at ``path``; empty where there is none."""
    try:
        found = json.loads(files.read(path, own=own).decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def check_replaceable(path: str) -> None:
    """Raise AwsctxError where what is at ``path`` is no file: a folder, say, or a FIFO."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise AwsctxError(f"could not write the sign-in to {paths.short(path)}: it is no regular file", "remove it by hand")


def _write(path: str, text: str, *, own: bool = False) -> None:
    """Make ``text`` the content of the file at ``path``, which is 0600 then, whatever it was."""
    check_replaceable(path)
    try:
        files.make_folder(os.path.dirname(path))
        files.replace(path, text.encode("utf-8"), private=True, own=own)
    except OSError as e:
        raise _not_writable(path, e) from None


def _not_writable(path: str, error: OSError) -> AwsctxError:
    folder = paths.short(str(Path(path).parent))
    return AwsctxError(
        f"could not write the sign-in to {folder}: {error.strerror or error}",
        "it is the AWS CLI's folder for sign-ins: make it a folder that you can write to",
    )


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key, "")
    return value if isinstance(value, str) else ""


def _texts(found: dict[str, Any], key: str) -> tuple[str, ...]:
    value = found.get(key)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
