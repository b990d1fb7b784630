"""Checks of profiles that botocore and the AWS CLI understand otherwise than AWS SDK for JavaScript v3. What the SDKs make
of variables is checked in `environment`."""

from collections.abc import Container
from itertools import chain, count

from awsctx.core import credentials, javascript
from awsctx.core.text import visible, without_accents
from awsctx.doctor.finding import INFO, Finding, Findings
from awsctx.doctor.subject import JAVASCRIPT, Subject

_KINDS = {
    credentials.SSO: "its sign-in",
    credentials.PROCESS: "its credential_process",
    credentials.LOGIN: "its sign-in by aws login",
    credentials.WEB_IDENTITY: "its web identity",
    credentials.ASSUME_ROLE: "its role",
    credentials.CONFIG: "its keys",
    credentials.SHARED: "its keys",
}
# The key in a profile by which the JavaScript SDK makes each choice.
_KEYS = {
    credentials.CONFIG: "aws_access_key_id",
    credentials.PROCESS: "credential_process",
    credentials.SSO: "sso_session",
    credentials.WEB_IDENTITY: "web_identity_token_file",
}


def orders(subject: Subject) -> Findings:
    """sdks-differ: a profile has two kinds of credentials, and the SDKs take different ones."""
    for name, values in subject.profiles.items():
        first, other = _KINDS.get(subject.method(name)), javascript.method(values)
        unused = other == credentials.CONFIG and subject.method(name) in (credentials.SSO, credentials.WEB_IDENTITY)
        if first and _KINDS.get(other, first) != first and not unused:  # keys-unused reports those
            what = f"aws takes {first} of {visible(name)}, {JAVASCRIPT} {_KINDS[other]}"
            where = subject.where(name, _KEYS.get(other, ""))
            yield Finding("sdks-differ", INFO, where, what, advice="keep one of the two")


def names(subject: Subject) -> Findings:
    """sdk-name: AWS SDK for JavaScript v3 does not find a profile of that name."""
    for name in subject.profiles:
        file, line = subject.where(name).rpartition(":")[::2]
        if file == subject.config.path and line and not javascript.finds(name):
            what = f"{JAVASCRIPT} does not find {visible(name)}: to it a name has letters, digits and _ - @ + . % : / alone"
            new = subject.quoted(_plain(name, subject.profiles))
            yield Finding("sdk-name", INFO, f"{file}:{line}", what, **subject.command("awsctx rename", name, f" {new}"))


def _plain(name: str, taken: Container[str]) -> str:
    """A name for the profile that is found and is not ``taken``."""
    letters = "".join(letter if javascript.finds(letter) else "-" for letter in without_accents(name))
    plain = letters.strip("-") or "profile"
    return next(free for free in chain([plain], (f"{plain}-{number}" for number in count(2))) if free not in taken)
