"""Choosing a context: in fzf, where it is installed, else in the picker that is built in."""

import os

from awsctx import trace
from awsctx.commands import Result
from awsctx.core.text import has_control_characters, misspelt, visible
from awsctx.errors import AwsctxError, UnknownProfile
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# The answer is one whole line, whatever the user's FZF_DEFAULT_OPTS say. A line is NUMBER, NAME, and what is shown.
_FZF = (
    "--no-multi",
    "--no-print-query",
    "--no-expect",
    "--no-print0",
    "--delimiter=\t",
    "--with-nth=3..",
    "--no-hscroll",
    "--layout=reverse",
)
# What of a line fzf takes for its pointer, its scroll bar, and the mark that the line goes on.
_FZF_OWN = 6
# A preview needs a terminal of so many columns.
_WIDE = 120


def use_chosen(world: World) -> Result:
    """Switch to the context that the person chooses; exit code 130 when they leave. Raises AwsctxError."""
    return _use(world, _pick(world, ""), {})


def use_instead(world: World, unknown: UnknownProfile, **options: "Any") -> Result:
    """Where a person is there who has typed a part of a name (or an account, a role), let them choose among what it fits, and
    switch there; ``options`` are those of `use`. Raises ``unknown`` where nobody is there, or it fits nothing."""
    if not (os.isatty(0) and os.isatty(1) and world.files.names()):
        raise unknown
    if misspelt(unknown.name) and not any(unknown.name in name for name in world.files.names()):
        raise unknown  # which names the subcommand
    from awsctx.core.regions import is_like_one

    part, _, region = unknown.name.rpartition("@")
    if not part or not is_like_one(region):
        part, region = unknown.name, ""
    name = _pick(world, part)
    if name is None:
        raise unknown
    return _use(world, f"{name}@{region}" if name and region else name, options)


def _use(world: World, name: str | None, options: "dict[str, Any]") -> Result:
    from awsctx.commands.use import use

    return use(world, name, **options) if name else Result(status=130)


def _pick(world: World, query: str) -> str | None:
    """The profile that the person chose among those that fit ``query``; the active one is on top and marked. Empty when they
    left, None where nothing fits. Raises AwsctxError where fzf failed, or where there is nothing to choose from."""
    import shutil

    from awsctx.cli import filter_picker
    from awsctx.commands.list import described

    names = [name for name in world.files.names() if not has_control_characters(name)]
    if not names:
        raise world.nothing_there("profiles")
    active = world.active()
    marked = active.profile if active else ""
    names.sort(key=lambda name: name != marked)  # stable: the others stay in the file's order
    rows = [
        (f"{'*' if name == marked else ' '} {name}", *cells) for name, cells in zip(names, described(world, names), strict=True)
    ]
    if not filter_picker.matches(rows, query):
        return None
    if shutil.which("fzf"):
        try:
            return _fzf(names, rows, query, world.shell)
        except OSError as e:  # there, but not to be run: its interpreter is missing, say
            trace.tell("could not run fzf", e.strerror)
    place = filter_picker.pick(rows, "context", query)
    return "" if place is None else names[place]


def _fzf(names: "Sequence[str]", rows: "Sequence[Sequence[str]]", query: str, shell: str) -> str:
    import subprocess

    from awsctx.shells import switch_command

    shown = _lines(rows, _columns())
    lines = [f"{place}\t{name}\t{line}" for place, (name, line) in enumerate(zip(names, shown, strict=True))]
    look = ["--preview=awsctx show -- {2}", "--preview-window=right:40%:wrap"] if _columns() >= _WIDE else []
    picker = subprocess.run(  # noqa: S603 (constant words)
        ["fzf", "--prompt=context> ", "--height=40%", f"--query={query}", *_FZF, *look],  # noqa: S607 (the user's fzf)
        input="\n".join(lines),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
        env={**os.environ, "SHELL": "/bin/sh"},  # which reads the preview's name as fzf quotes it
    )
    if picker.returncode in (1, 130):
        return ""
    if picker.returncode != 0:
        raise AwsctxError(
            f"fzf failed with exit code {picker.returncode}", f"choose by name: {switch_command(names[0], shell)}"
        )
    return names[int(picker.stdout.partition("\t")[0])]


def _lines(rows: "Sequence[Sequence[str]]", columns: int) -> list[str]:
    """What fzf shows and filters, for a terminal of so many ``columns``: the rows as a table. fzf cuts a line at its end; where
    that would cut a name, a line as the built-in picker has it stands before the whole one, and fills the terminal."""
    from rich.cells import cell_len

    from awsctx.cli.filter_picker import in_columns, widths_of
    from awsctx.cli.styled import drawn
    from awsctx.core.table import table

    whole = drawn(table(("",) * len(rows[0]), rows), colours=False).splitlines()[1:]
    shown = [tuple(map(visible, row)) for row in rows]
    widths = widths_of(shown)
    room = max(columns - _FZF_OWN, 1)
    if widths[0] <= room:
        return whole
    cut = [in_columns(row, widths, room) for row in shown]
    return [line + " " * (columns - cell_len(line)) + rest for line, rest in zip(cut, whole, strict=True)]


def _columns() -> int:
    try:
        return os.get_terminal_size(1).columns
    except OSError:
        return 80
