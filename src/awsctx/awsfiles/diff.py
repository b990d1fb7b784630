"""A unified diff of an AWS file, safe to show: secrets are masked, control characters are escaped. Pure."""

import difflib
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from awsctx.awsfiles import grammar
from awsctx.awsfiles.document import Document
from awsctx.awsfiles.lines import indent, line_end, parts
from awsctx.awsfiles.masking import MASK, is_secret

_CONTEXT = 3
# Where both sides have at least so many lines, the diff shows all of them as replaced instead of comparing them.
_MANY = 1000

# difflib's opcode: (tag, start and end in the old lines, start and end in the new lines).
_Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]


def masked_diff(path: str, old: str, new: str) -> str:
    """The difference between ``old`` and ``new``; '' where they are the same. Secrets are `****`, also in context lines and
    in comments."""
    before, after = Document(old), Document(new)
    if old == new:
        return ""
    hunks = _Matcher(before, after).get_grouped_opcodes(_CONTEXT)
    lines = [line for hunk in hunks for line in _hunk(hunk, before, after)]
    return "".join([f"--- {path}\n", f"+++ {path}\n", *lines])


def _headers(text: Document) -> dict[str, int]:
    """The numbers of the lines where sections begin, without [DEFAULT], which may come twice."""
    return {name: at for at, (kind, name, _) in enumerate(text.scanned) if kind is grammar.HEADER and name != grammar.DEFAULTS}


def _shown(text: Document, start: int, end: int) -> Iterator[str]:
    for line, (kind, key, _) in zip(text.lines[start:end], text.scanned[start:end], strict=True):
        last = "" if line_end(line) else "\\ No newline at end of file\n"
        yield f"{_spelled_out(_masked(line, kind, key))}\n{last}"


class _Matcher(difflib.SequenceMatcher[str]):
    """difflib, applied from one section that both texts have to the next. Applied to a whole file of thousands of similar
    sections it would take minutes."""

    def __init__(self, before: Document, after: Document) -> None:
        super().__init__(None, before.lines, after.lines)
        self._before, self._after = before, after

    def get_opcodes(self) -> list[_Opcode]:
        old, new = self._before, self._after
        theirs = _headers(new)
        cuts = [(at, theirs[name]) for name, at in _headers(old).items() if name in theirs]
        if cuts != sorted(cuts, key=lambda cut: cut[1]):  # no edit moves sections
            return super().get_opcodes()
        opcodes: list[_Opcode] = []
        for (a1, b1), (a2, b2) in pairwise([(0, 0), *cuts, (len(old.lines), len(new.lines))]):
            for tag, i1, i2, j1, j2 in _compare(old.lines[a1:a2], new.lines[b1:b2]):
                opcode = (tag, a1 + i1, a1 + i2, b1 + j1, b1 + j2)
                if opcodes and opcodes[-1][0] == tag:
                    opcode = (tag, opcodes[-1][1], opcode[2], opcodes.pop()[3], opcode[4])
                opcodes.append(opcode)
        return opcodes


def _compare(old: list[str], new: list[str]) -> list[_Opcode]:
    if old == new:
        return [("equal", 0, len(old), 0, len(new))] if old else []
    if len(old) > _MANY and len(new) > _MANY:
        return [("replace", 0, len(old), 0, len(new))]
    return difflib.SequenceMatcher(None, old, new).get_opcodes()


def _hunk(opcodes: list[tuple[str, int, int, int, int]], before: Document, after: Document) -> Iterator[str]:
    first, last = opcodes[0], opcodes[-1]
    yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
    for tag, a1, a2, b1, b2 in opcodes:
        if tag == "equal":
            yield from (" " + line for line in _shown(before, a1, a2))
        else:
            yield from ("-" + line for line in _shown(before, a1, a2))
            yield from ("+" + line for line in _shown(after, b1, b2))


def _range(start: int, stop: int) -> str:
    """A range as `diff -u` writes it: an empty one has the number of the line before it."""
    return f"{start + 1 if stop > start else start},{stop - start}"


def _masked(line: str, kind: str, key: str) -> str:
    """The line without its secret. A comment is masked too, since it may be an option that the user has commented out."""
    if kind is grammar.MORE and is_secret(key):
        return indent(line) + MASK + line_end(line)
    if kind not in (grammar.OPTION, grammar.MORE, grammar.COMMENT) or grammar.delimiter(line) < 0:
        return line
    before, delimiter, blanks, value, rest = parts(line)
    secret = is_secret(before.strip(" \t#;"))
    return before + delimiter + blanks + MASK + rest if secret and value else line


def _spelled_out(line: str) -> str:
    """Control characters, which a terminal would obey, as `\\x1b`; tabs stay, the line end goes."""
    line = line.removesuffix(line_end(line))
    if line.isprintable():
        return line
    return "".join(letter if letter.isprintable() or letter in "\t\xa0" else ascii(letter)[1:-1] for letter in line)
