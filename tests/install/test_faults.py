"""install.sh where something is missing or cut off: a clear error, the fix, and nothing half made."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.install.conftest import INSTALL, Machine

from awsctx import shells

TEXT = INSTALL.read_bytes()


def test_any_part_of_the_script_does_nothing(bare: Machine) -> None:
    lines = [found.end() for found in re.finditer(rb"\n", TEXT)]
    last = TEXT.rindex(b"{ main")
    cuts = sorted({*lines[:-1], *range(0, len(TEXT), 997), *range(last, len(TEXT) - 3)})
    # One shell reads them all, each in a subshell; a command that does anything would leave a trace.
    for command in ("mkdir", "mktemp", "rm", "ln", "mv", "uv", "pipx", "python3", "cat"):
        bare.write(command, f'echo "$0 $*" >>"{bare.bin}/trace"')
    part = bare.bin / "part"
    for cut in cuts:
        part.write_bytes(TEXT[:cut])
        done = subprocess.run(["sh", part], env=bare.environ, capture_output=True, timeout=10, check=False)
        assert done.stdout == b"", cut
    assert not (bare.bin / "trace").exists()
    assert bare.tree() == {}


@pytest.mark.parametrize("shell", ["dash", "bash", "zsh"])
def test_every_shell_can_parse_it(shell: str) -> None:
    options = ["--emulate", "sh"] if shell == "zsh" else []
    assert subprocess.run([shell, *options, "-n", INSTALL], check=False, capture_output=True).stderr == b""


def refused(machine: Machine, *options: str, **environ: str) -> str:
    """What it says when it refuses; it has then changed nothing."""
    before = machine.tree()
    done = machine.install("--hook", *options, **environ)
    assert done.returncode == 1, done
    assert machine.tree() == before
    assert done.stderr.startswith("install.sh: "), done
    return done.stderr


MANAGERS = {
    "apt-get": "apt-get install python3 python3-venv",
    "dnf": "dnf install python3.12",
    "brew": "brew install python",
    "pacman": "pacman -S python",
    "apk": "apk add python3",
    "zypper": "zypper install python312",
}


@pytest.mark.parametrize("manager", MANAGERS)
def test_no_python(bare: Machine, manager: str) -> None:
    bare.write(manager, "exit 1")

    assert f"needs Python 3.11 or later\n  {MANAGERS[manager]}" in refused(bare).replace("sudo ", "")


def test_an_old_python_is_named(bare: Machine) -> None:
    bare.write("python3", "cat >/dev/null; echo is 3.9")

    assert "needs Python 3.11 or later, and python3 is 3.9" in refused(bare)


def test_a_later_python_is_found_behind_an_old_one(machine: Machine, stub: Path) -> None:
    (machine.bin / "python3").rename(machine.bin / "python3.12")
    machine.write("python3", "cat >/dev/null; echo is 3.9")

    assert machine.install("--no-hook", "--from", stub).returncode == 0


def test_no_venv_module(bare: Machine) -> None:
    bare.write("apt-get", "exit 1")
    bare.write("python3", "cat >/dev/null; echo has no venv module")

    said = refused(bare).replace("sudo ", "")

    assert "python3 has no venv module\n  apt-get install python3 python3-venv\n" in said


def test_a_python_that_does_not_run(bare: Machine) -> None:
    bare.write("python3", "exit 127")

    assert "python3 does not run" in refused(bare)
    assert "/nowhere/python does not run" in refused(bare, "--python", "/nowhere/python")


def test_no_uv(bare: Machine) -> None:
    assert "uv is not on PATH" in refused(bare, "--with", "uv")


def test_no_home(bare: Machine) -> None:
    assert "HOME is not set" in refused(bare, HOME="/nowhere")


def test_a_shell_that_this_version_does_not_know(with_uv: Machine, stub: Path) -> None:
    """`nu` is one that install.sh takes, and that the package may not have yet."""
    known = "nu" in shells.SHELLS
    before = with_uv.tree()
    done = with_uv.install("--hook", "--shell", "nu", "--from", stub)
    assert done.returncode == (0 if known else 1), done
    hook = with_uv.home / ".local/share/nushell/vendor/autoload/awsctx.nu"
    assert hook.exists() == known
    if known:
        assert with_uv.install("--uninstall").returncode == 0
    assert with_uv.tree() == before


@pytest.mark.parametrize("options", [["--nonsense"], ["--with", "npm"], ["--shell", "csh"], ["--with"]])
def test_usage(bare: Machine, options: list[str]) -> None:
    done = bare.install(*options)

    assert done.returncode == 2
    assert re.fullmatch(r"install\.sh: .+\n  install\.sh --help tells the options\n", done.stderr)


def test_help(bare: Machine) -> None:
    done = bare.install("--help")

    assert done.returncode == 0
    for option in re.findall(r"^      (--[a-z-]+)\)", TEXT.decode(), re.MULTILINE):
        assert option in done.stdout


@pytest.mark.parametrize(
    ("manager", "aws", "jq"),
    [
        ("apt-get", "apt-get install awscli", "apt-get install jq"),
        ("brew", "brew install awscli", "brew install jq"),
        ("pacman", "pacman -S aws-cli-v2", "pacman -S jq"),
        ("none", "see https://docs.aws.amazon.com/cli/", "see https://jqlang.org/download"),
    ],
)
def test_aws_and_jq_that_are_missing_are_named(with_uv: Machine, stub: Path, manager: str, aws: str, jq: str) -> None:
    with_uv.write(manager, "exit 1")

    said = with_uv.install("--no-hook", "--from", stub).stdout.replace("sudo ", "")

    assert f"missing: aws; to get it: {aws}" in said
    assert f"missing: jq; to get it: {jq}" in said
    for tool in ("aws", "jq"):
        with_uv.write(tool, "exit 0")
    assert "missing" not in with_uv.install("--no-hook", "--from", stub).stdout
