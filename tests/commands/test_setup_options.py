"""`awsctx setup` by options, without a terminal."""

from __future__ import annotations

import re

import botocore.configloader
import pytest
from tests.commands.setting_up import OPTIONS, ROLE, SESSION, STANZA
from tests.signin.helpers import SignIns, ended, no_secret
from tests.support import WALKTHROUGH, stanza

from awsctx.demo.sandbox import START_URL


def test_with_all_given_nothing_is_asked(empty: SignIns) -> None:
    done = empty.run("setup", *OPTIONS, *ROLE, "--scopes", "sso:account:access", "--profile", "x.y", "--device-code")
    assert done.returncode == 0, done
    assert done.stdout == ""
    assert empty.config.read_text() == SESSION + STANZA.replace("worksso.developer", "x.y")
    no_secret(empty.stand_in, done.stderr)


def test_what_has_a_default_need_not_be_given(empty: SignIns) -> None:
    assert empty.run("setup", *OPTIONS, "--account", "43214321", "--browser").returncode == 0
    assert empty.config.read_text() == SESSION + (
        "[profile worksso.tester]\nsso_session = worksso\nsso_account_id = 43214321\nsso_role_name = tester\n"
    )
    done = empty.run("setup", "--session", "worksso", "--account", "worksso development")  # signed in already; by its name
    assert done.returncode == 0, done
    assert "[profile worksso.developer]" in empty.config.read_text()


def test_every_other_byte_stays(site: SignIns) -> None:
    before = "# mine\r\n" + SESSION.replace("\n", "\r\n") + "\r\n; and this\r\n[profile  spaced ]\r\nregion=x"
    site.config.write_bytes(before.encode())
    site.sign_in()
    done = site.run("setup", "--session", "worksso", *ROLE)
    assert done.returncode == 0, done
    after = site.config.read_bytes().decode()
    start = next(at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new)
    end = len(after) - len(before) + start
    assert after[:start] + after[end:] == before
    assert (before[:start][-2:] + after[start:end]).strip() == STANZA.replace("\n", "\r\n").strip()


@pytest.mark.parametrize(
    ("call", "status", "said"),
    [
        ([], 3, "setup needs a sign-in, and there is no terminal"),
        ([*OPTIONS, *ROLE], 3, "session 'worksso' needs a sign-in, and there is no terminal"),
        (["--device-code"], 2, "setup needs --session where nobody can be asked"),
        (["--session", "s", "--device-code"], 2, "setup needs --start-url"),
        ([*OPTIONS, "--device-code"], 2, "setup needs --account"),
        (["--session", "a\nb", "--device-code"], 1, "cannot be the name"),
        (["--session", "s", "--start-url", "x", "--device-code"], 1, "'x' is not a start URL"),
        ([*OPTIONS[:-1], "eu-wst-1"], 1, "did you mean: eu-west-1"),
        ([*OPTIONS, "--scopes", "a b"], 1, "scopes are separated"),
        ([*OPTIONS, "--region", "x"], 1, "'x' is not a region"),
        ([*OPTIONS, "--output", "x"], 1, "'x' is not an output format"),
        ([*OPTIONS, "--output", "jsn"], 1, "did you mean: json"),
        ([*OPTIONS, "--profile", " "], 1, "a profile's name cannot be blank"),
        ([*OPTIONS, "--profile", "-"], 1, "'-' cannot be a profile's name"),
        (["--session", " ", "--device-code"], 1, "a session's name cannot be blank"),
        ([*OPTIONS, "--profile", "taken"], 1, "there is a profile 'taken' already"),
        ([*OPTIONS, "--profile", ""], 1, "--profile needs a value"),
        ([*OPTIONS, "--account", "1", "--device-code"], 1, "does not grant you the account '1'"),
        ([*OPTIONS, "--account", "43214321", "--role", "x", "--device-code"], 1, "does not grant you the role 'x'"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(site: SignIns, call: list[str], status: int, said: str) -> None:
    config = stanza("taken")
    site.config.write_text(config)
    done = site.run("setup", *call)
    assert done.returncode == status, done
    error = next(line for line in done.stderr.splitlines() if line.startswith("awsctx: "))
    assert said in error
    assert site.config.read_text() == config
    if "grant" not in said and said != "setup needs --account":
        assert site.stand_in.count() == 0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["--profile", "taken"], "there is a profile 'taken' already"),
        (["--region", "prod"], "'prod' is not a region"),
        (["--sso-region", "prod"], "'prod' is not a region"),
        (["--start-url", "x"], "'x' is not a start URL"),
        (["--output", "x"], "'x' is not an output format"),
    ],
)
def test_a_wrong_option_is_wrong_before_a_question(site: SignIns, call: list[str], said: str) -> None:
    site.config.write_text(stanza("taken"))
    child = site.at_terminal("setup", *call)
    assert ended(child) == 1
    assert said in child.before and "SSO session name" not in child.before
    done = site.run("setup", *call)
    assert done.returncode == 1 and said in done.stderr


def test_a_profile_in_the_credentials_file_is_in_use_too(site: SignIns) -> None:
    site.sign_in()
    site.credentials.write_text("[keys]\naws_access_key_id = a\n")
    done = site.run("setup", "--session", "worksso", *ROLE, "--profile", "keys")
    assert done.returncode == 1
    assert "there is a profile 'keys' already" in done.stderr
    assert site.config.read_text() == WALKTHROUGH


def test_an_existing_session_is_not_changed(site: SignIns) -> None:
    site.sign_in()
    for option, value in (("--start-url", "https://other/start"), ("--sso-region", "us-east-1"), ("--scopes", "a:b")):
        done = site.run("setup", "--session", "worksso", option, value, *ROLE)
        assert done.returncode == 1
        assert f"there is a session 'worksso' already, and {option} gives another value" in done.stderr
    assert site.config.read_text() == WALKTHROUGH


def test_a_sign_in_that_is_left_of_another_portal_does_not_count(empty: SignIns) -> None:
    empty.sign_in(start_url="https://before.awsapps.com/start")
    assert empty.run("setup", *OPTIONS, *ROLE).returncode == 3
    assert empty.run("setup", *OPTIONS, *ROLE, "--browser").returncode == 0
    assert empty.token()["startUrl"] == START_URL


def test_a_sign_in_that_was_ended_elsewhere_gets_a_successor(site: SignIns) -> None:
    site.sign_in()
    site.stand_in.control(end_tokens=True)
    assert site.run("setup", "--session", "worksso", *ROLE, "--profile", "new").returncode == 3
    assert site.run("setup", "--session", "worksso", *ROLE, "--profile", "new", "--device-code").returncode == 0


def test_where_no_account_is_granted_the_session_is_written(empty: SignIns) -> None:
    empty.stand_in.control(people={"user": []})
    done = empty.run("setup", *OPTIONS, "--browser")
    assert done.returncode == 1
    assert "awsctx: this sign-in does not grant you any AWS account" in done.stderr
    assert empty.config.read_text() == SESSION
    empty.stand_in.control(people={}, accounts=[{"id": "1", "name": "bare", "roles": []}])
    done = empty.run("setup", "--session", "worksso")
    assert done.returncode == 1
    assert "any role in the account 1" in done.stderr
    assert empty.config.read_text() == SESSION


def test_a_config_that_botocore_refuses_is_told_before_anything_else(site: SignIns) -> None:
    site.config.write_text("[a]\nx = 1\n[a]\n")
    done = site.run("setup", *OPTIONS, *ROLE, "--device-code")
    assert done.returncode == 1
    assert re.match(r"awsctx: .*/config:3: ", done.stderr)
    assert site.stand_in.count() == 0


def test_hostile_names_are_data(empty: SignIns) -> None:
    empty.stand_in.control(hostile=True)
    for account, role, profile in (
        ("200000000001", "$(id)", "worksso.id"),
        ("200000000003", "ünï.rôle", "worksso.uni.role"),
        ("200000000004", "a=b;c#d", "worksso.a-b-c-d"),
    ):
        new = [] if empty.config.exists() else OPTIONS[2:]
        done = empty.run("setup", *OPTIONS[:2], *new, "--account", account, f"--role={role}", "--browser")
        assert done.returncode == 0, done
        assert botocore.configloader.load_config(str(empty.config))["profiles"][profile]["sso_role_name"] == role
    child = empty.at_terminal("setup", *OPTIONS[:2], "--browser")
    child.expect("account> ")
    child.send("bell")
    child.expect("1/8")
    child.send("\x03")
    assert ended(child) == 130
    assert "\x07" not in child.before
