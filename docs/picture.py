"""Makes docs/exec-many.svg: a run in progress, really run in the demo's sandbox, as its terminal shows it.

.venv/bin/python docs/picture.py
"""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
from html import escape
from pathlib import Path

from awsctx.demo.play import opened

TARGET = Path(__file__).with_name("exec-many.svg")
ROWS, COLUMNS = 22, 100
QUERY = "Reservations[].Instances[].[InstanceType, InstanceId]"
COMMAND = [
    *("awsctx", "exec", "--match", "*.readonly", "-r", "eu-west-1,us-east-1", "-j", "4", "--"),
    *("aws", "ec2", "describe-instances", "--output", "text", "--query", QUERY),
]
TYPED = (
    "$ awsctx exec --match '*.readonly' -r eu-west-1,us-east-1 -j 4 -- \\",
    "    aws ec2 describe-instances --output text \\",
    f"    --query '{QUERY}'",
)
# The run in progress, by its bar.
WHEN = re.compile(r" (6|7|8)/12 ")
PLAIN = "#c9d1d9"
COLOURS = dict(zip(range(8), ("#484f58", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", PLAIN), strict=True))


def main() -> None:
    with opened() as sandbox:
        quiet = {"env": sandbox.environ, "check": True, "stdin": subprocess.DEVNULL, "capture_output": True}
        subprocess.run(["awsctx", "sync", "--match", "readonly", "--region", "eu-west-1", "--yes"], **quiet)  # type: ignore[call-overload]
        shown = screen(sandbox.environ, WHEN)
    typed = [f"\x1b[1m{line}\x1b[m" for line in TYPED]
    said, rest = shown[:1], shown[1:]
    lines = [*typed, *said, *rest[len(typed) + 1 - ROWS :]]
    TARGET.write_text(picture(lines), encoding="utf-8")
    print(TARGET)


def screen(environ: dict[str, str], when: re.Pattern[str]) -> list[str]:
    """The lines on the terminal of a run of COMMAND, at the last moment at which the last line is ``when``."""
    parent, child = pty.openpty()
    termios.tcsetwinsize(child, (ROWS, COLUMNS))
    environ = {**environ, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    environ.pop("NO_COLOR", None)
    with subprocess.Popen(COMMAND, env=environ, stdin=child, stdout=child, stderr=child, start_new_session=True) as process:
        os.close(child)
        text, found = "", []
        while process.poll() is None or select.select([parent], [], [], 0)[0]:
            if not select.select([parent], [], [], 0.1)[0]:
                continue
            try:
                text += os.read(parent, 1 << 16).decode()
            except OSError:  # Linux's word for the end
                break
            lines = [line.rpartition("\r\x1b[K")[2] for line in text.replace("\r\n", "\n").split("\n")]
            if when.search(re.sub(r"\x1b\[[0-9;]*m", "", lines[-1])):
                found = lines
    os.close(parent)
    if not found:
        sys.exit(f"the run was never at {when.pattern}: run it again\n{text}")
    return found


def picture(lines: list[str]) -> str:
    """``lines``, with their colours, as SVG."""
    height = 18 * len(lines) + 32
    rows = "\n".join(
        f'<text x="16" y="{28 + 18 * at}" xml:space="preserve">{"".join(spans(line))}</text>' for at, line in enumerate(lines)
    )
    label = "awsctx exec over six accounts and two regions, in progress"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="809" height="{height}" role="img" aria-label="{label}">\n'
        '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>'
        '<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="13">\n'
        f"{rows}\n</g></svg>\n"
    )


def spans(line: str) -> list[str]:
    """The parts of a line, each in its colour."""
    colour, weight = PLAIN, ""
    found = []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if not part.startswith("\x1b"):
            if part:
                found.append(f'<tspan fill="{colour}"{weight}>{escape(part.expandtabs(2))}</tspan>')
            continue
        codes = [int(code or 0) for code in part[2:-1].split(";")]
        if codes[:2] == [38, 5]:
            colour = xterm(codes[2])
        elif codes[0] == 1:
            colour, weight = "#f0f6fc", ' font-weight="bold"'
        elif codes[0] in (*range(30, 38), *range(90, 98)):
            colour = COLOURS[codes[0] % 10]
        else:
            colour, weight = PLAIN, ""
    return found


def xterm(number: int) -> str:
    """A colour of xterm's 256."""
    if number < 16:
        return COLOURS[number % 8]
    if number > 231:
        return "#" + f"{8 + 10 * (number - 232):02x}" * 3
    levels = ((number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6)
    return "#" + "".join(f"{55 + 40 * level if level else 0:02x}" for level in levels)


if __name__ == "__main__":
    main()
