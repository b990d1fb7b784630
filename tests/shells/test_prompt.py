"""AWSCTX_PROMPT and AWSCTX_PROMPT_CLASS: the hook's words are the command's (awsctx(1), THE SHELL HOOK)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import Terminal, moment, outside, sign_in, token_file
from tests.support import DEVELOPER, TESTER, Home, stanza

HOUR = 3600.0
SLACK = 55.0  # seconds that a test may take before the minute is over

Write = Callable[[Home], object]


def _values(**values: object) -> Write:
    return lambda home: sign_in(home, HOUR, **values)  # type: ignore[arg-type]


def _end(ahead: float, zone: str) -> Write:
    return lambda home: sign_in(home, 0, expiresAt=moment(ahead).replace("Z", zone))


def _text(text: str) -> Write:
    """A file of just this, with the time in an hour for END and the time a second ago for PAST."""
    return lambda home: token_file(home).write_text(
        text.replace("END", moment(HOUR + SLACK)).replace("PAST", moment(-1)), encoding="utf-8"
    )


def _torn(home: Home) -> None:
    path = sign_in(home, HOUR)
    path.write_bytes(path.read_bytes()[:-20])


SIGN_INS: dict[str, tuple[Write, str]] = {
    "hours": (lambda home: sign_in(home, 7 * HOUR + 5 * 60 + SLACK), " 7h5m"),
    "an hour": (lambda home: sign_in(home, HOUR + SLACK), " 1h0m"),
    "minutes": (lambda home: sign_in(home, 59 * 60 + SLACK), " 59m"),
    "less than a minute": (lambda home: sign_in(home, SLACK), " 0m"),
    "over": (lambda home: sign_in(home, -10), " expired"),
    "over, but refreshable": (lambda home: sign_in(home, -10, refreshable=HOUR), ""),
    "over, the registration too": (lambda home: sign_in(home, -10, refreshable=-5), " expired"),
    "over, without a refresh token": (
        lambda home: sign_in(home, -10, registrationExpiresAt=moment(HOUR)),
        " expired",
    ),
    "over, with an empty one": (lambda home: sign_in(home, -10, refreshable=HOUR, refreshToken=""), " expired"),
    "none": (lambda home: token_file(home).unlink(), " expired"),
    "empty": (_text(""), " expired"),
    "torn": (_torn, " expired"),
    "no object": (_text("[]\n"), " expired"),
    "no access token": (_text('{"expiresAt": "END"}'), " expired"),
    "no time": (_text('{"accessToken": "a"}'), " expired"),
    "no time that can be read": (_values(expiresAt="soon"), " expired"),
    "a null": (_values(expiresAt=None), " expired"),
    "fractions": (_end(2 * HOUR + SLACK, ".123456Z"), " 2h0m"),
    "an offset of nothing": (_end(2 * HOUR + SLACK, "+00:00"), " 2h0m"),
    "an offset": (_end(4 * HOUR + SLACK, "+02:00"), " 2h0m"),
    "an offset to the west": (_end(SLACK, "-0130"), " 1h30m"),
    "UTC": (_end(2 * HOUR + SLACK, "UTC"), " 2h0m"),
    "other keys first": (
        _text(
            r'{"registrationExpiresAt":"PAST", "note": "an \"expiresAt\": \"x\"", "x": "expiresAt", '
            '"expiresAt" :"END", "accessToken" : "b", "n": 1}\n\n'
        ),
        " 1h0m",
    ),
    "over several lines": (_text('\n{\n  "accessToken": "a",\n  "expiresAt": "END"\n}\n'), " 1h0m"),
}


def test_each_sign_in_reads_as_the_command_reads_it(terminal: Terminal, home: Home) -> None:
    """One shell sees them all come, so this is about noticing, too."""
    terminal.run(f"awsctx {TESTER}")
    wrong = []
    for name, (write, expected) in SIGN_INS.items():
        write(home)
        shown, command = terminal.prompt, home.ok("prompt").rstrip("\n")
        if not shown == command == TESTER + expected:
            wrong.append((name, shown, command))
        sign_in(home, 5 * HOUR)
    assert wrong == []


def test_a_token_that_changes_in_place_is_noticed(terminal: Terminal, home: Home) -> None:
    """Of the same length, of the same time of change, cut short, or with another end alone."""
    terminal.run(f"awsctx {TESTER}")
    small = {"accessToken": "a", "clientSecret": "s"}
    path = sign_in(home, HOUR + SLACK, refreshable=2 * HOUR, refreshToken="r", **small)
    assert terminal.prompt == f"{TESTER} 1h0m"
    sign_in(home, 3 * HOUR + SLACK, refreshable=2 * HOUR, refreshToken="r", **small)
    assert terminal.prompt == f"{TESTER} 3h0m"
    path.write_bytes(path.read_bytes()[:-1])
    assert terminal.prompt == f"{TESTER} expired"
    sign_in(home, -1, refreshable=2 * HOUR, refreshToken="r", **small)
    assert terminal.prompt == TESTER
    sign_in(home, -1, refreshable=-1, refreshToken="r", **small)
    assert terminal.prompt == f"{TESTER} expired"
    path.unlink()
    assert terminal.prompt == f"{TESTER} expired"


def test_the_last_days_of_a_february_and_a_century(terminal: Terminal, home: Home) -> None:
    terminal.run(f"awsctx {TESTER}")
    for end in ("2096-02-29T00:00:30Z", "2100-02-28T23:59:59Z", "2100-03-01T00:00:30Z", "2101-01-01T00:00:30Z"):
        sign_in(home, 0, expiresAt=end)
        # The shells' clocks have whole seconds, so that for one in sixty they are a minute behind.
        _until(lambda: terminal.prompt == home.ok("prompt").rstrip("\n"))


def test_the_time_goes_by_without_a_change_of_any_file(terminal: Terminal, home: Home) -> None:
    """The end of a minute, and the end of the sign-in, seen by a shell that had looked at the token before."""
    sign_in(home, 61.5)
    terminal.run(f"awsctx {TESTER}")
    _older(token_file(home))
    assert terminal.prompt in (f"{TESTER} 1m", f"{TESTER} 0m")
    _until(lambda: terminal.prompt == f"{TESTER} 0m")
    sign_in(home, 1.5)
    assert terminal.prompt in (f"{TESTER} 0m", f"{TESTER} expired")
    _until(lambda: terminal.prompt == f"{TESTER} expired")
    assert terminal.kind == "expired"


def test_a_token_replaced_by_an_older_file_is_noticed(terminal: Terminal, home: Home) -> None:
    """`cp -p`, `rsync -a`, a backup that comes back: no look at the time of change is enough."""
    terminal.run(f"awsctx {TESTER}")
    path = sign_in(home, 2 * HOUR + SLACK, refreshable=HOUR)
    _older(path)
    assert terminal.prompt == f"{TESTER} 2h0m"
    spare = path.with_suffix(".spare")
    spare.write_bytes(path.read_bytes())
    for end, shown in ((-10, ""), (5 * HOUR + SLACK, " 5h0m")):
        sign_in(home, end, refreshable=HOUR)
        os.utime(path, (1, 1))
        assert terminal.prompt == f"{TESTER}{shown}"
        os.replace(path, spare)
        assert terminal.prompt == f"{TESTER} expired"


def test_the_end_of_what_can_be_refreshed_is_seen_in_time(terminal: Terminal, home: Home) -> None:
    terminal.run(f"awsctx {TESTER}")
    sign_in(home, -5, refreshable=2)
    assert terminal.prompt in (TESTER, f"{TESTER} expired")
    _until(lambda: terminal.prompt == f"{TESTER} expired", seconds=5)


def test_no_countdown_where_none_is_wanted(home: Home, open_terminal: Open) -> None:
    home.configure("[prompt]\ntime = false\n")
    terminal = open_terminal()
    terminal.run(f"awsctx {TESTER}")
    assert terminal.prompt == TESTER == home.ok("prompt").rstrip("\n")
    token_file(home).unlink()
    assert terminal.prompt == f"{TESTER} expired" == home.ok("prompt").rstrip("\n")


def test_a_profile_without_sso_shows_its_name_alone(terminal: Terminal, home: Home) -> None:
    home.config.write_text(home.config.read_text(encoding="utf-8") + stanza("plain"), encoding="utf-8")
    terminal.run("awsctx plain")
    assert terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS") == ["plain", "ok"]


KINDS = {
    "keys": "[profile keys]\naws_access_key_id = AKIA\naws_secret_access_key = s\n",
    "role": "[profile role]\nrole_arn = arn:aws:iam::123412341234:role/r\nsource_profile = keys\n",
    "web": "[profile web]\nrole_arn = arn:aws:iam::123412341234:role/r\nweb_identity_token_file = /tmp/t\n",
}


@pytest.mark.parametrize("profile", KINDS)
def test_what_overrides_is_what_the_command_says_overrides(profile: str, terminal: Terminal, home: Home) -> None:
    home.config.write_text(home.config.read_text(encoding="utf-8") + "".join(KINDS.values()), encoding="utf-8")
    terminal.run(f"awsctx {profile}")
    wrong = []
    for variables in (
        {"AWS_ACCESS_KEY_ID": "AKIA"},
        {"AWS_ACCESS_KEY_ID": ""},
        {"AWS_SECRET_ACCESS_KEY": "s"},
        {"AWS_WEB_IDENTITY_TOKEN_FILE": "/tmp/t"},
        {"AWS_ROLE_ARN": "arn:x"},
        {"AWS_ROLE_ARN": "arn:x", "AWS_WEB_IDENTITY_TOKEN_FILE": "/tmp/t"},
        {"AWS_DEFAULT_PROFILE": "other"},
        {"AWS_DEFAULT_PROFILE": profile},
        {"AWS_DEFAULT_PROFILE": ""},
    ):
        for name, value in variables.items():
            terminal.set(name, value)
        shown, kind = terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS")
        command = home.ok("prompt", env={**variables, "AWS_PROFILE": profile}).rstrip("\n")
        if shown != command or (kind == "overridden") != shown.endswith(" !"):
            wrong.append((variables, shown, kind, command))
        terminal.unset(*variables)
    assert wrong == []
    assert terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS") == [profile, "ok"]


def test_the_class_is_the_first_that_applies(home: Home, open_terminal: Open) -> None:
    home.configure(f'guard = ["{TESTER}"]\n')
    terminal = open_terminal()
    assert terminal.kind == ""
    sign_in(home, -1)
    terminal.run(f"awsctx {DEVELOPER}")
    assert terminal.kind == "expired"
    terminal.run(f"awsctx -s {DEVELOPER}")
    assert terminal.kind == "pinned"
    terminal.run(f"awsctx -s -y {TESTER}")
    assert terminal.kind == "guarded"
    terminal.set("AWS_ACCESS_KEY_ID", "AKIA")
    assert terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS") == [f"{TESTER} expired !", "overridden"]
    terminal.run("awsctx -s -u; awsctx -u")
    assert terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS") == ["", ""]


def test_a_users_own_profile_is_asked_about_once(home: Home, open_terminal: Open) -> None:
    folder = home.folder / "bin"
    folder.mkdir()
    asked = home.folder / "asked"
    counting = folder / "awsctx"
    counting.write_text(f'#!/bin/sh\necho "$1" >> {asked}\nPATH=${{PATH#*:}} exec awsctx "$@"\n', encoding="utf-8")
    counting.chmod(0o755)
    terminal = open_terminal(env={"PATH": f"{folder}:{home.environ['PATH']}"})
    terminal.set("AWS_PROFILE", TESTER)
    for _ in range(3):
        terminal.run()
    assert terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS") == [f"{TESTER} 3h12m", "pinned"]
    terminal.set("AWS_PROFILE", "no such profile")
    assert terminal.prompt == "no such profile"
    assert asked.read_text(encoding="utf-8").split() == ["init", "_hook", "_hook", "_hook"]


def test_prompt_puts_it_into_the_prompt_and_runs_nothing(shell: str, home: Home, open_terminal: Open) -> None:
    name = "$(touch pwned)`touch pwned`%F{red}\\u\\$(touch pwned) !"
    home.config.write_text(home.config.read_text(encoding="utf-8") + stanza(name), encoding="utf-8")
    load = {
        "bash": 'eval "$(awsctx init bash --prompt)"; eval "$(awsctx init bash --prompt)"',
        "zsh": 'eval "$(awsctx init zsh --prompt)"; eval "$(awsctx init zsh --prompt)"',
        "fish": "awsctx init fish --prompt | source; awsctx init fish --prompt | source",
    }[shell]
    terminal = open_terminal(load=load)
    assert terminal.greeting == ""
    shown = terminal.run(f"awsctx use -- {terminal.quote(name)}")
    assert shown.endswith(f"[{name}] "), shown
    terminal.run("awsctx -u")
    assert not terminal.run().endswith("] ")
    assert not list(home.folder.rglob("pwned"))


def test_prompt_keeps_the_status_for_what_the_user_has_there(shell: str, open_terminal: Open) -> None:
    terminal = open_terminal(
        before={
            "bash": "PS1='(at $?)'$PS1",
            "zsh": "PROMPT='(at %?)'$PROMPT",
            "fish": 'functions -c fish_prompt old_prompt; function fish_prompt; echo -n "(at $status)"; old_prompt; end',
        }[shell],
        load={
            "bash": 'eval "$(awsctx init bash --prompt)"',
            "zsh": 'eval "$(awsctx init zsh --prompt)"',
            "fish": "awsctx init fish --prompt | source",
        }[shell],
    )
    assert terminal.run(f"awsctx {TESTER}").endswith(f"[{TESTER} 3h12m] (at 0)")
    assert terminal.run("false").endswith("(at 1)")


def test_the_prompt_follows_a_sign_in_of_another_program(terminal: Terminal, home: Home) -> None:
    token_file(home).unlink()
    terminal.run(f"awsctx {TESTER}")
    assert terminal.kind == "expired"
    sign_in(home, HOUR + SLACK)
    assert terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS") == [f"{TESTER} 1h0m", "ok"]
    outside(home, "-u")
    assert terminal.prompt == ""


def _older(path: Path) -> None:
    os.utime(path, (time.time() - 60, time.time() - 60))


def _until(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
