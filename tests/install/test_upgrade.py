"""From version 0.1.0 to this one, and out; and out where the environment's Python does not run any more."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.install.conftest import INSTALL, Machine
from tests.install.test_hook import LINE, OLD_LINE, STARTUP

START, END = "# >>> awsctx: install.sh --uninstall removes this block", "# <<< awsctx"


@pytest.fixture
def machine(with_uv: Machine) -> Machine:
    return with_uv


def as_0_1_0(machine: Machine, stub: Path, shell: str, method: str = "uv") -> None:
    """Install, and make of it what version 0.1.0 would have left: its lines, its manifest, no awsctx.install."""
    assert machine.install("--hook", "--shell", shell, "--with", method, "--from", stub).returncode == 0
    startup = machine.home / STARTUP[shell]
    text = startup.read_text(encoding="utf-8")
    if shell == "fish":
        place = '    contains -- "$HOME/.local/bin" $PATH; or set -gx PATH "$HOME/.local/bin" $PATH'
        lines = ["if status is-interactive", place, f"    {OLD_LINE[shell]}", "end"]
    else:
        place = '[[ ":$PATH:" == *":$HOME/.local/bin:"* ]] || export PATH="$HOME/.local/bin:$PATH"'
        lines = [place, OLD_LINE[shell]]
    startup.write_text("\n".join([text.partition(START)[0] + START, *lines, END, ""]), encoding="utf-8")
    home = machine.home / ".local/share/awsctx"
    (home / f"hook.{shell}").unlink()
    manifest = home / "installed"
    manifest.write_text(re.sub("^hook .*\n", "", manifest.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")
    packages = next((machine.home / ".local/bin/awsctx").resolve().parents[1].glob("lib/python*/site-packages"))
    shutil.rmtree(packages / "awsctx" / "install")


@pytest.mark.parametrize("shell", STARTUP)
def test_an_upgrade_lets_the_lines_load_the_file(
    machine: Machine, stub: Path, make_stub_of: Callable[[str], Path], shell: str
) -> None:
    startup = machine.home / STARTUP[shell]
    startup.parent.mkdir(parents=True, exist_ok=True)
    startup.write_bytes(b"a")
    before = machine.tree()
    as_0_1_0(machine, stub, shell)
    old = startup.read_bytes()

    assert machine.install("--no-hook", "--from", stub).returncode == 0
    assert startup.read_bytes() == old, "--no-hook leaves the start-up file alone"
    with startup.open("ab") as file:
        file.write(b"b\n")
    assert machine.install("--from", make_stub_of("0.0.2")).returncode == 0

    lines = startup.read_text(encoding="utf-8").split("\n")
    assert LINE[shell] in lines
    assert lines[-2] == "b"
    assert OLD_LINE[shell] not in startup.read_text(encoding="utf-8")
    assert machine.install("--uninstall").returncode == 0
    assert startup.read_bytes() == b"a\nb\n"
    startup.write_bytes(b"a")
    assert machine.tree() == before


def test_lines_that_the_user_has_changed_stay(machine: Machine, stub: Path) -> None:
    as_0_1_0(machine, stub, "bash")
    startup = machine.home / ".bashrc"
    changed = startup.read_bytes().replace(b"init bash)", b"init bash --prompt)")
    startup.write_bytes(changed)

    assert machine.install("--from", stub).returncode == 0

    assert startup.read_bytes() == changed


@pytest.mark.parametrize("method", ["uv", "venv"])
def test_0_1_0_is_removed_by_a_checkout(machine: Machine, stub: Path, method: str) -> None:
    before = machine.tree()
    as_0_1_0(machine, stub, "bash", method)

    done = machine.install("--uninstall")

    assert done.returncode == 0, done
    assert machine.tree() == before


def test_0_1_0_and_a_lone_script(machine: Machine, stub: Path, tmp_path: Path) -> None:
    before = machine.tree()
    as_0_1_0(machine, stub, "bash")
    installed = machine.tree()
    alone = shutil.copy(INSTALL, tmp_path)

    done = machine.run(alone, "--uninstall")

    assert done.returncode == 1
    assert "this awsctx cannot remove itself\n  run install.sh --no-hook to renew it" in done.stderr
    assert machine.tree() == installed
    assert machine.run(alone, "--no-hook", "--from", stub).returncode == 0
    assert machine.run(alone, "--uninstall").returncode == 0
    assert machine.tree() == before


@pytest.mark.parametrize("checkout", [True, False])
def test_out_when_its_python_is_gone(machine: Machine, stub: Path, tmp_path: Path, checkout: bool) -> None:
    before = machine.tree()
    assert machine.install("--hook", "--with", "venv", "--from", stub).returncode == 0
    (machine.home / ".local/share/awsctx/current/bin/python").unlink()
    script = INSTALL if checkout else shutil.copy(INSTALL, tmp_path)

    done = machine.run(script, "--uninstall")

    assert done.returncode == 0, done
    assert machine.tree() == before


SAVE = """
import os, sys
from awsctx.commands.init import save
from awsctx.world import World
save(World(os.environ), sys.argv[1], prompt=True)
"""


def test_an_upgrade_keeps_how_a_hook_was_rendered(machine: Machine, stub: Path) -> None:
    before = machine.tree()
    assert machine.install("--hook", "--shell", "bash", "--from", stub).returncode == 0
    python = (machine.home / ".local/bin/awsctx").resolve().with_name("python")
    for shell in ("bash", "zsh"):
        assert machine.run(python, "-I", "-c", SAVE, shell).returncode == 0
    hooks = [machine.home / f".local/share/awsctx/hook.{shell}" for shell in ("bash", "zsh")]
    for hook in hooks:
        hook.write_text(hook.read_text(encoding="utf-8").split("\n")[0] + "\nold\n", encoding="utf-8")

    assert machine.install("--from", stub).returncode == 0

    for hook in hooks:
        first, _, rest = hook.read_text(encoding="utf-8").partition("\n")
        assert first.endswith("--save --prompt")
        assert rest != "old\n"
        assert hook.stat().st_mode & 0o777 == 0o600
    assert machine.install("--uninstall").returncode == 0
    assert machine.tree() == before
