"""What a context is written like, and which one is in force (awsctx(1), DESCRIPTION)."""

from __future__ import annotations

import pytest

from awsctx.core.context import Context, parse
from awsctx.core.in_force import NoSuchProfile, in_force
from awsctx.core.text import visible
from awsctx.errors import AwsctxError

NAMES = {"a", "b", "a@eu-west-1", "x@y", "default"}


def exists(name: str) -> bool:
    return name in NAMES


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("a", Context("a")),
        ("a@eu-west-2", Context("a", "eu-west-2")),
        ("a@eu-west-1", Context("a@eu-west-1")),  # the profile's own name wins
        ("a@eu-west-1@eu-west-2", Context("a@eu-west-1", "eu-west-2")),
        ("x@y@us-east-1", Context("x@y", "us-east-1")),
        ("unknown@eu-west-1", Context("unknown@eu-west-1")),
        ("unknown", Context("unknown")),
    ],
)
def test_parse(text: str, context: Context) -> None:
    assert parse(text, exists) == context


@pytest.mark.parametrize("text", ["", "a\nb", "a\x1b[31m", "a\u2028b", "a@", "a@-x", "a@eu west", "a@" + "x" * 64])
def test_parse_refuses(text: str) -> None:
    with pytest.raises(AwsctxError):
        parse(text, exists)


def test_visible_leaves_no_control_character() -> None:
    assert visible("ünï $(x)") == "ünï $(x)"
    assert visible("a\x1b[31m\n\u009b\u2028") == "a\\x1b[31m\\n\\x9b\\u2028"


@pytest.mark.parametrize(
    ("flag", "environ", "active", "expected"),
    [
        ("b", {"AWS_PROFILE": "a"}, Context("a"), ("b", "", "flag")),
        ("b@eu-west-3", {}, None, ("b", "eu-west-3", "flag")),
        (".", {}, Context("a", "eu-west-3"), ("a", "eu-west-3", "flag")),
        ("", {"AWS_PROFILE": "a", "AWS_DEFAULT_PROFILE": "b"}, Context("b"), ("a", "", "environment")),
        ("", {"AWS_DEFAULT_PROFILE": "b"}, Context("a"), ("b", "", "environment")),
        ("", {"AWS_PROFILE": "", "AWS_DEFAULT_PROFILE": ""}, Context("b"), ("b", "", "state")),
        ("", {}, Context("b", "us-east-1"), ("b", "us-east-1", "state")),
        ("", {}, None, ("default", "", "default")),
        # What a hook exported counts as the source that it took it from …
        ("", {"AWS_PROFILE": "a", "AWSCTX_EXPORTED": "state:a"}, Context("b"), ("a", "", "state")),
        ("", {"AWS_PROFILE": "a", "AWSCTX_EXPORTED": "shell:a"}, Context("b"), ("a", "", "shell")),
        ("", {"AWS_PROFILE": "a", "AWSCTX_EXPORTED": "directory:a"}, Context("b"), ("a", "", "directory")),
        # … and no longer once the user has set another.
        ("", {"AWS_PROFILE": "b", "AWSCTX_EXPORTED": "state:a"}, Context("a"), ("b", "", "environment")),
        (
            "",
            {"AWS_PROFILE": "a", "AWSCTX_EXPORTED": "state:a", "AWSCTX_REGION": "eu-west-3", "AWS_REGION": "eu-west-3"},
            None,
            ("a", "eu-west-3", "state"),
        ),
        # The user's own region is none of the context's.
        (
            "",
            {"AWS_PROFILE": "a", "AWSCTX_EXPORTED": "state:a", "AWSCTX_REGION": "eu-west-3", "AWS_REGION": "us-east-1"},
            None,
            ("a", "", "state"),
        ),
    ],
)
def test_in_force(flag: str, environ: dict[str, str], active: Context | None, expected: tuple[str, str, str]) -> None:
    found = in_force(flag, environ, lambda: active, exists)
    assert found is not None
    assert (*found.context, found.source) == expected


def test_nothing_in_force() -> None:
    assert in_force("", {}, lambda: None, lambda name: name == "a") is None


@pytest.mark.parametrize(
    ("flag", "environ", "active", "named"),
    [
        ("gone", {"AWS_PROFILE": "a"}, Context("a"), "-p"),
        ("", {"AWS_PROFILE": "gone", "AWS_DEFAULT_PROFILE": "a"}, Context("a"), "AWS_PROFILE"),
        ("", {"AWS_DEFAULT_PROFILE": "gone"}, Context("a"), "AWS_DEFAULT_PROFILE"),
        ("", {}, Context("gone"), "the state"),
    ],
)
def test_a_source_that_names_no_profile_never_falls_through(
    flag: str, environ: dict[str, str], active: Context, named: str
) -> None:
    with pytest.raises(NoSuchProfile) as error:
        in_force(flag, environ, lambda: active, exists)
    assert error.value.message.startswith(f"{named} names the profile 'gone'")
    assert error.value.hints or error.value.variable  # the fix of a variable is in the words of the caller's shell
