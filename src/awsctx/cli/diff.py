"""A diff in colours, as git shows it."""

import os

# The start of a line, and what it is shown in. `---` and `+++` come before `-` and `+`.
_STYLES = (("---", "1"), ("+++", "1"), ("@@", "36"), ("-", "31"), ("+", "32"))


def for_stream(diff: str, stream: int) -> str:
    """``diff`` as it is shown on file descriptor ``stream``: coloured on a terminal, unless NO_COLOR is set."""
    terminal = os.isatty(stream) and os.environ.get("TERM", "dumb") != "dumb"
    return painted(diff) if terminal and not os.environ.get("NO_COLOR") else diff


def painted(diff: str) -> str:
    """``diff`` in colours. Its text is not escaped here: control characters are spelled out when it is made."""
    return "".join(map(_painted, diff.splitlines(keepends=True)))


def _painted(line: str) -> str:
    style = next((style for start, style in _STYLES if line.startswith(start)), "")
    text = line.rstrip("\n")
    return f"\x1b[{style}m{text}\x1b[m{line[len(text) :]}" if style else line
