"""Names and values that would drive a terminal, or break what reads lines."""

from __future__ import annotations

import pytest
from tests.support import DEVELOPER, TESTER, WALKTHROUGH, Home, stanza

NEW = ("--session", "worksso", "--account", "1", "--role", "r")
CALLS = (
    ("show", DEVELOPER), ("copy", DEVELOPER, "c"), ("rename", DEVELOPER, "c"), ("remove", "-y", DEVELOPER),
    ("add", "new", *NEW), ("sync", "--dry-run"), ("setup", "--session", "s", "--device-code"), ("doctor",),
    ("current", "--json"), ("list",), ("whoami",),
)  # fmt: skip
ESCAPE = "\x1b]0;owned\x07"
REFUSED = {
    "duplicate section": f"[profile {ESCAPE}]\n[profile {ESCAPE}]\n",
    "duplicate key": f"[profile x]\n{ESCAPE}k = 1\n{ESCAPE}k = 2\n",
    "block": f"[profile {ESCAPE}]\n{ESCAPE}k =\n  {ESCAPE}\n",
    "stray line": f"[profile x]\n{ESCAPE}\n",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_a_refused_file_drives_no_terminal(home: Home, text: str) -> None:
    home.config.write_text(WALKTHROUGH + text)
    for call in CALLS:
        done = home.run(*call)
        assert "\x1b" not in done.stderr and "\x07" not in done.stderr, (call, done)
        assert "\x1b" not in done.stdout, (call, done)


SEPARATORS = ("\u2028", "\u2029", "\x85", "\x9b", "\x7f", "\x1b", "\t", "\r")


@pytest.mark.parametrize("letter", [*SEPARATORS[:-1], "\x0b", "\x0c", "\x1c"], ids=ascii)
@pytest.mark.parametrize("call", [(), ("list",), ("list", "-l"), ("list", "--json"), ("whoami", "--all")], ids=" ".join)
def test_no_list_prints_such_a_name_raw(home: Home, call: tuple[str, ...], letter: str) -> None:
    plain = "q'q ünï \\x1b"  # what looks like an escape is the name itself
    home.config.write_text(WALKTHROUGH + stanza(plain) + stanza(f"a{letter}b"), encoding="utf-8")
    done = home.run(*call)
    assert letter not in done.stdout + done.stderr, done
    if call in ((), ("list",)):
        assert done.stdout.splitlines() == [DEVELOPER, TESTER, plain, f"a{ascii(letter)[1:-1]}b"]
        assert home.run(done.stdout.splitlines()[-1]).returncode == 1


@pytest.mark.parametrize("letter", SEPARATORS, ids=ascii)
def test_what_other_commands_refuse_is_refused_on_the_way_in(home: Home, letter: str) -> None:
    before = home.config.read_text()
    name = f"a{letter}b"
    session = ("--start-url", "https://x.awsapps.com/start", "--sso-region", "eu-west-1", "--device-code", "--timeout", "1")
    for call in (
        ("add", name, *NEW),
        ("add", "x", *NEW, "--region", name),
        ("copy", DEVELOPER, name),
        ("rename", DEVELOPER, name),
        (f"{name}={DEVELOPER}",),
        ("setup", "--session", name, *session),
        ("setup", "--session", "new", *session, "--profile", name),
    ):
        done = home.run(*call)
        assert done.returncode in (1, 2), (call, done)
        assert letter == "\r" or letter not in done.stderr.replace("\n", ""), (call, done)
        assert home.config.read_text() == before
