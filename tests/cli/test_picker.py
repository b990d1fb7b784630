"""The built-in picker, in a real terminal: behind bare `awsctx` without fzf, and in `awsctx setup`."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from pathlib import Path

import pytest
from tests.support import AWSCTX, BIN, DEVELOPER, TESTER, WALKTHROUGH, Home, stanza

from awsctx.cli.filter_picker import clipped, in_columns, matches, shortened

ROWS = ["worksso.developer", "worksso.tester", "Other.Tester", "ünï"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [0, 1, 2, 3]),
        ("tester", [1, 2]),
        ("TEST other", [2]),
        ("ü", [3]),
        ("wdv", [0]),  # nothing holds it: its letters in order
        ("zz", []),
        ("  ", [0, 1, 2, 3]),
    ],
)
def test_what_matches(query: str, found: list[int]) -> None:
    assert matches([(row,) for row in ROWS], query) == found


@pytest.mark.parametrize(
    ("text", "columns", "fits"),
    [("abc", 2, "ab"), ("abc", 9, "abc"), ("日本", 3, "日"), ("e\u0301e", 1, "e\u0301"), ("abc", 0, "")],
)
def test_what_fits(text: str, columns: int, fits: str) -> None:
    assert clipped(text, columns) == fits


def test_what_matches_in_the_other_columns() -> None:
    rows = [("dev", "111122223333", "admin", "valid 3h12m"), ("prod", "444455556666", "reader", "")]
    assert matches(rows, "4444") == matches(rows, "PROD reader") == [1]
    assert matches(rows, "adm valid") == [0]
    assert matches(rows, "dv") == [0]  # letters in order: of a name only
    assert matches(rows, "a1") == matches(rows, "124") == []


@pytest.mark.parametrize(
    ("text", "columns", "fits"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "ab…ef"),
        ("abcdef", 2, "…f"),
        ("abcdef", 1, "…"),
        ("日本語日本語", 8, "日…本語"),
        ("日本語日本語", 7, "日本…語"),
    ],
)
def test_a_name_is_cut_in_its_middle(text: str, columns: int, fits: str) -> None:
    assert shortened(text, columns) == fits


def test_columns_are_shown_as_far_as_there_is_room() -> None:
    row, widths = ("  日本", "111122223333", "r", ""), [9, 12, 5, 0]
    assert in_columns(row, widths, 80) == "  日本     111122223333  r"
    assert in_columns(row, widths, 29) == "  日本     111122223333"
    assert in_columns(row, widths, 10) == "  日本"
    assert in_columns(("a" * 30 + "z", "1111"), [31, 4], 20) == "aaaaaa…aaaaaaz  1111"


class Screen:
    """`awsctx` in a tmux of its own, where there is no fzf; its shell says how it ended and how it left the terminal."""

    def __init__(
        self, home: Home, *, columns: int = 80, lines: int = 24, term: str = "", call: str = "", more: tuple[str, ...] = ()
    ) -> None:
        self.home = home
        tools = home.folder / "tools"
        tools.mkdir()
        for name in ("sh", "stty", "cat", "kill", "sleep", *more):
            found = shutil.which(name)
            assert found
            (tools / name).symlink_to(found)
        script = (
            f"export PATH={tools}:{BIN} {f'TERM={term}' if term else ''}; stty -g > before; echo start; "
            f"{AWSCTX} {call}; code=$?; stty -g > after; echo status $code; exec cat"
        )
        self.socket = str(home.folder / f"tmux-{id(self):x}")
        self("new-session", "-d", "-x", str(columns), "-y", str(lines), f"sh -c '{script}'")

    def __call__(self, *arguments: str) -> str:
        return self.home.ok("-S", self.socket, "-f", "/dev/null", *arguments, command=["tmux"])

    def keys(self, *keys: str) -> None:
        self("send-keys", "--", *keys)

    def wait(self, pattern: str) -> str:
        """Until ``pattern`` is on the screen, which is returned."""
        for _ in range(400):
            screen = self("capture-pane", "-p")
            if re.search(pattern, screen, re.MULTILINE):
                return screen
            time.sleep(0.05)
        raise AssertionError(screen)

    def ended(self, status: int) -> str:
        """The screen after awsctx has ended with ``status``, and left the terminal as it was."""
        screen = self.wait(rf"^status {status}$")
        assert (self.home.folder / "after").read_text() == (self.home.folder / "before").read_text()
        self("kill-server")
        return screen


def test_type_move_and_take(home: Home) -> None:
    home.ok(TESTER)
    screen = Screen(home)
    shown = screen.wait(r"^  2/2")
    assert [line for line in shown.splitlines() if line][1:] == [
        "context>",
        f"> * {TESTER}     43214321      tester     eu-west-2  none",
        f"    {DEVELOPER}  123412341234  developer  eu-west-1  none",
        "  2/2",
    ]
    screen.keys("dev")
    screen.wait("^  1/2")
    screen.keys("C-u", "Down", "Down", "Up", "Down", "Enter")
    shown = screen.ended(0)
    assert f"switched to {DEVELOPER}" in shown
    assert "context>" not in shown  # what it has drawn is gone
    assert home.active() == DEVELOPER


@pytest.mark.parametrize("key", ["Escape", "C-c", "C-d"])
def test_leaving(home: Home, key: str) -> None:
    home.ok(TESTER)
    screen = Screen(home)
    screen.wait("2/2")
    screen.keys("x", "Enter")  # nothing matches: Enter takes nothing
    screen.wait("0/2")
    screen.keys(key)
    screen.ended(130)
    assert home.active() == TESTER


def test_an_alt_key_leaves_nothing(home: Home) -> None:
    screen = Screen(home)
    screen.wait("2/2")
    screen.keys("M-x", "M-Down", "M-Left", "F5", "dev")
    assert DEVELOPER in screen.wait("^  1/2")
    screen.keys("Escape", "Escape")
    screen.ended(130)


def test_a_part_of_a_name_chooses_among_what_it_fits(home: Home) -> None:
    """By name, account or role; the region goes along."""
    for part, name in (("dev", DEVELOPER), ("43214321", TESTER), ("tester@eu-west-3", f"{TESTER}@eu-west-3")):
        screen = Screen(home, call=part)
        assert f"context> {part.partition('@')[0]}" in screen.wait("^  1/2")
        screen.keys("Enter")
        assert f"switched to {name}" in screen.ended(0)
        shutil.rmtree(home.folder / "tools")


def test_a_misspelt_subcommand_is_no_part_of_a_name(home: Home) -> None:
    """Although its letters are in one, in their order."""
    home.config.write_text(stanza("services.staging-platform") + stanza("my.sync-1"))
    assert "did you mean the subcommand: setup" in Screen(home, call="setp").ended(1)
    shutil.rmtree(home.folder / "tools")
    screen = Screen(home, call="sync-1")
    screen.wait("^  1/2")
    screen.keys("Escape")
    screen.ended(130)


def test_a_part_that_fits_nothing_is_an_error(home: Home) -> None:
    shown = Screen(home, call="zzz").ended(1)
    assert "no profile named 'zzz'" in shown


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_as_it_was(home: Home, number: signal.Signals) -> None:
    screen = Screen(home)
    screen.wait("2/2")
    pids = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if path.read_bytes().split(b"\0")[1:-1] == [os.fsencode(AWSCTX)]
        and f"HOME={home.folder}".encode() in (path.parent / "environ").read_bytes().split(b"\0")
    ]
    assert len(pids) == 1
    os.kill(pids[0], number)
    screen.ended(128 + number)


@pytest.mark.parametrize(("columns", "lines"), [(12, 5), (20, 3), (40, 2)])
def test_a_small_terminal(home: Home, columns: int, lines: int) -> None:
    home.config.write_text("".join(stanza(f"profile-with-a-long-name-{n:03}") for n in range(200)))
    screen = Screen(home, columns=columns, lines=lines)
    screen.wait("^context>")
    screen.keys("-1", "23")
    time.sleep(0.3)
    screen.keys("Enter")
    for _ in range(200):
        if home.state.exists():
            break
        time.sleep(0.05)
    assert home.active() == "profile-with-a-long-name-123"
    screen("kill-server")


@pytest.mark.parametrize("fzf", [False, True])
def test_a_narrow_terminal_shows_where_generated_names_differ(home: Home, fzf: bool) -> None:
    """They are SESSION.ACCOUNT.ROLE: cut in the middle, by either picker; what is cut away is found all the same."""
    accounts = ("northwind-payments-production", "northwind-payments-staging", "northwind-analytics-production")
    made = [
        (f"northwind.{account}.{role}", {"sso_session": "northwind", "sso_account_id": f"{number:012}", "sso_role_name": role})
        for number, account in enumerate(accounts)
        for role in ("AdministratorAccess", "ReadOnlyAccess")
    ]
    home.config.write_text("".join(stanza(name, **values) for name, values in made))
    screen = Screen(home, columns=40, lines=30, more=("fzf",) if fzf else ())
    lines = [line.strip("> .·▌▏│") for line in screen.wait(r"6/6").splitlines() if "northw" in line]
    assert len(set(lines)) == len(lines) == 6
    for (name, values), line in zip(made, lines, strict=True):
        start, cut, end = line.partition(" ")[0].partition("…")
        assert cut and name.startswith(start) and name.endswith(end) and min(len(start), len(end)) > 6
        assert line.endswith(values["sso_account_id"])
    screen.keys("analytics-prod", "Space", "ReadO")
    assert len([line for line in screen.wait(r"1/6").splitlines() if "OnlyAccess" in line]) == 1
    screen.keys("Enter")
    screen.ended(0)
    assert home.active() == made[-1][0]


def test_scrolling_and_a_terminal_that_changes_its_size(home: Home) -> None:
    home.config.write_text("".join(stanza(f"p{n:03}") for n in range(60)))
    screen = Screen(home, columns=40, lines=20)
    screen.wait(" 60/60")
    screen.keys("End")
    assert "> * p059" not in screen.wait(r"^>   p059  eu-west-1$")
    screen.keys("PPage")
    screen.wait(r"^>   p047  eu-west-1$")
    screen("resize-window", "-x", "30", "-y", "10")
    shown = screen.wait(r"^>   p047  eu-west-1$")
    assert len([line for line in shown.splitlines() if re.search("p0..  eu", line)]) <= 8
    screen.keys("Home", "Enter")
    screen.wait("switched to p000")
    screen("kill-server")


def test_names_are_data(home: Home) -> None:
    home.config.write_text(WALKTHROUGH + stanza("日本語") + stanza("%F{red}") + stanza("a@b"), encoding="utf-8")
    screen = Screen(home)
    shown = screen.wait("5/5")
    for name in ("日本語           ", "%F{red}          ", "a@b              "):
        assert f"    {name}" in shown
    screen.keys("本")
    screen.wait("1/5")
    screen.keys("Enter")
    screen.ended(0)
    assert home.active() == "日本語"


def test_a_terminal_that_cannot_move_its_cursor_gets_lines(home: Home) -> None:
    screen = Screen(home, term="dumb")
    shown = screen.wait(r"a number, or text to filter")
    assert f"  1    {DEVELOPER}" in shown
    screen.keys("tester", "Enter")
    screen.ended(0)
    assert home.active() == TESTER


def test_where_one_end_is_no_terminal_it_is_the_list(home: Home) -> None:
    assert home.ok() == f"{DEVELOPER}\n{TESTER}\n"
