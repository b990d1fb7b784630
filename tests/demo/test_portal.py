"""The stand-in's SSO portal, STS and EC2, judged by boto3's clients."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from awsctx.demo.scenario import HOSTILE_ACCOUNTS
from awsctx.demo.standin import STALE_KEY, STALE_SECRET, Client

NO_RETRIES = Config(retries={"total_max_attempts": 1})
DEVELOPER = {"accountId": "123412341234", "roleName": "developer"}
TESTER = {"accountId": "43214321", "roleName": "tester"}


@pytest.fixture
def sso(client: Callable[..., Any]) -> Any:
    return client("sso")


@pytest.fixture
def token(aws: Client) -> str:
    return str(aws.sign_in()["accessToken"])


def keys(sso: Any, token: str, role: dict[str, str]) -> dict[str, str]:
    """The role's credentials, as boto3.Session takes them."""
    made = sso.get_role_credentials(accessToken=token, **role)["roleCredentials"]
    return {
        "aws_access_key_id": made["accessKeyId"],
        "aws_secret_access_key": made["secretAccessKey"],
        "aws_session_token": made["sessionToken"],
    }


def refused(call: Callable[..., Any], **named: Any) -> tuple[str, int]:
    """The code and the status of the error that the call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**named)
    response = caught.value.response
    return str(response["Error"]["Code"]), int(response["ResponseMetadata"]["HTTPStatusCode"])


def test_all_pages_of_a_thousand_accounts(aws: Client, sso: Any, token: str) -> None:
    aws.control(accounts=[], generate=[1000, 3])
    pages = list(sso.get_paginator("list_accounts").paginate(accessToken=token))
    ids = [account["accountId"] for page in pages for account in page["accountList"]]
    assert len(set(ids)) == 1000 and {len(page["accountList"]) for page in pages} == {100}
    roles = sso.list_account_roles(accessToken=token, accountId=ids[0])["roleList"]
    assert [role["roleName"] for role in roles] == ["role-01", "role-02", "role-03"]
    small = sso.get_paginator("list_account_roles").paginate(
        accessToken=token, accountId=ids[0], PaginationConfig={"PageSize": 2}
    )
    assert [len(page["roleList"]) for page in small] == [2, 1]


def test_hostile_names_arrive_as_they_are(aws: Client, sso: Any, token: str) -> None:
    aws.control(hostile=True)
    listed = sso.list_accounts(accessToken=token)["accountList"]
    assert {account.name for account in HOSTILE_ACCOUNTS} <= {account["accountName"] for account in listed}


def test_a_page_size_that_there_is_not(sso: Any, token: str) -> None:
    assert refused(sso.list_accounts, accessToken=token, maxResults=101) == ("InvalidRequestException", 400)
    assert refused(sso.list_accounts, accessToken=token, nextToken="x") == ("InvalidRequestException", 400)


def test_people_are_granted_their_own(aws: Client, sso: Any) -> None:
    aws.control(people={"grace": ["43214321"]})
    token = aws.sign_in(person="grace")["accessToken"]
    assert [account["accountId"] for account in sso.list_accounts(accessToken=token)["accountList"]] == ["43214321"]
    assert refused(sso.get_role_credentials, accessToken=token, **DEVELOPER) == ("ForbiddenException", 403)
    assert refused(sso.list_account_roles, accessToken=token, accountId="1") == ("ForbiddenException", 403)


def test_a_token_that_is_none(aws: Client, sso: Any, token: str) -> None:
    unauthorized = ("UnauthorizedException", 401)
    assert refused(sso.get_role_credentials, accessToken="made-up", **DEVELOPER) == unauthorized
    aws.control(end_tokens=True)
    for call in (sso.list_accounts, sso.logout):
        assert refused(call, accessToken=token) == unauthorized
    aws.control(token_seconds=0)
    assert refused(sso.list_accounts, accessToken=aws.sign_in()["accessToken"]) == unauthorized


def test_logout_ends_both_tokens(aws: Client, client: Callable[..., Any], sso: Any) -> None:
    token = aws.sign_in()
    sso.logout(accessToken=token["accessToken"])
    assert refused(sso.list_accounts, accessToken=token["accessToken"])[1] == 401
    registered = {name: token[name] for name in ("clientId", "clientSecret", "refreshToken")}
    assert refused(client("sso-oidc").create_token, **registered, grantType="refresh_token")[1] == 400


@pytest.mark.parametrize("role", [DEVELOPER, TESTER])
def test_keys_are_the_role_in_its_account(client: Callable[..., Any], sso: Any, token: str, role: dict[str, str]) -> None:
    who = client("sts", **keys(sso, token, role)).get_caller_identity()
    name = f"assumed-role/AWSReservedSSO_{role['roleName']}_"
    assert who["Account"] == role["accountId"]
    assert who["Arn"].startswith(f"arn:aws:sts::{role['accountId']}:{name}") and who["Arn"].endswith("/user")
    assert len(who["Arn"].partition(name)[2].removesuffix("/user")) == 16


def test_each_account_has_its_own_machines(client: Callable[..., Any], sso: Any, token: str) -> None:
    seen = {}
    for role in (DEVELOPER, TESTER):
        ec2 = client("ec2", **keys(sso, token, role))
        reservations = ec2.describe_instances()["Reservations"]
        seen[role["accountId"]] = {i["InstanceId"]: i for r in reservations for i in r["Instances"]}
        assert {r["OwnerId"] for r in reservations} == {role["accountId"].zfill(12)}
    developers, testers = seen.values()
    assert len(developers) == len(testers) == 4 and not developers.keys() & testers.keys()
    owners = [tag["Value"] for i in testers.values() for tag in i["Tags"] if tag["Key"] == "aws:cloud9:owner"]
    assert owners == [f"arn:aws:sts::43214321:assumed-role/{who}" for who in ("developer/ada", "tester/grace")]


def test_roles_are_assumed_from_one_account_to_another(client: Callable[..., Any], sso: Any, token: str) -> None:
    sts = client("sts", **keys(sso, token, DEVELOPER))
    made = sts.assume_role(RoleArn="arn:aws:iam::210987654321:role/path/admin", RoleSessionName="me")["Credentials"]
    assumed = {
        "aws_access_key_id": made["AccessKeyId"],
        "aws_secret_access_key": made["SecretAccessKey"],
        "aws_session_token": made["SessionToken"],
    }
    arn = client("sts", **assumed).get_caller_identity()["Arn"]
    assert arn == "arn:aws:sts::210987654321:assumed-role/admin/me"


def test_keys_that_were_not_handed_out_are_somebody_else(aws: Client, client: Callable[..., Any], sso: Any, token: str) -> None:
    stale = {"aws_access_key_id": STALE_KEY, "aws_secret_access_key": STALE_SECRET}
    assert client("sts", **stale).get_caller_identity()["Account"] == "999988887777"
    unknown = {"aws_access_key_id": "AKIAUNKNOWN", "aws_secret_access_key": "x"}
    assert refused(client("sts", **unknown).get_caller_identity) == ("InvalidClientTokenId", 403)
    assert refused(client("ec2", **unknown).describe_instances) == ("AuthFailure", 401)
    mixed = keys(sso, token, DEVELOPER) | {"aws_session_token": "another"}
    assert refused(client("sts", **mixed).get_caller_identity)[0] == "InvalidClientTokenId"
    aws.control(role_seconds=-1)
    ended = keys(sso, token, DEVELOPER)
    assert refused(client("sts", **ended).get_caller_identity)[0] == "ExpiredToken"


def test_listing_too_fast_is_told_so(aws: Client, client: Callable[..., Any], token: str) -> None:
    aws.control(rate=3)
    sso = client("sso", config=NO_RETRIES)
    codes = []
    for _ in range(6):
        try:
            sso.list_accounts(accessToken=token)
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
    assert codes == ["TooManyRequestsException"] * 3
    assert sso.get_role_credentials(accessToken=token, **DEVELOPER), "only listing is limited"


def test_latency_is_each_calls_own(aws: Client, sso: Any, token: str) -> None:
    aws.control(latency=0.5)
    started = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: sso.list_accounts(accessToken=token), range(8)))
    assert 0.5 <= time.monotonic() - started < 8 * 0.5, "eight at once wait at once"
