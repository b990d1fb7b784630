"""Checks of the environment by what they find: id, severity, where; and what they leave alone."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from tests.doctor.conftest import Ask
from tests.doctor.healthy import KEYS, WEB, ids, only
from tests.support import AWSCTX, Home
from tests.tools import locate

from awsctx.core.environ import PROTOCOL


def test_keys_in_the_environment(healthy: Home, ask: Ask) -> None:
    found = ask(AWS_PROFILE="a", **KEYS)
    assert [(f.id, f.severity, f.where) for f in found] == [("environment-keys", "warning", name) for name in KEYS]
    assert found[0].what == (
        "aws will use the keys in the environment, account unknown, not a (account 111111111111, role r); "
        "AWS SDK for JavaScript v3 will use it"
    )
    assert found[0].fix == "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
    assert "hush" not in json.dumps([f.as_json() for f in found])


def test_the_fix_is_for_the_users_shell(healthy: Home, ask: Ask) -> None:
    found = ask(
        AWS_PROFILE="a",
        AWS_ACCESS_KEY_ID="A",
        AWS_SECRET_ACCESS_KEY="s",
        AWSCTX_HOOK="1",
        AWSCTX_ANSWER=f"fish {PROTOCOL} 1 /s/shells/1-a",
    )
    assert found[0].fix == "set -e AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"


def test_half_a_key_is_an_error_and_an_old_one_is_called_so(healthy: Home, ask: Ask) -> None:
    assert only(ask(AWS_PROFILE="a", AWS_ACCESS_KEY_ID="AKIA"), "environment-keys").severity == "error"
    ended = ask(AWS_PROFILE="a", AWS_CREDENTIAL_EXPIRATION="2020-01-01T00:00:00Z", **KEYS)
    assert "they ended at 2020-01-01T00:00:00Z" in ended[0].what


def test_keys_beside_a_profile_that_has_none_are_no_fault(healthy: Home, ask: Ask) -> None:
    found = ask(AWS_PROFILE="default", **KEYS)
    assert set(ids(found)) == set(ids(found, "info")) == {"environment-keys"}


def test_web_identity_in_the_environment(healthy: Home, ask: Ask) -> None:
    found = ask(AWS_PROFILE="a", **WEB)
    assert {(f.id, f.severity, f.where) for f in found} == {("environment-web-identity", "warning", name) for name in WEB}
    assert "role arn:aws:iam::333333333333:role/ci" in found[0].what
    assert ask(AWS_PROFILE="role", **WEB) == []  # botocore assumes the profile's role
    alone = ask(AWS_PROFILE="web", AWS_ROLE_ARN="arn:aws:iam::333333333333:role/ci")
    assert only(alone, "environment-web-identity").where == "AWS_ROLE_ARN"
    no_role = ask(AWS_PROFILE="a", AWS_WEB_IDENTITY_TOKEN_FILE="/t")
    assert only(no_role, "environment-web-identity").severity == "error"


def test_default_profile_overrides(healthy: Home, ask: Ask) -> None:
    found = only(ask(AWS_PROFILE="a", AWS_DEFAULT_PROFILE="role"), "environment-default-profile")
    assert (found.severity, found.where, found.fix) == ("warning", "AWS_DEFAULT_PROFILE", "unset AWS_DEFAULT_PROFILE")
    assert ask(AWS_PROFILE="a", AWS_DEFAULT_PROFILE="a") == []


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_a_variable_that_names_no_profile_or_nothing(variable: str, healthy: Home, ask: Ask) -> None:
    found = only(ask(**{variable: "prozess"}), "unknown-profile")
    assert (found.severity, found.where, found.fix) == ("error", variable, f"unset {variable}")
    assert "did you mean process" in found.what
    assert only(ask(**{variable: ""}), "empty-variable").where == variable


@pytest.mark.parametrize("bad", ["nosuch", ""])
def test_which_tools_fail_where_the_other_variable_names_a_profile(bad: str, healthy: Home, ask: Ask) -> None:
    """As the tools themselves say."""
    healthy.config.write_text(healthy.config.read_text().partition("[plugins]")[0])
    for variable, other, says in (
        ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS CLI v2 fails; boto3 and AWS CLI v1 go by AWS_DEFAULT_PROFILE"),
        ("AWS_DEFAULT_PROFILE", "AWS_PROFILE", "boto3 and AWS CLI v1 fail; AWS CLI v2 goes by AWS_PROFILE"),
    ):
        found = [one for one in ask(**{variable: bad, other: "a"}) if one.severity == "error"]
        assert [one.where for one in found] == [variable] and found[0].what.endswith(f": {says}")
        environ = {**healthy.environ, variable: bad, other: "a"}
        for program, fails in (("aws", variable == "AWS_PROFILE"), ("aws1", variable != "AWS_PROFILE")):
            command = [locate.tool(program), "configure", "get", "region"]
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
            assert (done.returncode != 0) is fails, done
        every = [one for one in ask(**{variable: bad, other: "none"}) if one.severity == "error"]
        assert len(every) == 2 and "every aws call" not in str(every)


def test_keys_win_where_only_the_other_tools_miss_the_profile(healthy: Home, ask: Ask) -> None:
    found = [one for one in ask(AWS_PROFILE="a", AWS_DEFAULT_PROFILE="nosuch", **KEYS) if one.id == "environment-keys"]
    assert found and all("aws will use the keys in the environment" in one.what for one in found)


def test_a_profile_set_by_hand_is_a_choice_in_a_script_or_a_hooked_shell(healthy: Home, ask: Ask) -> None:
    healthy.state.parent.mkdir(parents=True, mode=0o700)
    healthy.state.write_text("role\n")
    healthy.state.chmod(0o600)
    here = {"AWS_PROFILE": "a", "AWSCTX_STATE_FILE": str(healthy.state)}
    assert only(ask(person=True, **here), "profile-set-by-hand").severity == "info"
    assert ask(AWSCTX_EXPORTED="shell:a", **here) == ask(**{**here, "AWS_PROFILE": "role"}) == []
    healthy.environ.pop("AWSCTX_HOOK")
    assert only(ask(**here), "profile-set-by-hand").severity == "info"
    found = only(ask(person=True, **here), "profile-set-by-hand")
    assert (found.severity, found.where, found.fix) == ("warning", "AWS_PROFILE", "unset AWS_PROFILE")


def test_files_and_regions_in_variables(healthy: Home, ask: Ask) -> None:
    assert only(ask(AWS_CONFIG_FILE="/nowhere/config"), "files-elsewhere").where == "AWS_CONFIG_FILE"
    assert only(ask(AWS_SHARED_CREDENTIALS_FILE="/nowhere/credentials"), "files-elsewhere").severity == "info"
    assert ask(AWS_SHARED_CREDENTIALS_FILE="/dev/null") == []
    found = ask(AWS_PROFILE="a", AWS_REGION="eu-west-1", AWS_DEFAULT_REGION="us-east-1")
    assert only(found, "regions-differ").where == "AWS_DEFAULT_REGION"
    assert only(ask(AWS_PROFILE="process"), "no-region").severity == "info"
    assert ask(AWS_PROFILE="process", AWS_REGION="eu-west-1") == []


def test_a_region_variable_that_wins_over_the_profiles_own(healthy: Home, ask: Ask) -> None:
    healthy.config.write_text("[profile a]\nregion = eu-west-1\nrole_arn = r\nsource_profile = a\n")
    finding = only(ask(AWS_PROFILE="a", AWS_REGION="us-east-1"), "environment-region")
    assert (finding.severity, finding.where) == ("info", "AWS_REGION")
    assert "environment-region" not in {one.id for one in ask(AWS_PROFILE="a", AWS_REGION="eu-west-1")}


def test_bedrocks_token_and_the_mcp_proxys_list(healthy: Home, ask: Ask) -> None:
    for variable, id in (("AWS_BEARER_TOKEN_BEDROCK", "environment-bedrock"), ("AWS_MCP_PROXY_PROFILES", "environment-mcp")):
        found = ask(AWS_PROFILE="a", **{variable: "hush-hush"})
        assert [(f.id, f.severity, f.where, f.fix) for f in found] == [(id, "warning", variable, f"unset {variable}")]
    assert "hush" not in repr(ask(AWS_PROFILE="a", AWS_BEARER_TOKEN_BEDROCK="hush-hush"))


def test_the_locks_own_list_for_the_mcp_proxy_is_right(healthy: Home) -> None:
    both = f"printenv AWS_MCP_PROXY_PROFILES; {AWSCTX} doctor"
    told = healthy.ok("exec", "--lock", "-p", "a", "-c", both, env={"PATH": os.environ["PATH"]})
    assert told.startswith("a\n") and "environment-mcp" not in told


def test_keys_beside_a_profile_that_is_not_there(healthy: Home, ask: Ask) -> None:
    found = [f for f in ask(AWS_PROFILE="ghost", **KEYS) if f.id == "environment-keys"]
    assert {f.severity for f in found} == {"warning"}
    assert all("aws will use" not in f.what and "every aws call fails" in f.what for f in found)


def test_who_reads_which_region_variable(healthy: Home, ask: Ask) -> None:
    first = only(ask(AWS_PROFILE="a", AWS_REGION="us-east-1"), "environment-region").what
    assert first.startswith(
        "AWS CLI v2 and AWS SDK for JavaScript v3 will work in us-east-1; boto3 and AWS CLI v1 in eu-west-1"
    )
    second = only(ask(AWS_PROFILE="a", AWS_DEFAULT_REGION="us-east-1"), "environment-region").what
    assert second.startswith("aws and boto3 will work in us-east-1; AWS SDK for JavaScript v3 in eu-west-1")
    found = ask(AWS_PROFILE="a", AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-2")
    assert only(found, "regions-differ").what == (
        "AWS CLI v2 and AWS SDK for JavaScript v3 work in us-east-1 (AWS_REGION), "
        "boto3 and AWS CLI v1 in us-east-2 (AWS_DEFAULT_REGION)"
    )
    assert {one.where: one.what for one in found if one.id == "environment-region"} == {
        "AWS_REGION": "AWS CLI v2 and AWS SDK for JavaScript v3 will work in us-east-1, not in eu-west-1, the region of a",
        "AWS_DEFAULT_REGION": "boto3 and AWS CLI v1 will work in us-east-2, not in eu-west-1, the region of a",
    }
    both = ask(AWS_PROFILE="a", AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1")
    assert {one.what for one in both if one.id == "environment-region"} == {
        "aws will work in us-east-1, not in eu-west-1, the region of a"
    }
