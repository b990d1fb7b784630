"""Makes the pictures of README.md: runs in the demo's sandbox, each really run in a terminal (tmux), drawn by rich as SVG.

.venv/bin/python docs/picture.py            all of them
.venv/bin/python docs/picture.py picker     one
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from awsctx.demo.play import opened
from awsctx.demo.sandbox import Sandbox
from awsctx.demo.standin import STALE_KEY

HERE = Path(__file__).parent
COLUMNS = 100
FAULTS = "[profile old]\nsso_session = workso\nregion = eu-west-1\n[billing]\nregion = eu-west-1\n"
PATIENCE = 30  # seconds for a screen to show what it is to show
PROMPT = re.compile(r"\$ *$")
RC = "PS1='$ ' PS2='> '\neval \"$(awsctx init bash --prompt)\"\n"


class Terminal:
    """A bash with the hook in a tmux of its own, typed into as a user does."""

    def __init__(self, sandbox: Sandbox, folder: Path, rows: int) -> None:
        self._tmux = [shutil.which("tmux") or "tmux", "-S", str(folder / "tmux"), "-f", "/dev/null"]
        rc = folder / "bashrc"
        rc.write_text(RC, encoding="utf-8")
        size = ["-x", str(COLUMNS), "-y", str(rows)]
        self._environ = {name: value for name, value in sandbox.environ.items() if name not in ("TMUX", "NO_COLOR")}
        self._home = sandbox.home
        self._call("new-session", "-d", *size, f"exec bash --rcfile {rc} -i")
        self.until(PROMPT)

    def type(self, line: str, until: re.Pattern[str] = PROMPT, *, enter: bool = True) -> list[str]:
        """Type the line, with Enter at its end, and give the screen once its last line is ``until``."""
        self._call("send-keys", "-l", "--", line)
        if enter:
            self.until(re.compile(re.escape(line[-10:]) + "$"))
            self._call("send-keys", "Enter")
        return self.until(until)

    def keys(self, *names: str) -> None:
        self._call("send-keys", *names)

    def until(self, pattern: re.Pattern[str]) -> list[str]:
        """The screen's lines, with their colours, at the moment at which its last one, or for a picker any, is ``pattern``."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            lines = self._call("capture-pane", "-e", "-p").rstrip("\n").split("\n")
            plain = [Text.from_ansi(line).plain for line in lines]
            if pattern.search("\n".join(plain) if pattern.flags & re.MULTILINE else plain[-1]):
                return lines
            time.sleep(0.02)
        sys.exit(f"the terminal never showed {pattern.pattern}:\n" + "\n".join(plain))

    def close(self) -> None:
        self._call("kill-server")

    def _call(self, *words: str) -> str:
        done = subprocess.run(
            [*self._tmux, *words], env=self._environ, cwd=self._home, capture_output=True, text=True, check=True
        )
        return done.stdout


@contextmanager
def terminal(sandbox: Sandbox, rows: int) -> Iterator[Terminal]:
    with tempfile.TemporaryDirectory(prefix="picture-") as folder:
        shell = Terminal(sandbox, Path(folder), rows)
        try:
            yield shell
        finally:
            shell.close()


# --- what each picture shows ----------------------------------------------------------------------------------------


def session(sandbox: Sandbox) -> list[str]:
    """Switch, look, an exported key, the way past it, and back."""
    with terminal(sandbox, rows=30) as shell:
        shell.type("awsctx worksso.developer")
        shell.keys("C-l")
        shell.until(PROMPT)
        shell.type("awsctx worksso.tester@eu-west-3")
        shell.type("aws sts get-caller-identity --query Account")
        shell.type("awsctx -")
        shell.type(f"export AWS_ACCESS_KEY_ID={STALE_KEY}")
        shell.type("awsctx exec -- aws sts get-caller-identity --query Account")
        return shell.type("unset AWS_ACCESS_KEY_ID")


def picker(sandbox: Sandbox) -> list[str]:
    """A few letters typed into the picker."""
    with terminal(sandbox, rows=14) as shell:
        shell.type("awsctx", re.compile(r"stock\.readonly", re.MULTILINE))
        return shell.type("4444 s", re.compile(r"> 4444 s$\n +6/8", re.MULTILINE), enter=False)


def doctor(sandbox: Sandbox) -> list[str]:
    """The report on a config that several people have edited."""
    config = sandbox.home / ".aws" / "config"
    text = config.read_text(encoding="utf-8").partition("[profile worksso.shop")[0]
    config.write_text(text + FAULTS, encoding="utf-8")
    with terminal(sandbox, rows=40) as shell:
        shell.type("awsctx worksso.developer")
        shell.type(f"export AWS_ACCESS_KEY_ID={STALE_KEY}")
        shell.keys("C-l")
        shell.until(PROMPT)
        return shell.type("awsctx doctor")[:-1]


def exec_many(sandbox: Sandbox) -> list[str]:
    """A command over accounts and regions, in progress."""
    with terminal(sandbox, rows=24) as shell:
        shell.type("awsctx exec --match '*.readonly' -r eu-west-1,us-east-1 -j 4 -- \\", re.compile(r"^> *$"))
        shell.type("aws ec2 describe-instances --output text \\", re.compile(r"^> *$"))
        return shell.type("--query 'Reservations[].Instances[].InstanceType'", re.compile(r" (6|7|8)/12 "))


PICTURES: dict[str, tuple[Callable[[Sandbox], list[str]], str]] = {
    "session": (session, "a session: switch, look, an exported key that the prompt marks, exec past it"),
    "picker": (picker, "the picker of awsctx"),
    "doctor": (doctor, "awsctx doctor on a config with faults"),
    "exec-many": (exec_many, "awsctx exec over six accounts and two regions, in progress"),
}


# --- drawing --------------------------------------------------------------------------------------------------------


def colours(words: str) -> list[tuple[int, int, int]]:
    return [(number >> 16, number >> 8 & 255, number & 255) for number in (int(word, 16) for word in words.split())]


BACKGROUND, PLAIN = colours("0d1117 c9d1d9")
THEME = TerminalTheme(
    BACKGROUND,
    PLAIN,
    colours("484f58 ff7b72 7ee787 e3b341 79c0ff d2a8ff 56d4dd c9d1d9"),
    colours("8b949e ff7b72 7ee787 e3b341 79c0ff d2a8ff 56d4dd f0f6fc"),
)
# No font is fetched: the reader's own monospaced one will do, each run of text stretched to its columns.
FORMAT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="-14 -10 WIDTH HEIGHT" role="img">
<style>.{unique_id}-matrix {{ font: {char_height}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; \
line-height: {line_height}px }} {styles}</style>
<rect x="-14" y="-10" width="100%" height="100%" rx="8" fill="#0d1117"/>
<g class="{unique_id}-matrix">{backgrounds}{matrix}</g>
</svg>
"""


def draw(lines: list[str], label: str, name: str) -> str:
    """The lines, with their colours, as SVG."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, legacy_windows=False)
    for line in lines:
        console.print(Text.from_ansi(line), no_wrap=True, crop=False)
    drawn = console.export_svg(theme=THEME, code_format=FORMAT, unique_id=name, title="")
    drawn = re.sub(r'<text [^>]*>\s*</text>|(?<=") clip-path="[^"]*"', "", drawn).replace("&#160;", "\u00a0")
    size = f"{COLUMNS * 12.2 + 28:.0f} {len(lines) * 24.4 + 20:.0f}"  # of a character, 12.2 by 24.4 here
    return drawn.replace("WIDTH HEIGHT", size, 1).replace('role="img"', f'role="img" aria-label="{label}"', 1)


def main(names: list[str]) -> None:
    for name in names or PICTURES:
        play, label = PICTURES[name]
        with opened() as sandbox:
            quiet = {"env": sandbox.environ, "check": True, "stdin": subprocess.DEVNULL, "capture_output": True}
            subprocess.run(["awsctx", "sync", "--match", "readonly", "--region", "eu-west-1", "--yes"], **quiet)  # type: ignore[call-overload]
            lines = play(sandbox)
        target = HERE / f"{name}.svg"
        target.write_text(draw(lines, label, name), encoding="utf-8")
        print(target)


if __name__ == "__main__":
    main(sys.argv[1:])
