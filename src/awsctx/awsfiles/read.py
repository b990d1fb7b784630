"""The AWS files whole, as typed records with line numbers, for the calls that may take time.

Strict where `names` is lenient: what botocore refuses is refused here too, by file and line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from awsctx.awsfiles import document, grammar, names
from awsctx.awsfiles.document import Document, Option
from awsctx.awsfiles.grammar import Values
from awsctx.core.text import visible
from awsctx.errors import AwsctxError

# The kinds of problem: doctor's ids.
ENCODING, DUPLICATE_SECTION, DUPLICATE_KEY = "file-encoding", "duplicate-section", "duplicate-key"
NESTED_LINE, STRAY_LINE = "nested-line", "stray-line"


class Problem(NamedTuple):
    """Why botocore refuses a file: the line (from 1), the kind of problem, and what is wrong there. ``fix`` says what to
    do, where that differs within the kind."""

    line: int
    kind: str
    what: str
    fix: str = ""


class ConfigFileError(AwsctxError):
    """botocore refuses the file: `FILE:LINE: what`."""

    def __init__(self, path: str, problem: Problem) -> None:
        where = f"{path}:{problem.line}"
        super().__init__(f"{where}: {visible(problem.what)}", "until that is fixed, every aws call fails as well")
        self.path = path
        self.problem = problem


@dataclass(frozen=True, slots=True)
class SectionValues:
    """One section: its values as botocore gives them, [DEFAULT]'s included, and the line of each key."""

    header: str
    line: int
    values: Values = field(repr=False)
    lines: dict[str, int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile: its section in the config file, in the credentials file, or in both."""

    name: str
    config: SectionValues | None
    credentials: SectionValues | None

    @property
    def values(self) -> Values:
        """What is in force: the values of the credentials file over those of the config file."""
        values: Values = {}
        for section in (self.config, self.credentials):
            values.update(section.values if section else {})
        return values


@dataclass(frozen=True, slots=True)
class Session:
    """An sso-session."""

    name: str
    section: SectionValues

    @property
    def values(self) -> Values:
        """Its keys and values."""
        return self.section.values


@dataclass(frozen=True, slots=True)
class AwsFiles:
    """Both files. The dicts are in botocore's order. `others` has the sections of the config file that mean nothing to
    botocore (`[a]` without `profile `, say)."""

    config_path: str
    credentials_path: str
    profiles: dict[str, Profile]
    sessions: dict[str, Session]
    services: dict[str, SectionValues]
    others: list[SectionValues]


def load(environ: Mapping[str, str]) -> AwsFiles:
    """Read both files. As for botocore, a file that is missing or unreadable counts as empty. Raises ConfigFileError."""
    config_path, credentials_path = names.config_path(environ), names.credentials_path(environ)
    by_kind: dict[str, dict[str, SectionValues]] = {kind: {} for kind in grammar.KINDS}
    others = []
    for section in parse(config_path, names.read_bytes(config_path)).values():
        meaning = grammar.meaning(section.header)
        if meaning is None:
            others.append(section)
        else:
            by_kind[meaning[0]][meaning[1]] = section
    config, credentials = by_kind[grammar.PROFILE], parse(credentials_path, names.read_bytes(credentials_path))
    return AwsFiles(
        config_path,
        credentials_path,
        {name: Profile(name, config.get(name), credentials.get(name)) for name in {**config, **credentials}},
        {name: Session(name, section) for name, section in by_kind[grammar.SESSION].items()},
        by_kind[grammar.SERVICES],
        others,
    )


def parse(path: str, content: bytes) -> dict[str, SectionValues]:
    """{header: section}, in order, without [DEFAULT]. Errors name ``path``. Raises ConfigFileError."""
    raw, problems = _scan(content)
    if problems:
        raise ConfigFileError(path, problems[0])
    defaults = raw.pop(grammar.DEFAULTS, None) or _Raw(0)
    return {header: section.finished(header, defaults) for header, section in raw.items()}


def own_values(path: str, content: bytes) -> dict[str, Values]:
    """{header: the section's own values}, in order, [DEFAULT] as any other. Raises ConfigFileError."""
    raw, problems = _scan(content)
    if problems:
        raise ConfigFileError(path, problems[0])
    return {header: section.finished(header, _Raw(0)).values for header, section in raw.items()}


def problems(content: bytes) -> list[Problem]:
    """All reasons for which botocore refuses the file, by line. botocore itself names only the first."""
    return _scan(content)[1]


class _Raw:
    """A section while the file is read. [DEFAULT] may come several times."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.options: dict[str, Option] = {}

    def finished(self, header: str, defaults: "_Raw") -> SectionValues:
        options = {**self.options, **defaults.options, **self.options}
        values = {key: grammar.nested("\n".join(option.parts).rstrip()) for key, option in options.items()}
        return SectionValues(header, self.line, values, {key: option.line for key, option in options.items()})


def _scan(content: bytes) -> tuple[dict[str, _Raw], list[Problem]]:
    """The sections, [DEFAULT] among them, and what is wrong with the file, by line."""
    text, problems = _decoded(content)
    whole = Document(text)
    sections: dict[str, _Raw] = {}
    for section in whole.sections:
        header = section.header
        if header in sections and header != grammar.DEFAULTS:
            problems.append(
                Problem(section.line, DUPLICATE_SECTION, f"duplicate section [{header}], first in line {sections[header].line}")
            )
        raw = sections.setdefault(header, _Raw(section.line))
        for option in section.options:
            first = raw.options.get(option.key)
            if first is not None:
                what = f"duplicate key {option.key} in [{header}], first in line {first.line}"
                problems.append(Problem(option.line, DUPLICATE_KEY, what))
            raw.options[option.key] = option
    first_header = whole.sections[0].line if whole.sections else len(whole.lines) + 1
    for number in whole.strays:
        if number > first_header:
            problems.append(Problem(number, STRAY_LINE, "neither a [section] nor a key = value"))
        else:
            fix = "put it below a [section], or begin it with #"
            problems.append(Problem(number, STRAY_LINE, "a line before the first [section]", fix))
    return sections, sorted(problems + _bad_blocks(whole.sections), key=lambda problem: problem.line)


def _decoded(content: bytes) -> tuple[str, list[Problem]]:
    """The text, and what is wrong with its encoding."""
    problems = []
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        text = content.decode(errors="surrogateescape")
        before = text[: len(content[: error.start].decode())]
        what = f"not UTF-8: byte 0x{content[error.start]:02x}"
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            what = "not UTF-8, but UTF-16 (as PowerShell's > writes it)"
        problems.append(Problem(len(Document(before + "x").lines), ENCODING, what))
    if text.startswith("\ufeff"):
        fix = "save the file again as UTF-8 without a byte order mark"
        problems.append(Problem(1, ENCODING, "starts with a byte order mark (BOM)", fix))
        text = text[1:]
    return text, problems


def _bad_blocks(sections: Iterable[document.Section]) -> list[Problem]:
    """Blocks (`s3 =`) with a line that has no `=`. Such a block in [DEFAULT] matters only to sections that lack the key
    themselves."""
    users = [{option.key for option in section.options} for section in sections if section.header != grammar.DEFAULTS]
    return [
        Problem(number, NESTED_LINE, f"a line without = in the block of {option.key} in [{section.header}]")
        for section in sections
        for option in section.options
        if option.more and (number := _without_equals(option))
        if section.header != grammar.DEFAULTS or any(option.key not in keys for keys in users)
    ]


def _without_equals(option: Option) -> int:
    """The number of the first line of a block that has no `=`; 0 where every line has one, or the option is no block."""
    if option.value:
        return 0
    return next(
        (number for number, text in option.more if any(line.strip() and "=" not in line for line in text.splitlines())), 0
    )
