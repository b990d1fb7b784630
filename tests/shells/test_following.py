"""Two shells at once: who follows whom, and what is said (awsctx(1), THE SHELL HOOK)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import Terminal, outside
from tests.support import AWSCTX, DEVELOPER, TESTER, Home, stanza

GUARD_TESTER = f'guard = ["{TESTER}"]\n'


def test_another_shells_switch_is_followed_with_one_line(home: Home, open_terminal: Open) -> None:
    outside(home, DEVELOPER)
    one, other = open_terminal(), open_terminal()
    assert one.said(f"awsctx {TESTER}@eu-west-3") == ""
    assert other.said() == f"awsctx: now on {TESTER}@eu-west-3 (switched in another shell)"
    assert other.environment()["AWS_REGION"] == "eu-west-3"
    assert other.said() == ""
    assert one.said() == ""

    other.run("awsctx -u")
    assert one.said() == "awsctx: no active context now (unset in another shell)"
    assert one.profile is None
    other.run("awsctx -")
    assert one.said() == f"awsctx: now on {TESTER}@eu-west-3 (switched in another shell)"


def test_a_guarded_context_is_not_followed(home: Home, open_terminal: Open) -> None:
    home.configure(GUARD_TESTER)
    outside(home, f"{DEVELOPER}@eu-west-2")
    terminal = open_terminal()
    outside(home, TESTER, "-y")
    stays = f"awsctx: another shell switched to {TESTER}, which is guarded: this one stays on {DEVELOPER}@eu-west-2"
    assert terminal.said() == stays
    assert terminal.said() == ""
    assert terminal.environment()["AWS_REGION"] == "eu-west-2"
    assert terminal.kind == "ok"

    outside(home, f"{DEVELOPER}@eu-west-2")  # where this one has been all the time
    assert terminal.said() == ""
    outside(home, TESTER, "-y")
    assert terminal.said() == stays
    outside(home, DEVELOPER)
    assert terminal.said() == f"awsctx: now on {DEVELOPER} (switched in another shell)"


def test_a_guarded_context_is_entered_by_the_shells_own_call(home: Home, open_terminal: Open) -> None:
    home.configure(GUARD_TESTER)
    outside(home, DEVELOPER)
    terminal = open_terminal()
    outside(home, TESTER, "-y")
    terminal.run()
    assert "is on" not in terminal.said(f"awsctx {TESTER} -y")  # active already, but not here
    assert terminal.profile == TESTER
    assert terminal.kind == "guarded"


def test_a_shell_without_a_context_does_not_follow_into_a_guarded_one(home: Home, open_terminal: Open) -> None:
    home.configure(GUARD_TESTER)
    terminal = open_terminal()
    outside(home, TESTER, "-y")
    assert terminal.said() == (
        f"awsctx: another shell switched to {TESTER}, which is guarded: this one stays without a context"
    )
    assert terminal.profile is None


def test_follow_always(home: Home, open_terminal: Open) -> None:
    home.configure('follow = "always"\n' + GUARD_TESTER)
    outside(home, DEVELOPER)
    terminal = open_terminal()
    outside(home, TESTER, "-y")
    assert terminal.said() == f"awsctx: now on {TESTER} (switched in another shell)"
    assert terminal.profile == TESTER


def test_follow_never(home: Home, open_terminal: Open) -> None:
    home.configure('follow = "never"\n')
    outside(home, DEVELOPER)
    terminal = open_terminal()
    outside(home, TESTER)
    assert terminal.said() == ""
    assert terminal.profile == DEVELOPER
    terminal.run(f"awsctx {TESTER}")
    assert terminal.profile == TESTER


def test_a_line_never_changes_its_context_half_way(home: Home, open_terminal: Open) -> None:
    outside(home, DEVELOPER)
    terminal = open_terminal()
    said = terminal.run(f"command awsctx {TESTER}; awsctx current; command awsctx current")
    assert said.count(f"{DEVELOPER}\n") == 2
    assert f"awsctx: now on {TESTER} (switched in another shell)" in said.splitlines()


def test_a_pinned_shell_does_not_follow_and_catches_up(home: Home, open_terminal: Open) -> None:
    home.configure(GUARD_TESTER)
    outside(home, DEVELOPER)
    terminal = open_terminal()
    terminal.run(f"awsctx -s {DEVELOPER}@eu-west-2")
    outside(home, f"{DEVELOPER}@eu-west-3")
    assert terminal.said() == ""
    assert "now on worksso.developer@eu-west-3" in terminal.said("awsctx -s -u")
    assert terminal.environment()["AWS_REGION"] == "eu-west-3"

    terminal.run(f"awsctx -s {DEVELOPER}@eu-west-2")
    outside(home, TESTER, "-y")
    assert "stays on worksso.developer@eu-west-3" in terminal.said("awsctx -s -u")


@pytest.mark.parametrize("pinned", [False, True])
def test_what_a_shell_inherited_from_a_hooked_one_is_no_pin(pinned: bool, home: Home, open_terminal: Open) -> None:
    home.configure(GUARD_TESTER)
    outside(home, DEVELOPER)
    parent = open_terminal(env={"AWS_REGION": "us-east-1"})
    parent.run(f"awsctx {'-s ' if pinned else ''}{DEVELOPER}@eu-west-2")
    inherited = {name: value for name, value in parent.environment().items() if name.startswith("AWS")}

    # Nothing new: without a word, and with all it has to know.
    if not pinned:
        child = open_terminal(env=inherited)
        assert child.greeting == ""
        assert child.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS") == [f"{DEVELOPER}@eu-west-2 3h12m", "ok"]
        child.run("awsctx -r -")
        assert child.environment()["AWS_REGION"] == "us-east-1"

    outside(home, f"{DEVELOPER}@eu-west-3")
    child = open_terminal(env=inherited)
    assert child.greeting == f"awsctx: now on {DEVELOPER}@eu-west-3 (switched in another shell)\n"
    assert child.environment()["AWS_REGION"] == "eu-west-3"

    outside(home, TESTER, "-y")
    child = open_terminal(env=inherited)
    assert f"is guarded: this one stays on {DEVELOPER}@eu-west-2" in child.greeting
    assert child.get("AWSCTX_PROMPT", "AWS_PROFILE") == [f"{DEVELOPER}@eu-west-2 3h12m", DEVELOPER]
    outside(home, "-u")
    assert child.said() == "awsctx: no active context now (unset in another shell)"
    assert child.environment()["AWS_REGION"] == "us-east-1"


@pytest.mark.parametrize("shell", ["bash", "zsh"])  # fish has no subshells
def test_a_subshells_switch_is_another_shells(terminal: Terminal) -> None:
    terminal.run(f"awsctx {DEVELOPER}")
    said = terminal.run(f"(awsctx {TESTER}; command env | command grep ^AWS_PROFILE)")
    assert f"AWS_PROFILE={TESTER}" in said
    assert f"awsctx: now on {TESTER} (switched in another shell)" in said
    assert terminal.said(f"awsctx {DEVELOPER}") == ""


def test_a_shell_that_stays_without_a_context_runs_nothing(terminal: Terminal, home: Home) -> None:
    """What the prompt shows is what runs: nothing is shown."""
    home.configure(f'guard = ["{TESTER}"]\n')
    assert terminal.prompt == ""
    outside(home, TESTER, "--yes")
    assert "stays without a context" in terminal.said()
    environ = terminal.environment()
    assert "AWS_PROFILE" not in environ
    for call in (["current"], ["exec", "--", "true"]):
        assert home.run(*call, env=environ).returncode == 1
    assert "no context is active" in terminal.run("awsctx exec -- true")
    why = f"no context is active in this shell: it stays out of '{TESTER}', which is guarded"
    enter = f"{why}\n  enter it with: awsctx {TESTER}\n  choose another with: awsctx NAME"
    assert enter in terminal.run("awsctx current") and enter in terminal.run("awsctx exec -- true")
    for_a_person = f"{why}\n  entering it is a person's decision: ask the one you work for"
    assert for_a_person in terminal.run("CLAUDECODE=1 awsctx current")
    # A switch of its own, or by a script started from here, counts.
    terminal.run(f"awsctx {TESTER} --yes")
    assert terminal.profile == TESTER
    assert home.ok("current", env=terminal.environment()) == f"{TESTER}\n"
    outside(home, "-u")
    terminal.run()
    outside(home, TESTER, "--yes")
    terminal.run()
    environ = terminal.environment()
    assert home.run("current", env=environ).returncode == 1
    home.ok(DEVELOPER, env=environ)
    assert home.ok("current", env=environ) == f"{DEVELOPER}\n"


@pytest.mark.parametrize("guarded", [False, True])
def test_what_shows_nothing_runs_nothing(guarded: bool, home: Home, open_terminal: Open) -> None:
    """Another shell's switch is for this one from its next prompt on, not for what has been typed at the last."""
    if guarded:
        home.configure(GUARD_TESTER)
    outside(home, DEVELOPER)
    terminal = open_terminal()
    terminal.run("awsctx -u")
    outside(home, TESTER, "-y")
    out = home.folder / "out"
    assert "no context is active" in terminal.run(f"awsctx exec -- printenv AWS_PROFILE > {out}; awsctx -c")
    assert out.read_text() == ""
    # What is started from there, and is no call of this shell's, goes by the new record.
    started = f"sh -c 'awsctx -c' > {out}"
    assert terminal.prompt == ("" if guarded else f"{TESTER} 3h12m")
    outside(home, "-u")
    terminal.run()
    terminal.run(f"sh -c 'awsctx {DEVELOPER}'; {started}")
    assert out.read_text() == f"{DEVELOPER}\n"


def test_a_followed_name_is_no_option(home: Home, open_terminal: Open) -> None:
    home.config.write_text(home.config.read_text() + stanza("-n"))
    outside(home, DEVELOPER)
    terminal = open_terminal()
    outside(home, "use", "--", "-n")
    assert terminal.said() == "awsctx: now on -n (switched in another shell)"


@pytest.mark.parametrize("shell", ["bash", "zsh"])  # fish has no such option
def test_what_all_export_gives_a_child_is_no_pin(shell: str, home: Home, open_terminal: Open) -> None:
    outside(home, DEVELOPER)
    terminal = open_terminal(before="set -a" if shell == "bash" else "setopt all_export")
    terminal.run(f"awsctx -s {TESTER}")
    inherited = terminal.environment()
    assert inherited["_awsctx_memory"]
    child = open_terminal(env=dict(inherited))
    outside(home, f"{DEVELOPER}@eu-west-2")
    assert child.prompt.startswith(f"{DEVELOPER}@eu-west-2") and child.kind == "ok"


@pytest.mark.parametrize("call", [TESTER, f"{TESTER}@eu-west-3"])
def test_another_switch_at_the_same_moment_does_not_take_this_line_along(
    call: str, shell: str, home: Home, open_terminal: Open, tmp_path: Path
) -> None:
    """Between this call's write and the moment at which this shell looks at it."""
    outside(home, DEVELOPER)
    overtaker = tmp_path / "awsctx"
    overtaker.write_text(f'#!/bin/sh\n{AWSCTX} "$@" && AWSCTX_HOOK= {AWSCTX} {DEVELOPER}@us-east-1\n')
    overtaker.chmod(0o755)
    terminal = open_terminal()
    terminal.set("PATH", f"{tmp_path}:{home.environ['PATH']}")
    out = home.folder / "out"
    terminal.run(
        f"awsctx {call}; and printenv AWS_PROFILE AWS_REGION > {out}"
        if shell == "fish"
        else f"awsctx {call} && printenv AWS_PROFILE AWS_REGION > {out}"
    )
    assert out.read_text().split() == call.split("@")
    assert terminal.profile == DEVELOPER
    assert terminal.prompt == f"{DEVELOPER}@us-east-1 3h12m"
