"""Sign-in tokens in the AWS CLI's own cache, read: `~/.aws/sso/cache/<sha1>.json` (awsctx(1), SIGNING IN).

The file's name is the SHA-1 of the session's name, or of the start URL for the old inline form. Times are
`YYYY-MM-DDTHH:MM:SSZ`, some writers add fractions or write another offset (botocore reads them with dateutil).

Hot path: `prompt` reads a token, so nothing here imports json, hashlib, datetime or re.
"""

import os

from awsctx import trace
from awsctx.core.facts import EXPIRED, NONE, REFRESHABLE, VALID, SignIn
from awsctx.store import files

__all__ = [
    "EXPIRED",
    "NONE",
    "REFRESHABLE",
    "REFRESH_WINDOW",
    "VALID",
    "SignIn",
    "epoch",
    "iso",
    "label",
    "path_for_profile",
    "read",
    "sign_in",
    "token_path",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# A token that ends within this (seconds) is refreshed, if it can be, as the AWS tools do.
REFRESH_WINDOW = 15 * 60


def token_path(session_or_url: str) -> str:
    """Where the token of a session (by its name), or of an old inline profile (by its start URL), is kept."""
    try:
        from _sha1 import sha1  # what hashlib wraps, without its 4 ms
    except ImportError:
        from hashlib import sha1
    digest = sha1(session_or_url.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
    return os.path.join(os.path.expanduser("~"), ".aws", "sso", "cache", digest + ".json")


def path_for_profile(values: "dict[str, Any]") -> str:
    """The token file of a profile with these values; empty where it is no SSO profile."""
    if "sso_account_id" not in values and "sso_role_name" not in values:
        return ""
    key = values.get("sso_session") or values.get("sso_start_url")
    return token_path(key) if isinstance(key, str) else ""


def sign_in(path: str, now: float) -> SignIn:
    """The state at ``now`` (epoch seconds) of the sign-in whose token is at ``path``. Never raises."""
    token = read(path)
    if token is None:
        return SignIn(NONE, torn=os.path.exists(path))
    expires_at = epoch(token.get("expiresAt"))
    access_token = token.get("accessToken")
    if expires_at is None or not isinstance(access_token, str) or not access_token:
        return SignIn(NONE, torn=True)
    until = epoch(token.get("registrationExpiresAt")) if token.get("refreshToken") else None
    if expires_at > now:
        status = VALID
    elif until is not None and until > now:
        status = REFRESHABLE
    else:
        status = EXPIRED
    return SignIn(status, expires_at, until)


def read(path: str) -> "dict[str, Any] | None":
    """The JSON object in the file at ``path``; None where there is none."""
    try:
        data = files.read(path)
    except OSError:
        trace.tell("no token", path)
        return None
    trace.tell("token", path)
    try:
        token = _json(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return token if isinstance(token, dict) else None


def _json(text: str) -> object:
    """``text`` as JSON, by the scanner that json itself uses: importing json would cost half an interpreter start.
    Whatever the bare scanner stumbles over, json decides. Raises ValueError."""
    try:
        from _json import make_scanner

        start = len(text) - len(text.lstrip(" \t\n\r"))
        value, end = make_scanner(_ScannerOptions)(text, start)  # type: ignore[arg-type]
        if not text[end:].strip(" \t\n\r"):
            return value
    except (ImportError, StopIteration, ValueError, AttributeError, SystemError):
        pass  # SystemError: on a syntax error the scanner looks for json.decoder, which is not loaded
    from json import loads

    return loads(text)


class _ScannerOptions:
    """What json.JSONDecoder hands to its scanner."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    array_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo: "dict[str, str]" = {}  # noqa: RUF012  (the scanner's own scratch space)


def epoch(text: object) -> int | None:
    """A token's time in epoch seconds: ISO 8601, with or without fractions; `Z`, `UTC`, an offset or nothing (UTC) behind.
    None for anything else."""
    if not isinstance(text, str) or len(text) < 19 or not text.isascii():
        return None
    try:
        year, month, day = int(text[0:4]), int(text[5:7]), int(text[8:10])
        hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
        offset = _offset(text[19:])
    except ValueError:
        return None
    if text[4] + text[7] + text[13] + text[16] != "--::" or text[10] not in "Tt ":
        return None
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61):
        return None
    return _days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset


def _offset(rest: str) -> int:
    """The seconds east of UTC that the end of a time stands for. Raises ValueError."""
    if rest[:1] in (".", ","):
        rest = rest[1:].lstrip("0123456789")
    if rest in ("", "Z", "z", "UTC", " UTC"):
        return 0
    sign, digits = rest[0], rest[1:].replace(":", "")
    if sign not in "+-" or len(digits) != 4:
        raise ValueError(rest)
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return seconds if sign == "+" else -seconds


def _days(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a date of the Gregorian calendar (years begin in March, so that leap days end them)."""
    if month < 3:
        year, month = year - 1, month + 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719469


def iso(seconds: float | None) -> str | None:
    """Epoch seconds as `YYYY-MM-DDTHH:MM:SSZ`; None stays None."""
    if seconds is None:
        return None
    import time

    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def label(described: "Mapping[str, Any]", now: float) -> str:
    """How the sign-in stands of a profile or a session, as JSON describes it: `valid 3h12m`, `expired`; empty where it has
    none."""
    from awsctx.core.text import duration

    status: str = described["sign_in"] or ""
    return f"{VALID} {duration((epoch(described['expires_at']) or 0) - now)}" if status == VALID else status
