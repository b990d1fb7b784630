"""Rows in columns, as rich draws them: wide characters keep their place. Pure."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from awsctx.core.text import visible


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """``rows`` under the names of their ``columns``, two blanks between columns. Control characters in cells are shown as
    escapes; None is shown as nothing. No cell is cut."""
    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(Text(column), no_wrap=True, overflow="ignore")
    for row in rows:
        made.add_row(*(Text(visible(str(cell or ""))) for cell in row))
    return made


def clipped(text: str, columns: int) -> str:
    """As much of ``text`` as fits into ``columns`` of a terminal; wide characters take two, combining ones none."""
    while text and cell_len(text) > columns:
        text = text[:-1]
    return text


def shortened(text: str, columns: int) -> str:
    """``text``, cut in its middle where it is wider than ``columns``: names that are long mostly differ at their ends."""
    if cell_len(text) <= columns:
        return text
    end = text[-1:]
    for letter in reversed(text[:-1]):
        if cell_len(letter + end) > columns // 2:
            break
        end = letter + end
    return clipped(clipped(text, columns - 1 - cell_len(end)) + "…" + end, columns)


def padded(text: str, columns: int) -> str:
    """``text`` in exactly ``columns`` of a terminal: shortened, or with blanks behind it."""
    text = shortened(text, columns)
    return text + " " * (columns - cell_len(text))
