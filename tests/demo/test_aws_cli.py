"""The real AWS CLI, v2 and v1, and botocore's own refreshing, unchanged, against the stand-in."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest
from tests.signin.helpers import ended

from awsctx.demo.sandbox import Sandbox, timestamp, write_token
from awsctx.demo.standin import Client, Fault

Bash = Callable[..., subprocess.CompletedProcess[str]]
OWNERS = (
    "jq -c '.Reservations[].Instances[] | {InstanceID: .InstanceId, InstanceType: .InstanceType, "
    'Cloud9Owner: .Tags[] | select(.Key == "aws:cloud9:owner").Value}\''
)


def token_files(sandbox: Sandbox) -> list[dict[str, Any]]:
    files = (sandbox.home / ".aws" / "sso" / "cache").glob("*.json")
    return [entry for entry in (json.loads(file.read_text()) for file in files) if "accessToken" in entry]


@pytest.mark.parametrize("flow", ["", "--use-device-code"])
def test_sign_in(bash: Bash, sandbox: Sandbox, aws: Client, flow: str) -> None:
    for file in (sandbox.home / ".aws" / "sso" / "cache").iterdir():
        file.unlink()
    result = bash(f"aws sso login --sso-session worksso {flow}")
    assert result.returncode == 0, result.stderr
    (token,) = token_files(sandbox)
    assert token["refreshToken"] and token["startUrl"] == "https://worksso.awsapps.com/start"
    grants = {call["grant_type"] for call in aws.calls("CreateToken") if call["status"] == 200}
    assert grants == ({"device_code"} if flow else {"authorization_code"})
    assert aws.count("RegisterClient") == 1


def test_who_is_asking(bash: Bash) -> None:
    result = bash("aws1 sts get-caller-identity", AWS_PROFILE="worksso.tester")
    identity = json.loads(result.stdout)
    assert identity["Account"] == "43214321"
    assert identity["Arn"].startswith("arn:aws:sts::43214321:assumed-role/AWSReservedSSO_tester_")


# With the AWS CLI v2, test_play.py plays these, and who is asking with stale keys in the environment.
def test_the_walkthroughs_pipelines(bash: Bash) -> None:
    ids = bash("aws1 ec2 describe-instances | jq '.[][].Instances[].InstanceId'", AWS_PROFILE="worksso.developer")
    assert ids.returncode == 0 and len(ids.stdout.splitlines()) == 4
    assert all(line.startswith('"i-') for line in ids.stdout.splitlines())
    owners = bash(f"aws1 ec2 describe-instances | {OWNERS}", AWS_PROFILE="worksso.developer")
    assert owners.returncode == 0, owners.stderr
    assert [json.loads(line)["Cloud9Owner"].rpartition("/")[2] for line in owners.stdout.splitlines()] == [
        "ada",
        "grace",
    ]


def test_the_portals_refusal_is_what_aws_says(bash: Bash, aws: Client) -> None:
    aws.control(end_tokens=True)
    result = bash("aws sts get-caller-identity", AWS_PROFILE="worksso.tester")
    assert result.returncode == 255 and "session" in result.stderr and "invalid" in result.stderr
    aws.control(people={"user": []})
    assert "Forbidden" in bash("aws sso get-role-credentials --role-name tester --account-id 43214321 "
                               f"--access-token {aws.sign_in()['accessToken']} --region eu-west-1").stderr  # fmt: skip


def test_signing_out(bash: Bash, sandbox: Sandbox, aws: Client) -> None:
    (token,) = token_files(sandbox)
    assert bash("aws sso logout").returncode == 0
    assert token_files(sandbox) == [] and aws.count("Logout") == 1
    write_token(sandbox.home, "worksso", {**token, "expires": time.time() + 3600, "registrationExpires": 0})
    assert bash("aws sts get-caller-identity", AWS_PROFILE="worksso.tester").returncode == 255


@pytest.mark.parametrize("command", ["aws", "aws1"])
def test_an_ended_sign_in_is_refreshed(bash: Bash, sandbox: Sandbox, aws: Client, command: str) -> None:
    before = aws.sign_in()
    write_token(sandbox.home, "worksso", before, expiresAt=timestamp(time.time() - 60))
    aws.control(end_tokens=True)
    assert bash(f"{command} sts get-caller-identity", AWS_PROFILE="worksso.tester").returncode == 0
    (after,) = token_files(sandbox)
    assert after["refreshToken"] not in ("", before["refreshToken"])
    assert [call["grant_type"] for call in aws.calls("CreateToken")] == ["refresh_token"]


def test_a_spent_refresh_token_ends_the_sign_in(bash: Bash, sandbox: Sandbox, aws: Client) -> None:
    write_token(sandbox.home, "worksso", aws.sign_in(), expiresAt=timestamp(time.time() - 60))
    aws.control(end_refreshes=True)
    result = bash("aws sts get-caller-identity", AWS_PROFILE="worksso.tester")
    assert result.returncode == 255 and "refresh failed" in result.stderr


def test_aws_tries_again_after_a_failure(bash: Bash, aws: Client) -> None:
    aws.control(faults=[Fault("GetRoleCredentials", "status", status=500, times=1)])
    assert bash("aws sts get-caller-identity", AWS_PROFILE="worksso.tester").returncode == 0
    assert [call["status"] for call in aws.calls("GetRoleCredentials")] == [500, 200]


def test_configure_sso_from_nothing(sandbox: Sandbox) -> None:
    config = Path(sandbox.home, ".aws", "config")
    config.unlink()
    # pexpect is no terminal that could answer where its cursor is.
    environ = {**sandbox.environ, "PROMPT_TOOLKIT_NO_CPR": "1"}
    child = pexpect.spawn("aws", ["configure", "sso"], env=environ, encoding="utf-8", timeout=20)
    for question, answer in (
        ("SSO session name", "worksso"),
        ("SSO start URL", "https://worksso.awsapps.com/start"),
        ("SSO region", "eu-west-1"),
        ("SSO registration scopes", ""),
    ):
        child.expect(question)
        child.sendline(answer)
    child.expect_exact("(43214321)")
    child.send("\r")
    for question, answer in (("client Region", "eu-west-1"), ("output format", "json"), ("Profile name", "mine")):
        child.expect(question)
        child.sendline(answer)
    assert ended(child) == 0
    assert "[profile mine]" in config.read_text() and "sso_account_id = 123412341234" in config.read_text()
