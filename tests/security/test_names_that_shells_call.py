"""A role's name is somebody else's, and a profile is often called by it: no such name is one that a shell calls by itself."""

from __future__ import annotations

import subprocess

import pytest
from tests.shells.conftest import Open, home, open_terminal, shell
from tests.shells.ptys import LOAD, outside
from tests.support import DEVELOPER, TESTER, Home, stanza
from tests.tools import locate

from awsctx.commands.alias import sort_out

__all__ = ["home", "open_terminal", "shell"]

NAMES = (
    "precmd", "chpwd", "preexec", "periodic", "zshaddhistory", "zshexit", "zsh_directory_name",
    "TRAPEXIT", "TRAPUSR1", "TRAPDEBUG",
    "command_not_found_handle", "command_not_found_handler", "fish_prompt", "fish_right_prompt", "fish_title", "fish_greeting",
    "fish_command_not_found", "fish_preexec", "prompt_pwd", "prompt_login", "up-or-search", "delete-or-exit",
    "vcs_info", "add-zsh-hook", "up-line-or-beginning-search", "_awsctx_hook",
    "_awsctx_call", "__awsctx_hook", "_anything", "cd", "test", "print",
    "awsctx",
)  # fmt: skip


@pytest.fixture
def named(home: Home) -> Home:
    """A profile of each of these names."""
    home.config.write_text(home.config.read_text() + "".join(map(stanza, NAMES)))
    outside(home, DEVELOPER)
    return home


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "nu"])
def test_they_are_left_out_and_named(shell: str, named: Home) -> None:
    done = named.run("alias", "--shell", shell)
    for name in NAMES:
        assert f"function {name} " not in done.stdout and f" {name} [" not in done.stdout
        assert name in done.stderr
    assert TESTER in done.stdout


def test_no_shell_calls_one(named: Home, open_terminal: Open, shell: str) -> None:
    """At each prompt, each `cd`, each command that there is not, each signal: nobody switches."""
    begin, end = LOAD[shell].split(f"init {shell}")
    after = "fish_default_key_bindings" if shell == "fish" else ""
    terminal = open_terminal(load=f"{begin}init {shell} --aliases{end}", after=after)
    before = named.state.read_bytes()
    for line in (
        "",
        "cd /",
        "cd -",
        "no-such-command",
        "trap true USR1; kill -USR1 " + ("$fish_pid" if shell == "fish" else "$$"),
    ):
        said = terminal.run(line)
        assert "switched to" not in said and "now on" not in said, line
    terminal.child.send("\x1b[A\x15\r")  # the key up, and all of what it brought away
    terminal._until_prompt()
    assert (terminal.profile, terminal.kind) == (DEVELOPER, "ok")
    terminal.child.send("exit\r")
    terminal.child.wait()
    assert named.state.read_bytes() == before


def test_all_functions_of_fishs_own_are_known() -> None:
    ask = "functions -na; for folder in $fish_function_path; ls $folder | string replace -f .fish ''; end"
    done = subprocess.run(
        ["fish", "--no-config", "-ic", ask], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    names = set(done.stdout.replace(",", "\n").split())
    assert "prompt_pwd" in names and sort_out(names, {"PATH": "/nonexistent"}, "fish")[0] == []


def test_nushell_calls_none(named: Home) -> None:
    """It has no such names: but one that is a word of its own would be run by every script and hook."""
    file = named.folder / "hook.nu"
    file.write_text(named.ok("init", "nu", "--aliases"), encoding="utf-8")
    before = named.state.read_bytes()
    script = f"source {file}; __awsctx_hook; cd /; __awsctx_hook; print $env.AWS_PROFILE; try {{ no-such-command }}"
    done = named.run("-n", "-c", script, command=[locate.tool("nu")])
    assert done.stdout.splitlines() == [DEVELOPER], done
    assert named.state.read_bytes() == before
