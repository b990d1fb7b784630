"""The tools that awsctx works with, and the command that installs each on this system."""

import shutil
from collections.abc import Callable

_GET = {
    "aws": {
        "brew": "brew install awscli",
        "apt-get": "apt-get install awscli",
        "dnf": "dnf install awscli2",
        "pacman": "pacman -S aws-cli-v2",
        "zypper": "zypper install aws-cli",
        "apk": "apk add aws-cli",
    },
    "jq": {
        "brew": "brew install jq",
        "apt-get": "apt-get install jq",
        "dnf": "dnf install jq",
        "pacman": "pacman -S jq",
        "zypper": "zypper install jq",
        "apk": "apk add jq",
    },
}
_READ = {
    "aws": "see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    "jq": "see https://jqlang.org/download",
}


def how_to_get(
    tool: str, *, root: bool, which: Callable[[str], str | None] = shutil.which, os_release: str = "/etc/os-release"
) -> str:
    """The command that installs ``tool`` (`aws`, `jq`) with the package manager that is here; without one, where to read how.

    ``root``: the caller is root, and needs no sudo. ``os_release`` is the file of os-release(5).
    """
    for manager, command in _GET[tool].items():
        if which(manager):
            # Debian has it, Ubuntu has not.
            if command == "apt-get install awscli" and _is_ubuntu(os_release):
                command = "snap install aws-cli --classic"
            return command if root or manager == "brew" else f"sudo {command}"
    return _READ[tool]


def _is_ubuntu(os_release: str) -> bool:
    try:
        with open(os_release, encoding="utf-8") as file:
            return any(line.strip() == "ID=ubuntu" for line in file)
    except OSError:
        return False
