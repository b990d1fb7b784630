"""The shells that awsctx hooks into: three template files and one entry each.

Hot path: `awsctx init` runs at every start of a shell, so this imports nothing that the interpreter has not loaded already.
"""

from __future__ import annotations

import os

from awsctx import __version__
from awsctx.core.environ import PROTOCOL, WATCHED, WATCHED_SECRETS
from awsctx.core.text import visible
from awsctx.core.words import NAMES
from awsctx.errors import UsageError

TYPE_CHECKING = False  # typing's own constant costs an import of typing
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def _quote_posix(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _quote_fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _quote_nu(text: str) -> str:
    """A raw string, with more hashes than any quote in the text has behind it."""
    hashes = "#"
    while f"'{hashes}" in text:
        hashes += "#"
    return f"r{hashes}'{text}'{hashes}"


class Shell:
    """What awsctx knows of a shell.

    ``name`` is also the ending of its templates beside this file: ``hook.NAME``, ``prompt.NAME``, ``complete.NAME``.
    ``quote`` makes one word that the shell reads back as the given text, whatever its options. ``unset`` is the command
    that unsets the variables named after it. ``load`` is the line of a start-up file that loads the hook. ``watched`` is
    the text, for use within double quotes, that the hook compares to notice a change of the variables that a decision
    reads. ``plain`` is the same for an older version of the shell, which cannot tell whether they are exported.
    """

    __slots__ = ("load", "name", "plain", "quote", "unset", "watched")

    def __init__(
        self, name: str, *, quote: Callable[[str], str], unset: str, load: str, watched: str = "", plain: str = ""
    ) -> None:
        self.name = name
        self.quote = quote
        self.unset = unset
        self.load = load
        self.watched = watched
        self.plain = plain


def _watched(attributes: str = "") -> str:
    """The text that a hook compares, for use within double quotes. It tells an empty variable from an unset one; of a secret
    it tells only whether it is set. ``attributes`` is what a shell writes for the attributes of the variable NAME: then it
    also tells whether a variable is exported, since nothing else reaches a command."""
    plain = [f"${{{name}+{attributes.replace('NAME', name)}=${name}}}" for name in WATCHED]
    secret = [f"${{{name}:+{attributes.replace('NAME', name)}set}}" for name in WATCHED_SECRETS]
    return "/".join([*plain, *secret])


def _watched_nu() -> str:
    """The same for nushell: the items of a list."""
    secret = [f"($env.{name}? | is-empty)" for name in WATCHED_SECRETS]
    return ", ".join([*(f"$env.{name}?" for name in WATCHED), *secret])


# The subcommands that may change the context of the calling shell.
_OF_THIS_SHELL = {"use", "pin", "allow"}

SHELLS = {
    shell.name: shell
    for shell in (
        Shell(
            "bash",
            quote=_quote_posix,
            unset="unset",
            load='eval "$(awsctx init bash)"',
            watched=_watched("${NAME@a}"),
            plain=_watched(),
        ),
        Shell("zsh", quote=_quote_posix, unset="unset", load='eval "$(awsctx init zsh)"', watched=_watched("${(t)NAME}")),
        Shell("fish", quote=_quote_fish, unset="set -e", load="awsctx init fish | source"),
        Shell("nu", quote=_quote_nu, unset="hide-env", load="awsctx init nu --save", watched=_watched_nu()),
    )
}


def find(name: str) -> Shell:
    """The shell called ``name``, which may be a path or the name of a login shell (``/bin/zsh``, ``-bash``).

    Raises UsageError for a shell that awsctx does not know.
    """
    try:
        return SHELLS[os.path.basename(name).lstrip("-")]
    except KeyError:
        raise UsageError(f"no such shell: {name}", f"known are: {', '.join(SHELLS)}") from None


def render(name: str, *, state_file: str, config: str, prompt: bool = False) -> str:
    """What `awsctx init NAME` prints: the hook, with its completion, for the shell to evaluate.

    ``state_file`` and ``config`` are the paths that the hook exports; with ``prompt``, the context goes into the prompt.
    Raises UsageError for a shell that awsctx does not know.
    """
    shell = find(name)
    text = _read("hook", shell).replace("# @COMPLETION@\n", _read("complete", shell))
    text = text.replace("# @PROMPT@\n", _read("prompt", shell) if prompt else "")
    text = text.replace("@VERSION@", __version__).replace("@SUBCOMMANDS@", " ".join(sorted(NAMES - _OF_THIS_SHELL)))
    text = text.replace("@PROTOCOL@", PROTOCOL)
    text = text.replace("@VARIABLES@", shell.watched).replace("@PLAIN@", shell.plain)
    text = text.replace("@NAMES@", " ".join(WATCHED)).replace("@SECRETS@", " ".join(WATCHED_SECRETS))
    # Replace both in one pass, so that a path which contains the other placeholder stays a path.
    state_file, config = shell.quote(state_file), shell.quote(config)
    return config.join(part.replace("@STATE_FILE@", state_file) for part in text.split("@CONFIG@"))


def completion(name: str) -> str:
    """The completion of shell NAME as a file of its own, for the folder where that shell looks for completions.

    Raises UsageError for a shell that awsctx does not know.
    """
    return _read("complete", find(name))


def quoted(word: str, shell: str = "") -> str:
    """``word`` as the user would type it in ``shell``. For an unknown shell, in a form that all known shells read alike;
    where there is none, as for a POSIX shell."""
    if word and word[0] not in "%=~" and all(c.isascii() and (c.isalnum() or c in "@%+:,./-_") for c in word):
        return word
    if shell in SHELLS:
        return SHELLS[shell].quote(word)
    if "'" not in word or any(c in word for c in '"$`\\!'):
        return "'" + word.replace("'", "'\"'\"'") + "'"
    return f'"{word}"'


def typed(command: str, name: str, shell: str = "") -> str:
    """``command`` with the argument ``name``, as the user would type it in ``shell``."""
    word = quoted(visible(name), shell)
    return f"{command} -- {word}" if name[:1] == "-" else f"{command} {word}"


def with_options(command: str, options: Iterable[tuple[str, str | bool | None]], shell: str = "") -> str:
    """``command`` with each option that has a value (True: it takes none), as the user would type it in ``shell``."""
    for option, value in options:
        if value is True:
            command += f" {option}"
        elif value is not None and value is not False:
            command += f" {option}{'=' if value[:1] == '-' else ' '}{quoted(visible(value), shell)}"
    return command


def switch_command(profile: str, shell: str = "") -> str:
    """The command that switches to ``profile``, as the user would type it in ``shell``. It works also for a name that
    awsctx would take for a subcommand or an option."""
    means_more = profile in NAMES or "=" in profile or profile[:1] in (".", "-")
    return typed("awsctx use" if means_more else "awsctx", profile, shell)


def unset_command(name: str, variables: Iterable[str]) -> str:
    """The command that unsets ``variables`` in shell NAME; an unknown shell counts as a POSIX one."""
    return " ".join([_known(name).unset, *variables])


def hook_line(name: str) -> str:
    """The line that loads the hook, for the start-up file of shell NAME; an unknown shell counts as bash."""
    return _known(name).load


def _known(name: str) -> Shell:
    return SHELLS.get(os.path.basename(name).lstrip("-"), SHELLS["bash"])


def _read(kind: str, shell: Shell) -> str:
    path = os.path.join(os.path.dirname(__file__), f"{kind}.{shell.name}")
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


# The start of the first line of a saved hook.
FIRST = "# awsctx "


def saved(path: str) -> tuple[str, list[str]] | None:
    """What the first line of a saved hook says: the version that wrote it, and the words of the call.

    None where there is no file, or `awsctx init --save` has not written it.
    """
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            first = file.readline(200)
    except OSError:
        return None
    version, colon, call = first.removeprefix(FIRST).strip().partition(": ")
    words = call.split(" ")
    if not first.startswith(FIRST) or not colon or words[:2] != ["awsctx", "init"] or "--save" not in words:
        return None
    return version, words
