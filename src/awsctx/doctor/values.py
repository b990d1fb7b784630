"""Checks of values that botocore accepts, but that fail later: a region, an output format, a program."""

import os
import shlex

from awsctx.awsfiles import grammar
from awsctx.awsfiles.grammar import text_of
from awsctx.core.outputs import OUTPUTS
from awsctx.core.regions import REGIONS, is_like_one
from awsctx.core.text import near, visible
from awsctx.doctor.finding import INFO, WARNING, Finding, Findings
from awsctx.doctor.subject import Subject


def regions(subject: Subject) -> Findings:
    """region-unknown: the region of a profile or a session does not exist; an `info` where AWS may have it by now."""
    for kind, key, owners in (
        (grammar.PROFILE, "region", subject.profiles),
        (grammar.PROFILE, "sso_region", subject.profiles),
        (grammar.SESSION, "sso_region", subject.sessions),
    ):
        for name, values in owners.items():
            region = text_of(values, key)
            # Other checks report a value that is not one word, or not UTF-8.
            if not region or region in REGIONS or len(region.split()) > 1 or not region.isprintable():
                continue
            known = is_like_one(region)
            what = f"{key} of {visible(name)}, {visible(region)}, is {'new to awsctx' if known else 'not a region'}"
            what += "" if known else ": aws calls with it find no service"
            close = near(region, list(REGIONS))[:1]
            fix = f"write: {key} = {close[0] if close else 'eu-west-1'}"
            yield Finding("region-unknown", INFO if known else WARNING, subject.where(name, key, kind=kind), what, advice=fix)


def region_variables(subject: Subject) -> Findings:
    """region-unknown: a variable names a region that does not exist."""
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        region = subject.environ.get(variable, "")
        if region and region not in REGIONS:
            known = is_like_one(region)
            what = f"{variable}, {visible(region)}, is {'new to awsctx' if known else 'not a region'}"
            what += "" if known else ": aws calls with it find no service"
            yield Finding("region-unknown", INFO if known else WARNING, variable, what, subject.unset(variable))


def outputs(subject: Subject) -> Findings:
    """output-unknown: the AWS CLI does not know the output format."""
    for name, values in subject.profiles.items():
        output = text_of(values, "output")
        if output and output not in OUTPUTS:
            what = f"the output of {visible(name)}, {visible(output)}, is none that aws knows: aws calls with it fail"
            yield Finding(
                "output-unknown", WARNING, subject.where(name, "output"), what, advice=f"write one of: {', '.join(OUTPUTS)}"
            )


def programs(subject: Subject) -> Findings:
    """process-missing: the program of a credential_process does not exist."""
    for name, values in subject.profiles.items():
        program = _program(text_of(values, "credential_process"))
        if program and subject.which(program) is None:
            there = "may not be run" if os.path.isfile(program) else "is not there"
            what = f"the credential_process of {visible(name)} runs {visible(program)}, which {there}: aws calls with it fail"
            fix = "install it, or name it by its whole path"
            yield Finding("process-missing", WARNING, subject.where(name, "credential_process"), what, advice=fix)


def _program(command: str) -> str:
    """The first word of the command; empty where botocore could not split it."""
    try:
        return next(iter(shlex.split(command)), "")
    except ValueError:
        return ""
