"""What people see in colours and columns, drawn by rich. Pure; `render.coloured` says where there are colours."""

from __future__ import annotations

import io

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.style import Style

# Wide enough for every line: a terminal wraps long ones.
_WIDTH = 10_000
# The start of a diff's line, and what it is shown in, as git has it. `---` and `+++` come before `-` and `+`.
_DIFF = tuple(
    (start, Style.parse(style))
    for start, style in (("---", "bold"), ("+++", "bold"), ("@@", "cyan"), ("-", "red"), ("+", "green"))
)


def drawn(shown: RenderableType, *, colours: bool) -> str:
    """``shown`` as text, without blanks at its lines' ends. Text in it is data: no markup."""
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


def diff(text: str) -> str:
    """A diff in colours. Its text is not escaped here: control characters are spelled out when it is made."""
    return "".join(map(_line, text.splitlines(keepends=True)))


def _line(line: str) -> str:
    style = next((style for start, style in _DIFF if line.startswith(start)), None)
    text = line.rstrip("\n")
    return style.render(text, color_system=ColorSystem.STANDARD) + line[len(text) :] if style else line
