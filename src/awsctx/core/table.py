"""Rows in columns, as rich draws them: wide characters keep their place. Pure."""

from collections.abc import Iterable, Sequence

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
