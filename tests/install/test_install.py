"""install.sh puts the command, man page and completions in their places, again and again, and out again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.install.conftest import INSTALL, Machine
from tests.tools import locate

from awsctx import __version__, shells
from awsctx.install import hook
from awsctx.install.environment import Places, isolate

PARTS = (
    "man/man1/awsctx.1",
    "bash-completion/completions/awsctx",
    "zsh/site-functions/_awsctx",
    "fish/vendor_completions.d/awsctx.fish",
)


def bytecode(machine: Machine) -> list[Path]:
    launcher = (machine.home / ".local/bin/awsctx").resolve()
    return list(launcher.parents[1].glob("lib/python*/site-packages/awsctx/__pycache__/*.pyc"))


def stable_paths(machine: Machine) -> set[str]:
    return {path for path in machine.tree() if not path.startswith(".local/share/awsctx/venv.")}


@pytest.mark.parametrize(("method", "source"), [("venv", "wheel"), ("uv", "wheel"), ("pipx", "stub")])
def test_it_is_installed_and_removed(machine: Machine, method: str, source: str, request: pytest.FixtureRequest) -> None:
    if method != "venv":
        machine.add(method, locate.tool(method))
    (machine.home / ".local").mkdir()
    before = machine.tree()

    done = machine.install("--no-hook", "--from", request.getfixturevalue(source))

    assert done.returncode == 0, done
    assert f"with {method}" in done.stdout
    command = machine.home / ".local/bin/awsctx"
    assert machine.run(command, "--version").stdout.startswith("awsctx ")
    assert bytecode(machine), "without bytecode it starts three times as slowly"
    assert " -IS" in command.read_text(encoding="utf-8").partition("import os")[0], "site takes a sixteenth of a call"
    share = machine.home / ".local/share"
    for path in PARTS:
        assert (share / path).read_text(encoding="utf-8"), path
    assert (share / "awsctx").stat().st_mode & 0o022 == 0

    removed = machine.install("--uninstall")

    assert removed.returncode == 0, removed
    assert machine.tree() == before


def test_all_parts_are_linked_and_found(installed: Machine) -> None:
    share = installed.home / ".local/share"
    assert all((share / path).is_symlink() for path in PARTS)
    path = f"{installed.home}/.local/bin:{installed.environ['PATH']}"
    page = installed.run("man", "-w", "awsctx", PATH=path).stdout.rstrip("\n")
    assert page
    assert Path(page).samefile(share / "man/man1/awsctx.1")


def test_the_venv_holds_the_command_alone(installed: Machine) -> None:
    packages = next((installed.home / ".local/share/awsctx/current").glob("lib/python*/site-packages"))
    assert sorted(path.name for path in packages.iterdir() if path.name != "__pycache__") == [
        "awsctx",
        "awsctx_cli-0.0.1.dist-info",
    ]
    assert bytecode(installed)
    assert not (installed.home / "target").exists()
    assert not (installed.home / "elsewhere").exists()


@pytest.mark.parametrize("method", ["venv", "uv"])
def test_again_upgrades_in_place_or_changes_nothing(
    with_uv: Machine, stub: Path, make_stub_of: Callable[[str], Path], method: str
) -> None:
    before = with_uv.tree()
    assert with_uv.install("--no-hook", "--with", method, "--from", stub).returncode == 0
    command = with_uv.home / ".local/bin/awsctx"
    paths = stable_paths(with_uv)
    old = with_uv.tree()

    failed = with_uv.install("--no-hook", "--from", with_uv.home / "nowhere.whl")

    assert failed.returncode == 1
    assert "could not install" in failed.stderr
    assert with_uv.tree() == old
    assert with_uv.run(command, "--version").stdout == "awsctx 0.0.1\n"

    again = with_uv.install("--no-hook", "--from", make_stub_of("0.0.2"))

    assert again.returncode == 0, again
    assert with_uv.run(command, "--version").stdout == "awsctx 0.0.2\n"
    assert stable_paths(with_uv) == paths
    assert len(list((with_uv.home / ".local/share/awsctx").glob("venv.*"))) == (method == "venv")
    assert with_uv.install("--uninstall").returncode == 0
    assert with_uv.tree() == before


def test_an_installation_keeps_its_method(with_uv: Machine, stub: Path) -> None:
    assert with_uv.install("--no-hook", "--from", stub).returncode == 0

    other = with_uv.install("--no-hook", "--with", "venv", "--from", stub)

    assert other.returncode == 1
    assert "was installed with uv" in other.stderr


def test_a_home_with_any_name(machine: Machine, stub: Path) -> None:
    machine.home = machine.home / f"first 'last' ünï (x) {'l' * 120}"
    machine.home.mkdir()
    machine.environ["HOME"] = str(machine.home)

    done = machine.install("--hook", "--from", stub)

    assert done.returncode == 0, done
    assert machine.run(machine.home / ".local/bin/awsctx", "--version").stdout == "awsctx 0.0.1\n"
    assert machine.run("bash", "-ic", "type -t awsctx").stdout == "function\n"
    assert machine.install("--uninstall").returncode == 0
    assert machine.tree() == {}


def test_folders_of_the_users_choice(machine: Machine, stub: Path) -> None:
    environ = {"XDG_DATA_HOME": f"{machine.home}/data", "XDG_BIN_HOME": f"{machine.home}/my/bin"}

    assert machine.install("--no-hook", "--from", stub, **environ).returncode == 0

    assert machine.run(machine.home / "my/bin/awsctx", "--version").returncode == 0
    assert (machine.home / "my/share/man/man1/awsctx.1").exists()
    assert (machine.home / "data/zsh/site-functions/_awsctx").exists()
    assert machine.install("--uninstall", **environ).returncode == 0
    assert machine.tree() == {}


def test_what_others_have_put_there_stays(with_uv: Machine, stub: Path) -> None:
    command = with_uv.home / ".local/bin/awsctx"
    command.parent.mkdir(parents=True)
    command.write_text("another program\n", encoding="utf-8")
    before = with_uv.tree()

    refused = with_uv.install("--hook", "--from", stub)

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"install.sh: {with_uv.home}/.local/bin/awsctx is there already")
    assert with_uv.tree() == before

    command.unlink()
    page = with_uv.home / ".local/share/man/man1/awsctx.1"
    page.parent.mkdir(parents=True)
    page.write_text("another page\n", encoding="utf-8")
    before = with_uv.tree()

    done = with_uv.install("--no-hook", "--from", stub)

    assert done.returncode == 0
    assert "left alone: ~/.local/share/man/man1/awsctx.1" in done.stdout
    assert with_uv.install("--uninstall").returncode == 0
    assert with_uv.tree() == before


def test_settings_and_choices_of_the_user_stay(with_uv: Machine, stub: Path) -> None:
    assert with_uv.install("--no-hook", "--from", stub).returncode == 0
    for path in (".local/state/awsctx/state", ".config/awsctx/config.toml", ".aws/config"):
        (with_uv.home / path).parent.mkdir(parents=True)
        (with_uv.home / path).write_text("mine\n", encoding="utf-8")

    removed = with_uv.install("--uninstall")

    assert removed.stdout.count("kept:") == 1
    assert "kept: ~/.config/awsctx, ~/.local/state/awsctx: what is there is yours\n" in removed.stdout
    assert (with_uv.home / ".aws/config").read_text(encoding="utf-8") == "mine\n"
    again = with_uv.install("--uninstall")
    assert again.returncode == 1
    assert "nothing to remove" in again.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_interrupted_while_it_builds(machine: Machine, stub: Path, number: signal.Signals) -> None:
    before = machine.tree()
    process = subprocess.Popen(
        [INSTALL, "--no-hook", "--from", stub],
        env=machine.environ,
        cwd=machine.home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    while not list(machine.home.glob(".local/share/awsctx/venv.*/bin/python")):
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, number)

    status = process.wait(timeout=30)

    if number != signal.SIGKILL:
        assert status == 128 + number
        assert machine.tree() == before
    else:
        assert not (machine.home / ".local/bin/awsctx").exists()
        assert machine.install("--no-hook", "--from", stub).returncode == 0
        assert len(list((machine.home / ".local/share/awsctx").glob("venv.*"))) == 1
        assert machine.install("--uninstall").returncode == 0
        assert machine.tree() == before


@pytest.mark.parametrize("method", ["venv", "uv"])
def test_a_failed_installation_leaves_nothing(with_uv: Machine, method: str) -> None:
    before = with_uv.tree()

    done = with_uv.install("--hook", "--with", method, "--from", with_uv.home / "nowhere.whl")

    assert done.returncode == 1
    assert "could not install" in done.stderr
    assert "Traceback" not in done.stderr
    assert with_uv.tree() == before


@pytest.mark.parametrize("method", ["venv", "uv"])
@pytest.mark.parametrize("upgrade", [False, True])
def test_what_cannot_be_put_in_its_place_undoes_all(with_uv: Machine, stub: Path, method: str, upgrade: bool) -> None:
    home = with_uv.home / ".local/share/awsctx"
    if upgrade:
        assert with_uv.install("--no-hook", "--with", method, "--from", stub).returncode == 0
    (home / "hook.bash").mkdir(parents=True)  # a folder, so that root cannot write it either
    before = with_uv.tree()

    done = with_uv.install("--hook", "--with", method, "--from", stub)

    assert done.returncode == 1
    assert f"install.sh: could not write {home}/hook.bash" in done.stderr
    assert "Traceback" not in done.stderr
    assert with_uv.tree() == before
    if upgrade:
        assert with_uv.run(with_uv.home / ".local/bin/awsctx", "--version").stdout == "awsctx 0.0.1\n"


def test_nushell_loads_its_file_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether or not this version has a hook for it: what is proved is where it goes, and that no start-up file is needed."""
    monkeypatch.setitem(shells.SHELLS, "nu", shells.SHELLS.get("nu", shells.SHELLS["bash"]))
    environ = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    places = Places("uv", tmp_path, tmp_path, tmp_path / "bin", tmp_path / "share", tmp_path / "data")
    said: list[str] = []
    answers = iter(["what?", "y"])

    offered = hook.offer("nu", places, environ)

    path = str(tmp_path / "data/nushell/vendor/autoload/awsctx.nu")
    assert (offered.hook, offered.startup, offered.loader) == (path, None, None)
    assert hook.decide(offered, "ask", said.append, lambda _: next(answers)) == "add"
    assert path in said[0]
    assert hook.decide(offered, "ask", said.append, None) == "tell"
    assert not hook.is_awaited(offered, "tell")
    (tmp_path / "data/nushell/vendor/autoload").mkdir(parents=True)
    Path(path).touch()
    assert hook.offer("nu", places, environ).loader == (path, True)


def test_the_demo_has_a_venv_of_its_own(with_uv: Machine, stub: Path) -> None:
    before = with_uv.tree()

    done = with_uv.install("--demo", "--from", stub)

    assert done.returncode == 0, done
    assert f"the demo is played by {with_uv.home}/.local/share/awsctx/demo." in done.stdout
    assert "add them" in done.stdout, "without a terminal nothing is asked, and nothing is added"
    assert not (with_uv.home / ".bashrc").exists()
    assert done.stdout.endswith('here, first: export PATH="$HOME/.local/bin:$PATH"\n')
    assert with_uv.install("--no-hook", "--from", stub).returncode == 0
    assert not list(with_uv.home.glob(".local/share/awsctx/demo*")), "it would be an older awsctx's"
    assert with_uv.install("--uninstall").returncode == 0
    assert with_uv.tree() == before


def test_without_its_packages_in_the_usual_place_it_asks_site_where_they_are(tmp_path: Path) -> None:
    """As in an editable installation."""
    launcher = tmp_path / "awsctx"
    launcher.write_text((INSTALL.parent / "src/bin/awsctx").read_text(encoding="utf-8"), encoding="utf-8")
    isolate(launcher, Path(sys.executable))
    done = subprocess.run([launcher, "--version"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"awsctx {__version__}\n", "")
