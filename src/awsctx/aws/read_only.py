"""Weaker credentials than a profile's own, enforced by IAM (awsctx(1), GUARD RAILS): a weaker role of the same account and
sign-in, or a session policy on the role or the IAM user. Never a filter on what a command asks for."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from awsctx.aws import identity, sessions
from awsctx.aws.each import SECONDS
from awsctx.aws.errors import signed_out
from awsctx.awsfiles.grammar import account_and_role, text_of
from awsctx.core import credentials
from awsctx.core.context import Context
from awsctx.core.keys import Keys
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, SignInNeeded
from awsctx.signin.cache import Token
from awsctx.signin.waiting import Prompt
from awsctx.world import World

if TYPE_CHECKING:
    from awsctx.signin.portal import Portal

_POLICY = "arn:{partition}:iam::aws:policy/ReadOnlyAccess"
_WHAT_CAN = "what can: an SSO profile, by a weaker role; a role_arn profile and an IAM user's keys, by a session policy"
_BY_METHOD = {
    credentials.PROCESS: "a credential_process",
    credentials.LOGIN: "aws login",
    credentials.NONE: "nowhere in the AWS files",
}


@dataclass(frozen=True)
class Weaker:
    """How to run read-only. Without ``role`` and ``policy``, as ``profile`` as it is; with ``role``, as that SSO role of
    its account; with ``policy``, as its own role or user under a session policy."""

    profile: str
    role: str = ""
    policy: bool = False

    @property
    def takes_keys(self) -> bool:
        """Whether no profile of the config gives these credentials, so that they have to be passed as keys."""
        return bool(self.role) or self.policy


def weaker_of(world: World, profile: str) -> Weaker:
    """How to run read-only as ``profile``. The portal is asked where the config has no such profile. Raises AwsctxError
    where there is no way, and says what there is; SignInNeeded."""
    values = world.files.profile(profile) or {}
    account, role = account_and_role(values)
    if world.lock is not None:  # the lock decides here: the command may have changed the settings
        if world.lock.granted.get(profile):
            return Weaker(profile)
    elif role and world.settings.reads_only(role):
        return Weaker(profile)
    method = credentials.of_profile(profile, world.files.layers, world.files.session)
    if method == credentials.SSO:
        return _role(world, profile, account)
    if method in (credentials.ASSUME_ROLE, credentials.WEB_IDENTITY):
        return Weaker(profile, policy=True)
    if method in (credentials.SHARED, credentials.CONFIG) and not _short_lived(values):
        return Weaker(profile, policy=True)
    source = _BY_METHOD.get(method, "short-lived keys" if _short_lived(values) else "a config that is at fault")
    raise AwsctxError(f"'{visible(profile)}' cannot be made read-only: its credentials come from {source}", _WHAT_CAN)


def keys_of(world: World, context: Context, weaker: Weaker, prompt: Prompt | None = None, seconds: float = SECONDS) -> Keys:
    """The credentials of ``weaker``. Raises AwsctxError, SignInNeeded."""
    values = world.files.profile(weaker.profile) or {}
    context = Context(weaker.profile, context.region)
    if weaker.role:
        return _portal(world, weaker.profile).role_credentials(account_and_role(values)[0], weaker.role)
    if not weaker.policy:
        return identity.keys(world, context, prompt, seconds)
    arn = text_of(values, "role_arn")
    if arn:
        policy = _POLICY.format(partition=arn.removeprefix("arn:").partition(":")[0])
        return identity.keys(world, context, prompt, seconds, session_policy=(arn, policy))
    return _federation(world, context, prompt, seconds)


def _federation(world: World, context: Context, prompt: Prompt | None, seconds: float) -> Keys:
    def ask(session: Any) -> Keys:
        partition = session.get_partition_for_region(identity.region_of(world, context))
        client = session.client("sts", region_name=identity.region_of(world, context))
        policies = [{"arn": _POLICY.format(partition=partition)}]
        found = client.get_federation_token(Name="awsctx", PolicyArns=policies)["Credentials"]
        end = int(found["Expiration"].timestamp())
        return Keys(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"], end)

    try:
        return identity.asked(ask, world, context, prompt, seconds)
    except AwsctxError as e:
        raise type(e)(f"{visible(context.profile)}: {e.message}", *e.hints) from None


def _short_lived(values: Any) -> bool:
    return bool(text_of(values, "aws_session_token") or text_of(values, "aws_security_token"))


def _role(world: World, profile: str, account: str) -> Weaker:
    """The weaker SSO role of ``account``. For each glob of `read_only` in turn, a profile of the config comes before a role
    that only the portal lists."""
    if world.lock is not None:
        raise AwsctxError(f"'{visible(profile)}' cannot be made read-only: the lock grants no weaker role of it")
    mine = _sign_in_of(world, profile)
    others = []
    for name in world.files.names():
        found, role = world.files.account_and_role(name)
        if role and found == account and _sign_in_of(world, name) == mine:
            others.append((name, role))
    listed: list[str] | None = None
    for glob in world.settings.read_only:
        for name, role in others:
            if fnmatchcase(role, glob):
                return Weaker(name)
        if listed is None:
            listed = _portal(world, profile).roles(account)
        for role in listed:
            if fnmatchcase(role, glob):
                return Weaker(profile, role=role)
    raise AwsctxError(
        f"'{visible(profile)}' cannot be made read-only: no role of account {visible(account)} matches "
        + (", ".join(map(visible, world.settings.read_only)) or "read_only, which is empty"),
        f"the sign-in grants there: {', '.join(map(visible, listed or [])) or 'not looked up'}",
    )


def _sign_in_of(world: World, profile: str) -> str:
    """A word that identifies the sign-in of an SSO profile; empty for any other profile."""
    values = world.files.profile(profile) or {}
    if credentials.of_profile(profile, world.files.layers, world.files.session) != credentials.SSO:
        return ""
    return text_of(values, "sso_session") or text_of(values, "sso_start_url")


def _portal(world: World, profile: str) -> Portal:
    from awsctx.signin import flow
    from awsctx.signin.portal import Portal
    from awsctx.signin.request import Request

    session = sessions.of_profile(world, profile)
    try:
        token: Token = flow.ensure(session, Request(person=False, profile=profile), world.environ, identity.Silent()).token
    except SignInNeeded:  # whose hints name options of `login`
        needed = signed_out(world, profile)
        raise SignInNeeded(f"{visible(profile)}: {needed.message}", *needed.hints) from None
    return Portal(token, profile)
