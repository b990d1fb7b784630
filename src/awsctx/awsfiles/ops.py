"""What can be asked of an AWS file, as values, and what each leaves in it.

`edit` does them to text; `write` holds the outcome against what ``expect`` says here, which knows nothing of lines.
A profile is (PROFILE, name) in either file: the section `[profile NAME]` of the config, `[NAME]` of the credentials.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from awsctx.awsfiles.grammar import DEFAULTS, Values

Title = tuple[str, str]
# [DEFAULT], whose keys every section of its file has too, of either file.
EVERY: Title = ("", DEFAULTS)
# A file's sections, in order, with their own keys. A title comes again where several headers spell it: the last counts.
Sections = list[tuple[Title, Values]]
# The same by title, for changing.
Titles = dict[Title, list[Values]]
# What can be written: text, or a block (`s3 =`).
Value = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Add:
    """A new section; a profile with an ``sso_session`` goes below the last section of that session, others to the end."""

    title: Title
    values: Mapping[str, Value] = field(repr=False)

    def expect(self, sections: Titles) -> None:
        sections[self.title] = [_plain(self.values)]


@dataclass(frozen=True, slots=True)
class SetKeys:
    """Keys of an existing section: a value sets one (adding it where it is missing), None removes it."""

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
    """A section's lines again, right below it, under another name; without comments and the keys ``without``."""

    title: Title
    name: str
    without: frozenset[str] = frozenset()

    def expect(self, sections: Titles) -> None:
        values = sections[self.title][-1]
        kept = {key: value for key, value in values.items() if key not in self.without}
        sections[self.title[0], self.name] = [kept]


@dataclass(frozen=True, slots=True)
class Rename:
    """Another name for a section, in every header that spells it."""

    title: Title
    name: str

    def expect(self, sections: Titles) -> None:
        sections[self.title[0], self.name] = sections.pop(self.title)


@dataclass(frozen=True, slots=True)
class Remove:
    """Sections away, every header that spells them, with the comment lines that stand directly on the header or before the
    last option."""

    titles: frozenset[Title]

    def expect(self, sections: Titles) -> None:
        for title in self.titles:
            del sections[title]


Op = Add | SetKeys | Copy | Rename | Remove


def _plain(values: Mapping[str, Value]) -> Values:
    """As botocore reads it back: keys are case-blind."""
    return {key.lower(): value if isinstance(value, str) else dict(value) for key, value in values.items()}
