"""The man page, the README, the help and the code say the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from awsctx.cli.app import app
from awsctx.core.completions import CALLS

ROOT = Path(__file__).parent.parent
MAN = ROOT / "man" / "awsctx.1"
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = {name: command for name, command in typer.main.get_command(app).commands.items() if not command.hidden}  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def manual() -> str:
    """The man page as a reader sees it, without its bold face and line breaks."""
    page = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=200", MAN], capture_output=True, text=True, check=True).stdout
    return re.sub(r"\s+", " ", re.sub(".\b", "", page))


def test_the_man_page_lints_clean() -> None:
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", MAN], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_subcommand_and_option_is_in_the_man_page(name: str, manual: str) -> None:
    assert f"awsctx {name}" in manual
    for option in CALLS[name][3]:
        assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", manual), f"{name} {option}"


def test_the_options_of_no_subcommand_are_in_the_man_page(manual: str) -> None:
    for option in CALLS[""][3]:
        assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", manual), option


@pytest.mark.parametrize("name", COMMANDS)
def test_each_subcommand_is_in_the_readme(name: str) -> None:
    assert f"awsctx {name}" in README or name == "use"


def test_whatever_the_readme_calls_exists() -> None:
    called = set(re.findall(r"`awsctx ([a-z]+)", README)) | set(re.findall(r"\(awsctx ([a-z]+)", README))
    assert called <= set(COMMANDS) | {"worksso"}


@pytest.mark.parametrize(
    "variable", ["AWSCTX_STATE_FILE", "AWSCTX_CONFIG", "AWSCTX_DEBUG", "AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS"]
)
def test_each_variable_is_in_the_man_page(variable: str, manual: str) -> None:
    assert variable in manual


def test_the_variables_that_exec_removes_are_in_the_man_page(manual: str) -> None:
    from awsctx.core.environ import OVERRIDING

    assert all(name in manual for name in OVERRIDING)


def test_the_readmes_two_commands_exist() -> None:
    for command in ("install.sh", "tests/run"):
        assert (ROOT / command).stat().st_mode & 0o111
        assert f"    {'./' if '/' not in command else ''}{command}" in README


def test_python_dash_m_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "awsctx", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("awsctx ")


def test_the_workflow_has_each_python_that_tests_run_knows() -> None:
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    known = re.search(r"for version in ([\d. ]+);", (ROOT / "tests" / "run").read_text(encoding="utf-8"))
    assert known is not None
    assert re.findall(r'"(3\.\d+)"', workflow) == known[1].split()
