"""The hook's lines in a start-up file, between two marks: added at its end, taken out byte for byte.

The file is always written in place: a link stays one, and mode, owner and all other bytes stay what they are.
"""

import re
from pathlib import Path

START = b"# >>> awsctx: install.sh --uninstall removes this block\n"
END = b"# <<< awsctx\n"
KINDS = ("block", "block-after-newline")

# What version 0.1.0 wrote, if nobody has changed it since: it wrote PATH unquoted, and each start called the command.
_OLD = re.compile(
    rb'(?:\[\[ ":\$PATH:" == \*":[^\n]*\neval "\$\(awsctx init (?P<posix>bash|zsh)\)"\n'
    rb"|if status is-interactive\n    contains -- [^\n]*\n    awsctx init (?P<fish>fish) \| source\nend\n)"
)


def kind_for(path: Path) -> str:
    """The manifest's word for a block that ``add`` puts at the file's end. It depends on whether the last line has a
    newline."""
    try:
        return KINDS[path.read_bytes()[-1:] not in (b"", b"\n")]
    except FileNotFoundError:
        return KINDS[0]


def add(path: Path, kind: str, lines: bytes) -> None:
    """Add ``lines`` at the end. Raises OSError where the file cannot be written."""
    with path.open("ab") as file:
        file.write((b"\n" if kind == KINDS[1] else b"") + START + lines + END)


def remove(path: Path, kind: str) -> None:
    """Take the block out again, with the newline before it if that is ours. Raises OSError where it cannot be written."""
    text = path.read_bytes()
    bounds = _find(text)
    if bounds is None:
        return
    start, end = bounds
    if kind == KINDS[1] and end == len(text):
        start -= 1
    _write(path, start, text[end:])


def old_shell(path: Path) -> str:
    """The shell whose lines in the file's block are those of version 0.1.0; empty: there are none."""
    try:
        text = path.read_bytes()
    except OSError:
        return ""
    bounds = _find(text)
    found = bounds and _OLD.fullmatch(text[bounds[0] + len(START) : bounds[1] - len(END)])
    return (found["posix"] or found["fish"]).decode() if found else ""


def renew(path: Path, lines: bytes) -> None:
    """Put ``lines`` in the place of those that are in the file's block. Raises OSError where it cannot be written."""
    text = path.read_bytes()
    bounds = _find(text)
    if bounds is not None:
        _write(path, bounds[0] + len(START), lines + text[bounds[1] - len(END) :])


def _find(text: bytes) -> tuple[int, int] | None:
    """Where the block begins and ends; each mark is a line of its own."""
    start = re.search(b"^" + re.escape(START), text, re.MULTILINE)
    end = start and re.compile(b"^" + re.escape(END[:-1]) + b"(?:\n|\\Z)", re.MULTILINE).search(text, start.end())
    return (start.start(), end.end()) if start and end else None


def _write(path: Path, start: int, rest: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(rest)
        file.truncate()
