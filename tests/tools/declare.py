"""Writes core/words.py and core/completions.py from the command line's one declaration, Typer's: python -m tests.tools.declare

Everyday calls and TAB cannot wait for Typer, so what they need to know of the command line is written down for them.
A test holds both files current.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer.main

import awsctx
from awsctx.cli.app import app
from awsctx.cli.parsing import SHORTHANDS, line

CORE = Path(awsctx.__file__).parent / "core"
# The subcommands whose options the front door parses.
FRONT_DOOR = ("exec", "init")
# What a value is, by the word that stands for it in the help. A choice (`bash|zsh|fish`) is its own kind, all else is text.
KINDS = {
    "NAME": "context", "NAME[@REGION]": "context", "PROFILE": "profile", "OLD": "profile", "REGION": "region",
    "SESSION": "session", "SESSION|PROFILE": "sign-in", "COMMAND": "command", "SUBCOMMAND": "subcommand",
    "GLOB": "profile", "REGIONS": "regions", "VARIABLE": "kept", "account": "one-per",
}  # fmt: skip

_NOTE = '''"""{what}. Generated from Typer's declarations by: python -m tests.tools.declare

Hot path: imports nothing.
"""

# fmt: off
'''


def subcommands() -> dict[str, Any]:
    """The subcommands that users see, as Click's commands."""
    return {name: command for name, command in _group().commands.items() if not command.hidden}


def words() -> str:
    """The text of core/words.py."""
    lines = ["# The subcommands: a word of these is never taken for a profile.", "NAMES = frozenset(("]
    lines += [f"    {_text(name)}," for name in subcommands()]
    lines += ["))", "", "# Options that stand for a subcommand.", "SHORTHANDS = {"]
    lines += [f"    {_text(option)}: {_text(name)}," for option, name in SHORTHANDS.items()]
    lines += ["}", "", "# {subcommand: {option: (the parameter that it sets, whether a value follows)}}", "OPTIONS = {"]
    for name in FRONT_DOOR:
        lines.append(f"    {_text(name)}: {{")
        for option in _options(subcommands()[name]):
            known = option.is_flag or option.type.name in ("str", "text")
            if option.expose_value and known and (not option.multiple or _is_list(option)):
                value = f"({_text(option.name)}, {not option.is_flag})"
                lines += [f"        {_text(spelling)}: {value}," for spelling in _spellings(option)]
        lines.append("    },")
    return _NOTE.format(what="The words of the command line that everyday calls know") + "\n".join([*lines, "}", ""])


def _is_list(option: Any) -> bool:
    """Whether one value may be a list already (`-r A,B`). An option that is given twice is for Typer all the same."""
    return bool(option.metavar == "REGIONS")


def completions() -> str:
    """The text of core/completions.py."""
    lines = [
        "# {subcommand: (help, kinds of its words, whether the last of them repeats, {option: (kind of its value, help)})};",
        "# the subcommand `` is a call that has none. A kind is `flag` (no value), `profile`, `context` (NAME or NAME@REGION),",
        "# `region`, `session`, `sign-in` (a session or a profile), `subcommand`, `command` (a command of the system, with its",
        "# arguments), `text` (nothing to offer), or the words to choose from: `bash|zsh|fish`.",
        "Options = dict[str, tuple[str, str]]",
        "CALLS: dict[str, tuple[str, tuple[str, ...], bool, Options]] = {",
    ]
    group, known = _group(), subcommands()
    own = {option: ("flag", _help(known[name])) for option, name in SHORTHANDS.items()}
    lines += _call("", known["use"], {**own, **_completions(known["use"]), **_completions(group)})
    for name, command in known.items():
        lines += _call(name, command, _completions(command))
    return _NOTE.format(what="What may follow on a command line, for TAB") + "\n".join([*lines, "}", ""])


def _call(name: str, command: Any, options: dict[str, tuple[str, str]]) -> list[str]:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    kinds = "".join(f"{_text(_kind(argument))}, " for argument in arguments).rstrip()
    many = any(argument.nargs == -1 for argument in arguments)
    lines = [f"    {_text(name)}: ({_text(_help(command))}, ({kinds}), {many}, {{"]
    lines += [f"        {_text(spelling)}: ({_text(kind)}, {_text(help)})," for spelling, (kind, help) in options.items()]
    return [*lines, "    }),"]


def _completions(command: Any) -> dict[str, tuple[str, str]]:
    return {
        spelling: ("flag" if option.is_flag else _kind(option), _line(option.help))
        for option in _options(command)
        for spelling in _spellings(option)
    }


def _options(command: Any) -> list[Any]:
    context = command.make_context(command.name, [], resilient_parsing=True, help_option_names=["-h", "--help"])
    return [option for option in command.get_params(context) if option.param_type_name == "option" and not option.hidden]


def _spellings(option: Any) -> list[str]:
    return sorted(option.opts, key=len)  # Click keeps those of --help as a set


def _kind(parameter: Any) -> str:
    word = parameter.metavar.removesuffix("...").removesuffix(" [ARG]").removeprefix("[--] ")
    if word.startswith("[") and word.endswith("]"):
        word = word[1:-1]
    return word if "|" in word and word.islower() else KINDS.get(word, "text")


def _help(command: Any) -> str:
    """The line of the subcommand in the help."""
    return _line(line(command))


def _line(help: str) -> str:
    """A help text as a remark behind what it is about: `as a table`."""
    line = " ".join(help.split()).rstrip(".")
    return line if line[1:2].isupper() else line[:1].lower() + line[1:]


def _group() -> Any:
    return typer.main.get_command(app)


def _text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    (CORE / "words.py").write_text(words(), encoding="utf-8")
    (CORE / "completions.py").write_text(completions(), encoding="utf-8")
