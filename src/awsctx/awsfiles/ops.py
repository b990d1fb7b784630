"""The edits of an AWS file, as values.

`edit` applies them to the text. ``expect`` says here what each should change, without knowing of lines, and `write`
compares the two. A profile is (PROFILE, name) in either file: the section `[profile NAME]` of the config file, `[NAME]` of
the credentials file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from awsctx.awsfiles.grammar import DEFAULTS, Values

Title = tuple[str, str]
# [DEFAULT] of either file, whose keys count in every other section of that file too.
EVERY: Title = ("", DEFAULTS)
# A file's sections, in order, with their own keys. A title comes again where several headers spell it: the last counts.
Sections = list[tuple[Title, Values]]
# The same by title, as a dict that may be changed.
Titles = dict[Title, list[Values]]
# A value that can be written: text, or a block (`s3 =`).
Value = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Add:
    """Add a section. A profile with an ``sso_session`` goes below the last section of that session, others to the end."""

    title: Title
    values: Mapping[str, Value] = field(repr=False)

    def expect(self, sections: Titles) -> None:
        sections[self.title] = [_plain(self.values)]


@dataclass(frozen=True, slots=True)
class SetKeys:
    """Change keys of an existing section: a value sets its key, and adds it where it is missing; None removes it."""

    title: Title
    changes: Mapping[str, Value | None] = field(repr=False)

    def expect(self, sections: Titles) -> None:
        *others, values = sections[self.title]
        gone = {key.lower() for key, value in self.changes.items() if value is None}
        kept = {key: value for key, value in values.items() if key not in gone}
        new = _plain({key: value for key, value in self.changes.items() if value is not None})
        sections[self.title] = [*others, {**kept, **new}]


@dataclass(frozen=True, slots=True)
class Copy:
    """Repeat a section's lines right below it under another name, without comments and without the keys in ``without``."""

    title: Title
    name: str
    without: frozenset[str] = frozenset()

    def expect(self, sections: Titles) -> None:
        values = sections[self.title][-1]
        kept = {key: value for key, value in values.items() if key not in self.without}
        sections[self.title[0], self.name] = [kept]


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a section another name, in every header that spells its name."""

    title: Title
    name: str

    def expect(self, sections: Titles) -> None:
        sections[self.title[0], self.name] = sections.pop(self.title)


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove sections, with every header that spells their names. The comment lines directly above such a header, and those
    between it and its last option, go too."""

    titles: frozenset[Title]

    def expect(self, sections: Titles) -> None:
        for title in self.titles:
            del sections[title]


Op = Add | SetKeys | Copy | Rename | Remove


def _plain(values: Mapping[str, Value]) -> Values:
    """The keys as botocore reads them back: in lower case."""
    return {key.lower(): value if isinstance(value, str) else dict(value) for key, value in values.items()}
