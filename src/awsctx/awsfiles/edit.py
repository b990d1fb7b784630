"""Edits of an AWS file, from text to text. Pure. Every byte that the edit is not about stays as it is."""

from collections.abc import Iterable, Mapping

from awsctx.awsfiles import grammar
from awsctx.awsfiles.grammar import MORE, OPTION
from awsctx.awsfiles.headers import EditError, FileFormat
from awsctx.awsfiles.layout import Layout, Line, Stanza
from awsctx.awsfiles.lines import between, line_end, option_lines, with_value
from awsctx.awsfiles.ops import EVERY, Add, Copy, Op, Remove, Rename, SetKeys, Title, Value


def apply(text: str, ops: Iterable[Op], file_format: FileFormat) -> str:
    """The text after the ops, made in their order. ``text`` has the file's own line ends (it was read with `newline=""`),
    and botocore accepts it.

    Raises EditError where a section is missing, or exists already, or where a name or a value cannot be written.
    """
    draft = _Draft(text, file_format)
    for op in ops:
        match op:
            case Add():
                draft.add(op.title, op.values)
            case SetKeys():
                draft.set_keys(op.title, op.changes)
            case Copy():
                draft.copy(op.title, op.name, op.without)
            case Rename():
                draft.rename(op.title, op.name)
            case Remove():
                draft.remove(op.titles)
    return draft.layout.text()


class TwoAlike(EditError):
    """Two headers spell the same name in different ways, and the new name would give both the header ``header``."""

    def __init__(self, title: Title, header: str) -> None:
        super().__init__(f"several sections spell the {title[0]} {title[1]}: each would be [{header}]")
        self.title = title
        self.header = header


class _Draft:
    """The file while it is edited: its sections by title. Where two headers spell a title, the last one counts."""

    def __init__(self, text: str, file_format: FileFormat) -> None:
        self.layout = Layout(text)
        self._format = file_format
        self._by_title: dict[Title, list[Stanza]] = {}
        for stanza in self.layout:
            self._by_title.setdefault(file_format.meaning(stanza.name), []).append(stanza)
        self._ends: dict[str, Stanza] | None = None

    def add(self, title: Title, values: Mapping[str, Value]) -> None:
        """Add the section below the last one of the same session (key `sso_session`), else at the end of the file."""
        session = str(values.get("sso_session", ""))
        ends = self._ends = self._ends or self._session_ends()
        stanza = self._insert(title, ends.get(session, ends[""]))
        before, end = self.layout.indent_below(stanza), self.layout.end_below(stanza)
        for key, value in values.items():
            stanza.body += _own(key, option_lines(key, value, before=before, between=" = ", end=end))
        for name in (session, title[1] if title[0] == grammar.SESSION else session):
            ends[name] = stanza
        if stanza.next is None:
            ends[""] = stanza

    def set_keys(self, title: Title, changes: Mapping[str, Value | None]) -> None:
        """Change, add and (None) remove keys."""
        stanzas = self._existing(title)
        for key, value in changes.items():
            stanza = stanzas[-1]
            if title == EVERY:  # there may be several, and each adds its keys
                stanza = next((one for one in stanzas if one.where(key.lower()) is not None), stanza)
            at = stanza.where(key.lower())
            if at is not None:
                new = [] if value is None else _own(key, with_value(stanza.body[at][2], value))
                stanza.body[at:] = new + _without_more(stanza.body[at + 1 :])
                stanza.settle()
            elif value is not None:
                self._append(stanza, key, value)
        self._ends = None

    def _append(self, stanza: Stanza, key: str, value: Value) -> None:
        options = [line for kind, _, line in stanza.body if kind is OPTION]
        end = self.layout.end_below(stanza)
        style = between(options[-1]) if options else " = "
        stanza.body += _own(key, option_lines(key, value, before=self.layout.indent_below(stanza), between=style, end=end))

    def copy(self, title: Title, name: str, without: frozenset[str]) -> None:
        """Right below the original."""
        source = self._existing(title)[-1]
        stanza = self._insert((title[0], name), source)
        end = self.layout.end_below(source)
        stanza.body = [
            (kind, key, line.removesuffix(line_end(line)) + end)
            for kind, key, line in source.body
            if kind in (OPTION, MORE) and key not in without
        ]
        self._ends = None

    def rename(self, title: Title, name: str) -> None:
        """Change the text between the brackets, and nothing else."""
        stanzas = self._existing(title)
        new = (title[0], name)
        self._must_be_new(new)
        headers = [self._format.header(new, like=stanza.name) for stanza in stanzas]
        if len(set(headers)) < len(headers):
            raise TwoAlike(title, max(headers, key=headers.count))
        for stanza, header in zip(stanzas, headers, strict=True):
            start = stanza.header.index("[") + 1
            stanza.header = stanza.header[:start] + header + stanza.header[start + len(stanza.name) :]
            stanza.name = header
        self._by_title[new] = self._by_title.pop(title)
        self._ends = None

    def remove(self, titles: frozenset[Title]) -> None:
        """Remove all the sections in one pass, so that the comments which one leaves behind are not taken for those of the
        next."""
        gone = {id(stanza) for title in titles for stanza in self._existing(title)}
        above = self.layout.top
        while above.next is not None:
            if id(above.next) in gone:
                self.layout.remove_below(above)
            else:
                above = above.next
        for title in titles:
            del self._by_title[title]
        self._ends = None

    def _existing(self, title: Title) -> list[Stanza]:
        try:
            return self._by_title[title]
        except KeyError:
            raise EditError(f"there is no {title[0]} {title[1]}") from None

    def _must_be_new(self, title: Title) -> None:
        if title in self._by_title:
            raise EditError(f"there is a {title[0]} {title[1]} already")

    def _insert(self, title: Title, above: Stanza) -> Stanza:
        self._must_be_new(title)
        stanza = self.layout.insert(self._format.header(title), above)
        self._by_title[title] = [stanza]
        return stanza

    def _session_ends(self) -> dict[str, Stanza]:
        """{session: the last section that belongs to it}; the key '' has the last section of the file."""
        ends = {"": self.layout.top}
        for stanza in self.layout:
            kind, name = self._format.meaning(stanza.name)
            session = name if kind == grammar.SESSION else stanza.value("sso_session")
            ends[session] = ends[""] = stanza
        return ends


def _own(key: str, lines: list[str]) -> list[Line]:
    return [(MORE if at else OPTION, key.lower(), line) for at, line in enumerate(lines)]


def _without_more(lines: list[Line]) -> list[Line]:
    """The lines without those that continue the value of the option above; comments among them stay."""
    end = next((at for at, (kind, _, _) in enumerate(lines) if kind is OPTION), len(lines))
    return [line for line in lines[:end] if line[0] is not MORE] + lines[end:]
