"""What `exec` gives to a command with `--lock`, `--read-only` and `--keys`: less than the profile, or its keys (awsctx(1),
GUARD RAILS and RUNNING COMMANDS).

Hot path: imports nothing that the interpreter has not loaded already.
"""

import os
import sys

from awsctx import guard
from awsctx.awsfiles import lock_config
from awsctx.awsfiles.grammar import account_and_role, text_of
from awsctx.awsfiles.lock_config import Grant
from awsctx.core import environ as env
from awsctx.core.context import Context
from awsctx.core.text import in_brackets, visible
from awsctx.errors import AwsctxError
from awsctx.store import locks, paths
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    from awsctx.aws.read_only import Weaker
    from awsctx.awsfiles.lock_config import Lock
    from awsctx.core.keys import Keys
    from awsctx.signin.screen import Screen
    from awsctx.signin.waiting import Prompt

    class Wanted(Protocol):
        """The options of a call that matter here."""

        keys: bool
        lock: bool
        also: Sequence[str]
        read_only: bool
        yes: bool


class Narrowed:
    """What a command gets: the ``profile``, or ``keys`` in its place. ``region`` is that of the profile in the call.
    ``lock`` is the lock that it runs under. ``role`` is the weaker role that it runs as, if any."""

    __slots__ = ("keys", "lock", "profile", "read_only", "region", "role")

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.region = ""
        self.keys: Keys | None = None
        self.lock: Lock | None = None
        self.read_only = False
        self.role = ""

    def context(self, asked: Context) -> Context:
        """The context to run, where the call asked for ``asked``; it keeps the region of ``asked``."""
        return Context(self.profile, asked.region or (self.region if self.profile != asked.profile else ""))

    def applied(self, environ: dict[str, str], asked: Context) -> dict[str, str]:
        """``environ``, which is made for that context, with the lock and the keys added."""
        changes: env.Changes = {**self.lock.environment()} if self.lock is not None else {}
        if self.keys is not None:
            from awsctx.commands.env import values

            changes |= {"AWS_PROFILE": None, **{name: value or None for name, value in values(self.keys).items()}}
            if self.read_only:
                changes[env.READ_ONLY] = self.keys.access_key_id
            region = asked.region or self.region
            if region:
                changes |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
        return env.apply(environ, changes)


def narrow(
    world: World,
    profile: str,
    wanted: "Wanted",
    also: "Sequence[str]" = (),
    prompt: "Prompt | None" = None,
    screen: "Callable[[], Screen] | None" = None,
    region: str = "",
) -> Narrowed:
    """What a command gets that is to run with ``profile``, in ``region`` where the context names one. A lock grants
    ``profile`` and those in ``also``. ``prompt`` asks for an MFA code, and ``screen`` shows a sign-in, where they are
    needed; without a ``screen`` nobody is asked about a guarded profile either. Raises AwsctxError, SignInNeeded; nothing
    has run then."""
    narrowed = Narrowed(profile)
    narrowed.region = _region(world, profile)
    admitted = {profile, *also}

    def find_weaker(profile: str, act: guard.Act) -> "Weaker":
        weaker = _weaker(world, profile)
        if weaker.role or weaker.profile not in admitted:
            guard.admit_weaker(world, profile, weaker.profile, weaker.role, act, yes=wanted.yes, asked=screen is not None)
            admitted.add(weaker.profile)
        return weaker

    weaker = find_weaker(profile, guard.RUN) if wanted.read_only else None
    if weaker is not None:
        narrowed.read_only = True
        narrowed.profile, narrowed.role = weaker.profile, weaker.role
    if wanted.lock:
        grants = [_grant(world, profile, weaker)]
        for other in also:
            if other != profile:
                grants.append(_grant(world, other, find_weaker(other, guard.GRANT) if wanted.read_only else None))
        folder = paths.beside_state(world.environ, locks.FOLDER)
        narrowed.lock = lock_config.write(world.files, grants, world.lock, _program(), folder)
        _refuse_following(world, narrowed.lock)
        narrowed.profile = grants[0].name
    by_keys = weaker is not None and (weaker.takes_keys or (not region and _adds_region(world, profile, weaker.profile)))
    if wanted.keys or (by_keys and not wanted.lock):
        narrowed.keys = _keys(world, profile, weaker, prompt, screen)
        if wanted.lock or world.lock is not None:
            from awsctx.commands.env import refuse_long_lived

            refuse_long_lived(profile, narrowed.keys, "leave out --keys: under the lock the profile itself reaches them")
    return narrowed


def _region(world: World, profile: str) -> str:
    return text_of(world.files.profile(profile) or {}, "region")


def _adds_region(world: World, profile: str, weaker: str) -> bool:
    """Whether ``weaker`` would give a region to a context that has none: that of a read-only call stays the context's."""
    return not _region(world, profile) and bool(_region(world, weaker))


def said(world: World, narrowed: Narrowed, context: Context) -> list[str]:
    """The line about the lock; none without a lock."""
    if narrowed.lock is None:
        return []
    granted = list(narrowed.lock.granted)
    account, role = account_and_role(world.files.profile(narrowed.profile) or world.files.profile(context.profile) or {})
    known = in_brackets(account=account, role=narrowed.role or role, region=context.region or narrowed.region)
    line = f"awsctx: locked to {visible(granted[0])}{known}"
    line += ", read-only" if narrowed.read_only else ""
    return [line + (f"; also {', '.join(map(visible, granted[1:]))}" if granted[1:] else "")]


def _refuse_following(world: World, lock: "Lock") -> None:
    """Raises AwsctxError where a profile of ``lock`` is whatever context is active: each switch would move what is locked."""
    if not lock.reached:
        return
    from awsctx.profiles.following import is_following

    for name, _ in lock.reached.values():
        if is_following(world.files.profile(name) or {}):
            what = f"'{visible(name)}' is whatever context is active, which no lock holds"
            raise AwsctxError(what, "lock a context itself: awsctx exec --lock -p NAME -- COMMAND")


def _weaker(world: World, profile: str) -> "Weaker":
    from awsctx.aws import read_only

    return read_only.weaker_of(world, profile)


def _grant(world: World, profile: str, weaker: "Weaker | None") -> Grant:
    if weaker is None:
        grant = Grant(profile, read_only=world.lock is not None and world.lock.granted.get(profile, False))
    elif not weaker.takes_keys:
        grant = Grant(weaker.profile, read_only=True, region=not _adds_region(world, profile, weaker.profile))
    else:
        name = f"{profile}.read-only"  # a name that no profile has, least of all the stronger one
        while world.files.profile(name) is not None:
            name += "-"
        grant = Grant(name, profile, read_only=True, role=weaker.role, reached=not weaker.role)
    grant.whose = world.files.account_and_role(grant.profile)
    return grant


def also(world: World, wanted: "Wanted", profile: str = "") -> list[str]:
    """The profiles to grant beside ``profile``. Raises AwsctxError where a glob matches none, or the guard refuses one."""
    if not wanted.also:
        return []
    from fnmatch import fnmatchcase

    names = world.files.names()
    for glob in wanted.also:
        if not any(fnmatchcase(name, glob) for name in names):
            raise AwsctxError(f"--also matches no profile: {visible(glob)}", "list the profiles with: awsctx list")
    found = [name for name in names if name != profile and any(fnmatchcase(name, glob) for glob in wanted.also)]
    for name in found:
        guard.ask(world, name, guard.GRANT, yes=wanted.yes)
    return found


def _keys(
    world: World,
    profile: str,
    weaker: "Weaker | None",
    prompt: "Prompt | None",
    screen: "Callable[[], Screen] | None",
) -> "Keys":
    from awsctx.aws import identity, read_only
    from awsctx.commands.login import renewing

    left = identity.refresh_first(world, [profile])
    meant = weaker or read_only.Weaker(profile)
    return renewing(world, profile, lambda: read_only.keys_of(world, Context(profile), meant, prompt, left), screen)


def _program() -> list[str]:
    """The command line that calls this awsctx, valid in any folder."""
    called = sys.argv[0]
    if os.path.basename(called) == "awsctx" and "/" in called:
        return [os.path.abspath(called)]
    return [sys.executable, "-m", "awsctx"]
