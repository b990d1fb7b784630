"""Checks of the folders' pins, from the folder of the call upwards."""

from awsctx.core.text import visible
from awsctx.doctor.finding import ERROR, WARNING, Finding, Findings
from awsctx.doctor.subject import Subject
from awsctx.store import pins


def not_counted(subject: Subject) -> Findings:
    """pin-not-allowed, pin-guarded, pin-of-another-user, pin-unreadable: a pin from here upwards does not count."""
    for found in subject.world.pins:
        where, what = visible(found.path), found.clause
        if found.kind == pins.NOT_ALLOWED:
            yield Finding("pin-not-allowed", WARNING, where, what, "awsctx allow")
        elif found.kind == pins.GUARDED:
            yield Finding(
                "pin-guarded", WARNING, where, what, advice="awsctx pin NAME, there, with a profile that is not guarded"
            )
        elif found.kind == pins.OF_ANOTHER_USER:
            yield Finding("pin-of-another-user", WARNING, where, what, advice="awsctx pin NAME, in a folder of yours")
        elif found.kind:
            fix = f"mv {subject.quoted(found.path)} {subject.quoted(f'{found.path}.old')}"
            yield Finding("pin-unreadable", WARNING, where, what, fix)


def unknown_profile(subject: Subject) -> Findings:
    """pin-unknown-profile: the folder's pin names a profile that does not exist; every call there fails."""
    for found in subject.world.pins:
        if not found.kind and found.why:
            what = f"{found.why}: calls in its folder fail"
            yield Finding(
                "pin-unknown-profile", ERROR, visible(found.path), what, advice="awsctx pin NAME, there, or awsctx pin -u"
            )
