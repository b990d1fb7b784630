"""Checks of what the SDKs read in different ways by what they find: id, severity, where; and what they leave alone."""

from __future__ import annotations

import shlex

import pytest
from tests.doctor.conftest import Ask
from tests.doctor.healthy import only, with_profile
from tests.support import Home


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
