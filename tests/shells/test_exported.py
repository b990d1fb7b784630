"""What is set but not exported reaches no command: it pins nothing, overrides nothing, and stays the shell's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import Terminal
from tests.shells.test_answers import put_first, stand_in
from tests.support import DEVELOPER, TESTER, Home


def assign(terminal: Terminal, name: str, value: str) -> str:
    """The line that sets a variable without exporting it."""
    return f"set -g {name} {value}" if terminal.shell == "fish" else f"{name}={value}"


def export(terminal: Terminal, name: str) -> str:
    """The line that exports a variable as it stands."""
    return f"set -gx {name} ${name}" if terminal.shell == "fish" else f"export {name}"


def unexport(terminal: Terminal, name: str) -> str:
    return {"bash": f"export -n {name}", "zsh": f"typeset +x {name}", "fish": f"set -gu {name} ${name}"}[terminal.shell]


def test_a_profile_that_is_exported_later_is_noticed_then(terminal: Terminal) -> None:
    terminal.run(assign(terminal, "AWS_PROFILE", TESTER))
    assert terminal.prompt == ""
    terminal.run(export(terminal, "AWS_PROFILE"))
    assert terminal.prompt.startswith(TESTER) and terminal.get("AWSCTX_PROMPT_CLASS") == ["pinned"]


def test_keys_that_are_exported_later_override_then(terminal: Terminal) -> None:
    terminal.run(f"awsctx {DEVELOPER}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        terminal.run(assign(terminal, name, "x"))
    assert not terminal.prompt.endswith("!")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        terminal.run(export(terminal, name))
    assert terminal.prompt.endswith("!")


def test_what_is_exported_no_more_is_exported_again(terminal: Terminal) -> None:
    terminal.run(f"awsctx {DEVELOPER}@eu-west-2")
    for name in ("AWS_PROFILE", "AWS_REGION"):
        terminal.run(unexport(terminal, name))
    environment = terminal.environment()
    assert (environment["AWS_PROFILE"], environment["AWS_REGION"]) == (DEVELOPER, "eu-west-2")
    assert terminal.prompt.startswith(f"{DEVELOPER}@eu-west-2")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("name", ["AWS_PROFILE", "AWS_REGION"])
def test_a_read_only_variable_is_said_once_and_stays_as_it_is(home: Home, open_terminal: Open, name: str) -> None:
    value = {"AWS_PROFILE": TESTER, "AWS_REGION": "eu-west-3"}[name]
    terminal = open_terminal(before=f"readonly {name}={value}")
    said = terminal.run(f"awsctx {DEVELOPER}@eu-west-2")
    assert said.count(f"awsctx: {name} is read-only in this shell, which stays as it is") == 1
    assert name not in terminal.environment()
    assert terminal.prompt == ("" if name == "AWS_PROFILE" else f"{DEVELOPER} 3h12m")
    put_first(terminal, stand_in(home, f'exec {shutil.which("awsctx", path=home.environ["PATH"])} "$@"'))
    assert "read-only" not in terminal.run() + terminal.run() + terminal.run()
    assert not (home.folder / "calls").exists(), "nothing has changed, so nothing is asked"


LOCALS = "text line rest name others variables now token time left folder state most own flags profile failed"


@pytest.mark.parametrize("shell", ["bash"])
def test_read_only_variables_of_the_users_break_nothing(home: Home, open_terminal: Open) -> None:
    terminal = open_terminal(before="\n".join(f"readonly {name}=mine" for name in [*LOCALS.split(), "status"]))
    assert terminal.greeting == ""
    assert terminal.run(f"awsctx {TESTER}@eu-west-2").count("\n") == 1
    assert (terminal.profile, terminal.prompt) == (TESTER, f"{TESTER}@eu-west-2 3h12m")
    assert terminal.run("cd /") + terminal.run() == ""


def test_a_region_that_was_the_shells_own_once_does_not_come_back(terminal: Terminal) -> None:
    exported = "set -gx AWS_REGION eu-west-3" if terminal.shell == "fish" else "export AWS_REGION=eu-west-3"
    for line in (
        assign(terminal, "AWS_REGION", "eu-central-1"), f"awsctx {DEVELOPER}@eu-west-1", exported,
        f"awsctx {TESTER}@us-east-1", f"awsctx {TESTER}",
    ):  # fmt: skip
        terminal.run(line)
    terminal.unset("AWS_REGION")
    terminal.run(f"awsctx {DEVELOPER}@eu-west-1")
    terminal.run(f"awsctx {DEVELOPER}")
    assert terminal.get("AWS_REGION") == ["?"]


@pytest.mark.parametrize("shell", ["bash"])
def test_under_allexport_too_a_region_comes_back_as_it_was(terminal: Terminal) -> None:
    for line in ("AWS_REGION=eu-central-1", "set -a", f"awsctx {DEVELOPER}@eu-west-1", f"awsctx {DEVELOPER}", "set +a"):
        terminal.run(line)
    assert terminal.get("AWS_REGION") == ["eu-central-1"]
    assert "AWS_REGION" not in terminal.environment()


def test_a_command_that_is_gone_is_not_missed(home: Home, open_terminal: Open, tmp_path: Path, shell: str) -> None:
    home.ok("init", shell, "--save")
    (file,) = home.folder.rglob(f"hook.{shell}")
    path = ":".join(part for part in home.environ["PATH"].split(":") if not Path(part, "awsctx").exists())
    load = f"source {file}" if shell == "fish" else f". {file}"
    terminal = open_terminal(load=load, env={"PATH": path})
    assert terminal.greeting == ""
    home.ok(TESTER)
    assert "awsctx" not in terminal.run() + terminal.run()


def test_without_an_answer_what_is_only_set_pins_nothing(home: Home, open_terminal: Open) -> None:
    terminal = open_terminal()
    put_first(terminal, stand_in(home, "exit 1"))
    terminal.run(assign(terminal, "AWS_PROFILE", TESTER))
    assert terminal.prompt == ""
    terminal.run(export(terminal, "AWS_PROFILE"))
    assert terminal.prompt == TESTER
