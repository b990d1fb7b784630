"""Checks of values by what they find: id, severity, where; and what they leave alone."""

from __future__ import annotations

import pytest
from tests.doctor.conftest import Ask
from tests.doctor.healthy import HEALTHY, only, with_profile
from tests.support import Home


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_variable_with_a_region_that_is_none(variable: str, healthy: Home, ask: Ask) -> None:
    (found,) = ask(AWS_PROFILE="a", **{variable: "prod"})
    assert (found.id, found.severity, found.where, found.fix) == ("region-unknown", "warning", variable, f"unset {variable}")
    assert found.what == f"{variable}, prod, is not a region: aws calls with it find no service"
    assert {one.severity for one in ask(AWS_PROFILE="a", **{variable: "eu-southwest-7"})} == {"info"}


@pytest.mark.parametrize(
    ("region", "severity", "advice"),
    [
        ("eu-wset-1", "warning", "write: region = eu-west-1"),
        ("prod", "warning", None),
        ("aws-global", "warning", None),
        ("eu-southwest-7", "info", None),
    ],
)
def test_a_region_that_is_none(region: str, severity: str, advice: str | None, healthy: Home, ask: Ask) -> None:
    line = with_profile(healthy, f"region = {region}", "credential_process = /bin/false")
    found = only(ask(), "region-unknown")
    assert (found.severity, found.where) == (severity, f"{healthy.config}:{line}")
    assert found.fix == "" and (advice is None or found.advice == advice)


def test_a_name_like_a_context_with_a_region_that_is_none(healthy: Home, ask: Ask) -> None:
    line = with_profile(
        healthy, "region = moon-1", "credential_process = /bin/false", "[profile p@moon-1]", "region = us-east-1"
    )
    found = ask()
    assert only(found, "region-unknown").where == f"{healthy.config}:{line}"
    assert only(found, "profile-like-context").where == f"{healthy.config}:{line + 2}"


def test_a_sessions_region_that_is_none(healthy: Home, ask: Ask) -> None:
    healthy.config.write_text(HEALTHY.replace("sso_region = eu-west-1", "sso_region = ireland"))
    assert only(ask(), "region-unknown").where == f"{healthy.config}:5"


def test_a_session_in_several_regions_is_no_fault(healthy: Home, ask: Ask) -> None:
    """Identity Center may be in more than one region; each has its own session of the same start URL."""
    url = "sso_start_url = https://s.awsapps.com/start"
    healthy.config.write_text(HEALTHY + f"[sso-session there]\n{url}\nsso_region = us-east-1\n")
    assert ask() == []


def test_an_output_that_aws_does_not_know(healthy: Home, ask: Ask) -> None:
    for good in ("json", "yaml-stream", "off"):
        with_profile(healthy, f"output = {good}", "region = eu-west-1", name=good)
    assert ask() == []
    line = with_profile(healthy, "output = jsno", "region = eu-west-1")
    found = only(ask(), "output-unknown")
    assert (found.severity, found.where) == ("warning", f"{healthy.config}:{line}")


def test_a_credential_process_whose_program_is_not_there(healthy: Home, ask: Ask) -> None:
    for name, program in (("there", "/bin/false"), ("onpath", "jq --x"), ("quoted", f'"{healthy.folder}/bin/aws" x')):
        with_profile(healthy, f"credential_process = {program}", name=name)
    assert ask() == []
    line = with_profile(healthy, "credential_process = '/opt/a tool' --x")
    found = only(ask(), "process-missing")
    assert (found.severity, found.where) == ("warning", f"{healthy.config}:{line}")
    assert "/opt/a tool" in found.what


def test_a_region_that_is_a_block_is_shown_nowhere(healthy: Home, ask: Ask) -> None:
    """An indented header after `region =` is a part of its value."""
    with_profile(healthy, "region =", "  x = y", "  [profile q]")
    for call in (("use", "p"), ("list", "-l"), ("list", "--json"), ("current",), ("current", "--json"), ("doctor",)):
        done = healthy.run(*call, env={"PATH": "/usr/bin:/bin"})
        assert "{'" not in done.stdout + done.stderr, call
    assert "{'" not in repr(ask(AWS_PROFILE="p"))
