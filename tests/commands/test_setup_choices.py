"""The account and the role that `awsctx setup` has its user choose."""

from __future__ import annotations

import botocore.configloader
import pytest
from tests.commands.setting_up import OPTIONS, SESSION
from tests.signin.helpers import SignIns, ended, plain


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_all_accounts_at_once_are_offered(empty: SignIns, term: str) -> None:
    """As a choice above those of `aws configure sso`: Enter alone takes the first account, as there."""
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", env={"TERM": term})
    child.expect("There are 2 AWS accounts available to you")
    child.expect_exact("all 2: a profile for each role (awsctx sync)")
    child.send("0\r" if term == "dumb" else "\x1b[A\r")
    child.expect(r"Default client Region \[None\]: ")
    child.send("eu-west-1\r")
    child.expect("CLI default output format")
    child.send("\r")
    child.expect_exact("Write this? [y/N] ")
    assert empty.config.read_text() == SESSION
    child.send("y\r")
    assert ended(child) == 0
    assert plain(child.before).endswith("choose one with: awsctx\n")
    made = botocore.configloader.load_config(str(empty.config))["profiles"]
    assert {values["sso_role_name"]: values["region"] for values in made.values()} == dict.fromkeys(
        ("developer", "tester"), "eu-west-1"
    )


def test_enter_takes_the_first_account(empty: SignIns) -> None:
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", "--region", "", "--output", "")
    child.expect("account> ")
    child.expect("2/2")
    child.send("\r")
    child.expect("Using the account ID 123412341234")
    child.sendintr()
    ended(child)


def test_all_roles_of_the_only_account_are_offered(empty: SignIns) -> None:
    empty.stand_in.control(accounts=[{"id": "123412341234", "name": "only", "roles": ["admin", "reader"]}])
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", "--region", "", "--output", "json")
    child.expect("There are 2 roles available to you")
    child.expect_exact("all 2: a profile for each (awsctx sync)")
    child.expect("2/2")
    child.send("all\r")
    child.expect_exact("Write this? [y/N] ")
    child.send("y\r")
    assert ended(child) == 0
    made = botocore.configloader.load_config(str(empty.config))["profiles"]
    assert sorted(made) == ["worksso.only.admin", "worksso.only.reader"]


@pytest.mark.parametrize("options", [["--role", "tester"], ["--profile", "one"]])
def test_who_has_asked_for_one_profile_is_not_offered_all(empty: SignIns, options: list[str]) -> None:
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", *options)
    child.expect("account> ")
    child.expect("2/2")
    assert "awsctx sync" not in child.before
    child.sendintr()
    ended(child)


def test_many_accounts_are_filtered(empty: SignIns) -> None:
    empty.stand_in.control(generate=[300, 2])
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", "--region", "", "--output", "")
    child.expect("There are 302 AWS accounts available to you")
    child.expect("account> ")
    child.send("account-0217")
    child.expect("1/302")
    child.send("\r")
    child.expect("Using the account ID 300000000217")
    child.expect("There are 2 roles available to you")
    child.expect("role> ")
    child.send("\x1b[B\r")
    child.expect('Using the role name "role-02"')
    child.expect(r"Profile name \[worksso.role-02\]: ")
    child.send("many\r")
    assert ended(child) == 0
    profile = "[profile many]\nsso_session = worksso\nsso_account_id = 300000000217\nsso_role_name = role-02\n"
    assert empty.config.read_text() == SESSION + profile
