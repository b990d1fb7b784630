"""The start-up files of shells: which file a shell reads, and the lines there that load the hook.

The lines hold paths as data: no `$(...)`, backtick or quote in a path is ever evaluated.
"""

import os
import re
from collections.abc import Mapping
from glob import escape, glob

from awsctx import shells

_CALLS = re.compile(rb"^[^#\n]*awsctx init", re.MULTILINE)
_LOADS = re.compile(rb"^[^#\n]*awsctx/hook\.(?:bash|zsh|fish)", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z0-9_./+-]*")
_LOGIN_FILES = (".bash_profile", ".bash_login", ".profile")


def startup_file(shell: str, environ: Mapping[str, str], system: str) -> str:
    """The file that a new interactive ``shell`` (`bash`, `zsh`, `fish`) reads; ``system`` is `sys.platform`."""
    home = environ["HOME"]
    if shell == "zsh":
        return os.path.join(environ.get("ZDOTDIR") or home, ".zshrc")
    if shell == "fish":
        return os.path.join(_config_folder(environ), "fish", "conf.d", "awsctx.fish")
    if system != "darwin":
        return f"{home}/.bashrc"
    # Terminals on macOS open login shells. bash then reads only the first of these files that exists, and .bashrc only if
    # that file loads it.
    for name in _LOGIN_FILES:
        path = f"{home}/{name}"
        if os.path.exists(path):
            return f"{home}/.bashrc" if b"bashrc" in _content(path) else path
    return f"{home}/{_LOGIN_FILES[0]}"


def loader(shell: str, environ: Mapping[str, str], system: str, hook: str) -> tuple[str, bool] | None:
    """The first start-up file of ``shell`` that loads the hook, and whether it does so from the file ``hook`` or by `awsctx
    init`. None where no file loads it."""
    if shell == "nu":  # nushell loads the file by itself
        return None
    files = [startup_file(shell, environ, system)]
    if shell == "fish":
        files.append(os.path.join(_config_folder(environ), "fish", "config.fish"))
    if shell == "bash":
        files += [f"{environ['HOME']}/{name}" for name in (".bashrc", *_LOGIN_FILES)]
    line = os.fsencode(load_line(shell, hook, environ["HOME"]))
    for path in files:
        text = _content(path)
        if _CALLS.search(text):
            return path, False
        if _LOADS.search(text) or any(found.strip() == line for found in text.split(b"\n")):
            return path, True
    return None


def settings_of(names: tuple[str, ...], shell: str, environ: Mapping[str, str]) -> list[tuple[str, int, str]]:
    """The lines of start-up files of ``shell`` that set one of the variables ``names`` for the rest of the session, as
    (file, line, name)."""
    if not environ.get("HOME"):
        return []
    # Matches `x=1`, `export x=1`, `set -gx x 1` and `$env.x = 1`, but neither `x=1 command` nor an alias.
    one = "|".join(names)
    posix = rf"^\s*(?:(?:export|typeset|declare)\s+(?:-\w+\s+)*)?({one})=(?:\"[^\"]*\"|'[^']*'|[^\s;&|])+\s*(?:[;&#].*)?$"
    other = rf"^\s*(?:set\s+-\S*x\S*\s+|\$env\.)({one})\s*\S"
    sets = re.compile(other if shell in ("fish", "nu") else posix)
    found = []
    for path in _startup_files(shell, environ):
        for number, line in enumerate(_content(path).decode("utf-8", "surrogateescape").split("\n"), 1):
            match = sets.match(line)
            if match:
                found.append((path, number, match[1]))
    return found


def _startup_files(shell: str, environ: Mapping[str, str]) -> list[str]:
    """All the user's start-up files of ``shell``."""
    home, config = environ["HOME"], _config_folder(environ)
    if shell == "zsh":
        folder = environ.get("ZDOTDIR") or home
        return [f"{folder}/{name}" for name in (".zshenv", ".zprofile", ".zshrc", ".zlogin")]
    if shell == "fish":
        return [f"{config}/fish/config.fish", *sorted(glob(f"{escape(config)}/fish/conf.d/*.fish"))]
    if shell == "nu":
        return [f"{config}/nushell/{name}.nu" for name in ("env", "config")]
    return [f"{home}/{name}" for name in (".bashrc", *_LOGIN_FILES)]


def load_line(shell: str, hook: str, home: str) -> str:
    """The line that loads the file ``hook``. It does nothing where the file does not exist, and works under `set -eu`."""
    file = word(shell, hook, home)
    return f"test -r {file}; and source {file}" if shell == "fish" else f"[ ! -r {file} ] || . {file}"


def lines(shell: str, hook: str, folder: str, home: str) -> str:
    """The lines for a start-up file: they put ``folder``, where the command is, on PATH, then load the hook.

    PATH comes first, since many a start-up file is read before the file that sets PATH: Debian's .profile reads .bashrc
    first.
    """
    place = word(shell, folder, home)
    if shell == "fish":
        return (
            "if status is-interactive\n"
            f"    contains -- {place} $PATH; or set -gx PATH {place} $PATH\n"
            f"    {load_line(shell, hook, home)}\n"
            "end\n"
        )
    return f'[[ ":$PATH:" == *:{place}:* ]] || {path_line(shell, folder, home)}\n{load_line(shell, hook, home)}\n'


def path_line(shell: str, folder: str, home: str) -> str:
    """The command that puts ``folder`` first on PATH."""
    place = word(shell, folder, home)
    if shell == "fish":
        return f"set -gx PATH {place} $PATH"
    return f'export PATH={place[:-1]}:$PATH"' if place.endswith('"') else f'export PATH={place}":$PATH"'


def word(shell: str, path: str, home: str) -> str:
    """``path`` as one word that the shell reads back. The home folder is written as `$HOME`, since users share start-up
    files between machines."""
    quote = shells.SHELLS.get(shell, shells.SHELLS["bash"]).quote
    if not path.startswith(home + "/"):
        return quote(path)
    rest = path[len(home) :]
    return f'"$HOME{rest}"' if _PLAIN.fullmatch(rest) else '"$HOME"' + quote(rest)


def _config_folder(environ: Mapping[str, str]) -> str:
    return environ.get("XDG_CONFIG_HOME") or f"{environ['HOME']}/.config"


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
