"""The stand-in's SSO-OIDC, judged by boto3's client."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from botocore.exceptions import ClientError

from awsctx.demo.oidc import DEVICE_GRANT
from awsctx.demo.standin import Client

START_URL = "https://worksso.awsapps.com/start"
CALLBACK = "http://127.0.0.1:4711/oauth/callback"
VERIFIER = "verifier-of-a-length-that-rfc-7636-asks-for-43-characters"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def oidc(client: Callable[..., Any]) -> Any:
    return client("sso-oidc")


def register(oidc: Any, **more: Any) -> dict[str, str]:
    made = oidc.register_client(clientName="test", clientType="public", scopes=["sso:account:access"], **more)
    return {"clientId": made["clientId"], "clientSecret": made["clientSecret"]}


def register_for_code(oidc: Any) -> dict[str, str]:
    return register(
        oidc,
        grantTypes=["authorization_code", "refresh_token"],
        redirectUris=["http://127.0.0.1/oauth/callback"],
        issuerUrl=START_URL,
    )


def start_device(oidc: Any) -> tuple[dict[str, str], Mapping[str, Any]]:
    registered = register(oidc)
    started = oidc.start_device_authorization(**registered, startUrl=START_URL)
    return {**registered, "grantType": DEVICE_GRANT, "deviceCode": started["deviceCode"]}, started


def get(url: str) -> tuple[int, str, str]:
    """Status, Location and text of a page; redirects are not followed."""
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.netloc, timeout=10)
    connection.request("GET", f"{split.path}?{split.query}")
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, response.headers.get("Location", ""), text


def authorize(aws: Client, client_id: str, **more: str) -> tuple[int, dict[str, str]]:
    """Where /authorize sends the browser: the status and the parameters given back."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": CALLBACK,
        "state": "s",
        "code_challenge_method": "S256",
        "code_challenge": CHALLENGE,
        **more,
    }
    status, location, _ = get(f"{aws.address}/authorize?{urlencode(asked)}")
    assert not location or location.startswith(asked["redirect_uri"])
    return status, {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def exchange(oidc: Any, registered: dict[str, str], code: str, **more: str) -> Any:
    wanted = {"grantType": "authorization_code", "code": code, "redirectUri": CALLBACK, "codeVerifier": VERIFIER}
    return oidc.create_token(**registered, **(wanted | more))


def refused(call: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    """The code of the error that the call ends in."""
    with pytest.raises(ClientError) as caught:
        call(*arguments, **named)
    return str(caught.value.response["Error"]["Code"])


def test_a_device_code_is_approved_by_opening_its_page(oidc: Any) -> None:
    wanted, started = start_device(oidc)
    assert refused(oidc.create_token, **wanted) == "AuthorizationPendingException"
    assert get(started["verificationUriComplete"])[0] == 200
    token = oidc.create_token(**wanted)
    assert token["tokenType"] == "Bearer" and token["refreshToken"] and token["expiresIn"] == 8 * 3600
    assert refused(oidc.create_token, **wanted) == "InvalidGrantException", "good once"


def test_a_device_code_is_approved_after_so_many_polls(aws: Client, oidc: Any) -> None:
    aws.control(device=2)
    wanted, _ = start_device(oidc)
    assert [refused(oidc.create_token, **wanted) for _ in range(2)] == ["AuthorizationPendingException"] * 2
    assert oidc.create_token(**wanted)["accessToken"]


def test_a_device_code_waits_for_the_button(aws: Client, oidc: Any) -> None:
    aws.control(device="button")
    wanted, started = start_device(oidc)
    _, _, text = get(started["verificationUriComplete"])
    assert refused(oidc.create_token, **wanted) == "AuthorizationPendingException"
    link = text.partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    get(aws.address + link)
    assert oidc.create_token(**wanted)["accessToken"]


@pytest.mark.parametrize(
    ("knobs", "code"),
    [
        ({"device": "denied"}, "AccessDeniedException"),
        ({"device": "never"}, "AuthorizationPendingException"),
        ({"device_seconds": 0}, "ExpiredTokenException"),
        ({"registration_seconds": 0}, "InvalidClientException"),
    ],
)
def test_a_device_code_that_comes_to_nothing(aws: Client, oidc: Any, knobs: dict[str, Any], code: str) -> None:
    if "registration_seconds" in knobs:
        aws.control(**knobs)
        assert refused(oidc.start_device_authorization, **register(oidc), startUrl=START_URL) == code
        return
    aws.control(**knobs)
    wanted, started = start_device(oidc)
    get(started["verificationUriComplete"])
    assert refused(oidc.create_token, **wanted) == code


def test_a_device_code_is_decided_by_order(aws: Client, oidc: Any) -> None:
    approved, first = start_device(oidc)
    denied, second = start_device(oidc)
    aws.control(approve=first["userCode"], deny=second["userCode"])
    assert oidc.create_token(**approved)["accessToken"]
    assert refused(oidc.create_token, **denied) == "AccessDeniedException"


def test_slow_down_is_a_fault_like_any_other(aws: Client, oidc: Any) -> None:
    slow = {"operation": "CreateToken", "kind": "status", "status": 400, "code": "SlowDownException", "times": 1}
    aws.control(device=0, faults=[slow])
    wanted, _ = start_device(oidc)
    assert refused(oidc.create_token, **wanted) == "SlowDownException"
    assert oidc.create_token(**wanted)["accessToken"]


def test_a_code_is_exchanged_once_with_the_right_verifier(aws: Client, oidc: Any) -> None:
    registered = register_for_code(oidc)
    status, back = authorize(aws, registered["clientId"])
    assert status == 302 and back["state"] == "s"
    assert exchange(oidc, registered, back["code"])["refreshToken"]
    assert refused(exchange, oidc, registered, back["code"]) == "InvalidGrantException"


@pytest.mark.parametrize("wrong", [{"codeVerifier": "another"}, {"redirectUri": "http://127.0.0.1:1/oauth/callback"}])
def test_a_code_is_worth_nothing_to_others(aws: Client, oidc: Any, wrong: dict[str, str]) -> None:
    registered = register_for_code(oidc)
    _, back = authorize(aws, registered["clientId"])
    assert refused(exchange, oidc, registered, back["code"], **wrong) == "InvalidGrantException"
    assert refused(exchange, oidc, registered, back["code"]) == "InvalidGrantException", "and is spent by the try"


@pytest.mark.parametrize(
    "strange", [{"client_id": "nobody"}, {"redirect_uri": "http://127.0.0.1/elsewhere"}, {"redirect_uri": "http://x/"}]
)
def test_authorize_never_redirects_to_strangers(aws: Client, oidc: Any, strange: dict[str, str]) -> None:
    registered = register_for_code(oidc)
    asked = {"client_id": registered["clientId"], **strange}
    assert authorize(aws, **asked) == (400, {})


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("denied", (302, {"error": "access_denied", "state": "s"})), ("never", (200, {})), ("button", (200, {}))],
)
def test_authorize_without_a_code(aws: Client, oidc: Any, policy: str, expected: Any) -> None:
    aws.control(authorize=policy)
    assert authorize(aws, register_for_code(oidc)["clientId"]) == expected


def test_authorize_with_a_wrong_state(aws: Client, oidc: Any) -> None:
    aws.control(authorize="state")
    _, back = authorize(aws, register_for_code(oidc)["clientId"])
    assert back["state"] != "s" and back["code"]


def test_pkce_is_not_optional(aws: Client, oidc: Any) -> None:
    _, back = authorize(aws, register_for_code(oidc)["clientId"], code_challenge_method="plain")
    assert back == {"error": "invalid_request", "state": "s"}


def test_a_refresh_token_rotates(aws: Client, client: Callable[..., Any], oidc: Any) -> None:
    first = aws.sign_in()
    registered = {name: first[name] for name in ("clientId", "clientSecret")}
    second = oidc.create_token(**registered, grantType="refresh_token", refreshToken=first["refreshToken"])
    assert second["accessToken"] != first["accessToken"] and second["refreshToken"] != first["refreshToken"]
    again = refused(oidc.create_token, **registered, grantType="refresh_token", refreshToken=first["refreshToken"])
    assert again == "InvalidGrantException"
    for token in (first, second):
        assert client("sso").list_accounts(accessToken=token["accessToken"])["accountList"]


def test_a_refresh_token_ends(aws: Client, oidc: Any) -> None:
    token = aws.sign_in()
    registered = {name: token[name] for name in ("clientId", "clientSecret")}
    aws.control(end_refreshes=True)
    code = refused(oidc.create_token, **registered, grantType="refresh_token", refreshToken=token["refreshToken"])
    assert code == "InvalidGrantException"


def test_without_scopes_there_is_no_refresh_token(aws: Client) -> None:
    assert aws.sign_in(scopes=())["refreshToken"] == ""
    aws.control(refresh=False)
    assert aws.sign_in()["refreshToken"] == ""


@pytest.mark.parametrize(
    ("call", "wanted", "code"),
    [
        ("register_client", {"clientName": "x", "clientType": "confidential"}, "InvalidClientMetadataException"),
        (
            "register_client",
            {"clientName": "x", "clientType": "public", "grantTypes": ["authorization_code"]},
            "InvalidRedirectUriException",
        ),
        (
            "start_device_authorization",
            {"clientId": "x", "clientSecret": "x", "startUrl": START_URL},
            "InvalidClientException",
        ),
        (
            "create_token",
            {"clientId": "x", "clientSecret": "x", "grantType": "refresh_token"},
            "InvalidClientException",
        ),
    ],
)
def test_calls_that_are_refused(oidc: Any, call: str, wanted: dict[str, Any], code: str) -> None:
    assert refused(getattr(oidc, call), **wanted) == code


def test_an_unknown_portal_is_refused(aws: Client, oidc: Any) -> None:
    aws.control(start_urls=[START_URL])
    wanted = register(oidc)
    assert oidc.start_device_authorization(**wanted, startUrl=START_URL + "/#/")["userCode"]
    strange = refused(oidc.start_device_authorization, **wanted, startUrl="https://other.awsapps.com/start")
    assert strange == "InvalidRequestException"


def test_the_log_holds_no_secret(aws: Client, oidc: Any) -> None:
    aws.control(device=0)
    wanted, _ = start_device(oidc)
    oidc.create_token(**wanted)
    log = json.dumps(aws.calls())
    assert [call["operation"] for call in aws.calls()] == ["RegisterClient", "StartDeviceAuthorization", "CreateToken"]
    assert len(aws.secrets()) == 4
    assert not [secret for secret in aws.secrets() if secret in log]
