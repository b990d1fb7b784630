"""Imports go down the house (CONTRIBUTING.md, "How it is built"): counted over all there are, lazy and type-only ones too."""

from __future__ import annotations

import ast
from pathlib import Path

import awsctx

SOURCE = Path(awsctx.__file__).parent

# The floors from the top; the rooms of one floor may use each other as long as no circle comes of it.
FLOORS = (
    ("__main__", "install"),
    ("cli",),
    ("commands",),
    ("profiles", "aws", "cells", "doctor", "demo"),
    ("shell", "guard"),
    ("world",),
    ("signin",),
    ("awsfiles",),
    ("store",),
    ("core", "shells"),
    ("errors", "trace", "tools"),
    ("__init__",),
)
FLOOR_OF = {room: number for number, floor in enumerate(FLOORS) for room in floor}


def modules() -> dict[str, set[str]]:
    """{module: the modules of ours that it imports, anywhere in its text}, named from the package's folder: `core.context`."""
    names = {}
    for path in SOURCE.rglob("*.py"):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)] = path
    found = {}
    for name, path in names.items():
        found[name] = {
            target
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for target in imported(node, set(names))
            if target != name
        }
    return found


def imported(node: ast.AST, known: set[str]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.removeprefix("awsctx.") for alias in node.names if alias.name.startswith("awsctx.")]
    if isinstance(node, ast.ImportFrom) and node.level:
        raise AssertionError(f"a relative import, which nothing here follows: from {'.' * node.level}{node.module or ''}")
    if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] != "awsctx":
        return []
    module = (node.module or "").removeprefix("awsctx").removeprefix(".")
    below = [f"{module}.{alias.name}".removeprefix(".") for alias in node.names]
    return [target if target in known else module or "__init__" for target in below]


def floor(module: str) -> int:
    return FLOOR_OF[module.split(".")[0]]


def test_every_module_has_a_floor() -> None:
    assert {module.split(".")[0] for module in modules()} == set(FLOOR_OF)


def test_imports_go_down() -> None:
    up = [(name, target) for name, targets in modules().items() for target in targets if floor(target) < floor(name)]
    assert up == []


def test_there_is_no_circle() -> None:
    left = modules()
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]
    assert left == {}


def test_a_file_is_read_in_one_go() -> None:
    """At most 300 lines, the tests too."""
    folders = (SOURCE, Path(__file__).parent)
    files = [
        file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".bash", ".zsh", ".fish", ".nu")
    ]
    assert [str(file) for file in files if len(file.read_text(encoding="utf-8").splitlines()) > 300] == []
