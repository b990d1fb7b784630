"""What people see in colours and columns, drawn by rich: coloured on a terminal that has colours, unless NO_COLOR is set;
plain text elsewhere."""

from __future__ import annotations

import io
import os

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.style import Style

# Wide enough for everything: lines are as long as they are, and a terminal wraps what it has no room for.
_WIDTH = 10_000
# The start of a diff's line, and what it is shown in, as git has it. `---` and `+++` come before `-` and `+`.
_DIFF = tuple(
    (start, Style.parse(style))
    for start, style in (("---", "bold"), ("+++", "bold"), ("@@", "cyan"), ("-", "red"), ("+", "green"))
)


def coloured(fd: int) -> bool:
    """Whether file descriptor ``fd`` is a terminal that is to show colours."""
    return moves(fd) and not os.environ.get("NO_COLOR")


def moves(fd: int) -> bool:
    """Whether file descriptor ``fd`` is a terminal that can move its cursor."""
    return os.isatty(fd) and os.environ.get("TERM", "dumb") not in ("", "dumb")


def drawn(shown: RenderableType, fd: int) -> str:
    """``shown`` as text for file descriptor ``fd``, without blanks at its lines' ends. Text in it is data: no markup."""
    colours = coloured(fd)
    console = Console(
        file=io.StringIO(),
        width=_WIDTH,
        force_terminal=colours,
        color_system="standard" if colours else None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    with console.capture() as capture:
        console.print(shown, soft_wrap=True)
    return "".join(f"{line.rstrip(' ')}\n" for line in capture.get().splitlines())


def diff(text: str, fd: int) -> str:
    """A diff for file descriptor ``fd``. Its text is not escaped here: control characters are spelled out when it is made."""
    return "".join(map(_line, text.splitlines(keepends=True))) if coloured(fd) else text


def _line(line: str) -> str:
    style = next((style for start, style in _DIFF if line.startswith(start)), None)
    text = line.rstrip("\n")
    return style.render(text, color_system=ColorSystem.STANDARD) + line[len(text) :] if style else line
