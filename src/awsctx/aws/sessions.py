"""Which sign-in a name means: an `[sso-session X]`, or the start URL of profiles in the old inline form.

Hot path: imports nothing beyond the list for `login` in tests/test_imports.py.
"""

import os

from awsctx.awsfiles.grammar import text_of
from awsctx.awsfiles.names import config_path
from awsctx.core.text import RENAME_BY_HAND, has_control_characters, visible
from awsctx.errors import AwsctxError
from awsctx.shells import quoted
from awsctx.signin import tokens
from awsctx.signin.session import Session, parse_scopes
from awsctx.store import paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from awsctx.world import World

    Values = dict[str, Any]

# The most `source_profile`s to follow to the profile that signs in.
_HOPS = 10


def of_argument(world: "World", argument: str, *, to_end: bool = False) -> Session:
    """The session that the user means by ``argument``: the name of a session, a profile (`.` is the one in force), or the
    start URL of an inline form; without a name, the session of the context in force. A name that is both is the session.
    ``to_end``: it is only to be ended, which takes its name alone; its section may lack keys, or be gone. Raises
    AwsctxError."""
    if not argument:
        return _in_force(world, to_end=to_end)
    if argument in world.files.sessions():
        return of_session(world, argument, to_end=to_end)
    inline = next((session for session, _ in inline_forms(world) if session.name == argument), None)
    if inline is not None and not world.files.exists(argument):
        return _complete(world, inline, f"a profile with the start URL {visible(argument)}", to_end=to_end)
    try:
        profile = world.context(argument).profile
    except AwsctxError as e:
        if argument == ".":
            raise
        if to_end and _has_left_something(world, argument):
            return Session(argument, "", "")
        hints = [hint for hint in e.hints if not hint.endswith("awsctx setup")]  # where that is due, the other hint says it
        raise AwsctxError(f"no session and no profile named '{visible(argument)}'", *_known_sessions(world), *hints) from None
    return of_profile(world, profile, to_end=to_end)


def of_session(world: "World", name: str, *, to_end: bool = False) -> Session:
    """The session of that name, complete unless it is ``to_end``. Raises AwsctxError."""
    session = _from_values(name, world.files.session(name) or {})
    return _complete(world, session, f"[sso-session {visible(name)}]", to_end=to_end)


def of_profile(world: "World", profile: str, *, to_end: bool = False) -> Session:
    """The session that a profile signs in with, itself or through its `source_profile`. Raises AwsctxError."""
    found = find_for_profile(world, profile, to_end=to_end)
    if found is not None:
        return found
    raise AwsctxError(
        f"the profile '{visible(profile)}' does not sign in through SSO", *_known_sessions(world), "see: awsctx list -l"
    )


def find_for_profile(world: "World", profile: str, *, to_end: bool = False) -> Session | None:
    """As ``of_profile``, but None for a profile that does not sign in through SSO."""
    for name, values in chain(world, profile):
        session = text_of(values, "sso_session")
        if session:
            if session not in world.files.sessions() and not to_end:
                raise _no_such_session(world, name, session)
            return of_session(world, session, to_end=to_end)
        start_url = text_of(values, "sso_start_url")
        if start_url:
            inline = Session(start_url, start_url, text_of(values, "sso_region"), inline=True)
            return _complete(world, inline, f"[profile {visible(name)}]", to_end=to_end)
    return None


def used_by(world: "World", profiles: "Iterable[str]") -> list[tuple[Session, str]]:
    """The sessions that ``profiles`` sign in with, each with the first profile that does. A profile with an error in its
    config counts as having none."""
    found: dict[str, tuple[Session, str]] = {}
    for profile in profiles:
        try:
            session = find_for_profile(world, profile)
        except AwsctxError:
            continue
        if session is not None:
            found.setdefault(session.token_path, (session, profile))
    return list(found.values())


def chain(world: "World", profile: str) -> "Iterator[tuple[str, Values]]":
    """``profile``, its `source_profile`, the source of that, and so on, each with its values."""
    for _ in range(_HOPS):
        values = world.files.profile(profile) or {}
        yield profile, values
        source = text_of(values, "source_profile")
        if not source or source == profile:
            return
        profile = source


def login_profile(world: "World", profile: str) -> str:
    """The profile that signs in by `aws login`: ``profile`` itself, or one that it reaches by `source_profile`. Empty where
    there is none."""
    found = next((name for name, values in chain(world, profile) if "login_session" in values), "")
    if not found:
        return ""
    from awsctx.core import credentials

    return found if credentials.of_profile(found, world.files.layers, world.files.session) == credentials.LOGIN else ""


def login_profile_of_argument(world: "World", argument: str) -> str:
    """As ``login_profile``, for what the user typed (empty: the context in force). Empty also for a session, and for a name
    that is nothing: ``of_argument`` reports that."""
    if argument in world.files.sessions():
        return ""
    try:
        return login_profile(world, world.meant(argument).context.profile)
    except AwsctxError:
        return ""


def every(world: "World") -> "list[tuple[Session, list[str]]]":
    """All sessions in the order of the file, then the inline forms, each with the profiles that sign in with it. Incomplete
    sessions are included."""
    profiles: dict[str, list[str]] = {name: [] for name in world.files.sessions()}
    for profile in world.files.names():
        session = text_of(world.files.profile(profile) or {}, "sso_session")
        if session in profiles:
            profiles[session].append(profile)
    named = [(_from_values(name, world.files.session(name) or {}), users) for name, users in profiles.items()]
    return [*named, *inline_forms(world)]


def inline_forms(world: "World") -> "list[tuple[Session, list[str]]]":
    """The start URLs of profiles in the old inline form, in the order of their first profile, with these profiles."""
    found: dict[str, tuple[Session, list[str]]] = {}
    for profile in world.files.names():
        values = world.files.profile(profile) or {}
        start_url = text_of(values, "sso_start_url")
        if start_url and not text_of(values, "sso_session"):
            session = Session(start_url, start_url, text_of(values, "sso_region"), inline=True)
            found.setdefault(start_url, (session, []))[1].append(profile)
    return list(found.values())


def _in_force(world: "World", *, to_end: bool) -> Session:
    found = world.found()
    if found is None:
        names = world.files.sessions()
        if len(names) == 1 and not inline_forms(world):
            return of_session(world, names[0], to_end=to_end)
        if not names and not inline_forms(world):
            raise world.nothing_there("sessions")
        verb = "out of" if to_end else "in for"
        raise AwsctxError(f"no context is active, so there is none to sign {verb}", *_known_sessions(world))
    return of_profile(world, found.context.profile, to_end=to_end)


def _has_left_something(world: "World", name: str) -> bool:
    """Whether a profile still names the session ``name``, which has no section, or its token is still there."""
    if any(text_of(world.files.profile(profile) or {}, "sso_session") == name for profile in world.files.names()):
        return True
    return os.path.exists(tokens.token_path(name))


def _from_values(name: str, values: "Values") -> Session:
    scopes = parse_scopes(text_of(values, "sso_registration_scopes")) if "sso_registration_scopes" in values else None
    return Session(name, text_of(values, "sso_start_url"), text_of(values, "sso_region"), scopes)


def _complete(world: "World", session: Session, where: str, *, to_end: bool = False) -> Session:
    """``session``, if it has all that a sign-in needs; ``to_end``: whatever it has. With a start URL on a company's own domain
    it needs no region. Raises AwsctxError."""
    if to_end:
        return session
    missing = [key for key, value in (("sso_start_url", session.start_url), ("sso_region", session.region)) if not value]
    if missing == ["sso_region"]:
        from awsctx.core.addresses import is_portal

        missing = missing if is_portal(session.start_url) else []
    if missing:
        raise AwsctxError(f"{where} in {_config(world)} lacks {' and '.join(missing)}", "add it there, by hand")
    return session


def _no_such_session(world: "World", profile: str, session: str) -> AwsctxError:
    make = f"make one with: awsctx setup --session {quoted(visible(session), world.shell)}"
    return AwsctxError(
        f"the profile '{visible(profile)}' names the sso-session '{visible(session)}', which {_config(world)} lacks",
        *_known_sessions(world),
        RENAME_BY_HAND if has_control_characters(session) else make,
    )


def _known_sessions(world: "World") -> list[str]:
    names = [visible(session.name) for session, _ in every(world)]
    if not names:
        return ["make a session with: awsctx setup"]
    more = ", …" if len(names) > 5 else ""
    return [f"sessions that there are: {', '.join(names[:5])}{more}"]


def _config(world: "World") -> str:
    return paths.short(config_path(world.environ))
