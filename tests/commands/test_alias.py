"""`awsctx alias` in the real shells: a function runs one command or switches, and no name is more than a name."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.support import DEVELOPER, HOSTILE, TESTER, Home, stanza
from tests.tools import locate

from awsctx.commands.alias import WORDS, alias_functions, sort_out
from awsctx.errors import UsageError
from awsctx.shells import SHELLS

START = {"bash": ["bash", "--norc", "-c"], "zsh": ["zsh", "-f", "-c"], "fish": ["fish", "--no-config", "-c"]}
LOAD = {
    "bash": 'eval "$(awsctx init bash)"; eval "$(awsctx alias --shell bash)"',
    "zsh": 'eval "$(awsctx init zsh)"; eval "$(awsctx alias --shell zsh)"',
    "fish": "awsctx init fish | source; awsctx alias --shell fish | source",
}
FINE = ("a.b", "a-b", "a_b", "a+b", "a@b", "a:b", "A1", "ünï", "x" * 200)


def in_shell(home: Home, shell: str, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return home.run(command=[*START[shell], line], env={"SHELL": f"/bin/{shell}", **variables})


@pytest.mark.parametrize("shell", START)
def test_runs_one_command_or_switches(shell: str, home: Home) -> None:
    show = "sh -c 'echo \"$AWS_PROFILE $#\"' x 'a b' ''"
    done = in_shell(home, shell, f"{LOAD[shell]}; {TESTER} {show}; {DEVELOPER}; printenv AWS_PROFILE")
    assert done.stdout == f"{TESTER} 2\n{DEVELOPER}\n", done.stderr
    assert home.active() == DEVELOPER


def test_a_pattern_that_matches_nothing_is_said(home: Home) -> None:
    done = home.run("alias", "x*", "--shell", "bash")
    assert (done.returncode, done.stderr) == (0, "no profile matches 'x*'\n")


@pytest.mark.parametrize("shell", START)
def test_the_exit_status_is_the_commands(shell: str, home: Home) -> None:
    status = "$status" if shell == "fish" else "$?"
    assert in_shell(home, shell, f"{LOAD[shell]}; {TESTER} sh -c 'exit 7'; echo {status}").stdout == "7\n"


@pytest.mark.parametrize("shell", START)
def test_every_name_that_is_let_through_is_a_function(shell: str, home: Home) -> None:
    good, _, _, _ = sort_out(FINE, home.environ, "bash")
    assert good == list(FINE)
    home.config.write_text("".join(stanza(name) for name in FINE))
    check = "functions -q" if shell == "fish" else "typeset -f >/dev/null"
    lines = "\n".join(
        f"{check} {name}; or echo no {name}" if shell == "fish" else f"{check} {name} || echo no {name}" for name in FINE
    )
    runs = "\n".join(f"{name} printenv AWS_PROFILE" for name in FINE)
    done = in_shell(home, shell, f"{LOAD[shell]}\n{lines}\n{runs}")
    assert done.stdout.splitlines() == list(FINE), done.stderr


@pytest.mark.parametrize("shell", START)
def test_an_alias_of_the_users_is_not_expanded(shell: str, home: Home) -> None:
    home.config.write_text(stanza("prod"))
    begin = {"bash": "shopt -s expand_aliases\nalias prod='touch pwned'\n", "zsh": "alias prod='touch pwned'\n", "fish": ""}
    done = in_shell(home, shell, f"{begin[shell]}{LOAD[shell]}")
    assert done.stderr == ""
    assert not (home.folder / "pwned").exists()


def test_hostile_names_and_commands_are_left_out_and_named(home: Home) -> None:
    home.config.write_text("".join(stanza(name) for name in (*HOSTILE, "aws", "ls", "test", "if", TESTER)))
    tools = home.folder / "bin"
    tools.mkdir()
    (tools / "aws").touch()
    (tools / "ls").touch()
    done = home.run("alias", "--shell", "bash", env={"PATH": f"{tools}:{home.environ['PATH']}"})
    assert done.returncode == 0
    defined = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("function ")]
    assert defined == ["_awsctx_as", "ünï", "a@b", "x" * 200, TESTER]
    assert "since there is a command of that name: aws, ls, test, if\n" in done.stderr
    assert "since no function can have the name: $(touch pwned), `touch pwned`, a b, -x, %F{red}x%f" in done.stderr


def test_only_those_that_match(home: Home) -> None:
    assert "developer" not in home.ok("alias", "*.tester", "--shell", "zsh")


def test_the_shell_is_the_users_own_or_an_error(home: Home) -> None:
    assert "$argv" in home.ok("alias", env={"SHELL": "/usr/bin/fish"})
    assert '"$@"' in home.ok("alias", env={"SHELL": "/bin/zsh"})
    refused = home.run("alias", env={"SHELL": "/bin/dash"})
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "awsctx alias --shell bash|zsh|fish" in refused.stderr
    with pytest.raises(UsageError):
        alias_functions("csh", [])


@pytest.mark.parametrize(
    ("shell", "ask"),
    [("bash", "compgen -b; compgen -k"), ("zsh", "print -l ${(k)builtins} ${(k)reswords}"), ("fish", "builtin -n")],
)
def test_the_words_of_the_shells_are_known(shell: str, ask: str, tmp_path: Path) -> None:
    done = subprocess.run([*START[shell], ask], capture_output=True, text=True, cwd=tmp_path, timeout=30)
    names = [word for word in done.stdout.split() if word not in WORDS]
    assert sort_out(names, {"PATH": "/nonexistent"}, "bash")[0] == []
    assert {*START, "nu"} == set(SHELLS)


def test_a_word_that_nushell_knows_is_its_own() -> None:
    asked = ["-n", "-c", "scope commands | where type in [built-in keyword plugin] | get name | to text"]
    known = subprocess.run([locate.tool("nu"), *asked], capture_output=True, text=True, check=True).stdout.splitlines()
    names = {name.split(" ")[0] for name in known}
    plain = [name for name in names if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.+@:-]*", name)]
    assert sort_out(plain, {"PATH": "/nonexistent"}, "nu")[0] == []
