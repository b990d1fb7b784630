"""Edits of an AWS file, text to text: pure, and every byte that was not asked for stays as it was."""

from collections.abc import Iterable, Mapping

from awsctx.awsfiles import grammar
from awsctx.awsfiles.grammar import MORE, OPTION
from awsctx.awsfiles.headers import EditError, FileFormat
from awsctx.awsfiles.layout import Block, Layout, Line
from awsctx.awsfiles.lines import between, line_end, option_lines, with_value
from awsctx.awsfiles.ops import EVERY, Add, Copy, Op, Remove, Rename, SetKeys, Title, Value


def apply(text: str, ops: Iterable[Op], file_format: FileFormat) -> str:
    """The text after the ops, one after the other. ``text`` has the line ends of the file (read with `newline=""`), and
    botocore accepts it.

    Raises EditError: a section is not there, or is already, or a name or value cannot be written.
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
    """Two sections spell one name, differently so far; a new name would give both the header ``header``."""

    def __init__(self, title: Title, header: str) -> None:
        super().__init__(f"several sections spell the {title[0]} {title[1]}: each would be [{header}]")
        self.title = title
        self.header = header


class _Draft:
    """The file while it is edited; its sections by title. Where two headers spell a title, the last is in force."""

    def __init__(self, text: str, file_format: FileFormat) -> None:
        self.layout = Layout(text)
        self._format = file_format
        self._by_title: dict[Title, list[Block]] = {}
        for block in self.layout:
            self._by_title.setdefault(file_format.meaning(block.name), []).append(block)
        self._ends: dict[str, Block] | None = None

    def add(self, title: Title, values: Mapping[str, Value]) -> None:
        """Below the last section of the same session (key `sso_session`), or at the end."""
        session = str(values.get("sso_session", ""))
        ends = self._ends = self._ends or self._session_ends()
        block = self._insert(title, ends.get(session, ends[""]))
        before, end = self.layout.indent_below(block), self.layout.end_below(block)
        for key, value in values.items():
            block.body += _own(key, option_lines(key, value, before=before, between=" = ", end=end))
        for name in (session, title[1] if title[0] == grammar.SESSION else session):
            ends[name] = block
        if block.next is None:
            ends[""] = block

    def set_keys(self, title: Title, changes: Mapping[str, Value | None]) -> None:
        """Change, add and (None) remove keys."""
        blocks = self._existing(title)
        for key, value in changes.items():
            block = blocks[-1]
            if title == EVERY:  # of several, each adds its keys
                block = next((one for one in blocks if one.where(key.lower()) is not None), block)
            at = block.where(key.lower())
            if at is not None:
                new = [] if value is None else _own(key, with_value(block.body[at][2], value))
                block.body[at:] = new + _without_more(block.body[at + 1 :])
                block.settle()
            elif value is not None:
                self._append(block, key, value)
        self._ends = None

    def _append(self, block: Block, key: str, value: Value) -> None:
        options = [line for kind, _, line in block.body if kind is OPTION]
        end = self.layout.end_below(block)
        style = between(options[-1]) if options else " = "
        block.body += _own(key, option_lines(key, value, before=self.layout.indent_below(block), between=style, end=end))

    def copy(self, title: Title, name: str, without: frozenset[str]) -> None:
        """Right below the original."""
        source = self._existing(title)[-1]
        block = self._insert((title[0], name), source)
        end = self.layout.end_below(source)
        block.body = [
            (kind, key, line.removesuffix(line_end(line)) + end)
            for kind, key, line in source.body
            if kind in (OPTION, MORE) and key not in without
        ]
        self._ends = None

    def rename(self, title: Title, name: str) -> None:
        """Only what stands between the brackets changes."""
        blocks = self._existing(title)
        new = (title[0], name)
        self._must_be_new(new)
        headers = [self._format.header(new, like=block.name) for block in blocks]
        if len(set(headers)) < len(headers):
            raise TwoAlike(title, max(headers, key=headers.count))
        for block, header in zip(blocks, headers, strict=True):
            start = block.header.index("[") + 1
            block.header = block.header[:start] + header + block.header[start + len(block.name) :]
            block.name = header
        self._by_title[new] = self._by_title.pop(title)
        self._ends = None

    def remove(self, titles: frozenset[Title]) -> None:
        """All at once, so that the comments left by one are not taken for the next one's."""
        gone = {id(block) for title in titles for block in self._existing(title)}
        above = self.layout.top
        while above.next is not None:
            if id(above.next) in gone:
                self.layout.remove_below(above)
            else:
                above = above.next
        for title in titles:
            del self._by_title[title]
        self._ends = None

    def _existing(self, title: Title) -> list[Block]:
        try:
            return self._by_title[title]
        except KeyError:
            raise EditError(f"there is no {title[0]} {title[1]}") from None

    def _must_be_new(self, title: Title) -> None:
        if title in self._by_title:
            raise EditError(f"there is a {title[0]} {title[1]} already")

    def _insert(self, title: Title, above: Block) -> Block:
        self._must_be_new(title)
        block = self.layout.insert(self._format.header(title), above)
        self._by_title[title] = [block]
        return block

    def _session_ends(self) -> dict[str, Block]:
        """{session: the last section that belongs to it}, and under '' the last of the file."""
        ends = {"": self.layout.top}
        for block in self.layout:
            kind, name = self._format.meaning(block.name)
            session = name if kind == grammar.SESSION else block.value("sso_session")
            ends[session] = ends[""] = block
        return ends


def _own(key: str, lines: list[str]) -> list[Line]:
    return [(MORE if at else OPTION, key.lower(), line) for at, line in enumerate(lines)]


def _without_more(lines: list[Line]) -> list[Line]:
    """The lines less those that go on with the value of the option above; comments among them stay."""
    end = next((at for at, (kind, _, _) in enumerate(lines) if kind is OPTION), len(lines))
    return [line for line in lines[:end] if line[0] is not MORE] + lines[end:]
