"""The hook is a guest: it works in any shell, and leaves everything else there alone (awsctx(1), THE SHELL HOOK)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import LOAD, SHELLS, Terminal, outside, tool
from tests.support import DEVELOPER, TESTER, Home, stanza

# What people have in their start-up files.
BASH = {
    "eu": "set -eu; set -o pipefail",
    "posix": "set -o posix",
    "noclobber, noglob, allexport": "set -Cfa",
    "xtrace": "set -x",
    "errtrace": "set -E; trap 'echo ERR' ERR",
    "odd IFS, C locale": "IFS=ae:/; export LC_ALL=C",
    "no IFS, no such locale": "IFS=; export LC_ALL=xx_XX.UTF-8 2>/dev/null",
    "shopts": "shopt -s nocasematch extglob nullglob dotglob failglob",
    "aliases": "alias local=false export=false unset=false read=false printf=false command=false case=case awsctx='echo x'",
    "unset clock": "unset EPOCHSECONDS SECONDS; set -u",
    "array": "PROMPT_COMMAND=(\"$PROMPT_COMMAND\" 'other=seen')",
    "string": 'PROMPT_COMMAND="  $PROMPT_COMMAND; other=seen"',
}
ZSH = {
    "arrays and words": "setopt ksharrays shwordsplit globsubst",
    "errexit, nounset": "setopt errexit errreturn nounset",
    "warnings": "setopt warncreateglobal warnnestedvar noglob noclobber printexitvalue",
    "xtrace": "setopt xtrace",
    "globs": "setopt kshglob shglob extendedglob nullglob cshnullglob globdots markdirs numericglobsort",
    "quotes": "setopt rcquotes ignorebraces noshortloops magicequalsubst equals globassign",
    "arithmetic": "setopt octalzeroes cprecedences forcefloat cbases",
    "posix": "setopt posixbuiltins posixidentifiers posixtraps posixaliases",
    "ksh": "setopt kshoptionprint kshautoload kshtypeset typesetsilent allexport",
    "emulation": "emulate ksh; PS1=$PROMPT",
    "odd IFS, no multibyte": "IFS=ae:/; unsetopt multibyte; export LC_ALL=C",
    "aliases": "alias local=false export=false unset=false print=false typeset=false command=false awsctx='echo x'",
    "other hooks": "trap true DEBUG; other() { seen=1 }; precmd_functions+=(other); precmd() { seen=2 }",
}
FISH = {
    # fish 4.9 takes no input where its own printf is gone, awsctx or not.
    "aliases": "for name in math path count seq (string match -qr '^([0-3]|4[.][0-8][.])' $version; and echo printf)"
    "; function $name; false; end; end",
    "vi": "fish_vi_key_bindings; set -U AWS_PAGER x; set -g text mine",
}
SETTINGS = [(shell, name) for shell, all_ in (("bash", BASH), ("zsh", ZSH), ("fish", FISH)) for name in all_]


@pytest.mark.parametrize(("shell", "setting"), SETTINGS)
def test_works_with(shell: str, setting: str, home: Home, open_terminal: Open) -> None:
    before = {"bash": BASH, "zsh": ZSH, "fish": FISH}[shell][setting]
    home.config.write_text(home.config.read_text(encoding="utf-8") + stanza("a  *b"), encoding="utf-8")
    outside(home, DEVELOPER)
    load, after = LOAD[shell], ""
    if setting == "aliases" and shell != "fish":
        load, after = load.replace("awsctx", "\\awsctx"), "unalias -a"
    terminal = open_terminal(before=before, load=load, after=after)
    if setting not in ("xtrace", "vi"):
        assert terminal.greeting == ""
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    shown = terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS", "AWS_PROFILE", "AWS_REGION")
    assert shown == [f"{TESTER}@eu-west-3 3h12m", "ok", TESTER, "eu-west-3"]
    outside(home, "a  *b")
    said = terminal.run()
    assert "awsctx: now on a  *b (switched in another shell)" in said
    if setting != "xtrace":
        assert "not found" not in said
        assert "ERR" not in said
        assert "error" not in said
    terminal.run(f"awsctx -s {DEVELOPER}@eu-west-2")
    assert terminal.get("AWSCTX_PROMPT", "AWS_PROFILE") == [f"{DEVELOPER}@eu-west-2 3h12m", DEVELOPER]
    terminal.run("awsctx -s -u")
    assert terminal.profile == "a  *b"
    terminal.set("AWS_PROFILE", TESTER)
    assert terminal.prompt == f"{TESTER} 3h12m"
    terminal.unset("AWS_PROFILE")
    assert "AWS_REGION" not in terminal.environment()


def test_loads_twice_without_a_sound_and_keeps_what_it_knows(terminal: Terminal, shell: str) -> None:
    terminal.run(f"awsctx -s {TESTER}@eu-west-3")
    said = terminal.run(LOAD[shell])
    assert said.strip() in ("", LOAD[shell]) or shell == "fish"
    assert terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS") == [f"{TESTER}@eu-west-3 3h12m", "pinned"]
    terminal.run("awsctx -s -u")
    assert terminal.profile is None
    if shell == "bash":
        assert terminal.get("PROMPT_COMMAND")[0].count("_awsctx_hook") == 1
    if shell == "zsh":
        assert terminal.run("print -l $precmd_functions").count("_awsctx_hook\n") == 1


def test_a_string_stays_a_string_and_an_array_an_array(home: Home) -> None:
    for before, after in (
        ("PROMPT_COMMAND='a; b'", 'PROMPT_COMMAND="_awsctx_hook;a; b"'),
        ("unset PROMPT_COMMAND", 'PROMPT_COMMAND="_awsctx_hook"'),
        ("PROMPT_COMMAND=(a 'b c')", 'PROMPT_COMMAND=([0]="_awsctx_hook" [1]="a" [2]="b c")'),
        ("PROMPT_COMMAND=()", 'PROMPT_COMMAND=([0]="_awsctx_hook")'),
    ):
        script = f"{before}; {LOAD['bash']}; {LOAD['bash']}; declare -p PROMPT_COMMAND"
        done = subprocess.run(
            [tool("bash"), "--norc", "-ic", script], env=home.environ, capture_output=True, encoding="utf-8", check=True
        )
        assert done.stdout.split(" ", 2)[2].strip() == after


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_last_status_and_word_are_the_users(terminal: Terminal, shell: str) -> None:
    terminal.run(f"awsctx {TESTER}")
    terminal.run("false")
    assert "it was 1." in terminal.run(f"echo it was {terminal.status}.")
    status = {"bash": "${PIPESTATUS[*]}", "zsh": "$pipestatus", "fish": "$pipestatus"}[shell]
    terminal.run("false | true | false")
    assert "they were 1 0 1." in terminal.run(f'echo "they were {status}."')
    if shell != "fish":
        terminal.run(": one two")
        assert "it was two." in terminal.run('echo "it was $_."')


def test_ctrl_c_in_a_command_leaves_the_commands_status(terminal: Terminal, home: Home) -> None:
    home.config.write_text("[default]\nregion = eu-west-1\n")
    terminal.child.send("awsctx exec -- sh -c 'echo \"be\"gun; exec sleep 60'\r")
    terminal.child.expect_exact("begun")
    terminal.child.send("\x03")
    terminal._until_prompt()
    assert "st:130\n" in terminal.run(f"echo st:{terminal.status}")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("kind", ["string", "array"])
def test_the_status_is_the_users_for_other_prompt_commands_too(shell: str, kind: str, open_terminal: Open) -> None:
    before = {
        ("bash", "string"): 'PROMPT_COMMAND="seen=\\$?; $PROMPT_COMMAND"',
        ("bash", "array"): "PROMPT_COMMAND=('seen=$?' \"$PROMPT_COMMAND\")",
        ("zsh", "string"): "precmd() { seen=$? }",
        ("zsh", "array"): "see() { seen=$? }; precmd_functions+=(see)",
    }[shell, kind]
    terminal = open_terminal(before=before)
    terminal.run("(exit 7)")
    assert "saw 7." in terminal.run("echo saw $seen.")
    terminal.run(f"awsctx {TESTER}; (exit 8)")
    assert "saw 8." in terminal.run("echo saw $seen.")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_status_that_errexit_passes_over_does_not_end_the_shell(terminal: Terminal) -> None:
    terminal.run(f"awsctx {TESTER}; set -e")
    terminal.run("false && true")
    assert "still here" in terminal.run("echo still here")
    assert terminal.prompt == f"{TESTER} 3h12m"


def test_a_state_that_is_no_state_changes_nothing(terminal: Terminal, home: Home) -> None:
    terminal.run(f"awsctx {TESTER}@eu-west-3")
    text = home.state.read_bytes()
    new = text.replace(TESTER.encode(), DEVELOPER.encode(), 1).replace(b"\n1", b"\n9", 1)
    said = ""
    for wrong in (
        None,
        b"",
        new[:60],
        b"\n".join(new.split(b"\n")[:7]),  # all but the last newline
        b"\xff\x00\xfe" * 1000,
        new.replace(b"\n", b"\r\n"),
    ):
        home.state.unlink()
        if wrong is None:
            said += terminal.run()
            home.state.symlink_to("/proc/self/mem")  # opens, and cannot be read
            said += terminal.run()
            home.state.unlink()
            home.state.mkdir()
            said += terminal.run()
            home.state.rmdir()
            home.state.touch()
        else:
            home.state.write_bytes(wrong)
            said += terminal.run()
        assert terminal.get("AWSCTX_PROMPT", "AWS_PROFILE") == [f"{TESTER}@eu-west-3 3h12m", TESTER], wrong
    assert said.strip() == ""
    assert terminal.get("AWS_REGION") == ["eu-west-3"]

    home.state.unlink()
    outside(home, DEVELOPER)
    assert terminal.said() == f"awsctx: now on {DEVELOPER} (switched in another shell)"


def test_a_shell_that_starts_without_a_state_works(home: Home, open_terminal: Open) -> None:
    terminal = open_terminal(env={"AWSCTX_STATE_FILE": str(home.folder / "no" / "state")})
    assert terminal.greeting == ""
    terminal.run(f"awsctx {TESTER}")
    assert terminal.profile == TESTER


def test_without_the_command_the_shell_goes_on(terminal: Terminal) -> None:
    """The command was uninstalled while the shell was open."""
    terminal.run(f"awsctx {TESTER}")
    terminal.run("set -gx PATH /usr/bin /bin" if terminal.shell == "fish" else "PATH=/usr/bin:/bin")
    assert terminal.prompt == f"{TESTER} 3h12m"
    terminal.set("AWS_PROFILE", DEVELOPER)
    assert terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS") == [DEVELOPER, "pinned"]
    terminal.run(f"awsctx {TESTER}")
    assert "it was 127." in terminal.run(f"awsctx {TESTER}; echo it was {terminal.status}.")


SCRIPT = {
    "bash": 'set -eu; LOAD; awsctx NAME; printf "%s\\n" "$AWS_PROFILE" "$AWS_REGION" "${PROMPT_COMMAND-none}"',
    "zsh": "setopt errexit nounset; LOAD; awsctx NAME; print -l $AWS_PROFILE $AWS_REGION ${precmd_functions-none}",
    "fish": "LOAD; awsctx NAME; printf '%s\\n' $AWS_PROFILE $AWS_REGION (functions -q _awsctx_hook; or echo none)",
}


def test_a_script_gets_the_function_and_no_prompt(shell: str, home: Home) -> None:
    options = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    script = SCRIPT[shell].replace("LOAD", LOAD[shell]).replace("NAME", f"{TESTER}@eu-west-3")
    done = subprocess.run(
        [tool(shell), *options, "-c", script], env=home.environ, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.split() == [TESTER, "eu-west-3", "none"]
    assert done.stderr.startswith("switched to ")


@pytest.mark.parametrize("shell", ["zsh"])
def test_powerlevel10ks_instant_prompt_sees_no_output(home: Home, open_terminal: Open) -> None:
    outside(home, DEVELOPER)
    parent = open_terminal()
    inherited = {name: value for name, value in parent.environment().items() if name.startswith("AWS")}
    outside(home, TESTER)
    terminal = open_terminal(
        env=inherited,
        before="typeset -g __p9k_instant_prompt_active=1",
        after="ready() { unset __p9k_instant_prompt_active }; precmd_functions+=(ready)",
    )
    assert terminal.greeting == ""
    assert terminal.said() == f"awsctx: now on {TESTER} (switched in another shell)"
    assert terminal.said() == ""


def test_every_template_passes_its_shells_own_check(home: Home, tmp_path: Path) -> None:
    for shell in SHELLS:
        for options in ([], ["--prompt"]):
            file = tmp_path / f"hook.{shell}"
            file.write_text(home.ok("init", shell, *options), encoding="utf-8")
            assert subprocess.run([tool(shell), "-n", file], capture_output=True, check=False).stderr == b""
            if shell == "bash":
                subprocess.run([tool("shellcheck"), "-s", "bash", file], check=True)
