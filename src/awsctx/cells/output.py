"""Where the output of cells goes: to stdout and stderr line by line, to files, or to stdout as JSON Lines."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable, Sequence
from typing import IO

from rich.cells import cell_len

from awsctx.cells.plan import Cell
from awsctx.cells.runner import Ended
from awsctx.core.table import padded
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.store import files

# Bytes of one stream to keep in memory until its line ends (for JSON: until its command ends). More go to the disk.
_IN_MEMORY = 1 << 17
_PIECE = 1 << 16
_PALETTE = (36, 33, 35, 32, 34, 96, 93, 95, 92, 94)

Write = Callable[[int, bytes], None]


class Held:
    """Bytes that wait for the rest of their line: in memory, or where they are many in a file without a name."""

    def __init__(self) -> None:
        self._memory = bytearray()
        self._file: IO[bytes] | None = None

    def add(self, data: bytes) -> None:
        self._memory += data
        if len(self._memory) > _IN_MEMORY:
            if self._file is None:
                from tempfile import TemporaryFile

                self._file = TemporaryFile()  # noqa: SIM115  (`pieces` closes it)
            self._file.write(self._memory)
            self._memory.clear()

    def pieces(self, put: Callable[[bytes], None]) -> None:
        """Give all bytes to ``put``."""
        if self._file is not None:
            with self._file as file:
                file.seek(0)
                while piece := file.read(_PIECE):
                    put(piece)
            self._file = None
        put(bytes(self._memory))

    def text(self) -> str:
        """All bytes as UTF-8; those that are not UTF-8 are replaced."""
        found: list[bytes] = []
        self.pieces(found.append)
        return b"".join(found).decode("utf-8", "replace")


class Lines:
    """Writes each line to the stream that it came from, with its cell's name before it. Only whole lines are written; a
    last line without an end gets one. ``width`` is that of the terminal on which the names line up (0: none). ``coloured``
    has the streams that take colours."""

    def __init__(self, cells: Sequence[Cell], write: Write, *, width: int = 0, coloured: frozenset[int] = frozenset()) -> None:
        self._write = write
        self._coloured = coloured
        self._colours = {cell.name: _PALETTE[number % len(_PALETTE)] for number, cell in enumerate(cells)}
        longest = max((cell_len(visible(cell.name)) for cell in cells), default=0)
        self._column = min(longest, max(width // 3, 12)) if width else 0
        self._held: dict[tuple[str, int], Held] = {}

    def files(self, cell: Cell) -> None:
        return None

    def take(self, cell: Cell, stream: int, data: bytes) -> None:
        lines, end, rest = data.rpartition(b"\n")
        key = (cell.name, stream)
        if end:
            prefix = self._prefix(cell.name, stream)
            held = self._held.pop(key, None)
            if held is None:
                self._write(stream, prefix + lines.replace(b"\n", b"\n" + prefix) + b"\n")
            else:
                self._write(stream, prefix)
                held.pieces(lambda piece: self._write(stream, piece))
                self._write(stream, lines.replace(b"\n", b"\n" + prefix) + b"\n")
        if rest:
            self._held.setdefault(key, Held()).add(rest)

    def end(self, ended: Ended) -> None:
        for stream in (1, 2):
            if (ended.cell.name, stream) in self._held:
                self.take(ended.cell, stream, b"\n")
        if ended.error is not None:
            self.take(ended.cell, 2, said(ended.error).encode())

    def _prefix(self, name: str, stream: int) -> bytes:
        shown = visible(name)
        if self._column:
            shown = padded(shown, self._column)
        if stream in self._coloured:
            shown = f"\x1b[{self._colours[name]}m{shown}\x1b[m"
        return (shown + (" " if self._column else "\t")).encode("utf-8", "surrogateescape")


class Files:
    """The commands themselves write to `CELL.out` and `CELL.err` in a folder, mode 0600. Raises AwsctxError where the
    folder cannot be made."""

    def __init__(self, folder: str, write: Write) -> None:
        self._folder = folder
        self._write = write
        try:
            files.make_folder(os.path.abspath(folder))
        except OSError as e:
            raise AwsctxError(f"could not make the folder {visible(folder)}: {e.strerror}", "name another one") from None

    def files(self, cell: Cell) -> tuple[int, int]:
        fds: list[int] = []
        try:
            for kind in ("out", "err"):
                fds.append(self._open(cell, kind))
        except OSError as e:
            for fd in fds:
                os.close(fd)
            raise AwsctxError(f"could not write {visible(str(e.filename))}: {e.strerror}") from e
        return fds[0], fds[1]

    def take(self, cell: Cell, stream: int, data: bytes) -> None:
        raise AssertionError("the command writes to its files")

    def end(self, ended: Ended) -> None:
        if ended.error is None:
            return
        text = said(ended.error).encode()
        try:
            fd = self._open(ended.cell, "err")
        except OSError:
            self._write(2, text)
            return
        try:
            os.write(fd, text)
        finally:
            os.close(fd)

    def _open(self, cell: Cell, kind: str) -> int:
        path = os.path.join(self._folder, f"{file_name(cell.name)}.{kind}")
        # Others may have a hand in the folder: no link is followed, and no FIFO waited for.
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise OSError(errno.EINVAL, "it is no regular file", path)
            os.set_blocking(fd, True)
            os.fchmod(fd, 0o600)
            os.ftruncate(fd, 0)
        except BaseException:
            os.close(fd)
            raise
        return fd


class JsonLines:
    """Writes a JSON object on a line of stdout for each cell that ends."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._held: dict[tuple[str, int], Held] = {}

    def files(self, cell: Cell) -> None:
        return None

    def take(self, cell: Cell, stream: int, data: bytes) -> None:
        self._held.setdefault((cell.name, stream), Held()).add(data)

    def end(self, ended: Ended) -> None:
        cell = ended.cell
        out, err = (self._held.pop((cell.name, stream), Held()).text() for stream in (1, 2))
        found = {
            **described(cell),
            "status": ended.status,
            "stdout": out,
            "stderr": err if ended.error is None else said(ended.error),
            "seconds": round(ended.seconds, 3),
        }
        self._write(1, (_with_value(found, out) + "\n").encode())


def described(cell: Cell) -> dict[str, object]:
    """The fields of a JSON object that describe the cell itself."""
    return {"profile": cell.context.profile, "account_id": cell.account_id or None, "region": cell.region or None}


def _with_value(found: dict[str, object], out: str) -> str:
    """``found`` as JSON, with its stdout parsed where that is JSON."""
    try:
        return json.dumps({**found, "stdout": json.loads(out)}, allow_nan=False)
    except (ValueError, RecursionError):
        return json.dumps(found)


def said(error: AwsctxError) -> str:
    """An error as awsctx prints it."""
    return "".join([f"awsctx: {error.message}\n", *(f"  {hint}\n" for hint in error.hints)])


def file_name(name: str) -> str:
    """``name`` as one part of a path; different names give different parts."""
    return name.replace("%", "%25").replace("/", "%2F").replace("\0", "%00")
