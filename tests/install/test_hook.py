"""install.sh adds the hook's lines to the startup file once, when told to, and takes them out byte for byte."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pexpect
import pytest
from tests.install.conftest import INSTALL, Machine
from tests.signin.helpers import ended

STARTUP = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/conf.d/awsctx.fish"}
LINE = {
    "bash": '[ ! -r "$HOME/.local/share/awsctx/hook.bash" ] || . "$HOME/.local/share/awsctx/hook.bash"',
    "zsh": '[ ! -r "$HOME/.local/share/awsctx/hook.zsh" ] || . "$HOME/.local/share/awsctx/hook.zsh"',
    "fish": '    test -r "$HOME/.local/share/awsctx/hook.fish"; and source "$HOME/.local/share/awsctx/hook.fish"',
}
IS_FUNCTION = {"bash": "type -t awsctx", "zsh": "whence -w awsctx", "fish": "functions -q awsctx; and echo function"}
SHELLS = list(STARTUP)


@pytest.fixture
def machine(with_uv: Machine) -> Machine:
    return with_uv


@pytest.mark.parametrize("shell", SHELLS)
def test_the_lines_load_the_hook_in_the_real_shell(machine: Machine, stub: Path, shell: str) -> None:
    done = machine.install("--hook", "--from", stub, SHELL=f"/usr/bin/{shell}")

    assert done.returncode == 0, done
    assert LINE[shell] in (machine.home / STARTUP[shell]).read_text(encoding="utf-8").split("\n")
    # The command's folder is not on this PATH: the lines see to that as well, and put it there but once.
    nested = machine.run(shell, "-ic", f"{shell} -ic '{IS_FUNCTION[shell]}; echo $PATH'")
    assert nested.stderr == "" or "job control" in nested.stderr or "terminal" in nested.stderr
    loaded, path = nested.stdout.split("\n")[:2]
    assert loaded.endswith("function")
    assert re.split("[: ]", path).count(f"{machine.home}/.local/bin") == 1


@pytest.mark.parametrize("shell", SHELLS)
def test_without_the_file_the_lines_do_nothing(machine: Machine, stub: Path, shell: str) -> None:
    assert machine.install("--hook", "--shell", shell, "--from", stub).returncode == 0
    (machine.home / f".local/share/awsctx/hook.{shell}").unlink()

    strict = [] if shell == "fish" else ["-euo", "pipefail"]
    source = "source" if shell == "fish" else "."
    done = machine.run(shell, *strict, "-c", f"{source} {machine.home / STARTUP[shell]}; echo on")

    assert (done.returncode, done.stdout, done.stderr) == (0, "on\n", "")


CONTENTS = {
    "missing": None,
    "empty": b"",
    "newline": b"\n",
    "plain": b"alias a=b\n",
    "no-final-newline": b"alias a=b",
    "bytes": b"# \xff\xfe\r\nx=1\r\n",
    "blank-lines": b"\n\n# last\n\n",
}


@pytest.mark.parametrize(
    ("shell", "content"), [*(("bash", content) for content in CONTENTS), ("zsh", "missing"), ("fish", "missing")]
)
def test_in_and_out_keeps_every_byte(machine: Machine, stub: Path, shell: str, content: str) -> None:
    written = CONTENTS[content]
    startup = machine.home / STARTUP[shell]
    if written is not None:
        startup.parent.mkdir(parents=True, exist_ok=True)
        startup.write_bytes(written)
        startup.chmod(0o640)
    before = machine.tree()

    for _ in range(2):
        assert machine.install("--hook", "--shell", shell, "--from", stub).returncode == 0

    added = startup.read_bytes()
    assert added.startswith(written or b"")
    assert added.count(b"hook." + shell.encode()) == 2, "the test for the file, and loading it; once"
    assert machine.install("--uninstall").returncode == 0
    assert machine.tree() == before


def test_lines_of_the_user_stay_around_and_after_it(machine: Machine, stub: Path) -> None:
    startup = machine.home / ".bashrc"
    startup.write_bytes(b"first=1")
    assert machine.install("--hook", "--from", stub).returncode == 0
    with startup.open("ab") as file:
        file.write(b"last=1\n")
    # What the user has changed between the marks goes too: it is the hook's line still.
    startup.write_bytes(startup.read_bytes().replace(b"[ !", b"[ -z x ] || [ !"))

    assert machine.install("--uninstall").returncode == 0

    assert startup.read_bytes() == b"first=1\nlast=1\n"


def test_a_link_stays_one(machine: Machine, stub: Path) -> None:
    kept = machine.home / "dotfiles" / "bashrc"
    kept.parent.mkdir()
    kept.write_bytes(b"a=1\n")
    startup = machine.home / ".bashrc"
    startup.symlink_to("dotfiles/bashrc")
    inode = kept.stat().st_ino

    assert machine.install("--hook", "--from", stub).returncode == 0
    assert startup.is_symlink()
    assert LINE["bash"].encode() in kept.read_bytes()
    assert machine.install("--uninstall").returncode == 0

    assert (startup.is_symlink(), kept.read_bytes(), kept.stat().st_ino) == (True, b"a=1\n", inode)


OLD_LINE = {shell: "awsctx init fish | source" if shell == "fish" else f'eval "$(awsctx init {shell})"' for shell in SHELLS}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("line", [OLD_LINE, LINE], ids=["init", "file"])
def test_a_hook_that_is_loaded_already_is_not_added(machine: Machine, stub: Path, shell: str, line: dict[str, str]) -> None:
    startup = machine.home / {**STARTUP, "fish": ".config/fish/config.fish"}[shell]
    startup.parent.mkdir(parents=True, exist_ok=True)
    startup.write_text(f"# awsctx init\n{line[shell]}\n", encoding="utf-8")
    before = machine.tree()

    done = machine.install("--hook", "--shell", shell, "--from", stub)

    assert "loads it already" in done.stdout
    assert startup.read_text(encoding="utf-8") == f"# awsctx init\n{line[shell]}\n"
    assert machine.install("--uninstall").returncode == 0
    assert machine.tree() == before


def test_zsh_is_asked_where_its_files_are(machine: Machine, stub: Path) -> None:
    done = machine.install("--hook", "--from", stub, SHELL="/bin/zsh", ZDOTDIR=f"{machine.home}/z")

    assert done.returncode == 0, done
    assert LINE["zsh"] in (machine.home / "z/.zshrc").read_text(encoding="utf-8")


def test_a_startup_file_that_cannot_be_written(machine: Machine, stub: Path) -> None:
    # A folder, so that root cannot write it either.
    (machine.home / ".bashrc").mkdir()

    done = machine.install("--hook", "--from", stub)

    assert done.returncode == 0, done
    assert "could not write ~/.bashrc" in done.stdout
    assert LINE["bash"] in done.stdout
    assert done.stderr == ""


def test_not_on_path_is_said(machine: Machine, stub: Path) -> None:
    hint = "not on PATH: ~/.local/bin"

    assert hint in machine.install("--no-hook", "--from", stub).stdout
    path = f"{machine.home}/.local/bin:{machine.environ['PATH']}"
    assert hint not in machine.install("--no-hook", "--from", stub, PATH=path).stdout
    machine.write("awsctx", "echo another")
    path = f"{machine.environ['PATH']}:{machine.home}/.local/bin"
    assert f"another awsctx comes first on PATH: {machine.bin}/awsctx" in (
        machine.install("--no-hook", "--from", stub, PATH=path).stdout
    )


@pytest.mark.parametrize(
    ("login", "parent", "chosen"),
    [
        ("/bin/bash", "sh", "bash"),
        ("/usr/bin/fish", "sh", "fish"),
        ("/bin/bash", "-zsh", "zsh"),
        ("/bin/zsh", "bash", "zsh"),
        ("", "/usr/bin/fish", "fish"),
        ("/bin/tcsh", "bash", "bash"),
    ],
)
def test_the_shell_is_the_one_in_use(machine: Machine, stub: Path, login: str, parent: str, chosen: str) -> None:
    machine.write("ps", f"echo '{parent}'")

    assert machine.install("--hook", "--from", stub, SHELL=login).returncode == 0

    assert (machine.home / STARTUP[chosen]).exists()


@pytest.mark.parametrize(("answer", "added"), [("\r", True), ("y\r", True), ("YES\r", True), ("No\r", False), ("\x04", False)])
@pytest.mark.parametrize("piped", [False, True], ids=["file", "piped"])
def test_a_terminal_is_asked(machine: Machine, stub: Path, answer: str, added: bool, piped: bool) -> None:
    command = f"cat '{INSTALL}' | sh -s -- --from '{stub}'" if piped else f"'{INSTALL}' --from '{stub}'"
    environ = os.environ | machine.environ
    terminal = pexpect.spawn(
        "sh", ["-c", command], env=environ, cwd=machine.home, encoding="utf-8", timeout=30, dimensions=(40, 200)
    )

    terminal.expect_exact(LINE["bash"])
    for other in ("maybe\r", "yesterday\r"):
        terminal.expect_exact("add them? [Y/n] ")
        terminal.send(other)
    terminal.expect_exact("add them? [Y/n] ")
    terminal.send(answer)
    terminal.expect_exact("next: open a new shell")

    assert ended(terminal) == 0
    assert (machine.home / ".bashrc").exists() == added
