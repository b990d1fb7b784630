"""Where awsctx keeps its own files: the only user of platformdirs.

Importing platformdirs takes longer than all the rest of an everyday call, so it is asked only where the answer is not plain:
not where a variable names the path (the hook exports both), nor on Linux with an absolute HOME and XDG folder, where
every version of it says the same. A test holds the two to one another.
"""

import os
import stat
import sys

from awsctx.core.text import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PIN = ".awsctx"  # the name of a folder's pin


def state_path(environ: "Mapping[str, str]") -> str:
    """AWSCTX_STATE_FILE, else `state` in platformdirs' user state folder for `awsctx`."""
    path = environ.get("AWSCTX_STATE_FILE")
    if path:
        return path
    folder = _plain_folder(environ, "XDG_STATE_HOME", ".local/state")
    if folder:
        return f"{folder}/awsctx/state"
    from platformdirs import user_state_path

    return str(user_state_path("awsctx") / "state")


def beside_state(environ: "Mapping[str, str]", name: str) -> str:
    """Where a file of awsctx's own, called ``name``, is kept: in the state's folder."""
    return os.path.join(os.path.dirname(os.path.realpath(state_path(environ))), name)


def folder(environ: "Mapping[str, str]") -> str:
    """The folder of this call: PWD where it names the current folder, else what getcwd(3) says. PWD, too, where the folder has
    been removed; empty where PWD names none."""
    spelled = environ.get("PWD", "")
    if spelled[:1] != "/" or os.path.normpath(spelled) != spelled:
        spelled = ""
    try:
        if spelled and os.path.samestat(os.stat(spelled), os.stat(".")):
            return spelled
    except OSError:
        pass
    try:
        return os.getcwd()
    except OSError:
        return spelled


def pin_files(folder: str) -> "Iterator[str]":
    """The path of each `.awsctx` from ``folder`` up to the root, whatever kind of file it is. Folders of that name are other
    programs', and are skipped."""
    while folder:
        path = os.path.join(folder, PIN)
        try:
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                yield path
        except (OSError, ValueError):  # there is none, or no way to tell
            pass
        above = os.path.dirname(folder)
        folder = above if above != folder else ""


def config_path(environ: "Mapping[str, str]") -> str:
    """AWSCTX_CONFIG, else `config.toml` in platformdirs' user config folder for `awsctx`; on macOS, where there is none, the
    one in ~/.config that other systems have."""
    path = environ.get("AWSCTX_CONFIG")
    if path:
        return path
    own, *others = config_places(environ)
    if sys.platform == "darwin" and not os.path.exists(own):
        return next(filter(os.path.exists, others), own)
    return own


def config_places(environ: "Mapping[str, str]") -> list[str]:
    """Where the own config may be that no variable names; the first counts."""
    home = os.path.join(os.path.expanduser("~"), ".config", "awsctx", "config.toml")
    folder = _plain_folder(environ, "XDG_CONFIG_HOME", ".config")
    if folder:
        own = f"{folder}/awsctx/config.toml"
    else:
        from platformdirs import user_config_path

        own = str(user_config_path("awsctx") / "config.toml")
    return list(dict.fromkeys((own, home)))


def rendered_path(shell: str, environ: "Mapping[str, str]") -> str:
    """The file that `awsctx init SHELL --save` writes: `hook.SHELL` in platformdirs' user data folder for `awsctx`.

    nushell loads each file of its own vendor autoload folder by itself, so its hook is there.
    """
    application, name = ("nushell", "vendor/autoload/awsctx.nu") if shell == "nu" else ("awsctx", f"hook.{shell}")
    folder = _plain_folder(environ, "XDG_DATA_HOME", ".local/share")
    if folder:
        return f"{folder}/{application}/{name}"
    from platformdirs import user_data_path

    return str(user_data_path(application) / name)


def _plain_folder(environ: "Mapping[str, str]", variable: str, default: str) -> str:
    """The user's folder of a kind, where it is plain; else empty."""
    if sys.platform != "linux" or "ANDROID_ROOT" in environ:
        return ""
    folder = environ.get(variable) or os.path.join(environ.get("HOME", ""), default)
    plain = folder[0] == "/" and folder[1:2] not in ("", "/") and folder == os.path.normpath(folder) == folder.strip()
    return folder if plain else ""


def short(path: str) -> str:
    """``path`` as a user reads it: `~` for the home folder, control characters spelled out."""
    home = os.path.expanduser("~")
    return visible("~" + path[len(home) :] if home != "/" and path.startswith(home + "/") else path)
