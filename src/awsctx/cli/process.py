"""What this process has: its environment as a world, and the person at its terminal.

Hot path: imports nothing that the interpreter has not loaded already.
"""

import os

from awsctx.cli import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from awsctx.cli.person import Person
    from awsctx.world import World


def world() -> "World":
    """The world of this process."""
    from awsctx.world import World

    return World(os.environ, ask=render.ask if os.isatty(0) and os.isatty(2) else None, warn=render.talk)


def person() -> "Person":
    """The person at the terminal."""
    from awsctx.cli.person import Person

    return Person()


def code() -> "Callable[[str], str] | None":
    """How to ask the person for an MFA code; None where nobody sits there."""
    if not (os.isatty(0) and os.isatty(2)):
        return None
    from getpass import getpass

    return getpass
