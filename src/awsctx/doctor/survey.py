"""The AWS files line by line: what stands where, also in a file that botocore refuses."""

import os
from dataclasses import dataclass, field

from awsctx.awsfiles import grammar, names
from awsctx.store import files


@dataclass(frozen=True)
class Option:
    """A key (lower case), the text behind its delimiter, and the lines that configparser adds to that."""

    line: int
    key: str
    value: str
    more: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """A section as it is written: the same header may come again."""

    line: int
    header: str
    options: list[Option] = field(default_factory=list)

    def option(self, key: str) -> Option | None:
        """The last option with that key: the one that counts."""
        return next((option for option in reversed(self.options) if option.key == key), None)


@dataclass(frozen=True)
class Survey:
    """One of the two files. ``unreadable`` says why it could not be read."""

    path: str
    exists: bool = False
    unreadable: str = ""
    sections: list[Section] = field(default_factory=list)

    def at(self, line: int) -> str:
        """`FILE:LINE`."""
        return f"{self.path}:{line}"


def survey(path: str) -> Survey:
    """Read the file at ``path``. Never raises."""
    path = os.path.abspath(path)
    try:
        text = names.decoded(files.read(path, names.MOST))
    except FileNotFoundError:
        return Survey(path)
    except OSError as e:
        return Survey(path, exists=True, unreadable=e.strerror or str(e))
    return Survey(path, True, "", _sections(text.removeprefix("\ufeff").split("\n")))


def _sections(lines: list[str]) -> list[Section]:
    sections: list[Section] = []
    for number, (kind, name, text) in enumerate(grammar.scan(lines), 1):
        if kind is grammar.HEADER:
            sections.append(Section(number, name))
        elif kind is grammar.OPTION:
            sections[-1].options.append(Option(number, name, text))
        elif kind is grammar.MORE:
            sections[-1].options[-1].more.append((number, text))
    return sections
