"""Which regions are enabled for an account, asked of the stand-in's EC2."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from awsctx.aws import regions
from awsctx.demo.standin import Client
from awsctx.errors import AwsctxError
from awsctx.world import World

Make = Callable[..., World]


def fault(kind: str = "status", **more: Any) -> list[dict[str, Any]]:
    return [{"operation": "DescribeRegions", "kind": kind, **more}]


def test_by_name_and_as_the_profile(world: Make, aws: Client) -> None:
    found = regions.enabled(world(), "worksso.tester")
    assert found == sorted(found) and {"eu-west-1", "us-east-1"} < set(found)
    (call,) = aws.calls("DescribeRegions")
    assert (call["account_id"], call["region"]) == ("43214321", "eu-west-2")


@pytest.mark.parametrize("status", [429, 503])
def test_who_says_when_to_come_back_is_asked_again_then(status: int, world: Make, aws: Client) -> None:
    aws.control(faults=fault(status=status, code="RequestLimitExceeded", retry_after=1.5, times=2))
    began = time.monotonic()
    assert regions.enabled(world(), "worksso.tester")
    assert time.monotonic() - began > 1.5


def test_who_goes_on_saying_so_is_given_up(world: Make, aws: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "_PAUSE", 0.01)
    aws.control(faults=fault(status=429, code="RequestLimitExceeded"))
    with pytest.raises(AwsctxError, match="too many requests"):
        regions.enabled(world(), "worksso.tester")
    assert aws.count("DescribeRegions") <= 2 * regions._ATTEMPTS
    aws.control(faults=fault(status=429, code="RequestLimitExceeded", retry_after=600))
    began = time.monotonic()
    with pytest.raises(AwsctxError, match="too many requests"):
        regions.enabled(world(), "worksso.tester")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"status": 403, "code": "UnauthorizedOperation"}, "AWS refuses DescribeRegions: UnauthorizedOperation"),
        ({"kind": "html"}, "not one of AWS's"),
        ({"kind": "close"}, "no route to"),
    ],
)
def test_why_it_could_not_be_asked(more: dict[str, Any], says: str, world: Make, aws: Client) -> None:
    aws.control(faults=fault(**more))
    with pytest.raises(AwsctxError, match=says):
        regions.enabled(world(), "worksso.tester")
