"""Choose one of many: type to filter, arrows to move, Enter to take, Esc or Ctrl-C to leave. For any terminal that
moves its cursor; what it draws stands below the cursor, and is gone at the end.

Rows are data: control characters in them are shown as escapes, never sent. The terminal is given back as it was,
whatever ends the choice.
"""

from __future__ import annotations

import codecs
import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from types import FrameType

from rich.cells import cell_len

from awsctx.cli import render
from awsctx.core.table import clipped, shortened
from awsctx.core.text import visible

# Rows shown at once, where the terminal is high enough.
_HEIGHT = 12
# How long after an Esc the rest of an arrow key may come (seconds): a slow line splits them.
_ESCAPE_SECONDS = 0.1
# How often the terminal's size is looked at (seconds).
_SIZE_SECONDS = 0.5

_KEYS = {
    "\r": "enter", "\n": "enter", "\x03": "leave", "\x07": "leave", "\x04": "leave", "\x1b": "leave",
    "\x7f": "back", "\x08": "back", "\x15": "clear", "\x17": "word", "\x10": "up", "\x0b": "up", "\x0e": "down",
    "\x1b[A": "up", "\x1bOA": "up", "\x1b[B": "down", "\x1bOB": "down", "\x1b[5~": "page up", "\x1b[6~": "page down",
    "\x1b[H": "first", "\x1bOH": "first", "\x1b[1~": "first", "\x1b[F": "last", "\x1bOF": "last", "\x1b[4~": "last",
}  # fmt: skip
_MOVES = {"up": -1, "down": 1, "page up": -_HEIGHT, "page down": _HEIGHT, "first": -(10**9), "last": 10**9}


def possible() -> bool:
    """Whether there is a user at a terminal to choose."""
    return os.isatty(0) and (os.isatty(2) or os.isatty(1))


def pick(rows: Sequence[Sequence[str]], title: str, query: str = "", also: str = "") -> int | None:
    """The place in ``rows`` of the one that the user chose; None where they left. A row is a name and what else there is to
    say of it, in columns. ``title`` stands before what they type, ``query`` is typed already. ``also``, where it is not empty,
    is a choice beyond the rows, above them and not counted; its place is -1."""
    fd = 2 if os.isatty(2) else 1
    beyond = 1 if also else 0
    shown = [tuple(map(visible, row)) for row in ([(also,)] * beyond + list(rows))]
    if not (possible() and render.moves(fd)):
        place = _pick_plain(shown, title, fd, query, beyond)
    else:
        with _raw(0):
            place = _Picker(shown, title, fd, query, beyond).run()
    return None if place is None else place - beyond


def matches(rows: Sequence[Sequence[str]], query: str) -> list[int]:
    """The places of the rows that hold each word of ``query`` in one of their columns, whatever its case; where none does, of
    those whose name holds the letters of each word in order."""
    words = query.lower().split()
    lower = [[cell.lower() for cell in row] for row in rows]
    found = [at for at, row in enumerate(lower) if all(any(word in cell for cell in row) for word in words)]
    return found or [at for at, row in enumerate(lower) if all(_in_order(word, row[0]) for word in words)]


def _in_order(word: str, row: str) -> bool:
    letters = iter(row)
    return all(letter in letters for letter in word)


def in_columns(row: Sequence[str], widths: Sequence[int], columns: int) -> str:
    """``row`` as one line of at most ``columns``. ``widths`` are those of all rows' cells: behind the name, of which at least
    half of the line is, as many of the others are shown as there is room for."""
    needed = min(widths[0], columns // 2)
    others = list(widths[1:])
    while others and columns - _room(others) < needed:
        others.pop()
    end = min(widths[0], columns - _room(others))
    line = shortened(row[0], end)
    for cell, width in zip(row[1:], others, strict=False):
        if width:
            line += " " * (end + 2 - cell_len(line)) + cell
            end += 2 + width
    return line.rstrip()


def widths_of(rows: Sequence[Sequence[str]]) -> list[int]:
    """Of the columns of ``rows``, the widest cells'."""
    return [max(map(cell_len, column)) for column in zip_longest(*rows, fillvalue="")]


def _room(widths: Sequence[int]) -> int:
    return sum(width + 2 for width in widths if width)


@dataclass
class _Picker:
    rows: list[tuple[str, ...]]
    title: str
    fd: int
    query: str = ""
    beyond: int = 0  # how many of the rows, the first, are none of those to choose among
    at: int = 0  # in what matches
    top: int = 0  # the first match that is shown
    size: tuple[int, int] = (0, 0)
    found: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)

    def run(self) -> int | None:
        keys = _keys(0)
        self.widths = widths_of(self.rows)
        self._filter()
        self._draw()
        try:
            while True:
                key = next(keys, "leave")
                if key == "enter" and self.found:
                    return self.found[self.at]
                if key == "leave":
                    return None
                self._obey(key)
                if key or _size(self.fd) != self.size:
                    self._draw()
        finally:
            render.write(self.fd, "\r\x1b[J")

    def _obey(self, key: str) -> None:
        if key in _MOVES:
            self.at = max(0, min(self.at + _MOVES[key], len(self.found) - 1))
            return
        if key == "back":
            self.query = self.query[:-1]
        elif key == "clear":
            self.query = ""
        elif key == "word":
            self.query = self.query.rstrip()[: self.query.rstrip().rfind(" ") + 1]
        elif len(key) == 1 and key.isprintable():
            self.query += key
        else:
            return
        self._filter()

    def _filter(self) -> None:
        self.found = matches(self.rows, self.query)
        self.top = 0
        self.at = self._beyond() if len(self.found) > self._beyond() else 0  # who only presses Enter takes a row

    def _beyond(self) -> int:
        """How many of those found are no rows to choose among."""
        return sum(place < self.beyond for place in self.found)

    def _draw(self) -> None:
        """Everything below the cursor anew; the cursor ends where the user types."""
        columns, lines = self.size = _size(self.fd)
        height = max(1, min(_HEIGHT, lines - 2))
        self.top = max(min(self.top, self.at), self.at - height + 1)
        prompt = clipped(f"{self.title}> {self.query}", columns - 1)
        drawn = [prompt]
        for place, row in enumerate(self.found[self.top : self.top + height], self.top):
            text = ("> " if place == self.at else "  ") + in_columns(self.rows[row], self.widths, max(columns - 3, 1))
            drawn.append(f"\x1b[7m{text}\x1b[0m" if place == self.at and not os.environ.get("NO_COLOR") else text)
        if lines > 2:
            drawn.append(clipped(f"  {len(self.found) - self._beyond()}/{len(self.rows) - self.beyond}", columns - 1))
        back = f"\x1b[{len(drawn) - 1}A\r" if len(drawn) > 1 else "\r"
        column = cell_len(prompt)
        forth = f"\x1b[{column}C" if column else ""
        render.write(self.fd, "\r\x1b[J" + "\r\n".join(drawn) + back + forth)


def _keys(fd: int) -> Iterator[str]:
    """What the user presses: a character, the name of a key, or `` when only time has passed. Ends with the input."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = ""
    while True:
        if not text:
            if not select.select([fd], [], [], _SIZE_SECONDS)[0]:
                yield ""
                continue
            data = os.read(fd, 1024)
            if not data:
                return
            text = decoder.decode(data)
            continue
        if text[0] == "\x1b":
            while not _whole(text) and select.select([fd], [], [], _ESCAPE_SECONDS)[0]:
                data = os.read(fd, 1024)
                if not data:
                    break
                text += decoder.decode(data)
            length = _sequence_length(text)
        else:
            length = 1
        key, text = text[:length], text[length:]
        yield _KEYS.get(key, key)


def _whole(text: str) -> bool:
    """Whether the escape sequence that ``text`` begins with is all there."""
    if text[1:2] == "\x1b":  # Alt and a key that is a sequence itself, or Esc twice
        return _whole(text[1:])
    if len(text) < 2 or text[1] not in "[O":
        return len(text) > 1
    return len(text) > 2 and (text[1] == "O" or any("@" <= letter <= "~" for letter in text[2:]))


def _sequence_length(text: str) -> int:
    """Of the key that ``text`` begins with: Esc alone, Alt and a key, or a key of several characters."""
    if text[1:2] == "\x1b":
        rest = _sequence_length(text[1:])
        return 1 + rest if rest > 1 else 1
    if len(text) < 2 or text[1] not in "[O":
        return len(text[:2])
    if text[1] == "O":
        return min(len(text), 3)
    return next((at + 1 for at, letter in enumerate(text) if at > 1 and "@" <= letter <= "~"), len(text))


def _size(fd: int) -> tuple[int, int]:
    """Columns and lines; a terminal that does not know them has 80 and 24."""
    try:
        columns, lines = os.get_terminal_size(fd)
    except OSError:
        columns = lines = 0
    return (columns if columns > 1 else 80), (lines if lines > 1 else 24)


class _Ended(BaseException):
    """A signal that ends the process has come."""


@contextmanager
def _raw(fd: int) -> Iterator[None]:
    """The terminal in raw mode, and as it was afterwards: also where a signal ends the process. What was typed ahead
    stays."""
    before = termios.tcgetattr(fd)

    def end(number: int, _: FrameType | None) -> None:
        raise _Ended(number)

    handlers = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        tty.setraw(fd, termios.TCSADRAIN)
        yield
    except _Ended as e:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)
        signal.signal(e.args[0], signal.SIG_DFL)
        os.kill(os.getpid(), e.args[0])
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _pick_plain(rows: list[tuple[str, ...]], title: str, fd: int, query: str, beyond: int) -> int | None:
    """The same by whole lines, for a terminal that cannot move its cursor: a number takes a row, other text filters. Rows to
    choose among are counted from 1; the first of all, where it is ``beyond`` them, is 0."""
    found = matches(rows, query)
    while True:
        first = 0 if found and found[0] < beyond else 1
        for number, at in enumerate(found[:_HEIGHT], first):
            render.write(fd, f"{number:3}  {'  '.join(filter(None, rows[at]))}\n")
        if len(found) > _HEIGHT:
            render.write(fd, f"     … and {len(found) - _HEIGHT} more\n")
        render.write(fd, f"{title} (a number, or text to filter)> ")
        line = sys.stdin.readline()
        if not line:
            return None
        word = line.strip()
        if word.isdecimal() and 0 <= int(word) - first < min(len(found), _HEIGHT):
            return found[int(word) - first]
        found = matches(rows, word) or list(range(len(rows)))
        if len(found) == 1:
            return found[0]
