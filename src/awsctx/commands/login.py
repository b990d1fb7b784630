"""`awsctx login`: sign in, unless the sign-in is valid.

Hot path: imports nothing beyond the list for `login` in tests/test_imports.py.
"""

import time

from awsctx.aws import sessions
from awsctx.commands import Result
from awsctx.core.text import duration, visible
from awsctx.errors import AwsctxError, SignInNeeded
from awsctx.signin import tokens
from awsctx.signin.request import Request
from awsctx.signin.session import Session, damage, login_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from awsctx.signin.flow import Outcome
    from awsctx.signin.screen import Screen
    from awsctx.world import World

    T = TypeVar("T")


def login(world: "World", name: str, request: Request, screen: "Screen") -> Result:
    """Sign in to the session ``name``, or to the session of the profile ``name``; without a name, to that of the context in
    force. Raises SignInNeeded where the user is needed and not there, AwsctxError."""
    world.not_locked("a sign-in")
    profile = sessions.login_profile_of_argument(world, name)
    if profile:
        return Result("", _aws_login(world, profile, request, screen))
    session = sessions.of_argument(world, name)
    sign_in = tokens.sign_in(session.token_path, world.now)
    if sign_in.status == tokens.VALID and not request.force and not _refresh_now(sign_in, world.now):
        return Result("", f"already signed in to {session}{_for(sign_in.expires_at, world.now)}")
    outcome = ensure(world, session, request, screen)
    return Result("", said(session, outcome))


def login_each(world: "World", names: list[str], request: Request, screen: "Screen") -> Result:
    """``login`` for each name in turn. A failure does not stop the others. Afterwards raises AwsctxError for all failures,
    or SignInNeeded where all of them need only the user."""
    failed: list[AwsctxError] = []
    for name in names:
        try:
            done = login(world, name, request, screen)
        except AwsctxError as e:
            failed.append(e)
            for line in (f"awsctx: {e.message}", *(f"  {hint}" for hint in e.hints)):
                screen.say(line)
        else:
            for line in done.talk:
                screen.say(line)
    if failed:
        kind = SignInNeeded if all(isinstance(e, SignInNeeded) for e in failed) else AwsctxError
        raise kind(f"{len(failed)} of {len(names)} sign-ins did not succeed")
    return Result("")


def every_session(world: "World") -> list[str]:
    """The names of all sessions, those of the old inline form too (their start URLs). Raises AwsctxError where there are
    none."""
    found = [session.name for session, _ in sessions.every(world)]
    if not found:
        raise AwsctxError("there are no sessions to sign in to", "make one with: awsctx setup")
    return found


def _aws_login(world: "World", profile: str, request: Request, screen: "Screen") -> str:
    from awsctx.aws import by_aws_login

    now = by_aws_login.standing(world, profile)
    if now.status == tokens.VALID and not request.force:
        return f"already signed in to '{visible(profile)}' by aws login"
    return by_aws_login.sign_in(world, profile, request, screen)


def ensure(world: "World", session: Session, request: Request, screen: "Screen") -> "Outcome":
    """Sign in to ``session``: use the token that is there, refresh it, wait for another process that signs in, or sign in
    anew. Raises SignInNeeded, AwsctxError."""
    from awsctx.signin import flow

    wrong = damage(session)
    if wrong and not request.force:
        screen.say(f"awsctx: {wrong}")
    key = world.settings.browser_key(session.name)
    command = world.settings.browser_for(session.name)
    request = request.but(profile=world.environ.get("AWS_PROFILE", ""), browser=command, browser_key=key)
    outcome = flow.ensure(session, request, world.environ, screen)
    if outcome.how == "signed in" and outcome.token.region != session.region:
        _keep_region(world, session, outcome.token.region, screen)
    return outcome


def _keep_region(world: "World", session: Session, region: str, screen: "Screen") -> None:
    """Write ``region`` as the config's `sso_region`, because SDKs read it there. It is the region that a start URL on a
    company's own domain has led to."""
    from awsctx.awsfiles import grammar, names, ops, write
    from awsctx.awsfiles.headers import CONFIG
    from awsctx.profiles.both_files import change_together

    key, where = ("sso_start_url", grammar.PROFILE) if session.inline else ("", grammar.SESSION)

    def plan(sections: ops.Sections) -> list[ops.Op]:
        found = {
            title: values
            for title, values in sections
            if title[0] == where and (values.get(key) == session.start_url if key else title[1] == session.name)
        }
        stale = [title for title, values in found.items() if values.get("sso_region") != region]
        return [ops.SetKeys(title, {"sso_region": region}) for title in stale]

    try:
        done = change_together(world.environ, [write.Edit(names.config_path(world.environ), CONFIG, plan)])[0]
    except AwsctxError as e:
        screen.say(f"awsctx: {e.message}; set the sso_region of {session} to {region} there by hand")
        return
    if done.written:
        screen.say(region_written(session, region))


def region_written(session: Session, region: str) -> str:
    """The line about the region that a start URL on a company's own domain has led to."""
    return f"the portal of {session} is in {region}: wrote that to its sso_region"


def offer(world: "World", profile: str, screen: "Callable[[], Screen]") -> None:
    """Ask the user whether to sign in, where the profile has no sign-in that is valid or can be refreshed; sign in if so.
    Raises AwsctxError where that fails."""
    by_login = sessions.login_profile(world, profile)
    if by_login:
        _offer_aws_login(world, by_login, screen)
        return
    path = tokens.path_for_profile(world.files.profile(profile) or {})
    if path and tokens.sign_in(path, world.now).status in (tokens.VALID, tokens.REFRESHABLE):
        return
    try:
        session = sessions.find_for_profile(world, profile)
    except AwsctxError:
        return  # the command itself reports the error in the config
    if session is None or world.ask is None:
        return
    status = tokens.sign_in(session.token_path, world.now).status
    if status in (tokens.VALID, tokens.REFRESHABLE):
        return
    ended = "has ended" if status == tokens.EXPIRED else "is missing"
    if world.ask(f"the sign-in to {session} {ended}. Sign in now?", default=True):
        shown = screen()
        shown.say(said(session, ensure(world, session, Request(), shown)))


def _offer_aws_login(world: "World", profile: str, screen: "Callable[[], Screen]") -> None:
    from awsctx.aws import by_aws_login

    status = by_aws_login.standing(world, profile).status
    if status in (tokens.VALID, tokens.REFRESHABLE) or world.ask is None:
        return
    ended = "has ended" if status == tokens.EXPIRED else "is missing"
    if world.ask(f"the sign-in to '{visible(profile)}' by aws login {ended}. Sign in now?", default=True):
        shown = screen()
        shown.say(_aws_login(world, profile, Request(), shown))


def renewing(world: "World", profile: str, ask: "Callable[[], T]", screen: "Callable[[], Screen] | None") -> "T":
    """The result of ``ask()``. Where the portal refuses the profile's sign-in (TokenRefused) and the user is there, offer a
    new sign-in and ask once more."""
    from awsctx.signin.portal import TokenRefused

    try:
        return ask()
    except TokenRefused:
        session = sessions.of_profile(world, profile)
        question = f"the SSO portal does not take the sign-in to {session} any more. Sign in now?"
        if screen is None or world.ask is None or not world.ask(question, default=True):
            raise
    shown = screen()
    shown.say(said(session, ensure(world, session, Request(force=True), shown)))
    return ask()


def said(session: Session, outcome: "Outcome") -> str:
    """How the sign-in went, as a line for the user."""
    words = {
        "valid": "already signed in to",
        "refreshed": "refreshed the sign-in to",
        "shared": "another process signed in to",
        "signed in": "signed in to",
    }
    return f"{words[outcome.how]} {session}{_for(outcome.token.expires_at, time.time())}"


def damaged(sessions: "Iterable[Session]") -> list[str]:
    """The lines about those of ``sessions`` whose token files are damaged, each with its fix."""
    found = {session.name: wrong for session in sessions if (wrong := damage(session))}
    return [line for name, wrong in found.items() for line in (f"awsctx: {wrong}", f"  fix it with: {login_command(name)}")]


def damaged_of(world: "World", profiles: "Iterable[str]") -> list[str]:
    """As ``damaged``, for the sessions that ``profiles`` sign in with."""
    return damaged(session for session, _ in sessions.used_by(world, profiles))


def _refresh_now(sign_in: tokens.SignIn, now: float) -> bool:
    until = sign_in.refreshable_until
    return (sign_in.expires_at or 0) - now < tokens.REFRESH_WINDOW and until is not None and until > now


def _for(expires_at: float | None, now: float) -> str:
    return "" if expires_at is None else f" for {duration(expires_at - now + 30)}"
