"""What the tests of a command at a terminal go by."""

from __future__ import annotations

import pexpect
from tests.signin.helpers import ended


def test_a_command_that_is_slow_to_end_ends_by_itself() -> None:
    """Its terminal has nobody left to write to it for a while before that."""
    child = pexpect.spawn("/bin/sh", ["-c", "exec 0<&- 1>&- 2>&-; sleep 1; exit 7"], encoding="utf-8", timeout=20)
    assert ended(child) == 7
