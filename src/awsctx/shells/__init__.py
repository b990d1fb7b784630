"""The shells that awsctx hooks into: three template files and one entry each.

Hot path: `awsctx init` runs at every start of a shell, so this imports nothing that the interpreter has not loaded already.
"""

from __future__ import annotations

import os
import time

from awsctx import __version__
from awsctx.core.words import NAMES
from awsctx.errors import UsageError

TYPE_CHECKING = False  # typing's own constant costs an import of typing
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SUBCOMMANDS = (*sorted(NAMES - {"use"}), "_complete", "_record")
"""What may stand where a profile's name may, and is no switch: an ``-s`` after one of these is none of the hook's business."""


def _quote_posix(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _quote_fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


class Shell:
    """What awsctx has to know of a shell.

    ``name`` names its templates too: ``hook.NAME``, ``prompt.NAME`` and ``complete.NAME``, next to this file. ``quote`` makes
    one word that the shell reads back as the text given, whatever its options. ``unset`` is the command that unsets the
    variables named after it, ``alternatives`` what stands between the patterns of a case.
    """

    __slots__ = ("alternatives", "name", "quote", "unset")

    def __init__(self, name: str, *, quote: Callable[[str], str], unset: str, alternatives: str) -> None:
        self.name = name
        self.quote = quote
        self.unset = unset
        self.alternatives = alternatives


SHELLS = {
    shell.name: shell
    for shell in (
        Shell("bash", quote=_quote_posix, unset="unset", alternatives="|"),
        Shell("zsh", quote=_quote_posix, unset="unset", alternatives="|"),
        Shell("fish", quote=_quote_fish, unset="set -e", alternatives=" "),
    )
}


def find(name: str) -> Shell:
    """The shell called ``name``, which may be a path or a login shell's name (``/bin/zsh``, ``-bash``).

    Raises UsageError where awsctx knows none such.
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
    if prompt:
        text = text.replace("# @PROMPT@\n", _read("prompt", shell))
    text = text.replace("@VERSION@", __version__)
    text = text.replace("@EPOCH@", str(int(time.time())))
    text = text.replace("@SUBCOMMANDS@", shell.alternatives.join(SUBCOMMANDS))
    # Both paths in one pass: one that looks like a placeholder stays a path.
    state_file, config = shell.quote(state_file), shell.quote(config)
    return config.join(part.replace("@STATE_FILE@", state_file) for part in text.split("@CONFIG@"))


def completion(name: str) -> str:
    """The completion of shell NAME as a file of its own, for the folder where that shell looks for completions.

    Raises UsageError for a shell that awsctx does not know.
    """
    return _read("complete", find(name))


def unset_command(name: str, variables: Iterable[str]) -> str:
    """What a user types in shell NAME to be rid of ``variables``; an unknown shell is taken for a POSIX one."""
    shell = SHELLS.get(os.path.basename(name).lstrip("-"), SHELLS["bash"])
    return " ".join([shell.unset, *variables])


def hook_line(shell: str) -> str:
    """The line that loads the hook, for the start-up file of ``shell``."""
    if shell == "fish":
        return "awsctx init fish | source"
    return f'eval "$(awsctx init {shell if shell in ("bash", "zsh") else "bash"})"'


def _read(kind: str, shell: Shell) -> str:
    path = os.path.join(os.path.dirname(__file__), f"{kind}.{shell.name}")
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()
