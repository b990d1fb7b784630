"""The errors for a profile, a session or a context that does not exist: why, which one the user may have meant, and what to
do.

`world` imports it only when there is an error.
"""

from collections.abc import Callable, Iterable, Mapping

from awsctx.awsfiles import names
from awsctx.awsfiles.grammar import account_and_role
from awsctx.awsfiles.lock_config import Lock
from awsctx.core.agents import agent
from awsctx.core.environ import stays_out
from awsctx.core.in_force import NoSuchProfile
from awsctx.core.text import RENAME_BY_HAND, has_control_characters, near, visible
from awsctx.errors import AwsctxError, UnknownProfile
from awsctx.shells import quoted, switch_command, unset_command
from awsctx.store import files, paths, state

_LIST = "list the profiles with: awsctx list"


class Missing:
    """The errors of a call in ``environ``, whose AWS files are ``lookup``, under ``lock`` (None: under none). Their hints suit
    ``shell``."""

    def __init__(self, lookup: names.Lookup, environ: Mapping[str, str], shell: str, lock: Lock | None) -> None:
        self._lookup = lookup
        self._environ = environ
        self._shell = shell
        self._lock = lock

    def profile(self, name: str) -> AwsctxError:
        """The error for ``name``, which the user typed and no profile has."""
        if self._lock is not None:
            return self._lock.refusal(f"the lock does not grant a profile named '{visible(name)}'")
        known = self._lookup.names()
        if not known:
            nothing = self.anything("profiles")
            return UnknownProfile(name, f"no profile named '{visible(name)}': {nothing.message}", *nothing.hints)
        unopened = _unopened_config(self._environ)
        if unopened:
            hint = "see what is wrong with: awsctx doctor"
            return UnknownProfile(name, f"no profile named '{visible(name)}': {unopened}", hint)
        close = near(name, known) or [other for other in known if name in account_and_role(self._lookup.profile(other) or {})]
        return UnknownProfile(name, f"no profile named '{visible(name)}'", *_did_you_mean(close[:3]), _LIST)

    def source(self, error: NoSuchProfile) -> AwsctxError:
        """The error for a source (the state, a variable, `-p`) that names a profile which does not exist."""
        if self._lock is not None:
            what = f"{error.source} names the profile '{visible(error.name)}', which the lock does not grant"
            return self._lock.refusal(what)
        hints = error.hints
        if error.variable:
            hints = (*hints, f"choose another, or: {unset_command(self._shell, [error.variable])}")
        known = self._lookup.names()
        unopened = _unopened_config(self._environ)
        if known and unopened:
            return AwsctxError(f"{error.message}: {unopened}", "see what is wrong with: awsctx doctor", *hints)
        if known:
            return AwsctxError(error.message, *_did_you_mean(near(error.name, known)), *hints)
        nothing = self.anything("profiles")
        return AwsctxError(f"{error.message}: {nothing.message}", *nothing.hints, *hints)

    def region(self, name: str, *, alone: bool) -> AwsctxError:
        """The error for ``name``, which the user typed as a region, and which is a profile. ``alone``: nothing else was
        typed."""
        hints = [f"switch to it with: {switch_command(name, self._shell)}"]
        if has_control_characters(name):
            hints = [RENAME_BY_HAND]
        elif alone:
            hints.append(f"only read there with: awsctx exec --read-only -p {quoted(visible(name), self._shell)} -- COMMAND")
        return AwsctxError(f"'{visible(name)}' is not a region: it is a profile", *hints)

    def context(self, state_path: str, now: float, guarded: Callable[[str], bool]) -> AwsctxError:
        """The error where no context is in force, and the call needs one. Raises AwsctxError where the state cannot be read."""
        record = state.read(state_path).record
        if record.context is not None and stays_out(self._environ, record.serial) and self._lock is None:
            name, over = record.context.profile, record.is_over(now)
            if over or guarded(name):
                return self._stays_out_of(name, over=over)
        if self._lookup.names():
            return AwsctxError("no context is active", "choose one with: awsctx NAME", "list them with: awsctx list")
        nothing = self.anything("profiles")
        return AwsctxError(f"no context is active: {nothing.message}", *nothing.hints)

    def _stays_out_of(self, profile: str, *, over: bool) -> AwsctxError:
        """The error where this hooked shell stays without a context, although ``profile`` is active: its time is ``over``, or
        it is guarded."""
        what = f"no context is active in this shell: it stays out of '{visible(profile)}', "
        if over:
            return AwsctxError(f"{what}whose time is over", "choose a context with: awsctx NAME")
        if agent(self._environ):
            return AwsctxError(f"{what}which is guarded", "entering it is a person's decision: ask the one you work for")
        enter = f"enter it with: {switch_command(profile, self._shell)}"
        return AwsctxError(f"{what}which is guarded", enter, "choose another with: awsctx NAME")

    def anything(self, what: str) -> AwsctxError:
        """The error where the AWS files have no profiles at all, or no sessions (``what``)."""
        unreadable = _unreadable_config(self._environ)
        if unreadable:
            return AwsctxError(f"there are no {what}: {unreadable}", "see what is wrong with: awsctx doctor")
        where = paths.short(names.config_path(self._environ))
        sync = what == "profiles" and self._lookup.sessions()
        fix = "make one for each of your roles with: awsctx sync" if sync else "make one with: awsctx setup"
        return AwsctxError(f"there are no {what} in {where} yet", fix)


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
