"""What may follow on a command line, for the completions of all shells.

Hot path: TAB waits for it.
"""

from awsctx.awsfiles.grammar import account_and_role, text_of
from awsctx.commands import Result
from awsctx.core.completions import CALLS
from awsctx.core.environ import KEEPABLE
from awsctx.core.text import has_control_characters, visible
from awsctx.core.words import SHORTHANDS
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

# Above this number, profiles are not described: for 1,000 that would take as long as the rest of the TAB.
_MOST_DESCRIBED = 250


def complete(world: World, arguments: list[str]) -> Result:
    """The candidates for one word of the command line. ``arguments`` are INDEX WORD…: the words after `awsctx`, and the
    index (from 0) of the one to complete, which is cut at the cursor. One candidate a line, `VALUE` or `VALUE<TAB>HELP`.
    The one line `<TAB>N` means that the words from N on are a command of its own, to be completed by the shell."""
    try:
        index = int(arguments[0])
    except (IndexError, ValueError):
        return Result(status=2)
    if not 0 <= index < len(arguments):
        return Result(status=2)
    words = arguments[1 : index + 2]
    words += [""] * (index + 1 - len(words))
    word = words.pop()
    kind, options, at = _place(words)
    if word.startswith("-") and options:
        candidates: Iterable[tuple[str, str]] = [(option, help) for option, (_, help) in options.items()]
    elif kind == "command":
        return Result(f"\t{at}\n")
    else:
        candidates = _values(world, kind, word)
        if kind == "context" and words in ([], ["--debug"]):
            candidates = [*candidates, *_values(world, "subcommand", word)]
    lines = [
        f"{value}\t{help}" if help else value
        for value, help in candidates
        if value.startswith(word) and not has_control_characters(value)
    ]
    return Result("".join([f"{line}\n" for line in lines]))


def _place(words: list[str]) -> tuple[str, dict[str, tuple[str, str]], int]:
    """(kind of the word that comes after ``words``, the options that may stand in its place, where a command's words begin)."""
    start = 1 if words[:1] == ["--debug"] else 0
    name = SHORTHANDS.get(words[start], words[start]) if words[start:] else ""
    if name in CALLS:
        start += 1
    else:
        name = ""
    _, kinds, many, options = CALLS[name]
    count = 0
    at = start
    while at < len(words):
        word = words[at]
        if word == "--":
            options = {}
        elif word in options:
            kind = options[word][0]
            if kind != "flag":
                at += 1
                if at == len(words):
                    return kind, {}, at
        elif kinds[count : count + 1] == ("command",):
            return "command", {}, at
        else:
            count += 1
        at += 1
    if count < len(kinds):
        return kinds[count], options, at
    return kinds[-1] if many else "", options, at


def _values(world: World, kind: str, word: str) -> "Iterable[tuple[str, str]]":
    if kind in ("profile", "context"):
        names = world.files.names()
        name, at, _ = word.rpartition("@")
        if kind == "context" and at and name in names and word not in names:
            return [(f"{name}@{region}", help) for region, help in _regions()]
        return _profiles(world, names, word)
    if kind == "region":
        return _regions()
    if kind == "regions":
        return [*_regions(), ("all", "in each one that is enabled, with --match or --all")]
    if kind == "one-per":
        return [("account", "")]
    if kind == "kept":
        return [(name, "") for name in KEEPABLE]
    if kind == "session":
        return [(name, "") for name in world.files.sessions()]
    if kind == "sign-in":
        sessions = world.files.sessions()
        names = [name for name in world.files.names() if name not in sessions]
        return [*((name, "session") for name in sessions), *_profiles(world, names, word)]
    if kind == "subcommand":
        return [(name, call[0]) for name, call in CALLS.items() if name]
    return [(choice, "") for choice in kind.split("|")] if "|" in kind else []


def _profiles(world: World, names: "list[str]", word: str) -> "Iterable[tuple[str, str]]":
    """The profiles that start with ``word``. Where they are few enough to read, their account, role and region come with
    them."""
    fitting = [name for name in names if name.startswith(word)]
    if len(fitting) > _MOST_DESCRIBED:
        return [(name, "") for name in fitting]
    return [(name, _described(world.files.profile(name) or {})) for name in fitting]


def _described(values: "Mapping[str, Any]") -> str:
    return visible(" ".join(filter(None, (*account_and_role(values), text_of(values, "region")))))


def _regions() -> "Iterable[tuple[str, str]]":
    from awsctx.core.regions import REGIONS

    return REGIONS.items()
