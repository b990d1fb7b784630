"""Checks of the sign-ins: the token files that awsctx shares with the AWS CLI and every SDK."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from awsctx.aws import sessions
from awsctx.core import credentials
from awsctx.core.text import visible
from awsctx.doctor.finding import INFO, WARNING, Finding, Findings
from awsctx.doctor.subject import Subject
from awsctx.errors import AwsctxError
from awsctx.signin import aws_login, tokens
from awsctx.store import files

# The name of a file of `aws login`.
_SHA256 = re.compile("[0-9a-f]{64}")


def torn(subject: Subject) -> Findings:
    """token-torn: a token file in the cache is damaged."""
    owners = _owners(subject)
    for path in sorted({*_cached(subject, "sso"), *owners}):
        session = owners.get(path)
        sign_in = tokens.sign_in(path, subject.world.now)
        if sign_in.torn and session is not None:
            what = f"the sign-in of {visible(session)} is not whole: aws calls with its profiles fail"
            yield Finding("token-torn", WARNING, path, what, **subject.command("awsctx login", session))
        elif sign_in.torn and not _is_json(path):  # an intact file without a token is a registration
            what = "the file is not whole: nothing can use it"
            yield Finding("token-torn", WARNING, path, what, f"rm {subject.quoted(path)}")


def torn_keys(subject: Subject) -> Findings:
    """token-torn: a cached file of the AWS CLI's role credentials, or of `aws login`, is damaged."""
    for cache in ("cli", "login"):
        for path in _cached(subject, cache):
            if not _is_json(path):
                what = "the file is not whole: aws calls that need it fail"
                yield Finding("token-torn", WARNING, path, what, f"rm {subject.quoted(path)}")


def ended(subject: Subject) -> Findings:
    """token-expired: a sign-in has ended and cannot be refreshed. For a session that is not in force that is only an
    `info`."""
    mine = _in_force(subject)
    for path, session in _owners(subject).items():
        sign_in = tokens.sign_in(path, subject.world.now)
        if sign_in.status != tokens.EXPIRED:
            continue
        end = tokens.iso(sign_in.expires_at)
        what = f"the sign-in of {visible(session)} ended at {end}: aws calls with its profiles fail"
        severity = WARNING if path == mine else INFO
        yield Finding("token-expired", severity, path, what, **subject.command("awsctx login", session))


def missing(subject: Subject) -> Findings:
    """token-missing: there is no sign-in to the session in force yet."""
    path = _in_force(subject)
    session = _owners(subject).get(path)  # it has no owner where aws refuses the file
    if session and not os.path.exists(path):
        what = f"nobody has signed in to {visible(session)} yet: aws calls with {visible(subject.profile)} fail"
        yield Finding("token-missing", INFO, path, what, **subject.command("awsctx login", session))


def by_aws_login(subject: Subject) -> Findings:
    """token-missing, token-expired: the profile in force needs a sign-in by `aws login`."""
    profile = sessions.login_profile(subject.world, subject.profile) if subject.profile else ""
    if not profile:
        return
    path = aws_login.token_path(str(subject.profiles[profile]["login_session"]), subject.environ)
    status, cure = aws_login.sign_in(path, subject.world.now).status, subject.command("awsctx login", profile)
    if status == tokens.NONE:
        what = f"nobody has signed in to {visible(profile)} by aws login yet: aws calls with {visible(subject.profile)} fail"
        yield Finding("token-missing", INFO, path, what, **cure)
    elif status == tokens.EXPIRED:
        what = f"the sign-in to {visible(profile)} by aws login has ended: aws calls with {visible(subject.profile)} fail"
        yield Finding("token-expired", WARNING, path, what, **cure)


def login_race(subject: Subject) -> Findings:
    """login-race: several tools may refresh the keys of `aws login` at once (aws-cli#10628)."""
    users = [name for name in subject.profiles if subject.method(name) == credentials.LOGIN]
    if users:
        shown = ", ".join(map(visible, users[:3])) + (", …" if len(users) > 3 else "")
        what = (
            f"keys by aws login ({shown}) last 15 minutes, and tools that refresh them at the same moment can end the "
            "sign-in for all: start the many once one has run"
        )
        yield Finding(
            "login-race", INFO, subject.where(users[0], "login_session"), what, **subject.command("awsctx login", users[0])
        )


def modes(subject: Subject) -> Findings:
    """token-mode: other users can read a token file, or keys made from a sign-in."""
    for cache in ("sso", "cli", "login"):
        for path in _cached(subject, cache):
            if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
                what = "other users of this machine can read this sign-in, and use it"
                yield Finding("token-mode", WARNING, path, what, f"chmod 600 {subject.quoted(path)}")


def _in_force(subject: Subject) -> str:
    """The token file of the profile in force, or of its source_profile; empty where neither signs in."""
    try:
        session = sessions.find_for_profile(subject.world, subject.profile) if subject.profile else None
    except AwsctxError:  # profiles.py reports what is wrong with it
        return ""
    return session.token_path if session else ""


def _owners(subject: Subject) -> dict[str, str]:
    """{token file: the name of its session, or its start URL in the old inline form}."""
    owners = {tokens.token_path(name): name for name in subject.sessions}
    for values in subject.profiles.values():
        path = tokens.path_for_profile(values)
        if path:
            owners.setdefault(path, str(values.get("sso_session") or values.get("sso_start_url")))
    return owners


def _cached(subject: Subject, cache: str) -> Iterator[str]:
    """The files of that cache: `sso`, `cli` (role credentials), `login` (of `aws login`, in the folder that the environment
    names)."""
    folder = usual = Path.home() / ".aws" / cache / "cache"
    if cache == "login":
        folder = Path(aws_login.folder(subject.environ))
    try:
        found = sorted(str(path) for path in folder.iterdir() if path.suffix == ".json" and path.is_file())
    except OSError:
        return
    if folder != usual:  # it may hold files of anybody's
        found = [path for path in found if _SHA256.fullmatch(Path(path).stem)]
    granted = None if subject.world.lock is None else _owners(subject)
    yield from (path for path in found if granted is None or path in granted)


def _is_json(path: str) -> bool:
    from json import loads

    try:
        return isinstance(loads(files.read(path).decode()), dict)
    except (OSError, ValueError, RecursionError):
        return False
