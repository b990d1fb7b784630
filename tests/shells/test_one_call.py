"""What stands before a call is for that call, and a region is kept right: found by playing it from outside."""

from __future__ import annotations

import json

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import Terminal, outside
from tests.support import DEVELOPER, TESTER, Home


@pytest.mark.parametrize("call", ["awsctx -c", "awsctx list", "awsctx exec -- true", "awsctx nosuch", "awsctx --version"])
def test_a_profile_before_a_call_is_for_that_call_alone(terminal: Terminal, home: Home, call: str) -> None:
    home.configure(f'guard = ["{TESTER}"]\n')
    terminal.run(f"awsctx {DEVELOPER}")
    said = terminal.run(f"AWS_PROFILE={TESTER} {call}")
    if call == "awsctx -c":
        assert TESTER in said.splitlines()
    assert terminal.profile == DEVELOPER
    assert (terminal.prompt, terminal.kind) == (f"{DEVELOPER} 3h12m", "ok")
    assert json.loads(home.ok("current", "--json", env=terminal.environment()))["source"] == "state"


def test_a_switch_with_a_profile_before_it_is_a_switch(terminal: Terminal) -> None:
    terminal.run(f"awsctx {DEVELOPER}")
    terminal.run(f"AWS_PROFILE=x awsctx {TESTER}")
    assert (terminal.profile, terminal.kind) == (TESTER, "ok")
    terminal.run("awsctx -")
    assert (terminal.profile, terminal.kind) == (DEVELOPER, "ok")
    terminal.run(f"AWS_PROFILE=x awsctx -s {TESTER}")
    assert (terminal.profile, terminal.kind) == (TESTER, "pinned")


def test_an_export_before_a_call_on_the_same_line_is_the_users_own(terminal: Terminal) -> None:
    terminal.run(f"awsctx {DEVELOPER}")
    export = "set -gx AWS_PROFILE" if terminal.shell == "fish" else "export AWS_PROFILE="
    terminal.run(f"{export}{' ' if terminal.shell == 'fish' else ''}{TESTER}; awsctx -c")
    assert (terminal.profile, terminal.kind) == (TESTER, "pinned")


def test_what_a_pinned_shell_hands_on_is_no_pin(home: Home, open_terminal: Open) -> None:
    parent = open_terminal()
    parent.run(f"awsctx {DEVELOPER}")
    parent.set("AWS_PROFILE", TESTER)
    assert parent.kind == "pinned"
    child = open_terminal(env=parent.environment())
    assert (child.profile, child.kind) == (DEVELOPER, "ok")
    assert parent.profile == TESTER


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_region_variable_that_is_unset_is_set_again(terminal: Terminal, variable: str) -> None:
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    terminal.unset(variable)
    environ = terminal.environment()
    assert environ["AWS_REGION"] == environ["AWS_DEFAULT_REGION"] == "eu-west-3"
    assert terminal.prompt == f"{TESTER}@eu-west-3 3h12m"


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_region_variable_that_is_changed_takes_the_other_with_it(terminal: Terminal, home: Home, variable: str) -> None:
    other = ({"AWS_REGION", "AWS_DEFAULT_REGION"} - {variable}).pop()
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    terminal.set(variable, "us-east-1")
    environ = terminal.environment()
    assert environ[variable] == "us-east-1" and other not in environ
    assert terminal.prompt == f"{TESTER} 3h12m"
    assert home.ok("current", env=environ) == f"{TESTER}\n"
    # Asked for by name, the region is exported again; and what was the user's comes back after it.
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    environ = terminal.environment()
    assert environ["AWS_REGION"] == environ["AWS_DEFAULT_REGION"] == "eu-west-3"
    assert terminal.prompt == f"{TESTER}@eu-west-3 3h12m"
    terminal.run(f"awsctx {TESTER}")
    environ = terminal.environment()
    assert environ[variable] == "us-east-1" and other not in environ


def test_no_control_character_reaches_the_prompt(terminal: Terminal, home: Home) -> None:
    terminal.run(f"awsctx {TESTER}")
    name = "a\\e'[31mb'" if terminal.shell == "fish" else "$'a\\e[31mb'"
    terminal.run(f"set -gx AWS_PROFILE {name}" if terminal.shell == "fish" else f"export AWS_PROFILE={name}")
    assert terminal.prompt == "a?[31mb"
    terminal.unset("AWS_PROFILE")
    assert terminal.profile == TESTER
    home.state.write_text(home.state.read_text().replace(TESTER, "x\x1b]0;hi\x07y"))
    assert "\x1b" not in terminal.said()
    assert terminal.profile == TESTER


def test_a_switch_outside_is_still_followed(terminal: Terminal, home: Home) -> None:
    terminal.run(f"awsctx {TESTER}")
    outside(home, DEVELOPER)
    terminal.run("awsctx -c")
    assert terminal.profile == DEVELOPER
