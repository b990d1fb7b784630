"""install.sh in homes of their own. Most tests install a stub of the package: what they prove is the installer's work."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.tools import locate

ROOT = Path(__file__).parents[2]
INSTALL = ROOT / "install.sh"

# What install.sh and its tests call, and a newcomer's machine has; python3, uv and pipx come on top.
COMMANDS = (
    "sh bash zsh fish env awk cat chmod cp cut dirname expr grep head id ln ls mkdir mktemp mv ps readlink rm rmdir sed "
    "sleep sort tail touch tr uname wc true man manpath"
).split()

LAUNCHER = """#!python
import sys

from awsctx import main

sys.exit(main())
"""

STUB = '''
import sys


def main():
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        print("awsctx 0.0.1")
    elif arguments[:1] == ["init"]:
        print("set -g AWSCTX_STUB loaded" if arguments[1] == "fish" else "AWSCTX_STUB=loaded")
    elif arguments == ["demo", "--play"]:
        print("the demo is played by", sys.prefix)
    else:
        return 2
'''

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
        for command in COMMANDS:
            self.add(command)
        self.environ = {
            "HOME": str(self.home),
            "PATH": str(self.bin),
            "SHELL": "/bin/bash",
            "TERM": "dumb",
            "TMPDIR": str(folder),
            **{name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_CERT", "UV_"))},
            # The caller's caches, so that a test fetches what is already there.
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

    def tree(self, *, but: Sequence[str] = ()) -> dict[str, tuple[int, bytes | str]]:
        """Each file under the home: mode, and content or link target; without the folders ``but``, which are others'."""
        found: dict[str, tuple[int, bytes | str]] = {}
        for folder, names, files in os.walk(self.home):
            for name in names + files:
                path = Path(folder, name)
                content = os.readlink(path) if path.is_symlink() else b"" if path.is_dir() else path.read_bytes()
                found[str(path.relative_to(self.home))] = (path.lstat().st_mode, content)
        return {name: entry for name, entry in found.items() if not name.startswith(tuple(but))}


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine without Python, uv and pipx."""
    return Machine(tmp_path)


@pytest.fixture
def machine(bare: Machine) -> Machine:
    """A machine with Python."""
    bare.add("python3", getattr(sys, "_base_executable", sys.executable))
    return bare


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
        "awsctx/__init__.py": STUB.replace("0.0.1", version),
        f"{name}.data/scripts/awsctx": LAUNCHER,
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


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "pip", "-qq", "wheel", "--no-deps", "-w", folder, ROOT], check=True)
    return next(folder.glob("*.whl"))
