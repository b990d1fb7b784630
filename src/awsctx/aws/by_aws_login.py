"""Profiles that sign in by `aws login`: how their sign-ins stand, and a new one, one at a time per profile."""

from __future__ import annotations

import os
import time
from hashlib import sha1

from awsctx.awsfiles import names
from awsctx.core.text import visible
from awsctx.errors import SignInNeeded
from awsctx.signin import aws_login, cache, flow, tokens
from awsctx.signin.request import Request
from awsctx.signin.screen import Screen
from awsctx.signin.service import NoAnswer
from awsctx.signin.session import login_command
from awsctx.signin.waiting import Allowance
from awsctx.world import World

# Seconds that another awsctx may take where the call has no limit. The AWS CLI waits 10 minutes for the browser.
_SECONDS = 11 * 60.0


def standing(world: World, profile: str) -> tokens.SignIn:
    """How the sign-in of ``profile`` stands, read from the files anew."""
    values = names.open_files(world.environ).profile(profile) or {}
    return aws_login.sign_in(aws_login.token_path(str(values.get("login_session", "")), world.environ), time.time())


def sign_in(world: World, profile: str, request: Request, screen: Screen) -> str:
    """Have `aws login` sign in to ``profile`` as ``request`` says (over SSH with a code), or wait for another awsctx that
    does so. Returns the line to tell the user. Raises SignInNeeded where nobody is there to sign in, AwsctxError."""
    again = login_command(profile, force=request.force, options=request.options)
    if not request.person and not request.flow:
        raise SignInNeeded(
            f"'{visible(profile)}' needs a sign-in by `aws login`, and there is no terminal to do it on",
            f"on a terminal: {again}",
            "or choose a flow here: --device-code or --browser",
        )
    waited = False

    def waiting() -> None:
        nonlocal waited
        waited = True
        screen.say(f"another awsctx is signing in to '{visible(profile)}': waiting for it")

    allowance, before, started = Allowance(request.seconds), standing(world, profile), time.time()
    digest = sha1(profile.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
    lock = os.path.join(os.path.dirname(world.state_path), f"aws-login-{digest}")
    try:
        with cache.locked(lock, seconds=allowance.left(_SECONDS), waiting=waiting):
            now = standing(world, profile)
            if waited and now.status == tokens.VALID and now.expires_at != before.expires_at:
                return f"another process signed in to '{visible(profile)}'"
            remote = request.flow == flow.DEVICE_CODE or (not request.flow and bool(world.environ.get("SSH_CONNECTION")))
            left = None if request.seconds is None else allowance.left(request.seconds)
            with flow.failing_together(lock, "aws login", started if waited else None):
                aws_login.run(
                    profile, world.environ, remote=remote, open_browser=request.open_browser, seconds=left, again=again
                )
            cache.write_failure(lock, None)
    except cache.Busy:
        raise NoAnswer(
            f"nobody signed in to '{visible(profile)}' in time: another awsctx is still waiting for that",
            f"finish that, or end it; to try again: {again}",
        ) from None
    return f"signed in to '{visible(profile)}' by aws login"
