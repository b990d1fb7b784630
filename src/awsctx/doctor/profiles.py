"""Checks of the values in the AWS files: profiles and sessions that botocore would refuse, or understand otherwise than
they are meant."""

import os

from awsctx.awsfiles import grammar
from awsctx.core import credentials
from awsctx.core.regions import REGIONS
from awsctx.core.text import near, visible
from awsctx.doctor.finding import ERROR, INFO, WARNING, Finding, Findings
from awsctx.doctor.subject import JAVASCRIPT, Subject
from awsctx.profiles import kubeconfig

_SSO_PROFILE = ("sso_account_id", "sso_role_name")
_SSO_SESSION = ("sso_start_url", "sso_region")
_FAIL = "aws calls with it fail"
_OTHER = "name a profile that has credentials of its own"
_SOURCES = ("Environment", "EcsContainer", "Ec2InstanceMetadata")


def none(subject: Subject) -> Findings:
    """no-profile: neither file has a profile."""
    if not subject.profiles and not (subject.config.unreadable or subject.credentials.unreadable):
        what = "there is no profile at all: aws has nothing to go by but what variables hold"
        yield Finding("no-profile", WARNING if subject.person else INFO, subject.config.path, what, "awsctx setup")


def sso_sessions(subject: Subject) -> Findings:
    """session-incomplete: an sso-session needs a start URL and a region."""
    for name, values in subject.sessions.items():
        missing = [key for key in _SSO_SESSION if key not in values]
        if missing:
            what = f"the session {visible(name)} has no {' and no '.join(missing)}: no profile of it can be used"
            where = subject.where(name, kind=grammar.SESSION)
            yield Finding("session-incomplete", ERROR, where, what, advice=f"write below it: {missing[0]} = ...")


def sso_session_names(subject: Subject) -> Findings:
    """session-unknown: a profile names an sso-session that does not exist."""
    for name, values in subject.profiles.items():
        session = values.get("sso_session")
        if isinstance(session, str) and session not in subject.sessions:
            close = near(session, list(subject.sessions))
            what = f"{visible(name)} names the session '{visible(session)}', which does not exist: {_FAIL}"
            fix = f"add a section: [sso-session {visible(session)}]"
            if close:
                fix = f"write: sso_session = {visible(close[0])}"
            yield Finding("session-unknown", ERROR, subject.where(name, "sso_session"), what, advice=fix)


def sso_profiles(subject: Subject) -> Findings:
    """sso-incomplete: an SSO profile lacks account or role, or (inline or in its session) start URL or region."""
    for name, values in subject.profiles.items():
        session = values.get("sso_session")
        if session is not None and session not in subject.sessions:
            continue  # session-unknown reports it
        known = {**values, **subject.sessions.get(str(session), {})}
        missing = [key for key in _SSO_PROFILE if key not in known]
        if not any(key in values for key in _SSO_PROFILE):
            if "sso_session" in values or "sso_start_url" in values:
                what = f"{visible(name)} has a sign-in, but neither account nor role: it gives no credentials"
                fix = "write below it: sso_account_id = ... and sso_role_name = ..."
                yield Finding("sso-incomplete", INFO, subject.where(name), what, advice=fix)
            continue
        if session is None:  # session-incomplete reports a session that lacks something
            missing += [key for key in _SSO_SESSION if key not in known]
        if missing:
            what = f"{visible(name)} has no {' and no '.join(missing)}: {_FAIL}"
            yield Finding("sso-incomplete", ERROR, subject.where(name), what, advice=f"write below it: {missing[0]} = ...")


def sso_agreement(subject: Subject) -> Findings:
    """sso-disagrees: a value in the profile differs from that in its session. botocore demands that they are the same."""
    for name, values in subject.profiles.items():
        if not any(key in values for key in _SSO_PROFILE):
            continue
        for key, value in subject.sessions.get(str(values.get("sso_session")), {}).items():
            if values.get(key, value) != value:
                what = f"{key} of {visible(name)} is not the one of its session {visible(str(values['sso_session']))}"
                fix = f"remove the line, or write: {key} = {visible(str(value))}"
                yield Finding("sso-disagrees", ERROR, subject.where(name, key), f"{what}: {_FAIL}", advice=fix)


def kubeconfig_profiles(subject: Subject) -> Findings:
    """kubeconfig-profile: a kubeconfig file names a profile that does not exist, so kubectl gets no token for that user."""
    for place in kubeconfig.places(subject.environ):
        if place.profile not in subject.profiles:
            name = visible(place.profile)
            who = f"{place.by} of the user {visible(place.user)}"
            what = f"{who} names the profile {name}, which does not exist: kubectl with it fails"
            where = f"{os.path.abspath(place.path)}:{place.line}"
            yield Finding("kubeconfig-profile", WARNING, where, what, advice="name a profile that exists there: awsctx list")


def account_ids(subject: Subject) -> Findings:
    """account-id: an AWS account's id has 12 digits."""
    for name, values in subject.profiles.items():
        arn = str(values.get("role_arn", "")).split(":", 5)
        for key, prefix, account in (
            ("sso_account_id", "", values.get("sso_account_id")),
            ("role_arn", ":".join(arn[:4]) + ":", arn[4] if len(arn) == 6 else None),
        ):
            text = account if isinstance(account, str) else "a block"
            if account is not None and not (len(text) == 12 and text.isascii() and text.isdecimal()):
                what = f"the account id of {visible(name)}, {visible(text)}, is not 12 digits: AWS knows no such account"
                right = f"{prefix}............{':' + arn[5] if prefix else ''}"
                fix = f"write its 12 digits: {key} = {visible(right)}"
                yield Finding("account-id", WARNING, subject.where(name, key), what, advice=fix)


def like_contexts(subject: Subject) -> Findings:
    """profile-like-context: the name of a profile looks like another profile with a region."""
    for name in subject.profiles:
        profile, _, region = name.rpartition("@")
        values = subject.profiles.get(profile)
        if values is not None and (region in REGIONS or (region and region == values.get("region"))):
            what = f"the profile {visible(name)} and {visible(profile)} in {visible(region)} look alike in a prompt"
            cure = subject.command("rename the profile: awsctx rename", name, " NEW")
            yield Finding("profile-like-context", WARNING, subject.where(name), what, advice=next(iter(cure.values())))


def half_keys(subject: Subject) -> Findings:
    """keys-incomplete: a section has an access key id without its secret key."""
    for name in subject.profiles:
        for part in subject.world.files.profile_parts(name):
            if "aws_access_key_id" in part and "aws_secret_access_key" not in part:
                fails = subject.method(name) == credentials.ERROR  # else the profile gets its credentials in another way
                what = f"{visible(name)} has aws_access_key_id and no aws_secret_access_key{': ' + _FAIL if fails else ''}"
                fix = "write below it: aws_secret_access_key = ..."
                where = subject.where(name, "aws_access_key_id")
                yield Finding("keys-incomplete", ERROR if fails else INFO, where, what, advice=fix)
                break


def unused_keys(subject: Subject) -> Findings:
    """keys-unused: a profile has keys, but its sign-in or role wins over them."""
    for name, values in subject.profiles.items():
        winner = subject.method(name)
        if winner in (credentials.SSO, credentials.WEB_IDENTITY) and "aws_access_key_id" in values:
            what = f"aws never uses the keys of {visible(name)}: its {winner} settings win"
            what += f"; {JAVASCRIPT} takes the keys" if "aws_secret_access_key" in values else ""
            fix = "remove the keys"
            yield Finding("keys-unused", INFO, subject.where(name, "aws_access_key_id"), what, advice=fix)


def role_sources(subject: Subject) -> Findings:
    """role-source: a profile that assumes a role needs either source_profile or credential_source."""
    for name, values in subject.profiles.items():
        if "role_arn" not in values or "web_identity_token_file" in values:
            continue
        source, named = values.get("source_profile"), values.get("credential_source")
        where = subject.where(name, "credential_source", "role_arn")
        if source is None and named is None:
            what = f"{visible(name)} assumes a role, but has neither source_profile nor credential_source: {_FAIL}"
            yield Finding("role-source", ERROR, where, what, advice="write below it: source_profile = ...")
        elif source is not None and named is not None:
            what = f"{visible(name)} has both source_profile and credential_source: {_FAIL}"
            yield Finding("role-source", ERROR, where, what, advice="remove one of the two lines")
        elif named is not None and named not in _SOURCES:
            what = f"{visible(name)} has a credential_source that aws does not know: {_FAIL}"
            yield Finding("role-source", ERROR, where, what, advice=f"write one of: {', '.join(_SOURCES)}")


def web_identities(subject: Subject) -> Findings:
    """role-missing: a profile has a web identity, but no role for it."""
    for name, values in subject.profiles.items():
        if values.get("web_identity_token_file") and not values.get("role_arn"):
            what = f"{visible(name)} has web_identity_token_file and no role_arn: {_FAIL}"
            where = subject.where(name, "web_identity_token_file")
            yield Finding("role-missing", ERROR, where, what, advice="write below it: role_arn = ...")


def source_profiles(subject: Subject) -> Findings:
    """source-unknown: source_profile names no profile; source-circular: it leads back to the profile; source-empty: the
    profile that it names has no credentials."""
    for name, values in subject.profiles.items():
        source = values.get("source_profile")
        if "role_arn" not in values or "web_identity_token_file" in values or not isinstance(source, str):
            continue
        where = subject.where(name, "source_profile")
        if source not in subject.profiles:
            close = near(source, list(subject.profiles))
            fix = f"write: source_profile = {visible(close[0])}" if close else "name a profile that there is"
            what = f"the source_profile of {visible(name)}, '{visible(source)}', does not exist: {_FAIL}"
            yield Finding("source-unknown", ERROR, where, what, advice=fix)
        elif (circle := _circle(subject, name)) is not None:
            if name == circle[-1]:  # report it once; other profiles only lead into it
                what = f"source_profile goes in a circle: {' -> '.join(map(visible, circle))}: aws calls with these fail"
                yield Finding("source-circular", ERROR, where, what, advice=_OTHER)
        elif _is_chain_end(subject, source) and subject.method(source) == credentials.NONE:
            what = f"the source_profile of {visible(name)}, {visible(source)}, has no credentials: {_FAIL}"
            yield Finding("source-empty", ERROR, where, what, advice=_OTHER)


def _circle(subject: Subject, start: str) -> list[str] | None:
    """The way from ``start`` along source_profile back to a profile that it has passed; None where it ends. It follows
    botocore: keys end the way, and a profile with keys may be its own source."""
    way, name = [start], start
    while "role_arn" in subject.profiles[name] and "web_identity_token_file" not in subject.profiles[name]:
        source = subject.profiles[name].get("source_profile")
        if not isinstance(source, str) or source not in subject.profiles:
            return None
        static = _has_keys(subject, source)
        if source in way:
            return None if source == name and static else [*way, source]
        if static:
            return None
        way.append(source)
        name = source
    return None


def _is_chain_end(subject: Subject, name: str) -> bool:
    values = subject.profiles[name]
    return _has_keys(subject, name) or "role_arn" not in values or "web_identity_token_file" in values


def _has_keys(subject: Subject, name: str) -> bool:
    return "aws_access_key_id" in subject.profiles[name] or "aws_secret_access_key" in subject.profiles[name]
