"""What the function `awsctx` and the hook do to the shell they are in (awsctx(1), SWITCHING and THE SHELL HOOK)."""

from __future__ import annotations

import json
import stat

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import Terminal, outside
from tests.support import DEVELOPER, HOSTILE, TESTER, Home, stanza

AND = {"bash": "&&", "zsh": "&&", "fish": "; and"}


def test_a_switch_counts_on_the_same_line(terminal: Terminal) -> None:
    said = terminal.run(f"awsctx {TESTER} {AND[terminal.shell]} command env | command grep ^AWS_")
    assert f"AWS_PROFILE={TESTER}" in said.splitlines()
    assert not any(line.startswith("AWS_REGION") for line in said.splitlines())


def test_a_fresh_shell_takes_the_state_over_without_a_word(home: Home, open_terminal: Open) -> None:
    outside(home, TESTER)
    terminal = open_terminal()
    assert terminal.greeting == ""
    assert (terminal.profile, terminal.kind) == (TESTER, "ok")


def test_a_fresh_shell_does_not_start_in_a_guarded_context(home: Home, open_terminal: Open) -> None:
    home.configure(f'guard = ["{TESTER}"]\n')
    outside(home, TESTER, "--yes")
    terminal = open_terminal()
    assert terminal.greeting == f"awsctx: {TESTER} is guarded: this shell starts without a context\n"
    assert terminal.said() == ""
    assert (terminal.profile, terminal.prompt, terminal.kind) == (None, "", "")
    assert "is guarded: not switched" in terminal.run(f"awsctx {TESTER} </dev/null")
    terminal.run(f"awsctx -y {TESTER}")
    assert (terminal.profile, terminal.kind) == (TESTER, "guarded")


def test_the_command_sees_what_the_hook_promises_it(terminal: Terminal, home: Home) -> None:
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    environ = terminal.environment()
    assert environ["AWSCTX_STATE_FILE"] == str(home.state)
    assert environ["AWSCTX_CONFIG"] == str(home.settings)
    assert environ["AWSCTX_EXPORTED"] == f"state:{TESTER}"
    assert environ["AWSCTX_REGION"] == environ["AWS_REGION"] == environ["AWS_DEFAULT_REGION"] == "eu-west-3"
    assert environ["AWSCTX_OLD_REGION"] == environ["AWSCTX_OLD_DEFAULT_REGION"] == ""
    assert not {"AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS", "AWSCTX_HOOK", "AWSCTX_ANSWER", "AWSCTX_MEMORY"} & set(environ)
    out = home.folder / "out"
    terminal.run(f"awsctx exec -- env > {out}")
    assert not [name for name in ("AWSCTX_HOOK", "AWSCTX_ANSWER", "AWSCTX_MEMORY") if f"{name}=" in out.read_text()]
    (answer,) = (home.state.parent / "shells").iterdir()
    assert stat.S_IMODE(answer.stat().st_mode) == 0o600 and stat.S_IMODE(answer.parent.stat().st_mode) == 0o700


def test_to_and_fro_and_off(terminal: Terminal) -> None:
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    terminal.run(f"awsctx {DEVELOPER}")
    assert terminal.profile == DEVELOPER
    terminal.run("awsctx -")
    assert terminal.environment()["AWS_REGION"] == "eu-west-3"
    terminal.run("awsctx -u")
    environ = terminal.environment()
    assert not {"AWS_PROFILE", "AWS_REGION", "AWSCTX_REGION"} & set(environ)
    assert environ["AWSCTX_EXPORTED"].startswith("stays:")
    assert terminal.prompt == ""
    assert terminal.kind == ""
    terminal.run("awsctx -")
    assert terminal.profile == TESTER


def test_leaving_a_region_restores_what_the_shell_had(open_terminal: Open) -> None:
    terminal = open_terminal(env={"AWS_REGION": "us-east-1"})
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    terminal.run(f"awsctx {DEVELOPER}@eu-west-2")
    assert terminal.environment()["AWS_REGION"] == "eu-west-2"
    terminal.run("awsctx -r -")
    environ = terminal.environment()
    assert environ["AWS_REGION"] == "us-east-1"
    assert "AWS_DEFAULT_REGION" not in environ
    assert not [name for name in environ if name.startswith(("AWSCTX_OLD", "AWSCTX_REGION"))]


def test_a_region_that_the_user_has_set_since_is_the_users(terminal: Terminal, home: Home) -> None:
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    terminal.set("AWS_REGION", "us-west-1")
    assert terminal.prompt == f"{TESTER} 3h12m"
    assert terminal.run("awsctx prompt").splitlines()[-1] == f"{TESTER} 3h12m"
    terminal.run(f"awsctx {DEVELOPER}")
    environ = terminal.environment()
    assert environ["AWS_REGION"] == "us-west-1"
    assert "AWS_DEFAULT_REGION" not in environ


def test_a_failed_call_changes_nothing_and_keeps_its_status(terminal: Terminal) -> None:
    terminal.run(f"awsctx {TESTER}")
    assert "no profile named" in terminal.said("awsctx nope")
    terminal.run("awsctx nope")
    assert "it was 1." in terminal.run(f"echo it was {terminal.status}.")
    assert terminal.profile == TESTER


def test_arguments_reach_the_command_byte_for_byte(terminal: Terminal, home: Home) -> None:
    words = ["", "a  b", "*", "$HOME", "'", '"', "\\", "-s", "--", "ünï"]
    quoted = " ".join(terminal.quote(word) for word in words)
    out = home.folder / "out"
    terminal.run(f"awsctx {TESTER}; awsctx exec -- printf '%s\\0' {quoted} > {out}")
    assert out.read_text(encoding="utf-8").split("\0")[:-1] == words


def test_exec_keeps_the_terminal_and_no_variable_of_the_call(terminal: Terminal) -> None:
    terminal.run(f"awsctx {TESTER}")
    assert "a terminal" in terminal.run("awsctx exec -- sh -c 'test -t 0 && test -t 1 && echo a terminal'")
    said = terminal.run("awsctx exec -- sh -c 'env | grep -c -E \"^(AWSCTX_HOOK|AWSCTX_ANSWER|reply|status)=\"'")
    assert said.splitlines()[-1] == "0"


def test_no_variable_of_the_users_is_hidden_from_the_command(terminal: Terminal) -> None:
    terminal.run(f"awsctx {TESTER}")
    names = ("name", "region", "text", "record", "reply", "token", "words", "when", "first", "argument")
    for name in names:
        terminal.set(name, "mine")
    said = terminal.run("awsctx exec -- env").splitlines()
    assert [name for name in names if f"{name}=mine" not in said] == []


def test_for_this_shell_only(terminal: Terminal, home: Home) -> None:
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    terminal.run(f"awsctx -s {DEVELOPER}")
    assert home.active() == TESTER
    environ = terminal.environment()
    assert environ["AWS_PROFILE"] == DEVELOPER
    assert environ["AWSCTX_EXPORTED"] == f"shell:{DEVELOPER}"
    assert "AWS_REGION" not in environ
    assert terminal.kind == "pinned"

    terminal.run("awsctx -s -")
    assert terminal.environment()["AWS_REGION"] == "eu-west-3"
    terminal.run("awsctx use --shell -")
    assert terminal.profile == DEVELOPER
    assert terminal.said("") == ""

    terminal.run("awsctx -su")
    environ = terminal.environment()
    assert environ["AWS_PROFILE"] == TESTER
    assert environ["AWSCTX_EXPORTED"] == f"state:{TESTER}"
    terminal.run("awsctx -s -")
    assert terminal.profile == DEVELOPER
    terminal.run(f"awsctx {TESTER}")
    assert terminal.kind == "ok"


def test_for_this_shell_only_fails_as_the_command_fails(terminal: Terminal) -> None:
    said = terminal.run(f"awsctx -s nope; echo it was {terminal.status}.")
    assert "no profile named 'nope'" in said
    assert "it was 1." in said
    assert "Usage" in terminal.run("awsctx -s --help") or "usage" in terminal.run("awsctx -s --help")
    assert terminal.profile is None


def test_what_stands_after_a_subcommand_or_two_hyphens_is_not_the_switchs(terminal: Terminal) -> None:
    terminal.run(f"awsctx {TESTER}")
    assert "terminal" in terminal.run("awsctx exec test -t 1 -s x; awsctx exec -- sh -c 'test -t 1 && echo terminal' -s")


def test_a_users_own_profile_pins_until_it_is_unset(terminal: Terminal, home: Home) -> None:
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    terminal.set("AWS_PROFILE", DEVELOPER)
    environ = terminal.environment()
    assert "AWS_REGION" not in environ
    assert environ["AWSCTX_EXPORTED"] == f"environment:{DEVELOPER}"
    assert terminal.kind == "pinned"
    assert '"environment"' in terminal.run("awsctx current --json")
    outside(home, TESTER)
    assert terminal.said("") == ""
    assert terminal.profile == DEVELOPER
    assert terminal.said(_unset(terminal, "AWS_PROFILE")) == f"awsctx: now on {TESTER} (switched in another shell)"
    assert terminal.profile == TESTER


def test_a_users_own_profile_pins_until_the_next_switch_here(terminal: Terminal) -> None:
    terminal.run(f"awsctx {TESTER}")
    terminal.set("AWS_PROFILE", DEVELOPER)
    terminal.run(f"awsctx {TESTER}")  # the active one all along
    assert terminal.profile == TESTER
    assert terminal.environment()["AWSCTX_EXPORTED"] == f"state:{TESTER}"


def test_a_profile_from_before_the_hook_is_the_users_own(home: Home, open_terminal: Open) -> None:
    outside(home, TESTER)
    terminal = open_terminal(env={"AWS_PROFILE": DEVELOPER})
    assert terminal.profile == DEVELOPER
    assert terminal.kind == "pinned"
    terminal.unset("AWS_PROFILE")
    assert terminal.profile == TESTER


def test_an_empty_profile_is_none(home: Home, open_terminal: Open) -> None:
    terminal = open_terminal(env={"AWS_PROFILE": ""})
    assert terminal.profile is None
    outside(home, TESTER)
    terminal.run()
    assert terminal.profile == TESTER
    terminal.set("AWS_PROFILE", "")
    assert terminal.profile == TESTER


def test_hostile_names_are_shown_and_never_run(home: Home, open_terminal: Open) -> None:
    home.config.write_text(home.config.read_text(encoding="utf-8") + "".join(map(stanza, HOSTILE)), encoding="utf-8")
    terminal = open_terminal()
    wrong = []
    for name in HOSTILE:
        terminal.set("AWS_PROFILE", name)
        seen = terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS")
        terminal.run(f"awsctx -s -- {terminal.quote(name)}")
        seen += terminal.get("AWSCTX_PROMPT", "AWS_PROFILE", "AWSCTX_EXPORTED")
        terminal.run(f"awsctx use -- {terminal.quote(name)}")
        seen += [home.active(), *terminal.get("AWSCTX_PROMPT", "AWS_PROFILE", "AWSCTX_EXPORTED")]
        if seen != [name, "pinned", name, name, f"shell:{name}", name, name, name, f"state:{name}"]:
            wrong.append((name, seen))
    for name in HOSTILE:
        outside(home, "use", "--", name)
        if (said := terminal.said()) != f"awsctx: now on {name} (switched in another shell)":
            wrong.append((name, [said]))
    assert wrong == []
    assert not list(home.folder.rglob("pwned"))


def test_the_hook_and_the_command_name_the_same_source(terminal: Terminal) -> None:
    for line, source in ((f"awsctx {TESTER}", "state"), (f"awsctx -s {DEVELOPER}", "shell")):
        terminal.run(line)
        out = terminal.home.folder / "json"
        terminal.run(f"awsctx current --json > {out}")
        assert json.loads(out.read_text(encoding="utf-8"))["source"] == source


def _unset(terminal: Terminal, name: str) -> str:
    return f"{'set -e' if terminal.shell == 'fish' else 'unset'} {name}"


def test_a_region_that_was_not_exported_is_not_afterwards(terminal: Terminal, home: Home) -> None:
    fish = terminal.shell == "fish"
    terminal.run("set -gu AWS_REGION orig" if fish else "AWS_REGION=orig")
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    inside = terminal.environment()
    assert inside["AWS_REGION"] == "eu-west-3" and inside["AWSCTX_OLD_REGION"] == ""
    terminal.run(f"awsctx {TESTER}@us-east-1; awsctx -r -")
    assert terminal.get("AWS_REGION", "AWS_DEFAULT_REGION") == ["orig", "?"]
    assert "AWS_REGION" not in terminal.environment()


@pytest.mark.parametrize("shell", ["fish"])  # no other shell has such variables
def test_a_universal_region_comes_to_light_again(home: Home, open_terminal: Open, shell: str) -> None:
    terminal = open_terminal()
    terminal.run("set -Ux AWS_REGION orig")
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    assert terminal.environment()["AWSCTX_OLD_REGION"] == "=orig"
    terminal.run("awsctx -r -")
    assert terminal.environment()["AWS_REGION"] == "orig"
    terminal.run("set -U AWS_REGION other")
    assert terminal.environment()["AWS_REGION"] == "other"
