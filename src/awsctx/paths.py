"""Where awsctx keeps its own files: the only user of platformdirs, which costs half an interpreter start and is
therefore imported only where no variable names the path (the hook exports both)."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def state_path(environ: "Mapping[str, str]") -> str:
    """AWSCTX_STATE_FILE, else `state` in platformdirs' user state folder for `awsctx`."""
    path = environ.get("AWSCTX_STATE_FILE")
    if path:
        return path
    from platformdirs import user_state_path

    return str(user_state_path("awsctx") / "state")


def config_path(environ: "Mapping[str, str]") -> str:
    """AWSCTX_CONFIG, else `config.toml` in platformdirs' user config folder for `awsctx`."""
    path = environ.get("AWSCTX_CONFIG")
    if path:
        return path
    from platformdirs import user_config_path

    return str(user_config_path("awsctx") / "config.toml")


def short(path: str) -> str:
    """``path`` as a person writes it, with `~` for the home folder."""
    home = os.path.expanduser("~")
    return "~" + path[len(home) :] if home != "/" and path.startswith(home + "/") else path
