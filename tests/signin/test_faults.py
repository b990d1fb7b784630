"""Services that answer wrongly, slowly or not at all: bounded retries, then one line that says what to do, and no secret."""

from __future__ import annotations

import functools
import time
from typing import Any

import pytest
from tests.signin.conftest import Said
from tests.signin.helpers import SignIns, no_secret

from awsctx.demo.sandbox import START_URL
from awsctx.demo.standin import Fault
from awsctx.errors import AwsctxError, SignInNeeded
from awsctx.signin import device, flow, portal, service
from awsctx.signin.cache import Token
from awsctx.signin.request import Request
from awsctx.signin.session import Session

SESSION = Session("worksso", START_URL, "eu-west-1", ["sso:account:access"])

# What a service may do to a call, and what the person is told of it.
NO_ANSWER = [
    (Fault("*", "status", status=429), "too many requests (HTTP 429)"),
    (Fault("*", "status", status=500), "an error of the service (HTTP 500)"),
    (Fault("*", "status", status=503), "is not available at the moment (HTTP 503)"),
    (Fault("*", "html"), "is not one of AWS's"),
    (Fault("*", "html", status=502), "an error of the service (HTTP 502)"),
    (Fault("*", "garbage"), "is not one of AWS's"),
    (Fault("*", "empty"), "is not one of AWS's"),
    (Fault("*", "close"), "ConnectionClosedError"),
    (Fault("*", "redirect"), "a redirect (HTTP 302)"),
    (Fault("*", "hang"), "no answer within 1 second"),
    (Fault("*", "drip", seconds=60), "no answer within 1 second"),
    (Fault("*", "slow", seconds=60), "no answer within 1 second"),
]
REFUSED = [(Fault("*", "status", status=status), f"(HTTP {status})") for status in (400, 401, 403)]
ALL = [*NO_ANSWER, *REFUSED]
# For the calls that go the same way as those which get them all.
SOME = [pair for pair in ALL if pair[0].status in (403, 500) or pair[0].kind in ("garbage", "drip")]


CLIENTS = functools.cache(service._client)


def named(pairs: list[tuple[Fault, str]]) -> list[str]:
    return [f"{fault.kind} {fault.status or ''}".strip() for fault, _ in pairs]


def each(*all_of: str, some_of: tuple[str, ...] = ()) -> Any:
    """Parametrizes a test: each fault with the operations ``all_of``, a few of them with ``some_of``."""
    pairs = [(name, *pair) for name in all_of for pair in ALL] + [(name, *pair) for name in some_of for pair in SOME]
    ids = [f"{name} {fault.kind} {fault.status or ''}".strip() for name, fault, _ in pairs]
    return pytest.mark.parametrize(("operation", "fault", "told"), pairs, ids=ids)


@pytest.fixture(autouse=True)
def seconds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """What a call may take: 25 seconds cut to one where no answer comes. The pause between two polls is next to nothing."""
    fault = request.node.callspec.params.get("fault") if hasattr(request.node, "callspec") else None
    seconds = 1.0 if fault and fault.kind in ("hang", "drip", "slow") else service.CALL_SECONDS
    monkeypatch.setattr(service.Service.call, "__defaults__", (seconds,))
    if fault:  # making a client takes longer than the rest of such a test
        monkeypatch.setattr(service, "_client", CLIENTS)
    monkeypatch.setattr(device, "_pause", lambda seconds, end, screen: time.sleep(0.02))
    return seconds


def ensure(site: SignIns, screen: Said, **more: Any) -> flow.Outcome:
    request = Request(**{"flow": flow.DEVICE_CODE, "seconds": 20.0, "person": False, **more})
    return flow.ensure(SESSION, request, site.environ, screen)


def check(site: SignIns, error: AwsctxError, screen: Said, told: str) -> None:
    assert told in error.message, error.message
    assert error.message[0].islower() or error.message.startswith("AWS")
    assert "\n" not in error.message
    assert error.hints
    no_secret(site.stand_in, error.message, *error.hints, *screen.lines)


@each("RegisterClient", some_of=("StartDeviceAuthorization", "CreateToken"))
def test_signing_in(here: SignIns, screen: Said, operation: str, fault: Fault, told: str) -> None:
    here.stand_in.control(faults=[{**vars(fault), "operation": operation}])
    with pytest.raises(AwsctxError) as caught:
        ensure(here, screen)
    denied = operation == "CreateToken" and fault.status == 403  # so the service says that the person said no
    check(here, caught.value, screen, "was denied in the browser" if denied else told)
    assert here.stand_in.count(operation) <= 3 + (operation == "StartDeviceAuthorization")
    assert not here.path().exists()


@pytest.mark.parametrize("kind", ["status 429", "status 500", "close"])
def test_what_goes_wrong_once_is_tried_again(here: SignIns, screen: Said, kind: str) -> None:
    name, _, status = kind.partition(" ")
    operations = ("RegisterClient", "StartDeviceAuthorization", "CreateToken")
    faults = [Fault(operation, name, times=1, status=int(status or 0)) for operation in operations]
    here.stand_in.control(faults=faults)
    assert ensure(here, screen).how == "signed in"


@pytest.mark.parametrize(("fault", "told"), SOME[:-1], ids=named(SOME[:-1]))
def test_refreshing_where_there_is_no_answer(here: SignIns, screen: Said, fault: Fault, told: str) -> None:
    """No browser is opened for a service that could not take the sign-in either; the file stays."""
    token = here.sign_in(seconds=-60)
    here.stand_in.control(faults=[{**vars(fault), "operation": "CreateToken"}])
    with pytest.raises(AwsctxError) as caught:
        ensure(here, screen)
    assert not isinstance(caught.value, SignInNeeded)
    check(here, caught.value, screen, told)
    assert here.token() == token


@pytest.mark.parametrize(("fault", "told"), REFUSED, ids=named(REFUSED))
def test_refreshing_where_the_answer_is_no(here: SignIns, screen: Said, fault: Fault, told: str) -> None:
    token = here.sign_in(seconds=-60)
    here.stand_in.control(faults=[{**vars(fault), "operation": "CreateToken", "times": 1}])
    with pytest.raises(SignInNeeded) as caught:
        ensure(here, screen, flow="")
    no_secret(here.stand_in, caught.value.message)
    assert here.token() == token
    here.stand_in.control(faults=[{**vars(fault), "operation": "CreateToken", "times": 1}])
    assert ensure(here, screen).how == "signed in"


def test_a_sign_in_that_still_lasts_outlives_a_failed_refresh(here: SignIns, screen: Said) -> None:
    here.sign_in(seconds=300)
    here.stand_in.control(faults=[Fault("CreateToken", "status", status=500)])
    assert ensure(here, screen).how == "valid"
    here.stand_in.control(faults=[])
    assert ensure(here, screen).how == "refreshed"


def test_the_device_code_is_polled_as_asked(here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(device, "_pause", lambda seconds, end, screen: pauses.append(seconds))
    slow = Fault("CreateToken", "status", times=1, skip=1, status=400, code="SlowDownException")
    here.stand_in.control(device=3, interval=2, faults=[slow])
    del here.environ["BROWSER"]
    assert ensure(here, screen, seconds=60.0, open_browser=False).how == "signed in"
    assert pauses == [2, 2, 7, 7, 7]


def test_the_countdown_counts_down(screen: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    device._pause(1.5, time.monotonic() + 20, screen)
    assert screen.waits == [20, 19]


def listed(site: SignIns, kind: str) -> Any:
    made = site.stand_in.sign_in()
    granted = portal.Portal(Token(START_URL, "eu-west-1", made["accessToken"], int(made["expires"])))
    return granted.accounts() if kind == "ListAccounts" else granted.roles("123412341234")


@each("ListAccounts", some_of=("ListAccountRoles",))
def test_listing(here: SignIns, screen: Said, operation: str, fault: Fault, told: str) -> None:
    here.stand_in.control(faults=[{**vars(fault), "operation": operation}])
    with pytest.raises(AwsctxError) as caught:
        listed(here, operation)
    check(here, caught.value, screen, "does not take this sign-in" if fault.status == 401 else told)
    assert here.stand_in.count(operation) <= 3


def test_all_pages_are_listed(here: SignIns) -> None:
    here.stand_in.control(generate=[250, 1], page_size=40)
    assert len({account.id for account in listed(here, "ListAccounts")}) == 252
    assert listed(here, "ListAccountRoles") == ["developer"]


@pytest.mark.parametrize(("fault", "told"), ALL, ids=named(ALL))
def test_signing_out(here: SignIns, monkeypatch: pytest.MonkeyPatch, seconds: float, fault: Fault, told: str) -> None:
    """Whatever the portal says or does not say, the token is gone."""
    from awsctx.commands import logout
    from awsctx.world import World

    here.sign_in()
    here.stand_in.control(faults=[{**vars(fault), "operation": "Logout"}])
    monkeypatch.setattr(logout, "_SECONDS", seconds)
    result = logout.logout(World(here.environ), "worksso")
    assert not here.path().exists()
    assert result.talk[0].startswith("signed out of session 'worksso'")
    ended = fault.status == 401 or (fault.kind in ("empty", "garbage") and not fault.status)
    if fault.kind not in ("drip", "garbage"):
        assert ("on this machine only: " in result.talk[0]) == (not ended)
    no_secret(here.stand_in, *result.talk)


def test_a_config_that_botocore_refuses(here: SignIns, screen: Said) -> None:
    here.config.write_text("[a]\n[a]\n")
    with pytest.raises(AwsctxError, match="cannot read"):
        ensure(here, screen)


def test_a_profile_in_the_environment_that_does_not_exist_is_no_hindrance(here: SignIns, screen: Said) -> None:
    assert ensure(here, screen, profile="nosuch").how == "signed in"


def test_nobody_listens(here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSO_OIDC", "http://127.0.0.1:1")
    with pytest.raises(AwsctxError, match=r"could not reach AWS SSO \(sso-oidc\) in eu-west-1"):
        ensure(here, screen)
