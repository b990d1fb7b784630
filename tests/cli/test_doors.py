"""The front door and Typer's door answer alike: each everyday shape gives the same status, stdout and stderr."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support import DEVELOPER, TESTER, Home

SHAPES = (
    [DEVELOPER],
    [f"{DEVELOPER}@eu-west-3"],
    ["gone"],
    ["worksso.testr"],
    [TESTER],
    ["a\nb"],
    ["-"],
    ["use", DEVELOPER],
    ["use", "list"],
    ["use", "-"],
    ["current"],
    ["-c"],
    ["prompt"],
    ["list"],
    ["init", "bash"],
    ["init", "zsh"],
    ["init", "fish"],
    ["init", "tcsh"],
    ["init", "bash", "--prompt"],
    ["init", "--aliases", "fish"],
    ["exec", "--", "printenv", "AWS_PROFILE"],
    ["exec", "-p", DEVELOPER, "-r", "eu-west-3", "-q", "--", "printenv", "AWS_PROFILE", "AWS_REGION"],
    ["exec", "--profile", "gone", "--", "true"],
    ["exec", "printf", "%s", "--", "-p"],
    ["exec", "-c", 'echo "$AWS_PROFILE" "$@"', "--", "a", "b"],
    ["exec", "--", "no-such-command"],
    ["exec", "-c", "exit 7"],
    ["exec", "--", "", "x"],
)

TYPER = "import sys; from awsctx import __main__ as m; m._everyday = lambda argv: None; sys.exit(m.main())"


def without_serial(home: Home) -> list[str]:
    """The state's lines but for the third, which is the clock's."""
    lines = home.state.read_text().split("\n")
    return lines[:2] + lines[3:]


def timeless(text: str) -> str:
    """Less the moment at which it was printed, which a hook begins its clock at."""
    return re.sub(r"\b\d{10}\b", "NOW", text)


@pytest.mark.parametrize("unset", [False, True], ids=["active", "nothing active"])
@pytest.mark.parametrize("shape", SHAPES, ids=" ".join)
def test_both_doors_answer_alike(home: Home, shape: list[str], unset: bool, tmp_path: Path) -> None:
    home.ok(DEVELOPER)
    home.ok(TESTER)
    if unset:
        home.ok("-u")
    env: dict[str, str | None] = {"AWS_ACCESS_KEY_ID": "AKIA"}
    shutil.copytree(home.state.parent, tmp_path / "before")
    front = home.run(*shape, env=env)
    state = without_serial(home)
    shutil.copytree(tmp_path / "before", home.state.parent, dirs_exist_ok=True)
    typer = home.run(*shape, env=env, command=[sys.executable, "-c", TYPER])
    assert (typer.returncode, timeless(typer.stdout), typer.stderr) == (
        front.returncode,
        timeless(front.stdout),
        front.stderr,
    )
    assert without_serial(home) == state


def test_the_front_door_knows_each_shape() -> None:
    """Otherwise the test above compares Typer with itself."""
    from awsctx import __main__ as front

    reached = []
    front_world, front.world = front.world, lambda: reached.append(1) or pytest.fail.Exception  # type: ignore[assignment,func-returns-value,return-value]
    try:
        for shape in SHAPES:
            before = len(reached)
            try:
                front._everyday(shape)
            except Exception:  # the world that it got is none
                pass
            assert len(reached) == before + 1, shape
    finally:
        front.world = front_world


@pytest.mark.parametrize(("loaded", "told"), [("os", ""), ("threading", "the end\n"), ("awsctx.cli.app", "the end\n")])
def test_only_a_call_that_has_nothing_to_end_ends_at_once(loaded: str, told: str) -> None:
    code = f"import atexit, {loaded}; from awsctx.__main__ import leave; atexit.register(print, 'the end'); leave(3)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (3, told, "")


def test_ctrl_c_before_the_command_has_begun(home: Home, tmp_path: Path) -> None:
    """While its modules are imported, say: 130 as at any other time, and no traceback."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n\n\nclass Interrupted:\n    def find_spec(name, *_):\n        if name == 'awsctx':\n"
        "            raise KeyboardInterrupt\n\n\nsys.meta_path.insert(0, Interrupted)\n"
    )
    done = home.run("list", env={"PYTHONPATH": str(tmp_path)})
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
