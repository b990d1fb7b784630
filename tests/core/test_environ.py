"""What in an environment overrides a profile, and what a command's environment is made of (awsctx(1), RUNNING COMMANDS)."""

from __future__ import annotations

from awsctx.core import environ as env
from awsctx.core.context import Context

KEYS = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}


def test_keys_override_and_what_belongs_to_them() -> None:
    assert env.overriding(KEYS, "a") == list(KEYS)
    assert env.overriding({"AWS_SECRET_ACCESS_KEY": "s"}, "a") == []  # no key id: botocore does not look further
    assert env.overriding({"AWS_ACCESS_KEY_ID": ""}, "a") == []


def test_web_identity_overrides_all_but_assume_role() -> None:
    environ = {"AWS_WEB_IDENTITY_TOKEN_FILE": "f", "AWS_ROLE_ARN": "r"}
    assert env.overriding(environ, "a") == ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"]
    assert env.overriding(environ, "a", ("assume-role",)) == []
    assert env.overriding({"AWS_ROLE_ARN": "r"}, "a") == []
    assert env.overriding({"AWS_ROLE_ARN": "r"}, "a", ("web-identity",)) == ["AWS_ROLE_ARN"]


def test_default_profile_overrides_where_it_names_another() -> None:
    assert env.overriding({"AWS_DEFAULT_PROFILE": "b"}, "a") == ["AWS_DEFAULT_PROFILE"]
    assert env.overriding({"AWS_DEFAULT_PROFILE": "a"}, "a") == []


def test_a_commands_environment_holds_the_context_and_nothing_that_overrides_it() -> None:
    before = dict.fromkeys(env.OVERRIDING, "x") | {"AWS_REGION": "us-east-1", "PATH": "/bin"}
    changes, removed = env.for_command(before, Context("a"))
    assert env.apply(before, changes) == {"AWS_PROFILE": "a", "AWS_REGION": "us-east-1", "PATH": "/bin"}
    assert removed == list(env.OVERRIDING)


def test_an_empty_variable_is_removed_without_a_word() -> None:
    changes, removed = env.for_command({"AWS_ACCESS_KEY_ID": ""}, Context("a", "eu-west-3"))
    assert changes == {
        "AWS_ACCESS_KEY_ID": None,
        "AWS_PROFILE": "a",
        "AWS_REGION": "eu-west-3",
        "AWS_DEFAULT_REGION": "eu-west-3",
    }
    assert removed == []


def test_the_region_of_the_hooks_context_does_not_leak_into_another() -> None:
    before = {
        "AWS_PROFILE": "a",
        "AWSCTX_EXPORTED": "state:a",
        "AWS_REGION": "eu-west-3",
        "AWS_DEFAULT_REGION": "eu-west-3",
        "AWSCTX_REGION": "eu-west-3",
        "AWSCTX_OLD_REGION": "=us-east-1",
        "AWSCTX_OLD_DEFAULT_REGION": "",
    }
    changes, _ = env.for_command(before, Context("b"))
    assert changes == {"AWS_PROFILE": "b", "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": None}
    changes, _ = env.for_command({**before, "AWS_REGION": "ap-south-1"}, Context("b"))
    assert "AWS_REGION" not in changes  # changed since by the user: it is the user's
