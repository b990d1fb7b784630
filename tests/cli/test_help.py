"""The help: grouped, each line whole, an example for each subcommand; and what a mistake points to."""

from __future__ import annotations

import shlex

import pytest
import typer.main
from tests.support import DEVELOPER, Home

from awsctx.cli.app import app
from awsctx.core.words import NAMES

GROUP = typer.main.get_command(app)
SECTIONS = ("Switching", "Running commands", "Signing in", "Profiles", "Knowing", "The shell")


def test_each_line_is_whole_at_80_columns(home: Home) -> None:
    for call in ((), *((name,) for name in NAMES)):
        for line in home.ok(*call, "--help", env={"COLUMNS": "200"}).splitlines():
            assert len(line) <= 80, (call, line)
            assert line.startswith("Usage: ") or not line.endswith("..."), (call, line)


def test_the_subcommands_stand_in_their_sections(home: Home) -> None:
    lines = home.ok("--help").splitlines()
    assert [line[:-1] for line in lines if line[:-1] in SECTIONS] == list(SECTIONS)
    listed = [line.split()[0] for line in lines[lines.index("Switching:") :] if line.startswith("  ") and line[2].isalpha()]
    assert set(listed) - {"More,"} == NAMES


def test_help_is_what_the_option_prints(home: Home) -> None:
    assert home.ok("help") == home.ok("--help") == home.ok("-h")
    for name in ("exec", "sync", "help"):
        assert home.ok("help", name) == home.ok(name, "--help") == home.ok(name, "-h")
    assert home.ok("-c", "--help") == home.ok("current", "--help")
    assert home.ok(DEVELOPER, "--help") == home.ok("use", "--help")
    done = home.run("help", "nothing")
    assert (done.returncode, done.stderr) == (2, "awsctx: no subcommand named 'nothing'\n  see: awsctx --help\n")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_subcommand_has_examples_that_are_calls(name: str) -> None:
    examples = GROUP.commands[name].epilog.splitlines()  # type: ignore[attr-defined]
    assert examples
    for example in examples:
        call = example.removeprefix('eval "$(').removesuffix(')"').partition(" | ")[0] if "exec" not in example else example
        words = shlex.split(call)
        assert words[0] == "awsctx"
        context = GROUP.make_context("awsctx", words[1:])
        with context:
            given = [*context._protected_args, *context.args]  # type: ignore[attr-defined]
            chosen, command, rest = GROUP.resolve_command(context, given)  # type: ignore[attr-defined]
            assert chosen in (name, "_equation")
            command.make_context(chosen, rest, parent=context)


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (["list", "--foo"], "awsctx list --help"),
        (["n", "list", "--foo"], "awsctx use --help"),
        (["exec", "--foo", "list"], "awsctx exec --help"),
        (["-d", "--foo"], "awsctx remove --help"),
        (["-c", "--foo"], "awsctx current --help"),
        (["a=b", "--foo"], "awsctx --help"),
        (["--debug", "init"], "awsctx init --help"),
    ],
)
def test_a_mistake_points_to_the_help_of_its_subcommand(home: Home, call: list[str], where: str) -> None:
    done = home.run(*call)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"  see: {where}", done


@pytest.mark.parametrize("profiles", [True, False])
@pytest.mark.parametrize(
    ("call", "meant"),
    [
        (["setp"], "setup"),
        (["exce", "--", "ls"], "exec"),
        (["lst", "-l"], "list"),
        (["whomai", "--all"], "whoami"),
        (["prod"], ""),
        (["use", "setp"], ""),
        (["show", "setp"], ""),
        (["worksso.teste"], ""),
    ],
)
def test_a_misspelt_subcommand_is_named(home: Home, call: list[str], meant: str, profiles: bool) -> None:
    if not profiles:
        home.config.unlink()
    done = home.run(*call)
    assert done.returncode in (1, 2)
    said = [line.partition(": ")[2] for line in done.stderr.splitlines() if "the subcommand" in line]
    assert said == ([meant] if meant else [])


def test_help_of_a_misspelt_subcommand(home: Home) -> None:
    done = home.run("help", "setpu")
    assert (done.returncode, done.stderr.splitlines()[1]) == (2, "  did you mean: setup")


@pytest.mark.parametrize("subcommand", ["exec", "add"])
def test_an_option_without_its_value_points_to_the_help_of_its_subcommand(home: Home, subcommand: str) -> None:
    option = {"exec": "-c", "add": "--role"}[subcommand]
    done = home.run(subcommand, option)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"awsctx: option '{option}' requires an argument\n  see: awsctx {subcommand} --help\n"


def test_env_takes_a_region_behind_the_name(home: Home) -> None:
    assert "awsctx env [OPTIONS] [NAME[@REGION]]" in home.ok("env", "--help")
