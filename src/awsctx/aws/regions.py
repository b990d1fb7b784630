"""Which regions are enabled for an account: EC2's DescribeRegions."""

from __future__ import annotations

import time
from typing import Any

from awsctx.aws.each import SECONDS
from awsctx.aws.identity import asked
from awsctx.core.context import Context
from awsctx.world import World

# The number of attempts, and the first pause between two (seconds); each further pause is twice as long.
_ATTEMPTS = 4
_PAUSE = 0.5
_TOO_MANY = ("RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException")


def enabled(world: World, profile: str, seconds: float = SECONDS) -> list[str]:
    """The names of the regions that are enabled for the account of ``profile``, asked within ``seconds``. Raises
    AwsctxError."""

    def ask(session: Any) -> list[str]:
        from botocore.exceptions import ClientError

        client = session.client("ec2")
        end = time.monotonic() + seconds
        pause = _PAUSE
        for _ in range(_ATTEMPTS - 1):
            try:
                return _names(client.describe_regions())
            except ClientError as e:
                # botocore's own retries ignore Retry-After.
                wait = max(pause, _retry_after(e))
                if not _is_too_many(e) or time.monotonic() + wait >= end:
                    raise
            time.sleep(wait)
            pause *= 2
        return _names(client.describe_regions())

    return asked(ask, world, Context(profile), None, seconds)


def _names(answer: Any) -> list[str]:
    return sorted(str(region["RegionName"]) for region in answer["Regions"])


def _is_too_many(error: Any) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status in (429, 503) or error.response.get("Error", {}).get("Code") in _TOO_MANY


def _retry_after(error: Any) -> float:
    """The seconds that AWS asks to wait; 0 where it does not say."""
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        return float(headers.get("retry-after", ""))
    except ValueError:  # it is missing, or is a date, which AWS does not send
        return 0.0
