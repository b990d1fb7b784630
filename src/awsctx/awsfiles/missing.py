"""The errors for a profile or a session that does not exist: why, which one the user may have meant, and what to do.

`world` imports it only when there is an error.
"""

from collections.abc import Iterable, Mapping

from awsctx.awsfiles import names
from awsctx.awsfiles.grammar import account_and_role
from awsctx.core.agents import agent
from awsctx.core.in_force import NoSuchProfile
from awsctx.core.text import near, visible
from awsctx.errors import AwsctxError, UnknownProfile
from awsctx.shells import switch_command, unset_command
from awsctx.store import files, paths

_LIST = "list the profiles with: awsctx list"


def profile(name: str, lookup: names.Lookup, environ: Mapping[str, str]) -> UnknownProfile:
    """The error for ``name``, which the user typed and no profile has."""
    known = lookup.names()
    if not known:
        nothing = anything("profiles", lookup, environ)
        return UnknownProfile(name, f"no profile named '{visible(name)}': {nothing.message}", *nothing.hints)
    unopened = _unopened_config(environ)
    if unopened:
        return UnknownProfile(name, f"no profile named '{visible(name)}': {unopened}", "see what is wrong with: awsctx doctor")
    close = near(name, known) or [other for other in known if name in account_and_role(lookup.profile(other) or {})]
    return UnknownProfile(name, f"no profile named '{visible(name)}'", *_did_you_mean(close[:3]), _LIST)


def source(error: NoSuchProfile, lookup: names.Lookup, environ: Mapping[str, str], shell: str) -> AwsctxError:
    """The error for a source (the state, a variable, `-p`) that names a profile which does not exist. Its hints suit
    ``shell``."""
    hints = error.hints
    if error.variable:
        hints = (*hints, f"choose another, or: {unset_command(shell, [error.variable])}")
    known = lookup.names()
    unopened = _unopened_config(environ)
    if known and unopened:
        return AwsctxError(f"{error.message}: {unopened}", "see what is wrong with: awsctx doctor", *hints)
    if known:
        return AwsctxError(error.message, *_did_you_mean(near(error.name, known)), *hints)
    nothing = anything("profiles", lookup, environ)
    return AwsctxError(f"{error.message}: {nothing.message}", *nothing.hints, *hints)


def context(lookup: names.Lookup, environ: Mapping[str, str]) -> AwsctxError:
    """The error where no context is in force, and the call needs one."""
    if lookup.names():
        return AwsctxError("no context is active", "choose one with: awsctx NAME", "list them with: awsctx list")
    nothing = anything("profiles", lookup, environ)
    return AwsctxError(f"no context is active: {nothing.message}", *nothing.hints)


def context_here(profile: str, environ: Mapping[str, str], shell: str, *, over: bool) -> AwsctxError:
    """The error where this hooked shell stays without a context, although ``profile`` is active: its time is ``over``, or it
    is guarded."""
    what = f"no context is active in this shell: it stays out of '{visible(profile)}', "
    if over:
        return AwsctxError(f"{what}whose time is over", "choose a context with: awsctx NAME")
    if agent(environ):
        return AwsctxError(f"{what}which is guarded", "entering it is a person's decision: ask the one you work for")
    enter = f"enter it with: {switch_command(profile, shell)}"
    return AwsctxError(f"{what}which is guarded", enter, "choose another with: awsctx NAME")


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
    """Why every aws call fails, whatever the profile: `FILE:LINE: what` for the first of ``suspects`` that botocore
    refuses; empty where it refuses none."""
    from awsctx.awsfiles.read import problems

    for path in suspects:
        for found in problems(names.read_bytes(path))[:1]:
            return f"{paths.short(path)}:{found.line}: {visible(found.what)}"
    return ""


def _unopened_config(environ: Mapping[str, str]) -> str:
    """Why the AWS config file cannot be opened; empty where it can be, or does not exist."""
    path = names.config_path(environ)
    try:
        files.read(path, names.MOST)
    except FileNotFoundError:
        return ""
    except IsADirectoryError:
        return f"could not read {paths.short(path)}: it is a folder"
    except OSError as e:
        return f"could not read {paths.short(path)}: {(e.strerror or str(e)).lower()}"
    return ""


def _unreadable_config(environ: Mapping[str, str]) -> str:
    """Why the AWS config file cannot be read; empty where it can be, or does not exist."""
    unopened, path = _unopened_config(environ), names.config_path(environ)
    if unopened:
        return unopened
    from awsctx.awsfiles.read import problems

    found = problems(names.read_bytes(path))[:1]  # aws names the first problem, and reads nothing of the file
    return "".join(f"could not read {paths.short(path)}: line {one.line}: {visible(one.what)}" for one in found)


def _did_you_mean(close: list[str]) -> list[str]:
    """The hint with near misses; none where there are none."""
    return ["did you mean: " + ", ".join(visible(other) for other in close)] if close else []
