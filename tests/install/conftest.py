"""install.sh in homes of their own. Most tests install a stub of the package, which has no dependencies: the installer's own
modules and what they import, with another front door."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from configparser import RawConfigParser
from functools import cache
from pathlib import Path

import pytest
from tests.tools import locate

ROOT = Path(__file__).parents[2]
INSTALL = ROOT / "install.sh"

# What a newcomer's machine has, of all that install.sh and its tests call; python3, uv and pipx come on top.
COMMANDS = """
    bash cat chmod dirname env find fish grep id ls man manpath mkdir mktemp ps readlink rm rmdir sed sh tail zsh
"""

FRONT_DOOR = """
import sys

from awsctx import __version__

leave = sys.exit


def main():
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        print("awsctx", __version__)
    elif arguments == ["demo", "--play"]:
        print("the demo is played by", sys.prefix)
    else:
        return 2
"""

SHARED = {
    "man/man1/awsctx.1": ".Dd January 1, 2026\n.Dt AWSCTX 1\n.Os\n.Sh NAME\n.Nm awsctx\n.Nd stub\n",
    "bash-completion/completions/awsctx": "# bash\n",
    "zsh/site-functions/_awsctx": "#compdef awsctx\n",
    "fish/vendor_completions.d/awsctx.fish": "# fish\n",
}


class Machine:
    """A home, and a PATH that holds nothing but what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.bin = folder / "bin"
        self.home.mkdir(parents=True)
        self.bin.mkdir()
        for command in COMMANDS.split():
            self.add(command)
        self.environ = {
            "HOME": str(self.home),
            "PATH": str(self.bin),
            "SHELL": "/bin/bash",
            "TERM": "dumb",
            "TMPDIR": str(folder),
            **{name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_CERT", "UV_"))},
            # Folders of uv's and pipx's own, which they keep. The caller's caches, so that nothing is fetched twice.
            "UV_TOOL_DIR": str(folder / "uv"),
            "PIPX_HOME": str(folder / "pipx"),
            "PIPX_SHARED_LIBS": str(locate.tools() / "pipx-shared"),
            "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache" / "pip")),
            "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache" / "uv")),
        }

    def add(self, command: str, target: str | Path | None = None) -> None:
        """Put a command of this system, or ``target``, on PATH."""
        found = target or shutil.which(command)
        if found is not None:
            (self.bin / command).symlink_to(found)

    def write(self, command: str, script: str) -> None:
        """Put a script on PATH."""
        (self.bin / command).unlink(missing_ok=True)
        (self.bin / command).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (self.bin / command).chmod(0o755)

    def run(self, *arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run ``arguments``; ``environ`` adds variables."""
        return subprocess.run(
            arguments,
            env=self.environ | environ,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def install(self, *options: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
        return self.run(INSTALL, *options, **environ)

    def tree(self) -> dict[str, tuple[int, bytes | str]]:
        """Each file and folder under the home: its mode, and its content or the link's target."""
        found: dict[str, tuple[int, bytes | str]] = {}
        for folder, names, files in os.walk(self.home):
            for name in names + files:
                path = Path(folder, name)
                content = str(path.readlink()) if path.is_symlink() else b"" if path.is_dir() else path.read_bytes()
                found[str(path.relative_to(self.home))] = (path.lstat().st_mode, content)
        return found


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine without Python, uv and pipx."""
    return Machine(tmp_path)


@pytest.fixture
def machine(bare: Machine) -> Machine:
    """A machine with Python."""
    return with_python(bare)


def with_python(machine: Machine) -> Machine:
    python = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    machine.write("python3", f'exec {python} "$@"')
    return machine


@pytest.fixture
def with_uv(machine: Machine) -> Machine:
    """A machine with uv as well; with it, an installation of the stub takes a moment."""
    machine.add("uv", locate.tool("uv"))
    return machine


@pytest.fixture(scope="session")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel like ours in all that install.sh looks at, but without dependencies."""
    return make_stub(tmp_path_factory.mktemp("stub"))


@pytest.fixture(scope="session")
def make_stub_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    return lambda version: make_stub(tmp_path_factory.mktemp("stub"), version)


def make_stub(folder: Path, version: str = "0.0.1") -> Path:
    name = f"awsctx_cli-{version}"
    info = f"{name}.dist-info"
    files = {
        **modules(),
        "awsctx/__init__.py": f'__version__ = "{version}"\n',
        "awsctx/__main__.py": FRONT_DOOR,
        f"{name}.data/scripts/awsctx": (ROOT / "src" / "bin" / "awsctx").read_text(encoding="utf-8"),
        **{f"{name}.data/data/share/{path}": text for path, text in SHARED.items()},
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: stub\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: awsctx-cli\nVersion: {version}\nProvides-Extra: demo\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    wheel = folder / f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = (0o100755 if "/scripts/" in path else 0o100644) << 16
            archive.writestr(entry, text)
    return wheel


@cache
def modules() -> dict[str, str]:
    """The installer's modules, all of ours that they import, and the shells' files: path in the wheel -> text."""
    code = (
        "import awsctx.install.__main__, sys; "
        "print(*(m.__file__ for n, m in sys.modules.items() if n.partition('.')[0] == 'awsctx'), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    shells = (ROOT / "src" / "awsctx" / "shells").glob("*.*")
    paths = {Path(line) for line in done.stdout.splitlines()} | set(shells)
    return {str(path.relative_to(ROOT / "src")): path.read_text(encoding="utf-8") for path in paths}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "pip", "-qq", "wheel", "--no-deps", "-w", folder, ROOT], check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, stub: Path) -> Machine:
    """A machine with the stub in a venv, to look at; installed under settings that would lead pip astray."""
    machine = with_python(Machine(tmp_path_factory.mktemp("installed")))
    astray = {
        "PIP_USER": "1",
        "PIP_TARGET": f"{machine.home}/target",
        "PIP_CONFIG_FILE": str(astray_by_file(machine)),
        "PIP_REQUIRE_VIRTUALENV": "1",
        "PYTHONHOME": "/nowhere",
        "PYTHONPATH": f"{machine.home}/nowhere",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = machine.install("--no-hook", "--from", stub, **astray)
    assert done.returncode == 0, done
    return machine


def astray_by_file(machine: Machine) -> Path:
    """A pip.conf with settings that would have pip install elsewhere, and the index of the caller's, if there is one."""
    path = machine.bin.parent / "pip.conf"
    settings = RawConfigParser()
    settings.read(["/etc/pip.conf", Path.home() / ".pip" / "pip.conf", Path.home() / ".config" / "pip" / "pip.conf"])
    elsewhere = str(machine.home / "elsewhere")
    settings.read_dict(
        {
            "global": {"require-virtualenv": "true", "user": "true"},
            "install": {"prefix": elsewhere, "root": elsewhere, "target": elsewhere, "no-compile": "true"},
        }
    )
    with path.open("w", encoding="utf-8") as file:
        settings.write(file)
    return path
