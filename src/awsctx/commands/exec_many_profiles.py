"""The profiles that a call of `awsctx exec` means which names several of them, and those that it leaves out and names
(awsctx(1), MANY AT ONCE)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from awsctx import guard
from awsctx.cells import plan
from awsctx.cells.last_run import LastRun
from awsctx.core.text import has_control_characters, visible
from awsctx.errors import AwsctxError
from awsctx.world import World

Say = Callable[[str], None]


class Wanted(Protocol):
    """The options of a call that matter here. ``match`` is empty for `--all`."""

    match: Sequence[str]
    one_per: str | None
    yes: bool


def account(world: World, profile: str) -> str:
    """The account id that the config names for ``profile``, or nothing."""
    return world.files.account_and_role(profile)[0]


def matching(world: World, wanted: Wanted, say: Say) -> list[str]:
    """The profiles of `--match` or `--all`, in the order of the list. Raises AwsctxError where none is left."""
    found = plan.matching(world.profiles(), wanted.match or ["*"])
    refused = [name for name in found if has_control_characters(name)]
    if refused:
        found = [name for name in found if name not in refused]
        if not found:
            what = f"every matching profile has control characters in its name: {_names(refused)}"
            raise AwsctxError(what, "rename it in the AWS config file")
        say(f"awsctx: left out, because their names hold control characters: {_names(refused)}")
    if wanted.one_per:
        free = _all_may_run(world, wanted)
        found = plan.one_per_account(found, lambda name: account(world, name), lambda name: not free and world.guarded(name))
    return _unguarded(world, found, wanted, say)


def of_last_run(world: World, kept: LastRun, wanted: Wanted, say: Say) -> tuple[list[str], bool]:
    """(the profiles of the cells in ``kept``, whether all that it names are there). Raises AwsctxError where none is left."""
    named = list(dict.fromkeys(context.profile for context in kept.contexts))
    gone = [name for name in named if not world.files.exists(name)]
    if gone == named:
        world.profile_named(gone[0])
    if gone:
        why = "no profile has these names any more" if world.lock is None else "the lock does not grant them"
        say(f"awsctx: left out, because {why}: {_names(gone)}")
    return _unguarded(world, [name for name in named if name not in gone], wanted, say), not gone


def _all_may_run(world: World, wanted: Wanted) -> bool:
    """Whether the call may run in guarded profiles: `--yes` says so, unless an agent makes the call."""
    return wanted.yes and guard.counts(world)


def _unguarded(world: World, profiles: list[str], wanted: Wanted, say: Say) -> list[str]:
    """The profiles without the guarded ones, which the user is told of; all of them where the call may run there."""
    guarded = [profile for profile in profiles if world.guarded(profile)]
    if not guarded or _all_may_run(world, wanted):
        return profiles
    hint = ["to run them too, add: --yes"] if guard.counts(world) else []
    left = [profile for profile in profiles if profile not in guarded]
    if not left:
        raise AwsctxError(f"every matching profile is guarded: {_names(guarded)}", *hint)
    say(f"awsctx: left out, because they are guarded: {_names(guarded)}")
    for line in hint:
        say(f"  {line}")
    return left


def _names(profiles: Iterable[str]) -> str:
    return ", ".join(map(visible, profiles))
