"""A service that does not answer is given up within 30 seconds, whatever a command asks on its way. The seconds are cut to a
tenth here; what matters is their sum."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from awsctx.aws import identity
from awsctx.commands import env as credential_env
from awsctx.commands import whoami
from awsctx.demo.sandbox import Sandbox, timestamp
from awsctx.demo.standin import Client
from awsctx.errors import AwsctxError
from awsctx.signin import flow, listing, service
from awsctx.signin.waiting import TooLong, Wire, within
from awsctx.world import World

Make = Callable[..., World]
NO_ANSWER = "no answer|ReadTimeoutError"


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, names in (
        (identity, ("SECONDS", "_REFRESH_SECONDS", "_READ_SECONDS", "_CONNECT_SECONDS")),
        (flow, ("BRIEFLY",)),
        (service, ("CALL_SECONDS", "_READ_SECONDS", "_CONNECT_SECONDS")),
    ):
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name) / 10)
    monkeypatch.setattr(service.Service.call, "__defaults__", (service.CALL_SECONDS,))


def token_ends(sandbox: Sandbox, seconds: float) -> Path:
    (path,) = (sandbox.home / ".aws" / "sso" / "cache").glob("*.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "expiresAt": timestamp(time.time() + seconds)}))
    return path


def test_the_parts_are_less_than_the_whole() -> None:
    assert identity._REFRESH_SECONDS < identity.SECONDS < 28
    assert flow.BRIEFLY + listing.SILENCE < 29
    assert service.CALL_SECONDS < 28


@pytest.mark.parametrize("kind", ["hang", "drip"])
@pytest.mark.parametrize("ends", [-60.0, 300.0, 3600.0])
@pytest.mark.usefixtures("cut")
def test_nobody_answers(kind: str, ends: float, world: Make, sandbox: Sandbox, aws: Client) -> None:
    token_ends(sandbox, ends)
    aws.control(faults=[{"operation": "*", "kind": kind, "seconds": 60}])
    asking: list[Callable[[], Any]] = [
        lambda: whoami.whoami(world(), "worksso.tester"),
        lambda: whoami.whoami(world(), "role"),
        lambda: credential_env.env(world(), "worksso.tester"),
    ]
    for ask in asking:
        began = time.monotonic()
        with pytest.raises(AwsctxError, match=NO_ANSWER):
            ask()
        assert time.monotonic() - began < 5.0
    began = time.monotonic()
    found = json.loads(whoami.whoami_many(world(), ["worksso.*", "role", "keys"], as_json=True).out)
    assert time.monotonic() - began < 5.0
    assert all(re.search(NO_ANSWER, item["error"]) for item in found)


@pytest.mark.usefixtures("cut")
def test_who_refreshes_is_silent_and_the_rest_answers(world: Make, sandbox: Sandbox, aws: Client) -> None:
    """With a sign-in that has ended, nothing more is asked; other profiles are."""
    token_ends(sandbox, -60)
    aws.control(faults=[{"operation": "CreateToken", "kind": "hang", "seconds": 60}])
    found = json.loads(whoami.whoami_many(world(), ["worksso.tester", "web"], as_json=True).out)
    assert [item["ok"] for item in found] == [False, True]
    assert found[0]["error"].startswith("could not reach AWS SSO (sso-oidc) in ")
    assert aws.count("GetRoleCredentials") == 0


def test_a_persons_time_does_not_count() -> None:
    wire = Wire(0.1)

    def ask(prompt: Callable[[str], str] | None) -> str:
        assert prompt is not None
        return prompt("code?")

    assert within(wire, ask, lambda question: (time.sleep(0.4), question)[1]) == "code?"


def test_what_is_on_the_wire_does() -> None:
    class Request:
        url = "https://sts.example/x"

    wire = Wire(0.1)

    def ask(prompt: Callable[[str], str] | None) -> None:
        wire.sent(Request())
        time.sleep(2)

    with pytest.raises(TooLong) as raised:
        within(wire, ask, None)
    assert raised.value.url == Request.url
