"""Checks of what the SDKs read in different ways by what they find: id, severity, where; and what they leave alone."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from tests.doctor.conftest import Ask
from tests.doctor.healthy import only, with_profile
from tests.support import Home

from awsctx.signin import tokens


def test_a_name_that_javascript_does_not_find(healthy: Home, ask: Ask) -> None:
    line = with_profile(healthy, "credential_process = /bin/false", name='"two words"') - 1
    found = only(ask(), "sdk-name")
    assert (found.severity, found.where) == ("info", f"{healthy.config}:{line}")
    assert found.fix == "awsctx rename 'two words' two-words"


@pytest.mark.parametrize(("name", "free"), [("→ünï", "uni"), ("→", "profile"), ("a!", "a-2"), ("b→@x", "b-@x")])
def test_the_other_name_that_is_offered_can_be_had(healthy: Home, ask: Ask, name: str, free: str) -> None:
    with_profile(healthy, "credential_process = /bin/false", name=f'"{name}"')
    fix = only(ask(), "sdk-name").fix
    assert shlex.split(fix) == ["awsctx", "rename", name, free]
    healthy.ok(*shlex.split(fix)[1:])
    assert not ask()


def test_two_kinds_of_credentials_in_one_profile(healthy: Home, ask: Ask) -> None:
    sso = ("sso_session = s", "sso_account_id = 111111111111", "sso_role_name = r")
    line = with_profile(healthy, *sso, "credential_process = /bin/false") + 3
    found = only(ask(), "sdks-differ")
    assert (found.severity, found.where) == ("info", f"{healthy.config}:{line}")
    assert found.what == "aws takes its sign-in of p, AWS SDK for JavaScript v3 its credential_process"


def test_a_name_that_no_command_takes_is_to_be_mended_by_hand(healthy: Home, ask: Ask) -> None:
    with_profile(healthy, "credential_process = /bin/false", name="c\u2028d")
    with_profile(healthy, "credential_process = /bin/false", "region = eu-west-1", name="c\u2028d@eu-west-1")
    found = ask()
    assert {f.id for f in found} == {"sdk-name", "profile-like-context"}
    assert {(f.fix, f.advice) for f in found} == {("", "rename it in the AWS config file")}


@pytest.mark.parametrize("torn", [True, False])
def test_a_session_whose_name_no_command_takes(torn: bool, healthy: Home, ask: Ask) -> None:
    healthy.config.write_text(healthy.config.read_text().replace("[sso-session s]", "[sso-session s\u2028x]"))
    with_profile(healthy, "sso_session = s\u2028x", "sso_account_id = 111111111111", "sso_role_name = r", "region = eu-west-1")
    path = Path(tokens.token_path("s\u2028x"))
    if torn:
        path.touch(mode=0o600)
    found = only([f for f in ask(AWS_PROFILE="p") if f.id.startswith("token-")], "token-torn" if torn else "token-missing")
    assert (found.where, found.fix, found.advice) == (str(path), "", "rename it in the AWS config file")


def test_a_name_like_an_option_is_none_in_a_command(healthy: Home, ask: Ask) -> None:
    with_profile(healthy, "credential_process = /bin/false", name="-x")
    with_profile(healthy, "credential_process = /bin/false", name="-x@eu-west-1")
    found = only(ask(), "profile-like-context")
    assert found.advice == "rename the profile: awsctx rename -- -x@eu-west-1 NEW"
