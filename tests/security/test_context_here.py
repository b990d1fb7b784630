"""`.`, `-r` and a call without a name mean the context in force here: what the prompt of this shell shows, not what another
shell has made the state."""

from __future__ import annotations

import pytest
from tests.shells.conftest import Open, open_terminal, shell
from tests.shells.conftest import home as signed_in
from tests.shells.ptys import Terminal, outside
from tests.shells.test_nu import nu
from tests.support import Home, stanza

__all__ = ["open_terminal", "shell", "signed_in"]

KEYS = """\
[dev.keys]
aws_access_key_id = AKIADEV
aws_secret_access_key = d
[prod.admin]
aws_access_key_id = AKIAPROD
aws_secret_access_key = p
"""


@pytest.fixture
def home(signed_in: Home) -> Home:
    """Two profiles with keys, of which one is guarded."""
    signed_in.config.write_text(signed_in.config.read_text() + stanza("dev.keys") + stanza("prod.admin"))
    signed_in.credentials.write_text(KEYS)
    signed_in.configure('guard = ["prod.*"]\n')
    outside(signed_in, "dev.keys")
    return signed_in


@pytest.fixture
def stays(home: Home, open_terminal: Open) -> Terminal:
    """A shell that stays on dev.keys while the state says prod.admin."""
    terminal = open_terminal()
    outside(home, "prod.admin", "-y")
    assert "which is guarded: this one stays on dev.keys" in terminal.said()
    return terminal


def out_of(terminal: Terminal, call: str) -> str:
    out = terminal.home.folder / "out"
    terminal.run(f"{call} >{out}")
    return out.read_text()


@pytest.mark.parametrize(
    "call",
    [
        "exec -p . -- printenv AWS_PROFILE",
        "exec -- printenv AWS_PROFILE",
        "-c",
        "current -p .",
        "exec -p .@us-east-1 -- printenv AWS_PROFILE",
    ],
)
def test_what_runs_is_what_is_shown(stays: Terminal, call: str) -> None:
    assert out_of(stays, f"awsctx {call}") == "dev.keys\n"


@pytest.mark.parametrize("call", ["env .", "env", "env . --format json", "env .@us-east-1"])
def test_keys_are_those_of_what_is_shown(stays: Terminal, call: str) -> None:
    said = out_of(stays, f"awsctx {call}")
    assert "AKIADEV" in said and "AKIAPROD" not in said


def test_what_is_removed_is_what_is_shown(stays: Terminal, home: Home) -> None:
    stays.run("awsctx remove -y .")
    assert "dev.keys" not in home.config.read_text() and "prod.admin" in home.config.read_text()


def test_what_is_renamed_is_what_is_shown(stays: Terminal, home: Home) -> None:
    stays.run("awsctx new=.")
    assert "[profile new]" in home.config.read_text() or '[profile "new"]' in home.config.read_text()
    assert "dev.keys" not in home.config.read_text() and "prod.admin" in home.config.read_text()


@pytest.mark.parametrize("call", ["show .", "copy . new"])
def test_the_profile_commands_too(stays: Terminal, home: Home, call: str) -> None:
    home.config.write_text(home.config.read_text().replace('[profile "dev.keys"]', '[profile "dev.keys"]\noutput = table'))
    assert "table" in out_of(stays, f"awsctx {call}") + home.config.read_text().partition("new")[2]


@pytest.mark.parametrize("call", ["-r us-east-1", "use . -r us-east-1", ".@us-east-1"])
def test_a_region_alone_keeps_the_profile_that_is_shown(stays: Terminal, home: Home, call: str) -> None:
    stays.run(f"awsctx {call} </dev/null")
    assert (stays.profile, stays.environment()["AWS_REGION"]) == ("dev.keys", "us-east-1")
    assert home.state.read_text().split("\n")[:2] == ["dev.keys", "us-east-1"]


@pytest.mark.parametrize("call", ["remove -y spare", "rename spare other", "rename prod.admin prod.root"])
def test_an_edit_takes_nobody_into_a_guarded_context(stays: Terminal, home: Home, call: str) -> None:
    """The state follows the names, and this shell is elsewhere."""
    home.config.write_text(home.config.read_text() + stanza("spare"))
    outside(home, "spare")
    outside(home, "dev.keys")
    stays.run()
    outside(home, "prod.admin", "-y")
    stays.run()
    stays.run(f"awsctx {call}")
    assert (stays.profile, stays.kind) == ("dev.keys", "ok")


def test_a_shell_follows_the_name_of_what_it_stays_on(stays: Terminal, home: Home) -> None:
    stays.run("awsctx rename . new")
    assert (stays.profile, stays.kind) == ("new", "ok")
    stays.run("awsctx remove -y .")
    assert (stays.profile, stays.prompt) == (None, "")
    assert home.active() == "prod.admin"


def test_a_shell_without_a_context_is_asked_before_a_guarded_one(home: Home, open_terminal: Open) -> None:
    """The state names it already, and that is not where this shell is."""
    outside(home, "-u")
    terminal = open_terminal()
    outside(home, "prod.admin", "-y")
    assert "this one stays without a context" in terminal.said()
    for call in ("prod.admin", "use prod.admin", "prod.admin@us-east-1", "-s prod.admin"):
        said = terminal.run(f"awsctx {call} </dev/null; echo it was {terminal.status}.")
        assert "is guarded" in said and "it was 1." in said and "already" not in said, call
        assert terminal.profile is None
    assert "no context" in terminal.run("awsctx -r us-east-1 </dev/null")
    assert terminal.profile is None


def test_in_nushell(home: Home) -> None:
    (home.folder / "hook.nu").write_text(home.ok("init", "nu"), encoding="utf-8")
    shown = nu(
        home, "^awsctx -y prod.admin", "print (awsctx exec -p . -- printenv AWS_PROFILE)",
        "print (awsctx env . --format dotenv | lines | first)",
        "awsctx -r us-east-1; ^printenv AWS_PROFILE AWS_REGION",
    )  # fmt: skip
    assert shown == ["dev.keys", "AWS_ACCESS_KEY_ID=AKIADEV", "dev.keys", "us-east-1"]
