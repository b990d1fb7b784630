"""What to say where a profile or a session is not there: why, what it may have been meant to be, and what to do.

For errors alone: `world` imports it when there is one.
"""

from collections.abc import Iterable, Mapping

from awsctx.awsfiles import names
from awsctx.awsfiles.grammar import account_and_role
from awsctx.core.in_force import NoSuchProfile
from awsctx.core.text import near, visible
from awsctx.errors import AwsctxError, UnknownProfile
from awsctx.shells import unset_command
from awsctx.store import files, paths

_LIST = "list the profiles with: awsctx list"


def profile(name: str, lookup: names.Lookup, environ: Mapping[str, str]) -> UnknownProfile:
    """The error where a person wrote ``name``, and no profile has it."""
    known = lookup.names()
    if not known:
        nothing = anything("profiles", lookup, environ)
        return UnknownProfile(name, f"no profile named '{visible(name)}': {nothing.message}", *nothing.hints)
    close = near(name, known) or [other for other in known if name in account_and_role(lookup.profile(other) or {})]
    return UnknownProfile(name, f"no profile named '{visible(name)}'", *_did_you_mean(close[:3]), _LIST)


def source(error: NoSuchProfile, lookup: names.Lookup, environ: Mapping[str, str], shell: str) -> AwsctxError:
    """The error where a source (the state, a variable, `-p`) names a profile that is not there, in the words of ``shell``."""
    hints = error.hints
    if error.variable:
        hints = (*hints, f"choose another, or: {unset_command(shell, [error.variable])}")
    known = lookup.names()
    if known:
        return AwsctxError(error.message, *_did_you_mean(near(error.name, known)), *hints)
    nothing = anything("profiles", lookup, environ)
    return AwsctxError(f"{error.message}: {nothing.message}", *nothing.hints, *hints)


def context(lookup: names.Lookup, environ: Mapping[str, str]) -> AwsctxError:
    """The error where no context is in force."""
    if lookup.names():
        return AwsctxError("no context is active", "choose one with: awsctx NAME", "list them with: awsctx list")
    nothing = anything("profiles", lookup, environ)
    return AwsctxError(f"no context is active: {nothing.message}", *nothing.hints)


def anything(what: str, lookup: names.Lookup, environ: Mapping[str, str]) -> AwsctxError:
    """The error where the AWS files have no profiles at all, or no sessions (``what``)."""
    unreadable = _unreadable_config(environ)
    if unreadable:
        return AwsctxError(f"there are no {what}: {unreadable}", "see what is wrong with: awsctx doctor")
    where = paths.short(names.config_path(environ))
    sync = what == "profiles" and lookup.sessions()
    cure = "make one for each of your roles with: awsctx sync" if sync else "make one with: awsctx setup"
    return AwsctxError(f"there are no {what} in {where} yet", cure)


def refused(suspects: Iterable[str]) -> str:
    """What makes every aws call fail, whatever the profile: `FILE:LINE: what`, of the first of ``suspects`` that botocore
    refuses; empty where it refuses none."""
    from awsctx.awsfiles.read import problems

    for path in suspects:
        for found in problems(names.read_bytes(path))[:1]:
            return f"{paths.short(path)}:{found.line}: {visible(found.what)}"
    return ""


def _unreadable_config(environ: Mapping[str, str]) -> str:
    """What keeps the AWS config file from being read, where it is there; else empty."""
    path = names.config_path(environ)
    try:
        content = files.read(path, names.MOST)
    except FileNotFoundError:
        return ""
    except IsADirectoryError:
        return f"could not read {paths.short(path)}: it is a folder"
    except OSError as e:
        return f"could not read {paths.short(path)}: {(e.strerror or str(e)).lower()}"
    from awsctx.awsfiles.read import problems

    found = problems(content)[:1]  # of those, aws names the first, and sees nothing of the file
    return "".join(f"could not read {paths.short(path)}: line {one.line}: {visible(one.what)}" for one in found)


def _did_you_mean(close: list[str]) -> list[str]:
    """The hint that names near misses, if there are any."""
    return ["did you mean: " + ", ".join(visible(other) for other in close)] if close else []
