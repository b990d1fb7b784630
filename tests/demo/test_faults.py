"""Each way in which the stand-in can fail on order, as a client sees it."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from awsctx.demo.standin import Client, Fault, StandIn


def ask(aws: Client, path: str = "/assignment/accounts", method: str = "GET") -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection(aws.address.removeprefix("http://"), timeout=5)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("service", "status", "code"),
    [
        ("sso", 400, "InvalidRequestException"),
        ("sso", 401, "UnauthorizedException"),
        ("sso", 403, "ForbiddenException"),
        ("sso", 429, "TooManyRequestsException"),
        ("sso", 500, "InternalServerException"),
        ("sso-oidc", 400, "InvalidRequestException"),
        ("sso-oidc", 401, "InvalidClientException"),
        ("sso-oidc", 403, "AccessDeniedException"),
        ("sso-oidc", 429, "SlowDownException"),
        ("sso-oidc", 500, "InternalServerException"),
    ],
)
def test_a_status_is_the_services_own_error(
    aws: Client, client: Callable[..., Any], service: str, status: int, code: str
) -> None:
    aws.control(faults=[Fault("*", "status", status=status, retry_after=7)])
    asked = client(service, config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(ClientError) as caught:
        if service == "sso":
            asked.list_accounts(accessToken="t")
        else:
            asked.register_client(clientName="n", clientType="public")
    response = caught.value.response
    assert response["Error"]["Code"] == code
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert response["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "7"


def test_the_first_times_only(aws: Client, client: Callable[..., Any]) -> None:
    aws.control(faults=[Fault("ListAccounts", "status", status=500, times=2)])
    client("sso").list_accounts(accessToken=aws.sign_in()["accessToken"])
    assert [call["status"] for call in aws.calls("ListAccounts")] == [500, 500, 200]


def test_after_some_right_answers(aws: Client) -> None:
    aws.control(faults=[Fault("sso.*", "html", skip=1, times=1)])
    assert [ask(aws)[0] for _ in range(3)] == [401, 200, 401]
    assert [call["fault"] for call in aws.calls()] == [None, "html", None]


def test_other_operations_are_left_alone(aws: Client) -> None:
    aws.control(faults=[Fault("Logout", "html"), Fault("sso-oidc.*", "html")])
    assert ask(aws)[0] == 401


def test_a_page_instead_of_an_answer(aws: Client) -> None:
    aws.control(faults=[Fault("*", "html", status=503)])
    status, headers, text = ask(aws)
    assert status == 503 and headers["Content-Type"].startswith("text/html") and "hotel" in text


def test_a_redirect(aws: Client) -> None:
    aws.control(faults=[Fault("*", "redirect")])
    status, headers, _ = ask(aws)
    assert status == 302 and headers["Location"] == f"{aws.address}/_captive"
    assert ask(aws, "/_captive")[0] == 200


@pytest.mark.parametrize(("kind", "body"), [("garbage", '{"accessTok'), ("empty", "")])
def test_half_an_answer(aws: Client, kind: str, body: str) -> None:
    aws.control(faults=[Fault("*", kind)])
    assert ask(aws)[0::2] == (200, body)


def test_no_answer(aws: Client, client: Callable[..., Any]) -> None:
    impatient = client("sso", config=Config(retries={"total_max_attempts": 1}, read_timeout=0.3))
    aws.control(faults=[Fault("*", "close")])
    with pytest.raises(ConnectionClosedError):
        impatient.list_accounts(accessToken="t")
    aws.control(faults=[Fault("*", "hang")])
    with pytest.raises(ReadTimeoutError):
        impatient.list_accounts(accessToken="t")


@pytest.mark.parametrize("kind", ["slow", "drip"])
def test_a_late_answer(aws: Client, kind: str) -> None:
    aws.control(faults=[Fault("*", kind, seconds=0.3)])
    started = time.monotonic()
    assert ask(aws)[0] == 401
    assert time.monotonic() - started >= 0.25


def test_nothing_happens_where_no_answer_comes(aws: Client) -> None:
    aws.control(faults=[Fault("RegisterClient", "close")])
    with pytest.raises(http.client.RemoteDisconnected):
        ask(aws, "/client/register", "POST")
    assert aws.secrets() == []


@pytest.mark.parametrize(
    ("knobs", "complaint"),
    [
        ({"latnecy": 1}, "no such knob: latnecy"),
        ({"faults": [{"operation": "*", "kind": "explode"}]}, "unknown kind 'explode'"),
        ({"faults": [{"operation": "*", "kind": "status"}]}, "needs a status"),
    ],
)
def test_a_knob_that_there_is_not(aws: Client, knobs: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        aws.control(**knobs)


def test_a_reset_forgets_everything(aws: Client) -> None:
    aws.control(faults=[Fault("*", "html")], latency=0.2)
    aws.sign_in()
    ask(aws)
    aws.reset()
    assert (aws.calls(), aws.secrets(), ask(aws)[0]) == ([], [], 401)


def test_a_hanging_call_does_not_keep_the_standin_from_stopping() -> None:
    with StandIn(faults=[Fault("*", "hang")]) as aws:
        connection = http.client.HTTPConnection(aws.address.removeprefix("http://"), timeout=5)
        connection.request("GET", "/assignment/accounts")
        while not aws.count():
            time.sleep(0.01)
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()
