"""How long a context is to be active (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

import pytest

from awsctx.core.span import seconds_of
from awsctx.errors import UsageError

WRONG = (
    "",
    "30",
    "m",
    "0m",
    "0s",
    "-5m",
    "+5m",
    "1.5h",
    "1h30m",
    "30 m",
    " 30m",
    "30M",
    "1d",
    "99999999h",
    "9" * 5000 + "s",
    "٣m",
    "²m",
    "\x1b[1m",
)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("30m", 1800), ("2h", 7200), ("01m", 60), ("8784h", 366 * 86400)])
def test_a_time(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", WRONG)
def test_what_is_none_is_named_with_what_is(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time for --for") as caught:
        seconds_of(text)
    assert caught.value.message.isprintable()
    assert caught.value.hints == ("a time looks like 90s, 30m or 2h; a year at most",)
