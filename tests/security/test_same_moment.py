"""Shells that switch at the same moment (panes that type together, a script beside a person): each line runs with its own
profile, whatever the others have switched to."""

from __future__ import annotations

import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.shells.conftest import Open, home, open_terminal, shell
from tests.shells.ptys import Terminal
from tests.support import DEVELOPER, TESTER, Home, stanza
from tests.tools import locate

__all__ = ["home", "open_terminal", "shell"]

NAMES = [DEVELOPER, TESTER, "prod.admin", "prod.reader", "a b", "stage"]


@pytest.fixture
def six(home: Home) -> Home:
    """A home with six profiles, two of which are guarded."""
    home.config.write_text(home.config.read_text() + "".join(stanza(name) for name in NAMES[2:]))
    home.configure('guard = ["prod.*"]\n')
    return home


def ran(terminal: Terminal, name: str) -> str:
    """The line, as typed: what `printenv` says is read from a file, since the terminal shows the line too."""
    out = terminal.home.folder / f"ran-{id(terminal):x}"
    then = "; and" if terminal.shell == "fish" else " &&"
    return f"awsctx -y {terminal.quote(name)}{then} printenv AWS_PROFILE >{out}"


def seen(terminal: Terminal) -> str:
    out = terminal.home.folder / f"ran-{id(terminal):x}"
    text = out.read_text()
    out.unlink()
    return text.rstrip("\n")


@pytest.mark.parametrize("count", [2, 3, 4])
def test_panes_that_type_together(count: int, six: Home, open_terminal: Open) -> None:
    """tmux's synchronize-panes: to one context, again and again."""
    panes = [open_terminal() for _ in range(count)]
    for number in range(6):
        name = NAMES[number % 3]
        for pane in panes:
            pane.child.send(ran(pane, name) + "\r")
        for pane in panes:
            pane._until_prompt()
        assert [seen(pane) for pane in panes] == [name] * count, number
    for pane in panes:
        assert pane.profile == NAMES[5 % 3]


def test_shells_at_their_own_pace(six: Home, open_terminal: Open) -> None:
    panes = [open_terminal() for _ in range(4)]

    def work(number: int) -> list[tuple[str, str]]:
        dice, pane, wrong = random.Random(number), panes[number], []
        for _ in range(8):
            name = dice.choice(NAMES)
            pane.run(ran(pane, name))
            found = seen(pane)
            if found != name:
                wrong.append((name, found))
        return wrong

    with ThreadPoolExecutor(len(panes)) as pool:
        assert list(pool.map(work, range(len(panes)))) == [[]] * len(panes)


def test_nushells_at_the_same_moment(six: Home) -> None:
    hook = six.folder / "hook.nu"
    hook.write_text(six.ok("init", "nu"), encoding="utf-8")
    dice = random.Random(1)
    running = []
    for number in range(3):
        names = [dice.choice(NAMES) for _ in range(10)]
        script = six.folder / f"{number}.nu"
        lines = [f"awsctx -y '{name}'; ^printenv AWS_PROFILE\n__awsctx_hook" for name in names]
        script.write_text("\n".join([f"source {hook}", "__awsctx_hook", *lines]), encoding="utf-8")
        running.append((names, started(six, script)))
    for names, process in running:
        out, _ = process.communicate(timeout=60)
        assert out.splitlines() == names


def started(home: Home, script: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [locate.tool("nu"), "--no-config-file", str(script)],
        env=home.environ,
        cwd=home.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
