"""`awsctx init SHELL --prompt`: the context in the user's prompt, in a colour by its class (awsctx(1), THE SHELL HOOK). In a
tmux, which keeps the screen as a person sees it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.shells.ptys import sign_in, tool
from tests.support import DEVELOPER, TESTER, Home, stanza
from tests.tools import locate

SHELLS = ("bash", "zsh", "fish", "nu")
STARTED = {
    "bash": ("bash --norc -i", "PS1='$ '; HISTFILE=; eval \"$(awsctx init bash --prompt)\""),
    "zsh": ("zsh -f -i", "PROMPT='$ '; unset HISTFILE; eval \"$(awsctx init zsh --prompt)\""),
    "fish": (
        "fish --no-config -i",
        "function fish_prompt; printf '$%s ' \"$argv\"; end; set -g fish_autosuggestion_enabled 0; "
        "awsctx init fish --prompt | source",
    ),
    "nu": ("{nu} --config config.nu --env-config env.nu", ""),
}
COLOURS = {"ok": 32, "guarded": 31, "expired": 33, "overridden": 35, "pinned": 36}


class Pane:
    """A shell with the hook and its prompt, in a tmux of so many columns."""

    def __init__(self, home: Home, shell: str, columns: int, **environ: str) -> None:
        self.home = home
        self.socket = str(home.folder / f"tmux-{id(self):x}")
        start, load = STARTED[shell]
        call = start.format(nu=locate.tool("nu"))
        self.environ = {**home.environ, "TERM": "screen-256color", **environ}
        if shell == "nu":
            (home.folder / "env.nu").write_text("")
            text = home.ok("init", "nu", "--prompt")
            plain = "$env.PROMPT_COMMAND = {|| '' }\n$env.PROMPT_INDICATOR = '$ '\n$env.PROMPT_COMMAND_RIGHT = ''\n"
            (home.folder / "config.nu").write_text(f"$env.config.show_banner = false\n{plain}{text}", encoding="utf-8")
        variables = [word for name, value in environ.items() for word in ("-e", f"{name}={value}")]
        self("new-session", "-d", *variables, "-x", str(columns), "-y", "12", call)
        self.wait(r"[$#>] *$")
        if load:
            self.type(load)
            self.type("clear")

    def __call__(self, *arguments: str) -> str:
        return self.home.ok("-S", self.socket, "-f", "/dev/null", *arguments, command=[tool("tmux")], env=self.environ)

    def type(self, line: str, *, enter: bool = True) -> None:
        self("send-keys", "-l", "--", line)
        if enter:
            self("send-keys", "Enter")

    def screen(self, *, escapes: bool = False) -> str:
        return self("capture-pane", "-p", *(["-e"] if escapes else []))

    def wait(self, pattern: str, *, escapes: bool = False) -> str:
        for _ in range(300):
            screen = self.screen(escapes=escapes)
            if re.search(pattern, screen, re.MULTILINE):
                return screen
            time.sleep(0.05)
        raise AssertionError((pattern, screen))


@contextmanager
def pane(home: Home, shell: str, columns: int = 80, **environ: str) -> Iterator[Pane]:
    opened = Pane(home, shell, columns, **environ)
    try:
        yield opened
    finally:
        opened("kill-server")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.configure(f'guard = ["{TESTER}"]\n')
    home.config.write_text(home.config.read_text() + stanza("plain") + stanza("other"))
    sign_in(home, 3 * 3600 + 12 * 60 + 30)
    return home


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def export(shell: str, name: str, value: str) -> str:
    words = {"fish": f"set -gx {name} {value}", "nu": f"$env.{name} = '{value}'"}
    return words.get(shell, f"export {name}={value}")


def test_each_class_has_its_colour(shell: str, home: Home) -> None:
    """A guarded context is red, and a pinned shell is seen to be one."""
    with pane(home, shell) as terminal:
        for kind, line, name in (
            ("ok", f"awsctx {DEVELOPER}", DEVELOPER),
            ("guarded", f"awsctx -y {TESTER}", TESTER),
            ("pinned", f"awsctx -s {DEVELOPER}", DEVELOPER),
            ("overridden", export(shell, "AWS_ACCESS_KEY_ID", "AKIA"), DEVELOPER),
        ):
            terminal.type(line)
            terminal.wait(rf"\x1b\[(?:\d+;)*{COLOURS[kind]}m\[{name} 3h12m[^\x1b]*\]\x1b\[[0-9;]*m ", escapes=True)
    with pane(home, shell) as terminal:
        sign_in(home, -5)
        terminal.type(f"awsctx {DEVELOPER}")
        terminal.wait(rf"\x1b\[(?:\d+;)*{COLOURS['expired']}m\[{DEVELOPER} expired\]", escapes=True)
        terminal.type("awsctx -u")
        terminal.type("clear")
        terminal.wait(r"\A\$")


@pytest.mark.parametrize(
    ("shell", "name", "value"),
    [*((shell, "NO_COLOR", "1") for shell in SHELLS), *((shell, "TERM", "dumb") for shell in SHELLS[:3])],
)
def test_where_no_colours_are_wanted_there_are_none(shell: str, name: str, value: str, home: Home) -> None:
    with pane(home, shell) as terminal:
        terminal.type(export(shell, name, value))
        terminal.type(f"awsctx -y {TESTER}")
        shown = terminal.wait(rf"\[{TESTER} 3h12m\] ", escapes=True)
        assert f"\x1b[{COLOURS['guarded']}m" not in shown
        if shell != "nu":
            assert re.search(rf"^\[{TESTER} 3h12m\] \$", shown, re.MULTILINE)


def test_a_long_line_wraps_where_the_terminal_ends(shell: str, home: Home) -> None:
    """The shell counts the prompt's columns, and none for its colours: else the line is drawn over itself."""
    typed = "echo " + "0123456789" * 6
    with pane(home, shell, columns=40) as terminal:
        terminal.type(f"awsctx {DEVELOPER}")
        terminal.wait(rf"\[{DEVELOPER} 3h12m\]")
        terminal.type("clear")
        prompt = f"[{DEVELOPER} 3h12m] $ "
        terminal.wait(rf"\A{re.escape(prompt.rstrip())}")
        terminal.type(typed, enter=False)
        terminal("send-keys", "C-a")
        terminal.type("X", enter=False)
        terminal("send-keys", "C-e")
        terminal.type("Z", enter=False)
        terminal.wait("Z")
        shown = terminal.screen().rstrip("\n").split("\n")
        assert "".join(shown).rstrip() == f"{prompt}X{typed}Z"
        assert [len(line) for line in shown if line][:-1] == [40, 40]


def test_names_are_shown_and_never_run(shell: str, home: Home) -> None:
    name = "$(touch pwned)`touch pwned` %F{red}%# \\[\\u\\] (ansi red)"
    home.config.write_text(home.config.read_text() + stanza(name))
    quoted = f"r#'{name}'#" if shell == "nu" else "'" + name.replace("\\", "\\\\" if shell == "fish" else "\\") + "'"
    with pane(home, shell, columns=120) as terminal:
        terminal.type(f"awsctx use -- {quoted}")
        terminal.type("clear")
        terminal.wait(rf"\A{re.escape(f'[{name}] $')}")
    assert not list(home.folder.rglob("pwned"))


def test_fish_hands_its_arguments_on(home: Home) -> None:
    """`--final-rendering`, by which a transient prompt of the user's knows that it is one (fish 4.1)."""
    with pane(home, "fish") as terminal:
        terminal.type(f"awsctx {DEVELOPER}")
        terminal.type("fish_prompt --final-rendering")
        terminal.wait(rf"^\[{DEVELOPER} 3h12m\] \$--final-rendering ")


def test_bash_keeps_what_stands_in_prompt_command(home: Home) -> None:
    """A string or an array, once however often the hook is loaded, and under `set -u`."""
    for before in ("PROMPT_COMMAND='one=$?'", "PROMPT_COMMAND=('one=$?' two=2)"):
        call = f"set -u; {before}; " + 'eval "$(awsctx init bash --prompt)"; ' * 2 + "declare -p PROMPT_COMMAND PS1"
        told = home.ok("--norc", "-ic", call, command=["bash"])
        assert told.count("_awsctx_hook;_awsctx_colour") == told.count("one=") == told.count("AWSCTX_PROMPT:+ ") == 1, told
        assert told.index("_awsctx_colour") < told.index("one=")
