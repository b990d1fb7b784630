"""`awsctx _locked`: the keys of a profile that a lock reaches only by awsctx (awsctx(1), GUARD RAILS). Only the
credential_process in a lock's file calls it."""

from __future__ import annotations

from awsctx.aws import identity, read_only
from awsctx.commands import Result
from awsctx.commands.env import process
from awsctx.core.context import Context
from awsctx.world import World


def locked(outside: World, profile: str, weak: bool) -> Result:
    """The keys of ``profile`` in the world ``outside`` the lock; ``weak``: under a session policy. Raises AwsctxError."""
    left = identity.refresh_first(outside, [profile])
    context = Context(profile)
    return Result(process(read_only.keys_of(outside, context, read_only.Weaker(profile, policy=weak), None, left)))
