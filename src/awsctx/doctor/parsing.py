"""Checks of the form of the AWS files: all that makes botocore refuse a file, or silently ignore a part of it."""

import os
import shlex

from awsctx.awsfiles import grammar, names, read
from awsctx.awsfiles.document import Option, Section
from awsctx.core.text import visible
from awsctx.doctor.aws_file import AwsFile
from awsctx.doctor.finding import ERROR, WARNING, Finding, Findings
from awsctx.doctor.subject import Subject

# The fix for each kind of problem for which botocore refuses a file.
_FIXES = {
    read.ENCODING: "write the line again, in UTF-8",
    read.DUPLICATE_SECTION: "move what is below it up to the first one, and remove this line",
    read.DUPLICATE_KEY: "remove one of the two lines",
    read.NESTED_LINE: "write it as key = value, or begin it with #",
    read.STRAY_LINE: "write it as key = value, or begin it with #",
}

# Sections that are no profiles, but mean something to the AWS CLI; `DEFAULT` does to configparser.
_OTHER_SECTIONS = (grammar.DEFAULTS, "plugins", "preview")

# Keys whose value is one word. A blank or a line break in such a value is a mistake.
_WORDS = (
    *("region", "output", "sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"),
    *("role_arn", "source_profile", "credential_source", "web_identity_token_file"),
    *("aws_access_key_id", "aws_secret_access_key", "aws_session_token"),
)


def readable(subject: Subject) -> Findings:
    """file-unreadable: botocore silently skips a file that it may not read, so all profiles in it are missing."""
    for file in (subject.config, subject.credentials):
        if file.unreadable:
            what = f"it could not be read ({file.unreadable}): aws sees none of its profiles"
            variable = "AWS_CONFIG_FILE" if file is subject.config else "AWS_SHARED_CREDENTIALS_FILE"
            other = f"make it a file, or name another in {variable}"
            if os.path.isdir(file.path):
                yield Finding("file-unreadable", ERROR, file.path, what, advice=other)
            else:
                yield Finding("file-unreadable", ERROR, file.path, what, f"chmod u+r {subject.quoted(file.path)}")


def refused(subject: Subject) -> Findings:
    """file-encoding, duplicate-section, duplicate-key, nested-line, stray-line: botocore refuses the file."""
    for file in (subject.config, subject.credentials):
        for problem in read.problems(names.read_bytes(file.path)):
            what = f"{visible(problem.what)}: botocore refuses the whole file, and every aws call fails"
            yield Finding(problem.kind, ERROR, file.at(problem.line), what, advice=problem.fix or _FIXES[problem.kind])


def swallowed_lines(subject: Subject) -> Findings:
    """swallowed-line: an indented line is a part of the value above it."""
    for file in (subject.config, subject.credentials):
        for option in _options(file):
            if option.value and option.more and option.key in _WORDS:
                line = option.more[0][0]
                what = f"the line is indented: it belongs to the value of {option.key} in line {option.line}"
                yield Finding("swallowed-line", WARNING, file.at(line), what, advice="remove the blanks before it")


def comments_in_values(subject: Subject) -> Findings:
    """comment-in-value: `#` begins a comment only at the start of a line; behind a value it is a part of it."""
    for file in (subject.config, subject.credentials):
        for option in _options(file):
            plain = option.value.partition(" #")[0].partition(" ;")[0].rstrip()
            if option.key in _WORDS and plain != option.value:
                what = f"the comment is a part of the value of {option.key}: only a line of its own can be one"
                shown = "…" if option.key.startswith("aws_") else visible(plain)
                yield Finding("comment-in-value", WARNING, file.at(option.line), what, advice=f"write: {option.key} = {shown}")


def sections(subject: Subject) -> Findings:
    """section-ignored: botocore ignores a section of the config file, most often `[name]` without `profile `."""
    for section in subject.config.sections:
        if grammar.meaning(section.header) is None and section.header not in _OTHER_SECTIONS:
            name, kind = _meant(section.header)
            header = f"{kind} {_quoted(name)}"
            fix = f"write: [{visible(header)}]"
            if grammar.meaning(header) in map(grammar.meaning, (other.header for other in subject.config.sections)):
                fix = f"there is [{visible(header)}] already: move what is missing there, and remove this section"
            what = f"aws ignores [{visible(section.header)}]: {_why_ignored(section.header, kind)}"
            yield Finding("section-ignored", WARNING, subject.config.at(section.line), what, advice=fix)


def _why_ignored(header: str, kind: str) -> str:
    """Why the header stands for nothing, where its author probably meant a section of ``kind``."""
    if header.startswith(grammar.KINDS):
        try:
            words = shlex.split(header)
        except ValueError:
            return "a quote in it has no other that ends it"
        return "a name with a blank needs quotes" if len(words) > 2 else "it has no name"
    if kind == grammar.SESSION:
        return "a session's section is [sso-session NAME]"
    return "in this file a profile's section is [profile NAME]"


def prefixed_sections(subject: Subject) -> Findings:
    """section-prefixed: in the credentials file, `[profile x]` is a profile with the name `profile x`."""
    for section in subject.credentials.sections:
        if section.header.startswith("profile "):
            name = section.header.removeprefix("profile ").strip()
            what = f"in this file the profile's name is all of '{visible(section.header)}': {visible(name)} has no keys"
            where = subject.credentials.at(section.line)
            yield Finding("section-prefixed", WARNING, where, what, advice=f"write: [{visible(name)}]")


def one_name_twice(subject: Subject) -> Findings:
    """duplicate-profile: two headers spell the same name. botocore uses only one of the sections."""
    seen: dict[tuple[str, str], Section] = {}
    for section in subject.config.sections:
        meaning = grammar.meaning(section.header)
        earlier = seen.setdefault(meaning, section) if meaning else section
        if earlier.header != section.header:
            loser, winner = (earlier, section) if section.header != "default" else (section, earlier)
            same = f"[{visible(winner.header)}] in line {winner.line} is the same profile"
            what = f"[{visible(loser.header)}] counts for nothing: {same}"
            fix = f"move what is missing to line {winner.line}, and remove this section"
            yield Finding("duplicate-profile", WARNING, subject.config.at(loser.line), what, advice=fix)


def _options(file: AwsFile) -> list[Option]:
    return [option for section in file.sections for option in section.options]


def _meant(header: str) -> tuple[str, str]:
    """(name, kind) that the author of the header probably meant."""
    words = header.replace('"', "").replace("'", "").split()
    if len(words) > 1:
        for kind in (grammar.PROFILE, grammar.SESSION, grammar.SERVICES):
            if words[0].lower() == kind:
                return " ".join(words[1:]), kind
    return header.strip(), grammar.PROFILE


def _quoted(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").replace(".", "").isalnum() else f'"{name}"'
