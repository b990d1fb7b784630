"""Every door that a region goes through takes the same words (awsctx(1), DESCRIPTION)."""

from __future__ import annotations

import pytest
from tests.support import TESTER, Home, stanza

NEW = ("--session", "worksso", "--account", "123412341234", "--role", "r")
SETUP = ("--account", "123412341234", "--role", "r", "--browser")
START = ("setup", "--session", "s", "--start-url", "https://x.awsapps.com/start")
# `R` stands for the region. What needs a sign-in looks at it first.
DOORS = {
    "use NAME@": ("use", f"{TESTER}@R"),
    "NAME@": (f"{TESTER}@R",),
    ".@": (".@R",),
    "NAME -r": (TESTER, "-r", "R"),
    "-r": ("-r", "R"),
    "current -p": ("current", "-p", f"{TESTER}@R"),
    "exec -p": ("exec", "-p", f"{TESTER}@R", "--", "echo", "ran"),
    "exec -r": ("exec", "-r", "R", "--", "echo", "ran"),
    "exec --all -r": ("exec", "--all", "-r", "eu-west-1,R", "--", "echo", "ran"),
    "exec --all --dry-run": ("exec", "--all", "-r", "R", "--dry-run", "--", "echo", "ran"),
    "console NAME@": ("console", f"{TESTER}@R", "--print"),
    "console -r": ("console", "-r", "R", "--print"),
    "add": ("add", "new", *NEW, "--region", "R"),
    "env NAME@": ("env", f"{TESTER}@R"),
    "env -r": ("env", "-r", "R"),
    "whoami NAME@": ("whoami", f"{TESTER}@R"),
    "show NAME@": ("show", f"{TESTER}@R"),
    "sync": ("sync", "--region", "R", "-y"),
    "setup": ("setup", "--session", "worksso", *SETUP, "--region", "R"),
    "setup --sso-region": (*START, *SETUP, "--sso-region", "R"),
}
# The others need a sign-in for the rest of what they do, or want no region.
TAKE_WITHOUT_SIGN_IN = [
    name for name in DOORS if not name.startswith(("env", "whoami", "sync", "setup", "exec --all -r", "show"))
]


def call(home: Home, door: str, region: str) -> tuple[int, str, str]:
    done = home.run(*(word.replace("R", region) for word in DOORS[door]))
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("door", DOORS)
def test_a_word_that_is_no_region_is_refused_and_nothing_is_done(home: Home, door: str) -> None:
    home.config.write_text(home.config.read_text() + stanza("prod"))
    home.ok(TESTER)
    before = home.state.read_bytes(), home.config.read_bytes()
    for word, says in (
        ("eu-wset-1", "did you mean: eu-west-1"),
        ("us-gov-1", "did you mean: "),
        ("aws-global", ""),
        ("prod", "'prod' is not a region: it is a profile"),
    ):
        status, out, err = call(home, door, word)
        assert (status, out) == (1, ""), (door, word, out, err)
        assert err.startswith(f"awsctx: '{word}' is not a region") and says in err, (door, word, err)
    assert (home.state.read_bytes(), home.config.read_bytes()) == before


@pytest.mark.parametrize("door", TAKE_WITHOUT_SIGN_IN)
def test_a_new_region_is_taken_with_one_warning_and_a_known_one_without(home: Home, door: str) -> None:
    home.ok(TESTER)
    status, _, err = call(home, door, "eu-north-7")
    assert status == 0 and err.count("warning: botocore knows no region 'eu-north-7'") == 1, err
    home.config.write_text(home.config.read_text().split("[profile new]")[0])
    status, _, err = call(home, door, "cn-north-1")
    assert status == 0 and "botocore" not in err, err


@pytest.mark.parametrize("door", [name for name, words in DOORS.items() if any(f"{TESTER}@R" in word for word in words)])
def test_a_profile_whose_own_name_has_the_sign_wins_over_the_split(home: Home, door: str) -> None:
    its = {"sso_session": "worksso", "sso_account_id": "123412341234", "sso_role_name": "r", "region": "eu-west-1"}
    home.config.write_text(home.config.read_text() + stanza(f"{TESTER}@odd", **its))
    home.ok(TESTER)
    _, _, err = call(home, door, "odd")
    assert "is not a region" not in err, err


def test_what_to_do_with_a_profiles_name_works_when_typed(home: Home) -> None:
    home.config.write_text(home.config.read_text() + stanza("my prod"))
    home.ok(TESTER)
    said = "awsctx: 'my prod' is not a region: it is a profile\n  switch to it with: awsctx 'my prod'\n"
    assert home.run(TESTER, "-r", "my prod").stderr == said
    # In kubectx that call is for reading only.
    only_read = "  only read there with: awsctx exec --read-only -p 'my prod' -- COMMAND\n"
    assert home.run("-r", "my prod").stderr == said + only_read


def test_for_one_shell(home: Home) -> None:
    script = 'eval "$(awsctx init bash)"; awsctx -s {0}@{1}; echo "$? $AWS_PROFILE $AWS_REGION"'
    done = home.run(command=("bash", "-c", script.format(TESTER, "eu-wset-1")))
    assert done.stdout == "1  \n" and "'eu-wset-1' is not a region" in done.stderr
    done = home.run(command=("bash", "-c", script.format(TESTER, "eu-north-7")))
    assert done.stdout == f"0 {TESTER} eu-north-7\n" and done.stderr.count("botocore knows no region") == 1
