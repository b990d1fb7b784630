"""What others have put into a folder, a setting or a path runs neither in install.sh nor in a shell's start."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.install.conftest import INSTALL, ROOT, Machine, astray_by_file, bare, machine, stub, with_uv
from tests.install.test_hook import IS_FUNCTION, STARTUP
from tests.tools import locate

__all__ = ["bare", "machine", "stub", "with_uv"]

EVIL = "$(touch pwned)`touch pwned` 'q' \"d\" \\ !! ;touch pwned; ü"
PLANTED = "import os, sys\nopen(os.path.join(os.environ['HOME'], 'pwned'), 'a').write(__name__)\n"
MODULES = ("venv", "pip", "ensurepip", "runpy", "argparse", "awsctx", "sitecustomize", "usercustomize", "compileall")


@pytest.mark.parametrize(
    ("shell", "variable"),
    [
        ("bash", "XDG_BIN_HOME"),
        ("bash", "PIPX_BIN_DIR"),
        *((shell, variable) for shell in STARTUP for variable in ("UV_TOOL_BIN_DIR", "XDG_DATA_HOME")),
    ],
)
def test_a_path_in_a_start_up_file_is_data(with_uv: Machine, stub: Path, shell: str, variable: str) -> None:
    folder = with_uv.bin.parent / EVIL.replace("/", "")
    method = {"XDG_BIN_HOME": "venv", "PIPX_BIN_DIR": "pipx"}.get(variable, "uv")
    if method == "pipx":
        with_uv.add("pipx", locate.tool("pipx"))
    with_uv.run(shell, "-ic", "true")  # fish makes folders of its own
    with_uv.environ[variable] = str(folder)
    before = with_uv.tree()

    done = with_uv.install("--hook", "--shell", shell, "--with", method, "--from", stub)

    assert done.returncode == 0, done
    shown = with_uv.run(shell, "-ic", f'{IS_FUNCTION[shell]}; echo "$PATH"')
    assert shown.stdout.split("\n")[0].endswith("function"), shown
    assert variable == "XDG_DATA_HOME" or str(folder) in shown.stdout
    assert not list(with_uv.bin.parent.rglob("pwned"))
    assert with_uv.install("--uninstall").returncode == 0
    assert with_uv.tree() == before
    assert not folder.exists()


def test_under_any_umask_nobody_else_can_write_to_what_it_makes(machine: Machine, stub: Path) -> None:
    done = machine.run("sh", "-c", 'umask 000; exec "$@"', "sh", INSTALL, "--hook", "--shell", "bash", "--from", stub)
    assert done.returncode == 0, done
    tree = machine.tree()
    assert ".local/bin" in tree and ".bashrc" in tree
    assert [path for path, (mode, _) in tree.items() if not stat.S_ISLNK(mode) and mode & 0o022] == []


@pytest.mark.parametrize("method", ["venv", "uv", "pipx"])
def test_what_is_planted_in_the_current_folder_does_not_run(with_uv: Machine, stub: Path, tmp_path: Path, method: str) -> None:
    if method == "pipx":
        with_uv.add("pipx", locate.tool("pipx"))
    here = tmp_path / "downloads"
    here.mkdir()
    for module in MODULES:
        (here / f"{module}.py").write_text(PLANTED, encoding="utf-8")
    (here / "pyproject.toml").write_text("[tool.uv]\nindex-url = 'http://127.0.0.1:1/'\n", encoding="utf-8")
    shutil.copy(stub, here)
    environ = with_uv.environ | {"PYTHONPATH": f":{here}", "PYTHONSTARTUP": str(here / "pip.py")}

    for arguments in (["--no-hook", "--with", method, "--from", f"./{stub.name}"], ["--uninstall"]):
        done = subprocess.run([INSTALL, *arguments], env=environ, cwd=here, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done

    assert not (with_uv.home / "pwned").exists()
    assert not (here / "__pycache__").exists()


@pytest.mark.parametrize("method", ["venv", "pipx"])
def test_settings_of_pip_put_nothing_elsewhere(with_uv: Machine, stub: Path, method: str) -> None:
    """`prefix`, `root` and `target`, by pip.conf and by variables."""
    if method == "pipx":
        with_uv.add("pipx", locate.tool("pipx"))
    elsewhere = with_uv.home / "elsewhere"
    variables = {f"PIP_{name}": str(elsewhere) for name in ("PREFIX", "ROOT", "TARGET")}
    before = with_uv.tree()
    for astray in ({"PIP_CONFIG_FILE": str(astray_by_file(with_uv))}, variables):
        done = with_uv.install("--no-hook", "--with", method, "--from", stub, **astray)
        assert done.returncode == 0, done
        assert not elsewhere.exists()
        assert with_uv.run(with_uv.home / ".local/bin/awsctx", "--version").stdout == "awsctx 0.0.1\n"
        assert with_uv.install("--uninstall", **astray).returncode == 0
        assert with_uv.tree() == before


def checkout(folder: Path) -> Path:
    """A folder that looks like a checkout, but whose build backend leaves a trace."""
    folder.mkdir()
    shutil.copy(INSTALL, folder)
    (folder / "src").mkdir()
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "awsctx-cli"\nversion = "9"\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        encoding="utf-8",
    )
    (folder / "backend.py").write_text(PLANTED, encoding="utf-8")
    return folder


@pytest.mark.parametrize("part", [".", "install.sh", "pyproject.toml", "src"])
@pytest.mark.parametrize("change", ["world", "group", "owner"])
def test_a_checkout_that_others_can_change_is_no_source(with_uv: Machine, tmp_path: Path, part: str, change: str) -> None:
    folder = checkout(tmp_path / "shared")
    path = folder / part
    if change == "world":
        path.chmod(path.stat().st_mode | 0o002)
    elif os.getuid() != 0:
        pytest.skip("only root can give a file away")
    else:
        os.chown(path, 12345 if change == "owner" else -1, 12345)
        path.chmod(path.stat().st_mode | (0o020 if change == "group" else 0))
    # uv says what it was asked for.
    with_uv.write("uv", 'case "$*" in "tool dir"*) echo "$HOME/x/bin" ;; *) echo "asked: $*" >&2; exit 1 ;; esac')

    done = with_uv.run(folder / "install.sh", "--no-hook")

    assert done.returncode == 1
    assert f"not from {folder}, which others can change" in done.stdout
    assert "asked: tool install" in done.stderr
    assert " awsctx-cli\n" in done.stderr
    assert not (with_uv.home / "pwned").exists()


def test_a_checkout_of_ones_own_is_the_source(with_uv: Machine, tmp_path: Path) -> None:
    folder = checkout(tmp_path / "own")
    # As with a umask of 002, where each user has a group alone.
    folder.chmod(0o775)
    with_uv.write("uv", 'case "$*" in "tool dir"*) echo "$HOME/x/bin" ;; *) echo "asked: $*" >&2; exit 1 ;; esac')

    done = with_uv.run(folder / "install.sh", "--no-hook")

    private = subprocess.run("[ $(id -gn) = $(id -un) ]", shell=True, check=False).returncode == 0
    assert (f" {folder}\n" in done.stderr) == private, done


def plain(machine: Machine, stub: Path) -> Path:
    """The launcher as pip alone installs it."""
    environment = machine.bin.parent / "plain"
    assert machine.run("python3", "-m", "venv", "--without-pip", environment).returncode == 0
    assert machine.run(sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install", stub).returncode == 0
    return environment / "bin" / "awsctx"


@pytest.mark.parametrize("how", ["install.sh", "pip"])
def test_the_command_heeds_no_pythonpath(machine: Machine, stub: Path, tmp_path: Path, how: str) -> None:
    if how == "pip":
        command = plain(machine, stub)
    else:
        assert machine.install("--no-hook", "--from", stub).returncode == 0
        command = machine.home / ".local/bin/awsctx"
    here = tmp_path / "here"
    (here / "awsctx").mkdir(parents=True)
    (here / "awsctx" / "__init__.py").write_text(PLANTED, encoding="utf-8")
    site = next(command.resolve().parents[1].glob("lib/python*/site-packages"))

    for entry in (":", ".", f"{here}", f"{here}:{site}", f"{site}:", f"{os.path.dirname(os.__file__)}:"):
        done = subprocess.run(
            [command, "--version"],
            env=machine.environ | {"PYTHONPATH": entry},
            cwd=here,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout, done.stderr) == ("awsctx 0.0.1\n", ""), entry
    assert not (machine.home / "pwned").exists()


def test_an_editable_installation_works_with_a_pythonpath(tmp_path: Path) -> None:
    import sysconfig

    command = Path(sysconfig.get_path("scripts"), "awsctx")
    for entry in (":", "src", str(ROOT / "src")):
        done = subprocess.run(
            [command, "--version"],
            env=os.environ | {"PYTHONPATH": entry},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), entry
