"""The picker behind bare `awsctx`: fzf, where it is installed, else the one that is built in."""

import shutil
import subprocess

from awsctx import trace
from awsctx.core.text import has_control_characters, visible
from awsctx.errors import AwsctxError
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


# The answer is one whole line, whatever the user's FZF_DEFAULT_OPTS say.
_ONE_LINE = ("--no-multi", "--no-print-query", "--no-expect", "--no-print0")


def pick(world: World, built_in: "Callable[[Sequence[str], str], int | None]") -> str:
    """The profile that the person chose in fzf, or where there is none in ``built_in``; empty when they left it. The
    active one is on top and marked.

    Raises AwsctxError where fzf failed, or where there is nothing to choose from."""
    names = [name for name in world.files.names() if not has_control_characters(name)]
    if not names:
        raise world.nothing_there("profiles")
    active = world.active()
    marked = active.profile if active else ""
    names.sort(key=lambda name: name != marked)  # stable: the others stay in the file's order
    lines = [f"{'*' if name == marked else ' '} {name}" for name in names]
    if shutil.which("fzf"):
        try:
            return _fzf(lines)
        except OSError as e:  # there, but not to be run: its interpreter is missing, say
            trace.tell("could not run fzf", e.strerror)
    place = built_in(lines, "context")
    return "" if place is None else names[place]


def _fzf(lines: list[str]) -> str:
    picker = subprocess.run(  # noqa: S603 (constant words)
        ["fzf", "--prompt=context> ", "--layout=reverse", "--height=40%", *_ONE_LINE],  # noqa: S607 (the user's fzf)
        input="\n".join(lines),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
    )
    if picker.returncode in (1, 130):
        return ""
    if picker.returncode != 0:
        raise AwsctxError(f"fzf failed with exit code {picker.returncode}", f"choose by name: awsctx {visible(lines[0][2:])}")
    return picker.stdout.rstrip("\n")[2:]
