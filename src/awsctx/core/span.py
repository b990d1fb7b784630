"""How long a context is to be active: `90s`, `30m`, `2h` (awsctx(1), GUARD RAILS). Pure."""

from awsctx.core.text import visible
from awsctx.errors import UsageError

_UNITS = {"s": 1, "m": 60, "h": 3600}
_MOST = 366 * 24 * 3600  # seconds


def seconds_of(text: str) -> int:
    """The seconds that ``text`` means: a whole number of seconds, minutes or hours, a year at most. Raises UsageError."""
    number, unit = text[:-1], _UNITS.get(text[-1:], 0)
    if number.isascii() and number.isdecimal() and len(number) < 10 and 0 < int(number) * unit <= _MOST:
        return int(number) * unit
    raise UsageError(f"'{visible(text)}' is not a time for --for", "a time looks like 90s, 30m or 2h; a year at most")
