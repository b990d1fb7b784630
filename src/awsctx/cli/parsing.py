"""How Typer reads and explains awsctx's command line: a word that is no subcommand is a context to switch to, some options
stand for a subcommand, and the help is in sections, each line of it whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from awsctx import __version__
from awsctx.cli import process
from awsctx.commands import Result

# Options that stand for a subcommand; flags of that subcommand may stand before them.
SHORTHANDS = {"-c": "current", "--current": "current", "-d": "remove"}
# The subcommand behind `awsctx NEW=OLD`.
EQUATION = "_equation"
# What no call does under `exec --lock`: it signs in or out, or changes what the AWS files or the shells go by.
LOCKED_OUT = {
    **dict.fromkeys(("login", "setup"), "a sign-in"),
    "logout": "a sign-out",
    **dict.fromkeys(("add", "copy", "rename", "remove", "sync", EQUATION), "a change of profiles"),
    **dict.fromkeys(("pin", "allow"), "pins"),
    "demo": "the demo",
}


class Done(Exception):
    """Ends the parsing with a result."""

    def __init__(self, result: Result) -> None:
        self.result = result


class Command(TyperCommand):
    """A subcommand. Its epilog is its examples, one a line; it takes `--version`, as every call does."""

    def get_params(self, ctx: Any) -> list[Any]:
        version = TyperOption(
            param_decls=["--version"], is_flag=True, is_eager=True, expose_value=False, hidden=True, callback=_version
        )
        return [*super().get_params(ctx), version]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return list(super().parse_args(ctx, args))
        except Exception as e:
            if getattr(e, "ctx", ctx) is None:  # Click does not say whose option it is that lacks its value
                e.ctx = ctx  # type: ignore[attr-defined]
            raise

    def invoke(self, ctx: Any) -> Any:
        if self.name in LOCKED_OUT:
            process.world().not_locked(LOCKED_OUT[self.name])
        return super().invoke(ctx)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Examples"):
            formatter.write("".join(f"  {line}\n" for line in (self.epilog or "").splitlines()))


class Group(TyperGroup):
    """Subcommands, and contexts where a subcommand would stand."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = {spelling for option in self.get_params(ctx) for spelling in option.opts}
        count = next((at for at, word in enumerate(args) if word not in own), len(args))
        return list(super().parse_args(ctx, args[:count] + self._with_subcommand(args[count:])))

    def _with_subcommand(self, words: list[str]) -> list[str]:
        """``words`` with a subcommand in front, unless there is none at all."""
        for at, word in enumerate(words):
            name = SHORTHANDS.get(word, "")
            if name and self._flags(name).issuperset(words[:at]):
                return [name, *words[:at], *words[at + 1 :]]
            if not word.startswith("-"):
                break
        if not words or words[0] in self.commands:
            return words
        if is_equation(words[0]):
            return ["rename", "--help"] if {"-h", "--help"}.intersection(words) else [EQUATION, *words]
        return ["use", *words]

    def _flags(self, name: str) -> set[str]:
        return {
            spelling for option in self.commands[name].params if getattr(option, "is_flag", False) for spelling in option.opts
        }

    def format_options(self, ctx: Any, formatter: Any) -> None:
        self._format_sections(formatter)
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The sections have them."""

    def _format_sections(self, formatter: Any) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            if not command.hidden:
                section = getattr(command, "rich_help_panel", None) or ""
                sections.setdefault(section, []).append((name, line(command)))
        width = max(len(name) for rows in sections.values() for name, _ in rows)
        for section, rows in sections.items():
            with formatter.section(section):
                formatter.write("".join(f"  {name:<{width}}  {help}\n" for name, help in rows))


def declare(app: typer.Typer, section: str, name: str, function: Callable[..., Result], *examples: str, **more: Any) -> None:
    """Make ``function`` the subcommand ``name``, which the help lists in ``section``. The first paragraph of its docstring is
    its line there; ``examples`` are calls. After a change here: python -m tests.tools.declare"""
    app.command(name, cls=Command, rich_help_panel=section, epilog="\n".join(examples), **more)(function)


def line(command: Any) -> str:
    """The line of a subcommand in the help."""
    return " ".join((command.help or "").split("\n\n")[0].split())


def is_equation(word: str) -> bool:
    """Whether ``word`` is `NEW=OLD`, and no profile (or a profile's context) of that very name."""
    if "=" not in word or word.startswith("-"):
        return False

    exists = process.world().files.exists
    return not (exists(word) or exists(word.rpartition("@")[0]))


def _version(_context: Any, _parameter: Any, wanted: bool) -> None:
    if wanted:
        raise Done(Result(f"awsctx {__version__}\n"))


def version(wanted: bool) -> None:
    """The callback of the option `--version`. Raises Done."""
    _version(None, None, wanted)
