"""How the package's own modules are found: by their compiled files, where these are what Python would load."""

from __future__ import annotations

import os
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.shells.ptys import tool
from tests.support import AWSCTX, DEVELOPER, Home

import awsctx

SHOWS = (
    "import awsctx.room.module as m; print(m.WORD, type(m.__spec__.loader).__name__, m.__file__, m.__cached__, m.__package__)"
)


class Package:
    """A copy of the package's `__init__`, with one module in one room."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.module = folder / "awsctx" / "room" / "module.py"
        self.module.parent.mkdir(parents=True)
        shutil.copy(awsctx.__file__, folder / "awsctx")
        (folder / "awsctx" / "room" / "__init__.py").touch()
        self.module.write_text("WORD = 'first'\n")
        self.compile()

    def compile(self, mode: py_compile.PycInvalidationMode | None = None) -> Path:
        for source in self.folder.rglob("*.py"):
            cached = py_compile.compile(str(source), doraise=True, invalidation_mode=mode)
        assert cached
        return Path(next(self.module.parent.glob("__pycache__/module.*")))

    def shows(self, *options: str) -> list[str]:
        """What the module says of itself: its word, its loader's name, its file, its compiled file, its package."""
        env = {"PYTHONPATH": str(self.folder), "PATH": os.environ["PATH"]}
        command = [sys.executable, "-B", *options, "-c", SHOWS]
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=30).stdout.split()


@pytest.fixture
def package(tmp_path: Path) -> Package:
    return Package(tmp_path)


def test_a_module_is_loaded_from_its_compiled_file(package: Package) -> None:
    cached = next(package.module.parent.glob("__pycache__/module.*"))
    assert package.shows() == ["first", "_Loader", str(package.module), str(cached), "awsctx.room"]


@pytest.mark.parametrize("change", ["later", "longer"])
def test_a_module_that_has_changed_since_is_compiled_anew(package: Package, change: str) -> None:
    before = package.module.stat()
    package.module.write_text("WORD = 'other'\n" if change == "later" else "WORD = 'longer'\n")
    os.utime(package.module, (before.st_atime, before.st_mtime + (change == "later")))
    assert package.shows()[:2] == ["other" if change == "later" else "longer", "SourceFileLoader"]


def test_without_compiled_files_python_finds_the_modules(package: Package) -> None:
    for folder in list(package.folder.rglob("__pycache__")):
        shutil.rmtree(folder)
    assert package.shows()[:2] == ["first", "SourceFileLoader"]


@pytest.mark.parametrize("header", [b"", b"another Python's", b"\0" * 16], ids=["empty", "another", "zeros"])
def test_a_file_that_another_python_has_compiled_is_left_alone(package: Package, header: bytes) -> None:
    next(package.module.parent.glob("__pycache__/module.*")).write_bytes(header)
    assert package.shows()[:2] == ["first", "SourceFileLoader"]


def test_a_file_that_is_checked_by_its_hash_is_left_to_python(package: Package) -> None:
    package.compile(py_compile.PycInvalidationMode.CHECKED_HASH)
    before = package.module.stat()
    package.module.write_text("WORD = 'other'\n")
    os.utime(package.module, (before.st_atime, before.st_mtime))
    assert package.shows()[:2] == ["other", "SourceFileLoader"]


def test_python_that_optimizes_has_other_files(package: Package) -> None:
    assert package.shows("-O")[:2] == ["first", "SourceFileLoader"]


def test_an_everyday_call_opens_each_module_once_and_lists_no_folder(home: Home) -> None:
    """Counted, not timed. A call looks at a module's compiled file and source; of a room, also at a file that is not there."""
    home.ok(DEVELOPER)
    home.ok("current")  # compiles what has changed since it was compiled last
    log, package = home.folder / "calls", f"{Path(awsctx.__file__).parent}/"
    home.ok("-f", "-qq", "-e", "trace=file", "-o", log, AWSCTX, "current", command=[tool("strace")])
    named = [line.split('"')[1] for line in log.read_text().splitlines()]
    files = [name.removeprefix(package) for name in named if name.startswith(package)]
    files = [file for file in files if not file.startswith(("__init__", "__pycache__/__init__"))]  # Python finds these
    sources = [file for file in files if file.endswith(".py")]
    rooms = [file for file in sources if file.endswith("/__init__.py")]
    assert len(sources) > 15
    assert len(files) == 2 * len(sources) + len(rooms), files
