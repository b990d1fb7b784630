"""An AWS file's text, line by line: every byte of it, and what each line is. Pure; `grammar` knows the rules.

The one form of a whole file: `read` judges it, `edit` changes it (by `layout`), `diff` shows it, doctor looks through it. (The
everyday calls cannot wait for it: `names` finds what they ask for.) It also holds texts that botocore refuses.
"""

import io
from functools import cached_property

from awsctx.awsfiles import grammar


class Option:
    """A key (lower case), in the line ``line`` (from 1). ``more`` are the lines that configparser adds to its value, with their
    numbers; ``parts`` are the value's lines, blank ones in between included."""

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
    """A section as it is written, with its header in the line ``line`` (from 1): the same header may come again, and so may a
    key."""

    __slots__ = ("header", "line", "options")

    def __init__(self, line: int, header: str) -> None:
        self.line = line
        self.header = header
        self.options: list[Option] = []

    def option(self, key: str) -> Option | None:
        """The last option with that key: the one that counts."""
        return next((option for option in reversed(self.options) if option.key == key), None)


class Document:
    """The ``lines``, with their ends as they are in the file, and what each is, as `grammar.scan` says: (kind, name, text)."""

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
        """The lines (from 1) that belong to nothing, for which botocore refuses the file."""
        return [number for number, (kind, _, _) in enumerate(self.scanned, 1) if kind is grammar.STRAY]
