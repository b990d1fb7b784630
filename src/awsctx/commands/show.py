"""`awsctx show`: the sections of a profile and of its session, with the values in force (awsctx(1), PROFILES)."""

from awsctx.awsfiles import grammar, read
from awsctx.awsfiles.at_rest import at_rest
from awsctx.awsfiles.grammar import Values
from awsctx.awsfiles.headers import CONFIG
from awsctx.awsfiles.masking import masked
from awsctx.commands import Result
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.profiles.edits import existing, file_paths
from awsctx.store import paths
from awsctx.world import World


def show(world: World, name: str = "", *, as_json: bool = False) -> Result:
    """The sections of a profile (`.` or none: the one in force) and of its session, with `****` for secrets; or the JSON
    object `{"name", "profile", "session"}`. Raises ConfigFileError where botocore refuses a file, AwsctxError."""
    files = at_rest(file_paths(world), lambda: read.load(world.environ))
    profile = existing(world, name) if name else world.in_force().context.profile
    if profile not in files.profiles:
        raise AwsctxError(f"the files changed meanwhile: '{visible(profile)}' is new or gone", "try again")
    values = masked(files.profiles[profile].values)
    session = values.get("sso_session")
    found = files.sessions.get(session) if isinstance(session, str) else None
    session_values = masked(found.values) if found else None
    if as_json:
        from json import dumps

        return Result(dumps({"name": profile, "profile": values, "session": session_values}, indent=2) + "\n")
    out = _stanza(grammar.PROFILE, profile, values)
    if found and session_values is not None:
        return Result(_stanza(grammar.SESSION, found.name, session_values) + out)
    if isinstance(session, str):
        missing = f"[sso-session {visible(session)}] is missing in {paths.short(files.config_path)}"
        return Result(out, f"warning: {missing}")
    return Result(out)


def _stanza(kind: str, name: str, values: Values) -> str:
    """A section as the config file would have it, with control characters as escapes."""
    try:
        header = CONFIG.header((kind, name))
    except AwsctxError:  # the credentials file may have a name that the config file cannot have
        header = f"{kind} {visible(name)}"
    lines = [f"[{header}]"]
    for key, value in values.items():
        if isinstance(value, str):
            first, *more = value.split("\n")
            lines += [f"{key} = {visible(first)}".rstrip(), *(f"    {visible(line)}" for line in more)]
        else:
            lines += [f"{key} =", *(f"    {inner} = {visible(text)}" for inner, text in value.items())]
    return "\n".join([*(visible(line) for line in lines), ""])
