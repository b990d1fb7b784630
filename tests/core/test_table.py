"""Tables: columns stay columns whatever the names hold."""

from __future__ import annotations

from awsctx.cli.styled import drawn
from awsctx.core.table import table


def text(columns: list[str], rows: list[list[object]]) -> str:
    return drawn(table(columns, rows), colours=False)


def test_wide_and_combining_characters_do_not_shift_columns() -> None:
    rows: list[list[object]] = [["日本語", "x"], ["u\u0308ni", "y"], ["plain", "z"]]
    assert text(["name", "role"], rows) == "name    role\n日本語  x\nu\u0308ni     y\nplain   z\n"


def test_cells_are_data() -> None:
    rows: list[list[object]] = [["[red]x[/red]", ":smile:"], ["a\x1b[31m\tb", None], ["", "http://x" * 50]]
    assert text(["a", "b"], rows).splitlines() == [
        "a             b",
        "[red]x[/red]  :smile:",
        "a\\x1b[31m\\tb",
        " " * 14 + "http://x" * 50,
    ]
