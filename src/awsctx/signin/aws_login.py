"""Sign-ins by `aws login` (AWS CLI 2.32 and later), of profiles with a `login_session`. The AWS CLI makes them; it and the SDKs
refresh their keys every 15 minutes, for 12 hours at most. awsctx runs it, one at a time per profile, and reads how they stand.

A sign-in's file is `~/.aws/login/cache/<sha256 of login_session>.json` (AWS_LOGIN_CACHE_DIRECTORY names another folder):
`accessToken` with `expiresAt`, `refreshToken`, and `idToken`, whose `iat` is when the user signed in.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from awsctx import trace
from awsctx.core import environ as env
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.signin import tokens
from awsctx.signin.service import NoAnswer

_NEEDS = "it takes the AWS CLI, 2.32 or later"
# How an AWS CLI ends that does not know the subcommand: version 2, and version 1.
_UNKNOWN = (252, 2)
_LONGEST = 12 * 3600  # seconds that a sign-in lasts


def folder(environ: Mapping[str, str]) -> str:
    """The folder in which the AWS tools keep these sign-ins: botocore's get_login_token_cache_directory."""
    given = environ.get("AWS_LOGIN_CACHE_DIRECTORY", os.path.join("~", ".aws", "login", "cache"))
    return os.path.abspath(os.path.expanduser(os.path.expandvars(given)))


def token_path(login_session: str, environ: Mapping[str, str]) -> str:
    """Where the AWS tools keep the sign-in of that name."""
    from hashlib import sha256

    return os.path.join(folder(environ), sha256(login_session.encode("utf-8", "surrogateescape")).hexdigest() + ".json")


def sign_in(path: str, now: float) -> tokens.SignIn:
    """The state at ``now`` (epoch seconds) of the sign-in in the file at ``path``. Never raises."""
    found = tokens.read(path)
    if found is None:
        return tokens.SignIn(tokens.NONE, torn=os.path.exists(path))
    keys = found.get("accessToken")
    expires_at = tokens.epoch(keys.get("expiresAt")) if isinstance(keys, dict) else None
    if expires_at is None:
        return tokens.SignIn(tokens.NONE, torn=True)
    began = _began(found.get("idToken"))
    until = began + _LONGEST if began is not None else None
    if expires_at > now:
        status = tokens.VALID
    elif found.get("refreshToken") and (until is None or until > now):
        status = tokens.REFRESHABLE
    else:
        status = tokens.EXPIRED
    return tokens.SignIn(status, expires_at, until)


def _began(id_token: Any) -> int | None:
    """When a user signed in, by the claims of an id token (RFC 7519); None where it does not say."""
    from base64 import urlsafe_b64decode
    from json import loads

    try:
        claims = id_token.split(".")[1]
        began = loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iat"]
        return int(began)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError):
        return None


def run(
    profile: str, environ: Mapping[str, str], *, remote: bool, open_browser: bool, seconds: float | None, again: str
) -> None:
    """Have `aws login` sign in to ``profile``; what it says goes to stderr. ``remote``: by a code that the user brings back
    from a browser elsewhere. ``again`` is what to type to try again. Raises NoAnswer after ``seconds``, AwsctxError
    where it fails."""
    import shutil
    import subprocess

    program = shutil.which("aws", path=environ.get("PATH"))
    if program is None:
        raise AwsctxError(f"'{visible(profile)}' signs in by `aws login`, and there is no aws on the PATH", _NEEDS)
    named = [f"--profile={profile}"] if profile[:1] == "-" else ["--profile", profile]
    command = [program, "login", *named, *(["--remote"] if remote else [])]
    own = {name: value for name, value in environ.items() if name not in env.OF_ONE_CALL}
    if not open_browser:
        own["BROWSER"] = "true"  # a browser that does nothing: aws has shown the address
    trace.tell("running", " ".join(command[1:]))
    try:
        status = subprocess.run(command, env=own, stdout=2, check=False, timeout=seconds).returncode  # noqa: S603
    except OSError as e:
        raise AwsctxError(f"could not run {program}: {e.strerror}") from None
    except subprocess.TimeoutExpired:
        raise NoAnswer(
            f"nobody signed in to '{visible(profile)}' in time", "aws login has been ended", f"to try again: {again}"
        ) from None
    if status:
        raise AwsctxError(
            f"`aws login` did not sign in to '{visible(profile)}' (status {status})",
            _NEEDS if status in _UNKNOWN else f"to try again: {again}",
        )
