"""What `awsctx init` prints, and the shells' entries."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.shells.ptys import SHELLS, tool
from tests.support import Home

from awsctx import __version__, shells
from awsctx.core.environ import WATCHED, WATCHED_SECRETS
from awsctx.errors import UsageError

ODD = "/tmp/it's $(a) `b` \"c\" \\d \\' ünï @STATE_FILE@ @CONFIG@ %F !x/state"


@pytest.mark.parametrize("shell", SHELLS)
def test_paths_are_data(shell: str, home: Home) -> None:
    script = shells.render(shell, state_file=ODD, config=ODD[::-1])
    script += '\nprintf "%s\\0" "$AWSCTX_STATE_FILE" "$AWSCTX_CONFIG"\n'
    options = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [tool(shell), *options, "-c", script], env=home.environ, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.split("\0")[:-1] == [ODD, ODD[::-1]]
    assert done.stderr == ""


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("prompt", [False, True])
def test_no_placeholder_is_left(shell: str, prompt: bool) -> None:
    text = shells.render(shell, state_file="s", config="c", prompt=prompt)
    assert re.findall("@[A-Z_]+@", text) == []
    assert f"AWSCTX_HOOK={__version__}" in text
    assert (Path(shells.__file__).with_name(f"prompt.{shell}").read_text(encoding="utf-8") in text) is prompt


def test_no_bash_of_this_century_is_left_out() -> None:
    """bash 3.2 (macOS) is not here to be asked, so what it cannot read must not be there."""
    text = shells.render("bash", state_file="s", config="c", prompt=True)
    code = "\n".join(line.split(" # ")[0] for line in text.splitlines() if not line.lstrip().startswith("#"))
    for newer in ("declare -A", "local -n", "@Q}", ",,}", "^^}", "&>>", "|&", "coproc", ";&", ";;&", "readarray"):
        assert newer not in code


def test_the_hooks_look_at_every_variable_that_a_decision_does() -> None:
    for shell in SHELLS:
        text = shells.render(shell, state_file="s", config="c")
        if shell == "fish":
            assert f"set -g _awsctx_names {' '.join(WATCHED)}\n" in text
            assert f"set -g _awsctx_secrets {' '.join(WATCHED_SECRETS)}\n" in text
        else:
            assert [name for name in (*WATCHED, *WATCHED_SECRETS) if f"${name}" not in text and f"${{{name}" not in text] == []


@pytest.mark.parametrize("name", ["bash", "/usr/bin/bash", "-bash"])
def test_a_shell_is_found_by_any_name_it_goes_by(name: str) -> None:
    assert shells.find(name).name == "bash"


def test_an_unknown_shell_is_refused_and_the_known_are_named() -> None:
    with pytest.raises(UsageError) as caught:
        shells.render("tcsh", state_file="s", config="c")
    assert caught.value.hints == ("known are: bash, zsh, fish, nu",)


def test_how_to_be_rid_of_variables() -> None:
    assert shells.unset_command("zsh", ["A", "B"]) == "unset A B"
    assert shells.unset_command("fish", ["A", "B"]) == "set -e A B"
    assert shells.unset_command("tcsh", ["A"]) == "unset A"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_completion_is_a_file_of_its_own(shell: str, tmp_path: Path) -> None:
    file = tmp_path / "completion"
    file.write_text(shells.completion(shell), encoding="utf-8")
    assert subprocess.run([tool(shell), "-n", file], capture_output=True, check=False).stderr == b""
    if shell == "bash":
        subprocess.run([tool("shellcheck"), file], check=True)
    if shell == "zsh":
        assert file.read_text(encoding="utf-8").startswith("#compdef awsctx\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_saved_to_a_file_that_the_line_loads(home: Home, shell: str) -> None:
    done = home.run("init", "--save", f"/bin/{shell}", "--prompt")

    assert (done.returncode, done.stdout) == (0, "")
    path = home.folder / f".local/share/awsctx/hook.{shell}"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    said, line = done.stderr.splitlines()
    assert said == f"the hook is in ~/.local/share/awsctx/hook.{shell}; the line that loads it:"
    loaded = home.run("-c", f"{line.strip()}; type awsctx", command=[shell])
    assert "function" in loaded.stdout, loaded
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# awsctx {__version__}: awsctx init {shell} --save --prompt\n")


def test_saved_where_it_cannot_be(home: Home) -> None:
    (home.folder / ".local").write_text("")
    done = home.run("init", "bash", "--save")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("awsctx: could not write ")


def test_a_shell_that_awsctx_does_not_know_is_not_saved(home: Home) -> None:
    done = home.run("init", "tcsh", "--save")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no such shell: tcsh" in done.stderr
    assert not (home.folder / ".local").exists()
