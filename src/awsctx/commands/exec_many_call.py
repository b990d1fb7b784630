"""A call of `awsctx exec` over many: its options, and the last run that it takes up or becomes (awsctx(1), MANY AT ONCE)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from awsctx.cells import plan
from awsctx.cells.last_run import LastRun
from awsctx.commands import exec
from awsctx.core.context import Context
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, UsageError
from awsctx.signin.screen import Screen
from awsctx.store import paths
from awsctx.world import World


@dataclass
class Call:
    """The options of a call; None: not given. ``regions`` is the text of `-r`. ``jobs`` None means one for each core."""

    command: Sequence[str] = ()
    pipeline: str | None = None
    match: Sequence[str] = ()
    every: bool = False
    failed: bool = False
    regions: str | None = None
    one_per: str | None = None
    jobs: int | None = None
    fail_fast: bool = False
    out: str | None = None
    as_json: bool = False
    quiet: bool = False
    yes: bool = False
    dry_run: bool = False
    keys: bool = False
    keep: Sequence[str] = field(default_factory=tuple)
    lock: bool = False
    also: Sequence[str] = ()
    read_only: bool = False


def take_up(world: World, call: Call, kept: LastRun, screen: Screen) -> dict[str, str]:
    """Make ``call`` the call of the last run, and go to the folder where that was. Returns the environment there. Raises
    AwsctxError where the folder is gone."""
    call.command, call.pipeline, call.keys, call.keep = kept.command, kept.pipeline, kept.keys, kept.keep
    call.lock, call.also, call.read_only = kept.lock, kept.also, kept.read_only
    here = paths.folder(world.environ)
    if not kept.folder or os.path.realpath(kept.folder) == os.path.realpath(here):
        return dict(world.environ)
    if call.out is not None:
        call.out = os.path.join(here, call.out)
    world.check_settings()  # which are read now: AWSCTX_CONFIG may name them from here
    try:
        os.chdir(kept.folder)
    except OSError as e:
        what = f"could not run in {paths.short(kept.folder)}, where the last run was: {e.strerror}"
        raise AwsctxError(what, "make that folder again, or run the command anew") from None
    screen.say(f"awsctx: runs in {paths.short(kept.folder)}, where the last run was")
    return {**world.environ, "PWD": kept.folder}


def as_kept(call: Call, aside: Sequence[Context], folder: str) -> LastRun:
    """``call`` in ``folder`` as the last run. ``aside`` is what it leaves out of the run that it takes up."""
    return LastRun(
        tuple(call.command),
        call.pipeline,
        call.keys,
        tuple(call.keep),
        aside,
        call.lock,
        tuple(call.also),
        call.read_only,
        folder,
    )


def check(world: World, call: Call) -> None:
    """Raise UsageError where options do not go together, or there is nothing to run; AwsctxError for a region that is none."""
    if call.failed:
        named = call.match or call.every or call.regions is not None or call.one_per is not None
        more = call.keys or call.keep or call.lock or call.also or call.read_only
        if named or call.command or call.pipeline is not None or more:
            raise UsageError(
                "--failed repeats the last run: it takes no command, profiles or regions", "see: awsctx exec --help"
            )
    elif call.match and call.every:
        raise UsageError("--match and --all do not go together", "for example: awsctx exec --match '*.readonly' -- COMMAND")
    else:
        exec.check(call.command, call.pipeline, call.keep)
        exec.check_also(call.also, lock=call.lock)
    if call.out == "":
        raise UsageError("--out names an empty folder", "for example: awsctx exec --all --out results -- COMMAND")
    if call.out is not None and call.as_json:
        raise UsageError("--out and --json do not go together", "choose one")
    if call.one_per not in (None, "account"):
        raise UsageError(f"--one-per takes `account`, not '{visible(call.one_per)}'", "see: awsctx exec --help")
    if call.regions not in (None, "-", plan.EVERY_REGION):
        plan.named_regions(call.regions, world.region)
