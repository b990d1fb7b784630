"""Calls that find nothing there yet say what comes next, and that works when it is typed."""

from __future__ import annotations

import pytest
from tests.support import Home

SESSION = "[sso-session s]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n"
PROFILE = "[profile a]\nsso_session = s\nsso_account_id = 123412341234\nsso_role_name = r\nregion = eu-west-1\n"
KEYS = "[profile k]\naws_access_key_id = AKIA\naws_secret_access_key = x\n"

# What is there: the config (None: no file), and the context that is chosen.
NO_FILES = (None, "")
ONLY_A_SESSION = (SESSION, "")
NOTHING_CHOSEN = (SESSION + PROFILE, "")
ONLY_KEYS = (KEYS, "")
NO_SIGN_IN = (SESSION + PROFILE, "a")

SETUP = (1, "there are no profiles in ~/.aws/config yet", "make one with: awsctx setup")
NO_SESSIONS = (1, "there are no sessions in ~/.aws/config yet", "make one with: awsctx setup")
SYNC = (1, "there are no profiles in ~/.aws/config yet", "make one for each of your roles with: awsctx sync")
CHOOSE = (1, "no context is active", "choose one with: awsctx NAME")
SIGN_IN = (3, "", "awsctx login s")
FINE = (0, "", "")
USED = (0, "no context has been used yet", "switch to one with: awsctx NAME")

TABLE = [
    *((call, NO_FILES, SETUP) for call in ("-c", "current --json", "exec -- true", "env", "show", "whoami", "console --print")),
    *((call, NO_FILES, SETUP) for call in ("whoami --all", "exec --all -- true", "a", "-r eu-west-1")),
    *((call, NO_FILES, NO_SESSIONS) for call in ("logout", "login")),
    ("logout --all", NO_FILES, (0, "nobody was signed in", "")),
    ("login --all", NO_FILES, (1, "there are no sessions to sign in to", "make one with: awsctx setup")),
    ("history", NO_FILES, (0, "no context has been used yet", "make one with: awsctx setup")),
    ("sync", NO_FILES, (1, "there is no session yet", "make one with: awsctx setup")),
    *((call, ONLY_A_SESSION, SYNC) for call in ("-c", "exec -- true", "env", "show", "whoami", "whoami --all", "a")),
    ("exec --all -- true", ONLY_A_SESSION, SYNC),
    ("logout", ONLY_A_SESSION, (0, "not signed in to session 's'", "")),
    ("login", ONLY_A_SESSION, SIGN_IN),
    ("history", ONLY_A_SESSION, (0, "no context has been used yet", "awsctx sync")),
    *((call, NOTHING_CHOSEN, CHOOSE) for call in ("-c", "current --json", "exec -- true", "env", "show", "whoami")),
    ("exec --all -- true", NOTHING_CHOSEN, SIGN_IN),
    ("history", NOTHING_CHOSEN, USED),
    *((call, ONLY_KEYS, CHOOSE) for call in ("-c", "exec -- true", "env", "show", "whoami")),
    *((call, ONLY_KEYS, NO_SESSIONS) for call in ("logout", "login")),
    ("history", ONLY_KEYS, USED),
    *((call, NO_SIGN_IN, FINE) for call in ("-c", "exec -- true", "show", "history")),
    ("env", NO_SIGN_IN, (3, "", "awsctx login s")),
    ("whoami", NO_SIGN_IN, (1, "", "awsctx login s")),
    ("logout", NO_SIGN_IN, (0, "not signed in to session 's'", "")),
]


@pytest.mark.parametrize(("call", "there", "expected"), TABLE)
def test_what_comes_next(home: Home, call: str, there: tuple[str | None, str], expected: tuple[int, str, str]) -> None:
    config, active = there
    if config is None:
        home.config.unlink()
    else:
        home.config.write_text(config)
    if active:
        home.ok(active)
    status, what, todo = expected
    done = home.run(*call.split())
    assert done.returncode == status, done
    assert what in done.stderr and todo in done.stderr, done.stderr
    assert not done.stdout or status == 0, done.stdout


def test_history_as_json_is_a_value_all_the_same(home: Home) -> None:
    assert home.ok("history", "--json") == "[]\n"
    assert home.run("history", "--json").stderr == ""
