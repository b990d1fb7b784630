"""Who a profile really is, and its credentials, asked through boto3: of STS and of botocore's own resolver.

botocore gets the profile by name, not from the environment, so nothing in the environment overrides it. Each request has
limits: seconds to connect and to read, two attempts. All requests of a command share one limit.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from awsctx import trace
from awsctx.aws import sessions
from awsctx.aws.each import SECONDS
from awsctx.aws.errors import NeedsCode, translated, unanswered
from awsctx.awsfiles.grammar import text_of
from awsctx.core.context import Context
from awsctx.core.keys import Keys
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.signin import tokens
from awsctx.signin.service import NoAnswer
from awsctx.signin.session import Session
from awsctx.signin.waiting import Prompt, TooLong, Wire, within
from awsctx.world import World

_CONNECT_SECONDS = 5
_READ_SECONDS = 10
# The part of these seconds that refreshing may take.
_REFRESH_SECONDS = 15.0
_ROLE_OF_SSO = "AWSReservedSSO_"
# The variable that names the profiles whose credentials are being asked for. Without it, a credential_process that calls
# awsctx for its own profile would never end.
_ASKING = "AWSCTX_ASKING"
_ONE_PROCESS = threading.Lock()

T = TypeVar("T")


@dataclass(frozen=True)
class Identity:
    """The answer of STS. ``role`` is the role's name (for Identity Center, the name in the access portal), or empty."""

    account_id: str
    arn: str

    @property
    def role(self) -> str:
        return role_name(self.arn)


def role_name(arn: str) -> str:
    """The role in an STS ARN: `tester` of `…:assumed-role/AWSReservedSSO_tester_0123456789abcdef/ada`. Empty where the ARN
    has none (an IAM user, the root user)."""
    parts = arn.split(":", 5)[-1].split("/")
    if parts[0] != "assumed-role" or len(parts) < 2:
        return ""
    name, _, suffix = parts[1].rpartition("_")
    return name.removeprefix(_ROLE_OF_SSO) if parts[1].startswith(_ROLE_OF_SSO) and len(suffix) == 16 else parts[1]


def identify(world: World, context: Context, prompt: Prompt | None = None, seconds: float = SECONDS) -> Identity:
    """Ask STS who the profile of ``context`` is, in its region, within ``seconds``. ``prompt`` asks the user for an MFA
    code. Raises AwsctxError."""

    def ask(session: Any) -> Identity:
        client = session.client("sts", region_name=region_of(world, context))
        answer = client.get_caller_identity()
        return Identity(str(answer["Account"]), str(answer["Arn"]))

    return asked(ask, world, context, prompt, seconds)


def keys(
    world: World,
    context: Context,
    prompt: Prompt | None = None,
    seconds: float = SECONDS,
    session_policy: tuple[str, str] | None = None,
) -> Keys:
    """The credentials of the profile of ``context``, from botocore's own resolver, within ``seconds``. ``session_policy``
    is (ARN of the profile's role, ARN of the policy under which to assume it). Raises AwsctxError, which names the profile."""
    profile = context.profile
    if profile in world.environ.get(_ASKING, "").split("\n"):
        raise AwsctxError(
            f"the credential_process of '{visible(profile)}' asks awsctx for '{visible(profile)}' itself",
            "give that profile another name than the one that it asks for",
        )

    def ask(session: Any) -> Keys:
        if session_policy is not None:
            _assume_under(session, *session_policy)
        found = session.get_credentials()
        if found is None:
            raise AwsctxError("it has no credentials", "see: awsctx doctor")
        frozen = found.get_frozen_credentials()
        # botocore has no public name for this; AWS CLI's export-credentials reads it too.
        end = getattr(found, "_expiry_time", None)
        return Keys(frozen.access_key, frozen.secret_key, frozen.token or "", int(end.timestamp()) if end else None)

    try:
        with _asking(world, profile):
            return asked(ask, world, context, prompt, seconds)
    except AwsctxError as e:
        raise type(e)(f"{visible(profile)}: {e.message}", *e.hints) from None


def _assume_under(session: Any, role: str, policy: str) -> None:
    """Have botocore assume ``role`` under ``policy``. Other roles in the chain are assumed as usual."""

    def add(params: dict[str, Any], **_: Any) -> None:
        if params.get("RoleArn") == role:
            params["PolicyArns"] = [{"arn": policy}]

    for operation in ("AssumeRole", "AssumeRoleWithWebIdentity"):
        session.events.register(f"provide-client-params.sts.{operation}", add)


@contextmanager
def _asking(world: World, profile: str) -> Iterator[None]:
    """Inside this context, a credential_process that botocore starts can see whose keys are asked for. botocore passes the
    environment of this process on, so profiles with such a process are asked one at a time."""
    if not any("credential_process" in values for _, values in sessions.chain(world, profile)):
        yield
        return
    with _ONE_PROCESS:
        before = os.environ.get(_ASKING, "")
        os.environ[_ASKING] = "\n".join([*filter(None, [before]), profile])
        try:
            yield
        finally:
            os.environ.pop(_ASKING)
            if before:
                os.environ[_ASKING] = before


def refresh_first(world: World, profiles: list[str]) -> float:
    """``refresh_each`` for profiles of one sign-in: returns the seconds that are left. Raises NoAnswer."""
    left, troubles = refresh_each(world, profiles)
    for trouble in troubles.values():
        raise trouble
    return left


def refresh_each(world: World, profiles: list[str]) -> tuple[float, dict[str, NoAnswer]]:
    """Refresh the sign-ins of ``profiles`` that end soon, one after the other and under awsctx's lock. botocore would
    refresh in each thread at once, and a refresh token works only once.

    Returns the seconds that are left for the questions, and {profile: error} for the profiles that are not worth asking:
    their sign-in has ended, and the service that refreshes it does not answer. Other failures are left to botocore.
    """
    from awsctx.signin.request import Request

    began = time.monotonic()
    users: dict[str, tuple[Session, list[str]]] = {}
    for profile in profiles:
        try:
            session = sessions.find_for_profile(world, profile)
        except AwsctxError:
            continue
        if session is not None:
            users.setdefault(session.token_path, (session, []))[1].append(profile)
    troubles: dict[str, NoAnswer] = {}
    for path, (session, names) in users.items():
        now = time.time()
        sign_in = tokens.sign_in(path, now)
        rest = None if sign_in.expires_at is None else sign_in.expires_at - now
        if rest is None or rest >= tokens.REFRESH_WINDOW or (sign_in.refreshable_until or 0) <= now:
            continue
        from awsctx.signin import flow

        left = max(began + _REFRESH_SECONDS - time.monotonic(), 0.5)
        request = Request(person=False, profile=names[0], patience=min(left, flow.BRIEFLY) if rest > 0 else left)
        try:
            flow.ensure(session, request, world.environ, Silent())
        except NoAnswer as e:
            trace.tell("not refreshed", e.message)
            if rest <= 0:
                troubles |= dict.fromkeys(names, e)
        except AwsctxError as e:
            trace.tell("not refreshed", e.message)
    return SECONDS - (time.monotonic() - began), troubles


class Silent:
    """The screen of a sign-in that nobody watches."""

    def say(self, line: str) -> None:
        trace.tell(line)

    def waiting(self, what: str, seconds: float) -> None:
        pass

    def copy(self, text: str) -> None:
        pass

    def progress(self, what: str, done: int, total: int) -> None:
        pass

    def done_waiting(self) -> None:
        pass


def region_of(world: World, context: Context) -> str:
    """The region to ask in: that of the context, the profile, the environment, or the session, else us-east-1."""
    values = world.files.profile(context.profile) or {}
    session = world.files.session(str(values.get("sso_session", ""))) or {}
    candidates = (
        context.region,
        text_of(values, "region"),
        world.environ.get("AWS_REGION"),
        world.environ.get("AWS_DEFAULT_REGION"),
        text_of(values, "sso_region") or text_of(session, "sso_region"),
    )
    return next((str(region) for region in candidates if region), "us-east-1")


def asked(ask: Callable[[Any], T], world: World, context: Context, prompt: Prompt | None, seconds: float) -> T:
    """The result of ``ask``, called with a boto3 session for the profile. Raises AwsctxError."""
    wire = Wire(seconds)
    try:
        return within(wire, lambda prompt: ask(_session(world, context, prompt, wire)), prompt)
    except TooLong as e:
        raise unanswered(e.url) from None
    except Exception as e:
        raise translated(e, world, context.profile) from None


def _session(world: World, context: Context, prompt: Prompt | None, wire: Wire) -> Any:
    """A boto3 session for this profile, whatever the environment says."""
    import boto3
    import botocore.session
    from botocore.config import Config

    found = botocore.session.Session(profile=context.profile)
    found.register_component("data_loader", _loader())
    found.set_default_client_config(
        Config(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            retries={"total_max_attempts": 2, "mode": "standard"},
        )
    )
    wire.listen(found)
    # botocore's own prompter is getpass. It would read the terminal from any thread, and fail where there is none.
    assume_role = found.get_component("credential_provider").get_provider("assume-role")
    assume_role._prompter = prompt or _nobody
    trace.tell("asking for", f"{visible(context.profile)} in {region_of(world, context)}")
    return boto3.Session(botocore_session=found, region_name=region_of(world, context))


@cache
def _loader() -> Any:
    """botocore's models of the services, read once for all profiles, since EC2's takes a fifth of a second. A botocore
    session without a profile is no substitute: it reads the profile that AWS_PROFILE names, and fails where there is none."""
    from botocore.loaders import create_loader

    return create_loader(os.environ.get("AWS_DATA_PATH"))


def _nobody(_: str) -> str:
    raise NeedsCode
