"""A service that does not end, or does not answer: told as it is, and in the time that there was."""

from __future__ import annotations

import functools
import time
from typing import Any

import pytest
from tests.signin.conftest import Said
from tests.signin.helpers import SignIns

from awsctx.demo.sandbox import START_URL
from awsctx.demo.standin import Fault
from awsctx.errors import AwsctxError
from awsctx.signin import listing, portal, service
from awsctx.signin.cache import Token


def token(site: SignIns) -> Token:
    made = site.stand_in.sign_in()
    return Token(START_URL, "eu-west-1", made["accessToken"], int(made["expires"]))


@pytest.mark.parametrize("cycle", [("same",), ("a", "b", "c")])
def test_pages_without_an_end_are_left_at_once(cycle: tuple[str, ...]) -> None:
    asked = 0

    class Endless:
        def call(self, operation: str, **_: Any) -> dict[str, Any]:
            nonlocal asked
            asked += 1
            return {"accountList": [], "nextToken": cycle[asked % len(cycle)]}

        def unusable(self, operation: str) -> service.NoAnswer:
            raise AssertionError

    with pytest.raises(service.NoAnswer, match="its pages come again"):
        portal.Portal(Token(START_URL, "eu-west-1", "t", 0), service=Endless()).accounts()
    assert asked == len(cycle) + 1


def test_503_is_not_too_many_requests(here: SignIns) -> None:
    here.stand_in.control(faults=[Fault("ListAccounts", "status", status=503)])
    with pytest.raises(AwsctxError) as raised:
        portal.Portal(token(here)).accounts()
    assert "is not available at the moment (HTTP 503)" in raised.value.message
    assert "too many" not in raised.value.message


@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_the_time_told_is_the_time_waited(here: SignIns, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The first calls take most of it; the last has but the rest, of which nobody wants to know."""
    monkeypatch.setattr(listing, "SILENCE", 4.0)
    monkeypatch.setattr(service, "_client", functools.cache(service._client))
    signed_in = token(here)
    portal.Portal(signed_in).accounts()  # to make the first client takes seconds on a busy machine
    first = Fault("ListAccounts", "hang", times=2, seconds=1.2)
    here.stand_in.control(faults=[first, Fault("*", kind, seconds=60)])
    began = time.monotonic()
    with pytest.raises(AwsctxError, match="has given no good answer for 4 seconds"):
        listing.grants(signed_in, "", lambda *_: None)
    assert 3.5 < time.monotonic() - began < 8


@pytest.mark.parametrize("flow", ["--browser", "--device-code"])
@pytest.mark.parametrize("operation", ["RegisterClient", "StartDeviceAuthorization", "CreateToken"])
def test_a_timeout_is_for_all_of_a_sign_in(site: SignIns, flow: str, operation: str) -> None:
    if (flow, operation) == ("--browser", "StartDeviceAuthorization"):
        return  # it has none
    site.stand_in.control(faults=[Fault(operation, "hang", seconds=60)])
    began = time.monotonic()
    done = site.run("login", "worksso", flow, "--timeout", "3")
    assert time.monotonic() - began < 7
    assert done.returncode == 1
    assert "no answer within 3 seconds" in done.stderr


def test_a_timeout_is_for_the_refresh_too(site: SignIns) -> None:
    site.sign_in(seconds=-60)
    site.stand_in.control(faults=[Fault("CreateToken", "hang", seconds=60)])
    began = time.monotonic()
    done = site.run("login", "worksso", "--timeout", "3")
    assert time.monotonic() - began < 7
    assert (done.returncode, "no answer within 3 seconds" in done.stderr) == (1, True)


def test_who_nobody_approves_in_time_is_told_so(site: SignIns, screen: Said) -> None:
    site.stand_in.control(device="never")
    done = site.run("login", "worksso", "--device-code", "--timeout", "3")
    assert "nobody approved the sign-in to session 'worksso' in time" in done.stderr
