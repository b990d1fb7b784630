"""A rename and a removal, seen from a shell with the hook."""

from __future__ import annotations

import pytest
from tests.shells.ptys import SHELLS, Terminal
from tests.support import DEVELOPER, TESTER, Home


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_follows(home: Home, shell: str) -> None:
    with Terminal(shell, home) as terminal:
        terminal.run(f"awsctx {DEVELOPER}")
        terminal.run(f"awsctx {TESTER}")
        assert f"renamed '{TESTER}' to 't'" in terminal.run("awsctx t=.")
        assert terminal.profile == terminal.prompt.split()[0] == "t"
        terminal.run("awsctx -d -y .")
        assert terminal.profile is None
        terminal.run("awsctx -")
        assert terminal.profile == DEVELOPER


def test_a_pinned_shell_is_told(home: Home) -> None:
    with Terminal("bash", home) as terminal:
        terminal.run(f"awsctx -s {DEVELOPER}")
        said = terminal.run(f"awsctx d={DEVELOPER}")
        assert f"AWS_PROFILE in this shell still names '{DEVELOPER}'; to change that: awsctx -s d" in said
        terminal.run("awsctx -s d")
        assert terminal.profile == "d"
