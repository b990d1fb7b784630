"""TAB in real shells: what is inserted is read back as the very name, and nothing is run."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import Terminal
from tests.support import DEVELOPER, HOSTILE, TESTER, Home, stanza

BASH_COMPLETION = ". /usr/share/bash-completion/bash_completion\n"
COMPINIT = {"bash": "bind 'set bell-style none'", "zsh": "autoload -Uz compinit; compinit -u; unsetopt beep", "fish": ""}


def _escaped(text: str, shell: str) -> str:
    return "".join(c if re.match(r"[\w.@-]", c) else "\\" + c for c in text)


def _single(text: str, shell: str) -> str:
    return "'" + (text.replace("\\", "\\\\").replace("'", "\\'") if shell == "fish" else text.replace("'", "'\\''"))


def _double(text: str, shell: str) -> str:
    return '"' + re.sub(r'(["\\$`])' if shell != "fish" else r'(["\\$])', r"\\\1", text)


def _tab(terminal: Terminal, line: str) -> str:
    """Type ``line`` and TAB, then Enter when the line has been completed: a key of its own tells that the shell is done."""
    terminal.child.send(line + "\t")
    return terminal.run()


@pytest.mark.parametrize("typed", [_escaped, _single, _double])
def test_a_name_is_inserted_as_the_shell_reads_it(
    typed: Callable[[str, str], str], shell: str, home: Home, open_terminal: Open
) -> None:
    names = [name for name in HOSTILE if name != "-x" and not (typed is _double and "!" in name)]
    home.config.write_text(home.config.read_text(encoding="utf-8") + "".join(map(stanza, names)), encoding="utf-8")
    terminal = open_terminal(before=COMPINIT[shell])
    wrong = []
    for name in names:
        _tab(terminal, "awsctx use " + typed(name[: max(1, min(len(name) - 1, 3))], shell))
        if home.active() != name:
            wrong.append((name, home.active()))
    assert wrong == []
    assert not list(home.folder.rglob("pwned"))


def test_a_region_follows_a_name(shell: str, home: Home, open_terminal: Open) -> None:
    terminal = open_terminal(before=COMPINIT[shell])
    for typed in (f"{TESTER}@eu-n", f"'{TESTER}@eu-n", f'"{TESTER}"@eu-n'):
        terminal.run(f"awsctx {DEVELOPER}")
        _tab(terminal, f"awsctx {typed}")
        assert terminal.environment().get("AWS_REGION") == "eu-north-1", typed
    terminal.run(f"awsctx {DEVELOPER}")
    _tab(terminal, "awsctx -r sa-e")
    assert terminal.environment()["AWS_REGION"] == "sa-east-1"


def test_profiles_are_described_where_the_shell_can(shell: str, home: Home, open_terminal: Open) -> None:
    dumb = {} if shell == "fish" else {"TERM": "dumb"}  # fish lists nothing there
    terminal = open_terminal(before=COMPINIT[shell], env={"TERM": "xterm", **dumb})
    terminal.child.send("awsctx use worksso.\t" + ("\t" if shell == "bash" else ""))
    terminal.child.expect("tester" if shell == "bash" else "43214321 tester eu-west-2")
    terminal.child.send("\x03")
    if shell == "bash":
        assert "43214321" not in terminal.run("echo done")


def test_a_name_with_what_bash_breaks_words_at(shell: str, home: Home, open_terminal: Open) -> None:
    names = ("team:dev=1", "team:dev=22", "team:ops@x")
    home.config.write_text(home.config.read_text(encoding="utf-8") + "".join(map(stanza, names)), encoding="utf-8")
    terminal = open_terminal(before=COMPINIT[shell])
    for typed, name in (("team:dev=2", names[1]), ("team:o", names[2]), ("team\\:dev=2", names[1]), ("tea", "")):
        terminal.run(f"awsctx {DEVELOPER}")
        if name:
            _tab(terminal, f"awsctx {typed}")
            assert home.active() == name, typed


def test_subcommands_options_and_shells(shell: str, home: Home, open_terminal: Open) -> None:
    terminal = open_terminal(before=COMPINIT[shell])
    terminal.run(f"awsctx {TESTER}")
    assert f"{TESTER} 3h12m" in _tab(terminal, "awsctx promp")
    assert '"profile"' in _tab(terminal, "awsctx current --js")
    assert "no prompt hook" not in _tab(terminal, "awsctx init fis")
    assert f"{TESTER}\n" in _tab(terminal, "true; FOO=bar awsctx curr")


@pytest.mark.parametrize(("shell", "library"), [("bash", True), ("zsh", False), ("fish", False)])
def test_after_exec_the_command_completes_itself(shell: str, library: bool, home: Home, open_terminal: Open) -> None:
    own = {
        "bash": "complete -W 'sub-command' own",
        "zsh": "_own() { compadd sub-command }; compdef _own own",
        "fish": "complete -c own -f -a sub-command",
    }[shell]
    program = home.folder / "own"
    program.write_text('#!/bin/sh\necho "got $*."\n', encoding="utf-8")
    program.chmod(0o755)
    terminal = open_terminal(
        before=BASH_COMPLETION + COMPINIT[shell] if library else COMPINIT[shell],
        after=own,
        env={"PATH": f"{home.folder}:{home.environ['PATH']}"},
    )
    terminal.run(f"awsctx {TESTER}")
    for typed in ("exec -- own sub", f"exec -p {DEVELOPER} own sub", "exec -q -- own other sub"):
        said = _tab(terminal, f"awsctx {typed}")
        assert "sub-command." in said, typed
    assert "got ." in _tab(terminal, "awsctx exec -- ow")


@pytest.mark.parametrize("shell", ["bash"])
def test_without_bash_completion_there_are_commands_and_files(home: Home, open_terminal: Open) -> None:
    (home.folder / "a file").touch()
    terminal = open_terminal()
    terminal.run(f"awsctx {TESTER}")
    assert "a file" in _tab(terminal, "awsctx exec -- printen\t PATH; awsctx exec -- ls a").splitlines()[-1]


def test_nothing_to_offer_is_nothing(shell: str, home: Home, open_terminal: Open) -> None:
    (home.folder / "nothing-but-a-file").touch()
    terminal = open_terminal(before=COMPINIT[shell])
    said = _tab(terminal, "awsctx nothing-b")
    assert "no profile named 'nothing-b'" in said
