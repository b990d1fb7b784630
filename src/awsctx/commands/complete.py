"""What may follow on a command line: one table for the three shells' completions, the help test and the man page test.

Hot path: TAB waits for it. A test holds the table to the Typer commands.
"""

from awsctx.commands import Result
from awsctx.core.environ import KEEPABLE
from awsctx.core.text import has_control_characters
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# What a word may be: `profile`, `context` (NAME or NAME@REGION), `region`, `regions` (one, or `all`), `session`, `sign-in` (a
# session or a profile), `shell`, `command` (a command of the system, with its arguments), `kept` (what exec's `--keep` is for),
# `one-per` (what exec's is for), `text` (nothing to offer), `flag` (an option that takes no value).
FLAG, PROFILE, CONTEXT, REGION, REGIONS, SESSION, SIGN_IN, SHELL, COMMAND, KEPT, ONE_PER, TEXT = (
    "flag", "profile", "context", "region", "regions", "session", "sign-in", "shell", "command", "kept", "one-per", "text",
)  # fmt: skip

Options = dict[str, tuple[str, str]]


class Subcommand:
    """``words`` is what its positional words are (the last kind repeats where ``many``), ``options`` maps each spelling to
    (kind of its value, help)."""

    __slots__ = ("help", "many", "options", "words")

    def __init__(self, help: str, words: tuple[str, ...] = (), options: Options | None = None, *, many: bool = False):
        self.help = help
        self.words = words
        self.options = options or {}
        self.many = many


_YES = {"-y": (FLAG, "enter a guarded profile without asking"), "--yes": (FLAG, "enter a guarded profile without asking")}
_NO_QUESTION = {"-y": (FLAG, "do not ask"), "--yes": (FLAG, "do not ask")}
_DRY_RUN = {"--dry-run": (FLAG, "print the diff, and write nothing")}
_JSON = {"--json": (FLAG, "print JSON")}
_PROFILE_OPTION = {"-p": (CONTEXT, "this profile instead"), "--profile": (CONTEXT, "this profile instead")}
_REGION_OPTION = {"-r": (REGION, "with this region"), "--region": (REGION, "with this region")}
_SHELL_OPTION = {"-s": (FLAG, "for this shell only"), "--shell": (FLAG, "for this shell only")}
_UNSET_OPTION = {"-u": (FLAG, "no active context"), "--unset": (FLAG, "no active context")}
_FLOW = {
    "--browser": (FLAG, "sign in through the browser on this machine"),
    "--device-code": (FLAG, "sign in by a code, in a browser anywhere"),
    "--no-browser": (FLAG, "open nothing, print the URL"),
    "--timeout": (TEXT, "wait so many seconds for the person"),
}
_SWITCH = {**_REGION_OPTION, **_SHELL_OPTION, **_UNSET_OPTION, **_YES}

SUBCOMMANDS = {
    "use": Subcommand("make a context active", (CONTEXT,), _SWITCH),
    "current": Subcommand("the context in force", (), {**_PROFILE_OPTION, **_JSON}),
    "list": Subcommand("the profiles", (TEXT,), {"-l": (FLAG, "as a table"), "--long": (FLAG, "as a table"), **_JSON}),
    "history": Subcommand("the contexts used, newest first", (), _JSON),
    "exec": Subcommand(
        "run a command with the context and nothing else",
        (COMMAND,),
        {
            **_PROFILE_OPTION,
            "-r": (REGIONS, "with this region"),
            "--region": (REGIONS, "with this region"),
            "-c": (TEXT, "a pipeline, for bash"),
            "-q": (FLAG, "do not say what was removed"),
            "--quiet": (FLAG, "do not say what was removed"),
            "--keys": (FLAG, "the profile's keys instead of its name"),
            "--keep": (KEPT, "do not remove this variable"),
            "--match": (PROFILE, "in all profiles that match"),
            "--all": (FLAG, "in all profiles"),
            "--one-per": (ONE_PER, "one profile per account"),
            "--failed": (FLAG, "what failed or has not run the last time"),
            "-j": (TEXT, "so many at a time"),
            "--fail-fast": (FLAG, "start no more after the first failure"),
            "--out": (TEXT, "write what each prints to files there"),
            "--json": (FLAG, "print a JSON object for each"),
            "--dry-run": (FLAG, "print what would be run where"),
            "-y": (FLAG, "in guarded profiles too"),
            "--yes": (FLAG, "in guarded profiles too"),
        },
        many=True,
    ),
    "show": Subcommand("a profile's stanza and its session's", (PROFILE,), _JSON),
    "add": Subcommand(
        "add a profile",
        (TEXT,),
        {
            "--session": (SESSION, "its session"),
            "--account": (TEXT, "the account's id"),
            "--role": (TEXT, "the role's name"),
            "--region": (REGION, "its region"),
            "--output": (TEXT, "its output format"),
            **_DRY_RUN,
        },
    ),
    "copy": Subcommand("copy a profile's stanza", (PROFILE, TEXT), _DRY_RUN),
    "rename": Subcommand("rename a profile", (PROFILE, TEXT), _DRY_RUN),
    "sync": Subcommand(
        "a profile for every account and role",
        (SESSION,),
        {
            "--name": (TEXT, "the template for names"),
            "--region": (REGION, "the region of the profiles"),
            "--output": (TEXT, "the output format of the profiles"),
            "--match": (TEXT, "only accounts or roles that match"),
            "--prune": (FLAG, "remove what is not granted any more"),
            **_NO_QUESTION,
            **_DRY_RUN,
        },
    ),
    "remove": Subcommand("remove profiles", (PROFILE,), {**_NO_QUESTION, **_DRY_RUN}, many=True),
    "doctor": Subcommand("what is wrong here, and how to mend it", (), _JSON),
    "whoami": Subcommand(
        "who a profile is, as AWS sees it",
        (CONTEXT,),
        {"--match": (PROFILE, "all profiles that match"), "--all": (FLAG, "all profiles"), **_JSON},
    ),
    "env": Subcommand(
        "a profile's credentials, as variables",
        (CONTEXT,),
        {
            "--format": (TEXT, "sh, fish, powershell, dotenv, json or process"),
            "--unset": (FLAG, "what takes the variables back"),
        },
    ),
    "console": Subcommand(
        "the AWS console, in the browser",
        (CONTEXT,),
        {**_REGION_OPTION, "--service": (TEXT, "a service's page"), "--print": (FLAG, "print the link")},
    ),
    "alias": Subcommand("a shell function for each profile", (TEXT,), {"--shell": (SHELL, "the shell")}),
    "setup": Subcommand(
        "make a session and a profile, by questions",
        (),
        {
            "--session": (SESSION, "the sso-session's name"),
            "--start-url": (TEXT, "the access portal's URL"),
            "--sso-region": (REGION, "the region of IAM Identity Center"),
            "--scopes": (TEXT, "the registration scopes"),
            "--account": (TEXT, "the account, by its id or name"),
            "--role": (TEXT, "the role's name"),
            "--region": (REGION, "the profile's region"),
            "--output": (TEXT, "the profile's output format"),
            "--profile": (TEXT, "the new profile's name"),
            **_FLOW,
        },
    ),
    "login": Subcommand("sign in", (SIGN_IN,), {"--force": (FLAG, "even where the sign-in is still good"), **_FLOW}),
    "logout": Subcommand("sign out", (SIGN_IN,), {"--all": (FLAG, "of every session")}),
    "sessions": Subcommand("the sessions, and how their sign-ins stand", (), _JSON),
    "prompt": Subcommand("the text for a prompt or status line"),
    "demo": Subcommand("a sandbox to try awsctx in", (), {"--play": (FLAG, "play the walkthrough and exit")}),
    "init": Subcommand(
        "the shell hook",
        (SHELL,),
        {
            "--prompt": (FLAG, "show the context in the prompt too"),
            "--aliases": (FLAG, "a function for each profile too"),
        },
    ),
}

TOP_OPTIONS: Options = {
    "-c": (FLAG, "the context in force"),
    "-d": (FLAG, "remove profiles"),
    **_SWITCH,
    "--debug": (FLAG, "tell what is read, decided and called"),
    "--help": (FLAG, "help"),
    "--version": (FLAG, "the version"),
}

SHELLS = ("bash", "zsh", "fish")


def complete(world: World, arguments: list[str]) -> Result:
    """The candidates for word INDEX (from 0) of the words after `awsctx`: ``arguments`` is INDEX WORD…, the word to
    complete cut at the cursor. One candidate a line, `VALUE` or `VALUE<TAB>HELP`."""
    try:
        index = int(arguments[0])
    except (IndexError, ValueError):
        return Result(status=2)
    words = arguments[1 : index + 2]
    words += [""] * (index + 1 - len(words))
    word = words.pop()
    lines = [
        f"{value}\t{help}" if help else value
        for value, help in _candidates(world, words, word)
        if value.startswith(word) and not has_control_characters(value)
    ]
    return Result("".join([f"{line}\n" for line in lines]))


def _candidates(world: World, before: list[str], word: str) -> "Iterable[tuple[str, str]]":
    before = [item for item in before if item != "--debug"]
    if before[:1] == ["-d"]:
        before[0] = "remove"
    name = next((item for item in before if item in SUBCOMMANDS), "")
    command = SUBCOMMANDS[name] if name and before[0] == name else None
    options = command.options if command else TOP_OPTIONS
    if before and before[-1] in options and options[before[-1]][0] != FLAG:
        return _values(world, options[before[-1]][0], word)
    if word.startswith("-") and "--" not in before:
        everywhere = {} if command is None else {"--help": (FLAG, "help")}
        return [(option, help) for option, (_, help) in {**options, **everywhere}.items()]
    position = len(_positionals(before[1:] if command else before, options))
    if command is None:
        first = [(name, sub.help) for name, sub in SUBCOMMANDS.items()] if not before else []
        return [] if position else [*_values(world, CONTEXT, word), *first]
    if position >= len(command.words) and not command.many:
        return []
    return _values(world, command.words[min(position, len(command.words) - 1)], word)


def _positionals(words: list[str], options: Options) -> list[str]:
    found = []
    rest = iter(words)
    for word in rest:
        if word in options:
            if options[word][0] != FLAG:
                next(rest, None)
        elif word != "--":
            found.append(word)
    return found


def _values(world: World, kind: str, word: str) -> "Iterable[tuple[str, str]]":
    if kind in (PROFILE, CONTEXT):
        names = world.files.names()
        name, at, _ = word.rpartition("@")
        if kind == CONTEXT and at and name in names and word not in names:
            return [(f"{name}@{region}", help) for region, help in _regions()]
        return [(name, "") for name in names]
    if kind == REGION:
        return _regions()
    if kind == REGIONS:
        return [*_regions(), ("all", "in each one that is enabled, with --match or --all")]
    if kind == SESSION:
        return [(name, "") for name in world.files.sessions()]
    if kind == SIGN_IN:
        return [(name, "") for name in dict.fromkeys([*world.files.sessions(), *world.files.names()])]
    if kind == SHELL:
        return [(name, "") for name in SHELLS]
    if kind == KEPT:
        return [(name, "") for name in KEEPABLE]
    if kind == ONE_PER:
        return [("account", "")]
    return []


def _regions() -> "Iterable[tuple[str, str]]":
    from awsctx.core.regions import REGIONS

    return REGIONS.items()
