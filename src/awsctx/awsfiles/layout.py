"""An AWS file's text taken apart into sections, and put together again without losing a byte. Pure.

A section owns its header, its options, and the further lines of their values. It also owns the comment lines directly above
its header, and the comments and blank lines between its header and its last option. All other comments and blank lines
belong to no section, and stay whatever happens to the sections around them. One exception: in a file whose sections stand
apart, and below a comment, a new section brings a blank line along, and takes it away again.
"""

from collections.abc import Iterator

from awsctx.awsfiles.document import Document
from awsctx.awsfiles.grammar import BLANK, COMMENT, HEADER, MORE, OPTION
from awsctx.awsfiles.lines import indent, line_end, parts

# A line that a section owns, as (kind, key, line).
Line = tuple[str, str, str]


class Stanza:
    """One section. ``body`` ends with the last line that it owns. ``tail`` has the lines below, which no section owns.
    Stanzas form a linked list, since an edit may insert thousands."""

    __slots__ = ("body", "comments", "header", "name", "next", "tail")

    def __init__(self, name: str, header: str, comments: list[str] | None = None) -> None:
        self.name = name  # what is between the brackets
        self.header = header  # the whole line
        self.comments = comments or []
        self.body: list[Line] = []
        self.tail: list[str] = []
        self.next: Stanza | None = None

    def value(self, key: str) -> str:
        """The first line of an option's value; '' where there is no such option."""
        return next((parts(line)[3] for kind, name, line in self.body if kind is OPTION and name == key), "")

    def where(self, key: str) -> int | None:
        """The index of an option in ``body``; None where there is no such option."""
        return next((at for at, (kind, name, _) in enumerate(self.body) if kind is OPTION and name == key), None)

    def settle(self) -> None:
        """Move the lines below the last option to ``tail``."""
        own = max((at for at, (kind, _, _) in enumerate(self.body, 1) if kind in (OPTION, MORE)), default=0)
        self.tail[:0] = [line for _, _, line in self.body[own:]]
        del self.body[own:]


class Layout:
    """A whole file. ``top`` is no section: its ``tail`` has the lines above the first section.

    botocore must accept the text, and the text must have the file's own line ends.
    """

    def __init__(self, text: str) -> None:
        document = Document(text)
        lines = document.lines
        self._end = line_end(lines[0]) if lines and line_end(lines[0]) else "\n"
        self._mixed = "\n" in text and "\r" in text.replace("\r\n", "")
        self._open_ended = bool(lines) and not line_end(lines[-1])
        if self._open_ended:
            lines[-1] += self._end
        self.top = Stanza("", "")
        _fill(self.top, document)
        self._apart = self._stand_apart()

    def __iter__(self) -> Iterator[Stanza]:
        stanza = self.top.next
        while stanza is not None:
            yield stanza
            stanza = stanza.next

    def text(self) -> str:
        """The whole text. It ends without a line end if the file did."""
        lines = [*self.top.tail]
        for stanza in self:
            lines += stanza.comments
            lines.append(stanza.header)
            lines += [line for _, _, line in stanza.body]
            lines += stanza.tail
        text = "".join(lines)
        return text.removesuffix(line_end(text)) if self._open_ended else text

    def insert(self, name: str, above: Stanza) -> Stanza:
        """Insert a section without options directly below another one; at the end of the file, below all comments."""
        gap = above.tail
        last = above.next is None
        at = _after_last_comment(gap) if last else _first_blank(gap)
        if last and above is self.top and not at:
            at = len(gap)
        behind = gap[at:]
        del gap[at:]
        end = self.end_below(above)
        # Add a blank line above only where a blank line follows too: by this `remove_below` knows that the section brought
        # it.
        if not _is_solid(behind, last) and (gap or (self._apart and above is not self.top)):
            gap.append(end)
        stanza = Stanza(name, f"[{name}]{end}")
        stanza.tail = behind
        stanza.next, above.next = above.next, stanza
        return stanza

    def end_below(self, stanza: Stanza) -> str:
        """The line end for a line that is added to a section or below it: that of its header. In a file that has lone CRs
        beside other line ends it is CRLF, which cannot merge with a line end next to it."""
        return "\r\n" if self._mixed else line_end(stanza.header) or self._end

    def remove_below(self, above: Stanza) -> None:
        """Take out the section below ``above``, with all that stands between its header and its last option."""
        stanza = above.next
        assert stanza is not None  # noqa: S101
        above.next = stanza.next
        behind = stanza.tail
        last = stanza.next is None
        if not _is_solid(behind, last) and self._brought(above, last):
            del above.tail[-1]
        elif above is self.top and not above.tail and stanza.next and behind and not behind[0].strip():
            del behind[0]
        above.tail += behind

    def _brought(self, above: Stanza, last: bool) -> bool:
        """Whether the section below ``above`` has brought a blank line above it: at the end of the file only where `insert`
        would have added it. Elsewhere a blank line follows, too, and one of the two is enough."""
        tail = above.tail
        if not tail or tail[-1].strip():
            return False
        if not last:
            return True
        if above is self.top:
            return len(tail) > 1
        return self._apart or (len(tail) > 1 and bool(tail[-2].strip()))

    def indent_below(self, stanza: Stanza) -> str:
        """The indentation of an option that is added to a section: that of its last option, else that of the next header.
        With less than that, the option's value would take in that header."""
        for kind, _, line in reversed(stanza.body):
            if kind is OPTION:
                return indent(line)
        return indent(stanza.next.header) if stanza.next else ""

    def _stand_apart(self) -> bool:
        """Whether most sections have a blank line above them."""
        gaps = [stanza.tail for stanza in self if stanza.next is not None]
        return 2 * sum(bool(gap) and not gap[-1].strip() for gap in gaps) > len(gaps)


def _fill(top: Stanza, document: Document) -> None:
    """Append the sections of the document to ``top``."""
    stanza = top
    loose: list[Line] = []  # comments and blank lines whose owner is not known yet
    for line, (kind, name, _) in zip(document.lines, document.scanned, strict=True):
        if kind is BLANK or kind is COMMENT:
            loose.append((kind, name, line))
        elif kind is HEADER:
            own = len(loose)
            while own and loose[own - 1][0] is COMMENT:
                own -= 1
            stanza.tail = [line for _, _, line in loose[:own]]
            stanza.next = Stanza(name, line, [line for _, _, line in loose[own:]])
            stanza = stanza.next
            loose = []
        else:
            stanza.body += [*loose, (kind, name, line)]
            loose = []
    stanza.tail = [line for _, _, line in loose]


def _is_solid(behind: list[str], last: bool) -> bool:
    """Whether the next line is neither blank nor the end of the file."""
    return bool(behind[0].strip()) if behind else not last


def _first_blank(lines: list[str]) -> int:
    return next((at for at, line in enumerate(lines) if not line.strip()), len(lines))


def _after_last_comment(lines: list[str]) -> int:
    return max((at for at, line in enumerate(lines, 1) if line.strip()), default=0)
