"""`awsctx current --json`: what is in force, and what that lets one do (awsctx(1), SWITCHING)."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from tests.support import DEVELOPER, TESTER, Home, stanza

KEYS = ["profile", "region", "source", "credentials", "account_id", "role_name", "guarded", "read_only", "locked", "until"]


def receipt(home: Home, *options: str, **env: str) -> dict[str, Any]:
    value = json.loads(home.ok("current", *options, "--json", env=env))
    assert list(value) == KEYS
    return dict(value)


def test_the_receipt_of_a_sign_ins_role(home: Home) -> None:
    home.ok(f"{TESTER}@eu-west-3")
    assert receipt(home) == {
        "profile": TESTER, "region": "eu-west-3", "source": "state", "credentials": "sso", "account_id": "43214321",
        "role_name": "tester", "guarded": False, "read_only": False, "locked": False, "until": None,
    }  # fmt: skip
    assert receipt(home, "-p", DEVELOPER)["account_id"] == "123412341234"


def test_of_keys_and_of_an_assumed_role(home: Home) -> None:
    role = "arn:aws:iam::111122223333:role/path/Reader"
    home.config.write_text(home.config.read_text() + stanza("keys", aws_access_key_id="a", aws_secret_access_key="s"))
    home.config.write_text(home.config.read_text() + stanza("role", role_arn=role, source_profile="keys"))
    found = receipt(home, "-p", "keys")
    assert (found["credentials"], found["account_id"], found["role_name"]) == ("config-file", None, None)
    found = receipt(home, "-p", "role")
    assert (found["credentials"], found["account_id"], found["role_name"]) == ("assume-role", "111122223333", "Reader")


@pytest.mark.parametrize("pattern", [TESTER, "account:4321*", "role:tester"])
def test_guarded_by_name_account_and_role(home: Home, pattern: str) -> None:
    home.configure(f'guard = ["{pattern}"]\n')
    assert receipt(home, "-p", TESTER)["guarded"] is True
    assert receipt(home, "-p", DEVELOPER)["guarded"] is False
    assert {item["name"]: item["guarded"] for item in json.loads(home.ok("list", "--json"))} == {DEVELOPER: False, TESTER: True}


def test_read_only_by_the_roles_name(home: Home) -> None:
    roles = ("AWSReadOnlyAccess", "ViewOnlyAccess", "readonly", "Reader")
    for role in roles:
        home.config.write_text(home.config.read_text() + stanza(role, sso_account_id="1", sso_role_name=role))
    home.config.write_text(home.config.read_text() + stanza("ReadOnly", aws_access_key_id="a", aws_secret_access_key="s"))
    assert [receipt(home, "-p", role)["read_only"] for role in roles] == [True, True, False, False]
    assert receipt(home, "-p", "ReadOnly")["read_only"] is False, "a profile's name says nothing of a role"
    home.configure('read_only = ["Reader", "read*"]\n')
    assert [receipt(home, "-p", role)["read_only"] for role in roles] == [False, False, True, True]
    home.configure('read_only = ["*"]\n')
    assert receipt(home, "-p", "ReadOnly")["read_only"] is False, "there is no role"


def test_locked_and_until(home: Home) -> None:
    home.ok(TESTER, "--for", "2h")
    locked = json.loads(home.ok("exec", "--lock", "-p", TESTER, "--", "awsctx", "current", "--json"))
    assert (list(locked), locked["locked"]) == (KEYS, True)
    assert json.loads(home.ok("exec", "--lock", "-q", "--", "awsctx", "current", "--json"))["locked"] is True
    assert home.run("current", env={"AWSCTX_LOCK": "x"}).returncode == 1, "a lock whose file is gone grants nothing"
    assert receipt(home, AWSCTX_LOCK="")["locked"] is False
    end = time.strptime(receipt(home)["until"], "%Y-%m-%dT%H:%M:%SZ")
    assert len(receipt(home)["until"]) == 20 and end.tm_year >= 2024
