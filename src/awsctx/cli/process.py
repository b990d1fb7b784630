"""What this process has: its environment as a world, and the person at its terminal.

Hot path: imports nothing that the interpreter has not loaded already.
"""

import os
import sys

from awsctx.cli import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from awsctx.cli.person import Person
    from awsctx.world import World


def world() -> "World":
    """The world of this process. Under a lock the AWS files are the lock's, whatever the variables say, and nobody is asked."""
    from awsctx.world import World

    if not os.environ.get("AWSCTX_LOCK"):
        return World(os.environ, ask=render.ask if os.isatty(0) and os.isatty(2) else None, say=render.talk)
    found = World(os.environ, say=render.talk)
    if found.lock is not None:
        os.environ.update(found.lock.environment())
    return found


def outside(name: str) -> "tuple[World, str, bool]":
    """The world outside the lock, the profile that ``name`` stands for there, and whether it is to be read-only. Raises
    AwsctxError where the lock does not reach a profile of that name."""
    from awsctx.core.text import visible
    from awsctx.errors import AwsctxError
    from awsctx.world import World

    lock = World(os.environ).lock
    if lock is None or name not in lock.reached:
        raise AwsctxError(f"no lock reaches a profile named '{visible(name)}'", "this is for the credential_process of a lock")
    profile, read_only = lock.reached[name]
    # botocore looks at the environment of this process, and so does what it starts.
    for variable in ("AWSCTX_LOCK", "AWSCTX_ASKING", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(variable, None)
    os.environ.update(lock.outside())
    return World(os.environ), profile, read_only


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


def launcher() -> str:
    """The path of the command `awsctx`, as it was called: a link to it outlives the folder that an upgrade replaces."""
    called = os.path.abspath(sys.argv[0])
    if os.path.basename(called) == "awsctx" and os.access(called, os.X_OK):
        return called
    return os.path.join(os.path.dirname(sys.executable), "awsctx")
