"""An AWS file's text, line by line: every byte, and what each line is. Pure. The rules are those of `grammar`.

It is the one form of a whole file: `read` judges it, `edit` changes it (through `layout`), `diff` shows it, and doctor
searches it. Everyday calls use `names` instead, which is faster. A document may also hold a text that botocore refuses.
"""

import io
from functools import cached_property

from awsctx.awsfiles import grammar


class Option:
    """The option with the key ``key`` (lower case) in the line ``line`` (from 1). ``more`` has the lines that configparser
    adds to its value, as (number, text). ``parts`` has all lines of the value, the blank ones in between included."""

    __slots__ = ("key", "line", "more", "parts")

    def __init__(self, line: int, key: str, value: str) -> None:
        self.line = line
        self.key = key
        self.more: list[tuple[int, str]] = []
        self.parts = [value]

    @property
    def value(self) -> str:
        """The text behind the delimiter."""
        return self.parts[0]


class Section:
    """A section as the file has it, with its header in the line ``line`` (from 1). A file may have the same header again,
    and a section the same key again."""

    __slots__ = ("header", "line", "options")

    def __init__(self, line: int, header: str) -> None:
        self.line = line
        self.header = header
        self.options: list[Option] = []

    def option(self, key: str) -> Option | None:
        """The last option with that key, which is the one that counts."""
        return next((option for option in reversed(self.options) if option.key == key), None)


class Document:
    """The ``lines`` with their own line ends, and ``scanned``: what `grammar.scan` says of each, as (kind, name, text)."""

    def __init__(self, text: str) -> None:
        self.lines = list(io.StringIO(text, newline=""))
        self.scanned = list(grammar.scan(self.lines))

    @cached_property
    def sections(self) -> list[Section]:
        """All sections, [DEFAULT] among them, in order."""
        found: list[Section] = []
        option: Option | None = None
        for number, (kind, name, text) in enumerate(self.scanned, 1):
            if kind is grammar.OPTION:
                option = Option(number, name, text)
                found[-1].options.append(option)
            elif kind is grammar.HEADER:
                found.append(Section(number, name))
                option = None
            elif kind is grammar.MORE and option is not None:
                option.more.append((number, text))
                option.parts.append(text)
            elif kind is grammar.BLANK and option is not None:
                option.parts.append("")
        return found

    @property
    def strays(self) -> list[int]:
        """The numbers (from 1) of the lines that are neither header nor option, for which botocore refuses the file."""
        return [number for number, (kind, _, _) in enumerate(self.scanned, 1) if kind is grammar.STRAY]
