"""A context for a time in hooked shells: the countdown, its end, the way back (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

import time

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import Terminal, outside
from tests.support import DEVELOPER, TESTER, Home

from awsctx.store import state


def wait_for_the_end(home: Home, shell: str) -> None:
    """fish tells the time by what the machine has been up, from a whole second on: up to a second late."""
    late = 2.5 if shell == "fish" else 0.1
    time.sleep(max(state.read(str(home.state)).record.until - time.time(), 0) + late)


def test_its_end_brings_each_shell_back_and_is_said_once(home: Home, open_terminal: Open) -> None:
    outside(home, f"{DEVELOPER}@eu-west-3")
    terminal, other, pinned, own = (open_terminal() for _ in range(4))
    pinned.run(f"awsctx -s {TESTER}")
    own.set("AWS_PROFILE", TESTER)
    terminal.run(f"awsctx {TESTER} --for 6s")
    assert f"now on {TESTER} (switched in another shell)" in other.said()
    assert terminal.prompt == f"{TESTER} 0m"
    wait_for_the_end(home, terminal.shell)
    back = f"awsctx: the time of {TESTER} is over: back on {DEVELOPER}@eu-west-3"
    for shell in (terminal, other):
        assert shell.said() == back and shell.said() == ""
        environ = shell.environment()
        assert (environ["AWS_PROFILE"], environ["AWS_REGION"]) == (DEVELOPER, "eu-west-3")
        assert shell.prompt == f"{DEVELOPER}@eu-west-3 3h12m"
    for shell in (pinned, own):
        assert shell.said() == "" and shell.profile == TESTER
    assert home.active() == TESTER
    # What was typed before the prompt has told of the end does not run there either.
    terminal.run(f"awsctx {TESTER} --for 2s")
    wait_for_the_end(home, terminal.shell)
    said = terminal.run("awsctx exec -- echo r''an")
    assert f"the time of '{TESTER}' is over" in said and "ran" not in said
    assert terminal.profile == DEVELOPER
    assert f"switched to {TESTER}" in terminal.run("awsctx -")  # to where this shell was before
    assert terminal.prompt == f"{TESTER} 3h12m"


def test_the_prompts_time_is_the_shorter_one(home: Home, terminal: Terminal) -> None:
    terminal.run(f"awsctx {TESTER} --for 30m")
    assert terminal.prompt in (f"{TESTER} 30m", f"{TESTER} 29m")
    assert terminal.run("command awsctx prompt").count(f"{TESTER} ") >= 1
    terminal.run(f"awsctx {TESTER} --for 5h")
    assert terminal.prompt == f"{TESTER} 3h12m"
    terminal.run(f"awsctx {TESTER} --for 30m")
    terminal.run(f"awsctx {TESTER}")
    assert terminal.prompt == f"{TESTER} 3h12m"


@pytest.mark.parametrize("before", ["guarded", "gone", "none"])
def test_it_ends_in_none_where_there_is_nothing_to_go_back_to(home: Home, open_terminal: Open, before: str) -> None:
    if before != "none":
        outside(home, DEVELOPER)
    terminal = open_terminal()
    terminal.run(f"awsctx {TESTER} --for 2s")
    if before == "guarded":
        home.configure(f'guard = ["{DEVELOPER}"]\n')
    elif before == "gone":
        home.config.write_text(home.config.read_text().replace(f"profile {DEVELOPER}", "profile x"))
    wait_for_the_end(home, terminal.shell)
    assert terminal.said() == f"awsctx: the time of {TESTER} is over: no context is active now"
    assert (terminal.profile, terminal.prompt, terminal.kind) == (None, "", "")
    assert f"no context is active in this shell: it stays out of '{TESTER}', whose time is over" in terminal.run(
        "awsctx exec -- true"
    )
    fresh = open_terminal()
    assert fresh.greeting == f"awsctx: the time of {TESTER} is over: this shell starts without a context\n"
    assert fresh.profile is None


def test_a_shell_that_was_stopped_leaves_it_at_its_next_prompt(home: Home, terminal: Terminal) -> None:
    """As one on a machine that was suspended does: the clock has jumped."""
    import signal

    terminal.run(f"awsctx {DEVELOPER}")
    terminal.run(f"awsctx {TESTER} --for 3s")
    terminal.child.kill(signal.SIGSTOP)
    wait_for_the_end(home, terminal.shell)
    terminal.child.kill(signal.SIGCONT)
    assert terminal.said() == f"awsctx: the time of {TESTER} is over: back on {DEVELOPER}"
    assert terminal.profile == DEVELOPER


def test_an_agent_does_not_pin_its_shell_to_what_has_an_end(home: Home, terminal: Terminal) -> None:
    home.configure(f'guard = ["{TESTER}"]\n')
    terminal.run(f"awsctx -y {TESTER} --for 1h")
    terminal.set("CLAUDECODE", "1")
    for call in (f"-s {TESTER}", "-s .", "-s -r us-east-1"):
        assert "it was 1." in terminal.run(f"awsctx {call}; echo it was {terminal.status}."), call
    assert terminal.get("AWSCTX_PROMPT_CLASS") == ["guarded"], "no pin"


def test_a_new_shell_starts_where_the_others_have_returned_to(home: Home, open_terminal: Open) -> None:
    outside(home, DEVELOPER)
    terminal = open_terminal()
    terminal.run(f"awsctx {TESTER} --for 2s")
    wait_for_the_end(home, terminal.shell)
    fresh = open_terminal()
    assert fresh.greeting == f"awsctx: the time of {TESTER} is over: this shell starts on {DEVELOPER}\n"
    assert fresh.profile == DEVELOPER and fresh.said() == ""
