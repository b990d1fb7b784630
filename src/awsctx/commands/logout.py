"""`awsctx logout`: end a sign-in, at the portal and here."""

from awsctx import trace
from awsctx.aws import sessions
from awsctx.commands import Result
from awsctx.core.text import visible
from awsctx.world import World

# Seconds for all portals together. A session whose portal does not answer in time is signed out here only.
_SECONDS = 20.0


def logout(world: World, name: str = "", *, everything: bool = False) -> Result:
    """Sign out of a session, of the session of a profile, or of all; without a name, of that of the context in force. The
    token is removed even where the portal does not answer. A sign-in by `aws login` only has a file, which is removed.
    Raises AwsctxError."""
    import time

    from awsctx.aws import role_credentials
    from awsctx.signin import cache

    profile = "" if everything else sessions.login_profile_of_argument(world, name)
    if profile:
        ended = _end_login(world, profile)
        return Result("", f"{'signed out of' if ended else 'not signed in to'} '{visible(profile)}' by aws login")
    if everything:
        chosen = [session for session, _ in sessions.every(world)]
        paths = {**cache.stray_tokens(), **{session.token_path: str(session) for session in chosen}}
    else:
        chosen = [sessions.of_argument(world, name, to_end=True)]
        paths = {chosen[0].token_path: str(chosen[0])}
    end = time.monotonic() + _SECONDS
    talk = [line for path, what in paths.items() for line in _end(world, path, what, end)]
    if everything:
        by_login = [profile for profile in world.files.names() if sessions.login_profile(world, profile) == profile]
        talk += [f"signed out of '{visible(profile)}' by aws login" for profile in by_login if _end_login(world, profile)]
    role_credentials.drop(world, None if everything else chosen)
    return Result("", *(talk or ["nobody was signed in"]))


def _end_login(world: World, profile: str) -> bool:
    """End a profile's sign-in by `aws login`, as `aws logout` does; False where there was none."""
    from awsctx.signin import aws_login, cache

    values = world.files.profile(profile) or {}
    return cache.remove(aws_login.token_path(str(values["login_session"]), world.environ))


def _end(world: World, path: str, what: str, end: float) -> list[str]:
    """End one sign-in; the line to tell the user."""
    import time

    from awsctx.signin import cache, portal

    token = cache.read_token(path)
    problem = ""
    if token and token.expires_at > time.time() and not token.region:
        problem = "its file names no region, so no portal could be asked"
    elif token and token.expires_at > time.time():
        rest = end - time.monotonic()
        network = world.environ.get("AWS_PROFILE", "")
        problem = portal.end(token, rest, network) if rest > 0 else "there was no time left to ask"
    if not cache.remove(path):
        return [f"not signed in to {what}"]
    trace.tell("token removed", path)
    if problem:
        return [f"signed out of {what} on this machine only: {problem}"]
    return [f"signed out of {what}"]
