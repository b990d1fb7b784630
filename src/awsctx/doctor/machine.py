"""Checks of the machine: file modes, awsctx's own files, the hook, the commands."""

import os
import stat
import sys
from glob import escape, glob

from awsctx import __version__, shells, tools
from awsctx.core.agents import agent
from awsctx.core.text import visible
from awsctx.doctor.finding import ERROR, INFO, WARNING, Finding, Findings
from awsctx.doctor.subject import Subject
from awsctx.errors import AwsctxError
from awsctx.shell import takes_answers
from awsctx.shells import hook_line, startup
from awsctx.store import paths
from awsctx.store.state import StateDamaged

_CHOOSE = "choose a context with: awsctx NAME"
_SECRETS = ("aws_secret_access_key", "aws_session_token", "aws_security_token")


def modes(subject: Subject) -> Findings:
    """file-mode: other users can read a file with secret keys, or write an AWS file. A credential_process that they write
    would run."""
    for file in (subject.config, subject.credentials):
        try:
            status = os.stat(file.path)
        except OSError:
            continue
        if not stat.S_ISREG(status.st_mode):  # /dev/null, say
            continue
        mode = stat.S_IMODE(status.st_mode)
        secret = any(option.key in _SECRETS for section in file.sections for option in section.options)
        path = subject.quoted(file.path)
        if mode & 0o022:
            what = f"other users of this machine can write it (mode {mode:04o}), and so choose what aws runs and uses"
            yield Finding("file-mode", WARNING, file.path, what, f"chmod {'600' if secret else 'go-w'} {path}")
        elif secret and mode & 0o044:
            what = f"other users of this machine can read the secret keys in it (mode {mode:04o})"
            yield Finding("file-mode", WARNING, file.path, what, f"chmod 600 {path}")


def own_modes(subject: Subject) -> Findings:
    """state-mode: other users can read the state, or write it or its folder, and so choose the profile."""
    path = os.path.abspath(subject.world.state_path)
    for file, wanted in ((os.path.dirname(path), 0o700), (path, 0o600)):
        try:
            mode = stat.S_IMODE(os.stat(file).st_mode)
        except OSError:
            continue
        # A folder that the user has chosen may hold other things too.
        if mode & (0o077 if os.path.basename(os.path.dirname(path)) == "awsctx" else 0o022):
            what = f"other users of this machine can get at it (mode {mode:04o}): whoever writes it chooses the profile"
            yield Finding("state-mode", WARNING, file, what, f"chmod {wanted:o} {subject.quoted(file)}")


def own_state(subject: Subject) -> Findings:
    """state-damaged: the state is not one that awsctx wrote; state-unusable: it cannot be read or written;
    state-unknown-profile: it names a profile that is gone."""
    path = os.path.abspath(subject.world.state_path)
    try:
        active = subject.world.active()
    except StateDamaged as e:
        yield Finding("state-damaged", ERROR, path, f"{e.message}: there is no active context", advice=_CHOOSE)
        return
    except AwsctxError as e:
        what = f"{e.message}: there is no active context"
        yield Finding("state-unusable", ERROR, path, what, advice="; ".join(e.hints))
        return
    closed = _not_writable(path)
    if closed:
        what = f"{subject.short(closed)} cannot be written: awsctx cannot switch"
        advice = "make it yours"
        if not agent(subject.environ):  # which is told no way to choose the state that it goes by
            advice += f", or name another file than {path} in AWSCTX_STATE_FILE"
        yield Finding("state-unusable", ERROR, path, what, advice=advice)
    if active is not None and active.profile not in subject.profiles:
        name = visible(active.profile)
        what = f"the active profile, '{name}', does not exist any more: awsctx and the hook have no context"
        yield Finding("state-unknown-profile", ERROR, path, what, "awsctx -u", _CHOOSE)


def _not_writable(path: str) -> str:
    """The first folder on the way to the file at ``path`` that this user cannot write to, or that is no folder; empty where
    there is none."""
    folder = os.path.dirname(path)
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    return "" if os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK) else folder


def own_config(subject: Subject) -> Findings:
    """own-config: an unknown key or a wrong value in awsctx's config."""
    try:
        _ = subject.world.settings
    except AwsctxError as e:
        path = os.path.abspath(paths.config_path(subject.environ))
        what = f"{e.message.removeprefix(path + ': ')}: awsctx will not switch"
        yield Finding("own-config", ERROR, path, what, advice="; ".join(e.hints) or "correct the file, or remove it")


def unread_config(subject: Subject) -> Findings:
    """own-config-unread: there is a config of awsctx's that it does not read."""
    used = os.path.abspath(paths.config_path(subject.environ))
    for path in paths.config_places(subject.environ):
        if os.path.isfile(path) and not (os.path.exists(used) and os.path.samefile(path, used)):
            what = f"awsctx does not read it: its config is {subject.short(used)}"
            fix, advice = f"export AWSCTX_CONFIG={subject.quoted(path)}", "move what counts there, or take this one"
            if agent(subject.environ):  # which is told no way to choose its guards
                fix, advice = "", "have the one you work for move what counts there"
            yield Finding("own-config-unread", WARNING, path, what, fix, advice)


def set_in_startup(subject: Subject) -> Findings:
    """profile-set-by-hand: a start-up file of the user's shell sets AWS_PROFILE, so new shells ignore every switch."""
    for path, line, variable in startup.settings_of(
        ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"), subject.world.shell, subject.environ
    ):
        what = f"each new shell sets {variable} here, so it does not start with the active context, and follows no switch"
        yield Finding("profile-set-by-hand", WARNING, f"{path}:{line}", what, subject.unset(variable), "remove the line")


def old_aws(subject: Subject) -> Findings:
    """aws-cli-old: the `aws` on the PATH is AWS CLI v1."""
    found = subject.which("aws")
    version = _version_of(found) if found else ""
    if version.startswith("1."):
        what = f"it is AWS CLI {visible(version)}: v1 is in maintenance since 5 August 2026, and ends on 15 July 2027"
        yield Finding("aws-cli-old", INFO, str(found), what, *_how_to_get(subject, "aws"))


def _version_of(aws: str) -> str:
    """The version of an `aws` that pip has installed, from the name of its folder beside the interpreter. Empty for any
    other `aws`. Running it would take a second."""
    try:
        with open(aws, "rb") as file:
            first = os.fsdecode(file.readline(512))
    except OSError:
        return ""
    python = first.removeprefix("#!").strip().split(" ")[0] if first.startswith("#!") else ""
    if not os.path.isabs(python):
        return ""
    prefix = os.path.dirname(os.path.dirname(python))
    for folder in sorted(glob(os.path.join(escape(prefix), "lib", "python3*", "*-packages", "awscli-*.dist-info"))):
        return os.path.basename(folder).removeprefix("awscli-").removesuffix(".dist-info")
    return ""


def hook(subject: Subject) -> Findings:
    """hook-missing: this shell has not loaded the hook; hook-outdated: it has loaded the hook of another version.

    The first is a warning only for a user at a terminal, since a script needs no hook.
    """
    line = hook_line(subject.world.shell)
    if subject.world.hooked:
        loaded = subject.environ.get("AWSCTX_HOOK", "")
        if loaded != __version__ or not takes_answers(subject.world):
            which = visible(loaded) if loaded not in ("", __version__) else "another version"
            what = f"this shell's hook is the one of {which}, the command is {__version__}: load the hook anew"
            yield Finding("hook-outdated", WARNING, "AWSCTX_HOOK", what, line)
        return
    profile = subject.environ.get("AWS_PROFILE")
    now = f"with {visible(profile)}" if profile else "without a profile"
    hook = os.path.abspath(paths.rendered_path(subject.world.shell, subject.environ))
    loader = _loader(subject, hook)
    if loader is None and subject.world.shell == "nu":
        every = "to have it in every shell, run that line once"
    elif loader is None:
        every = f"to have it in every shell, put the line into {_startup(subject)}"
    elif loader[1] and not os.path.exists(hook):
        every = f"{subject.short(loader[0])} would load it from {subject.short(hook)}, which is gone"
        line = f"awsctx init {subject.world.shell} --save"
    else:
        every = f"{subject.short(loader[0])} loads it in each new shell"
    what = f"this shell has not loaded the hook: awsctx NAME does not reach it, and aws here goes on {now}; {every}"
    severity = WARNING if subject.person and not subject.environ.get("AWSCTX_EXPORTED") else INFO
    yield Finding("hook-missing", severity, "AWSCTX_HOOK", what, line)


def rendered_hook(subject: Subject) -> Findings:
    """hook-stale: a shell loads a rendered hook that another version wrote."""
    for shell in shells.SHELLS:
        path = os.path.abspath(paths.rendered_path(shell, subject.environ))
        found = shells.saved(path)
        if found is not None and found[0] != __version__:
            what = f"each new {shell} loads this hook, which is the one of {visible(found[0])}; the command is {__version__}"
            yield Finding("hook-stale", WARNING, path, what, " ".join(found[1]))


def commands(subject: Subject) -> Findings:
    """command-missing: `aws` or `jq` is not on the PATH."""
    for command, severity, what in (
        (
            "aws",
            WARNING if subject.person else INFO,
            "aws is not on the PATH: awsctx can switch, but nothing here calls AWS",
        ),
        ("jq", INFO, "jq is not on the PATH: pipelines such as aws ... | jq ... fail"),
    ):
        if subject.which(command) is None:
            yield Finding("command-missing", severity, "PATH", what, *_how_to_get(subject, command))


def _how_to_get(subject: Subject, tool: str) -> tuple[str, str]:
    """(the command that installs ``tool``, ""), or without a package manager ("", where to read how)."""
    found = tools.how_to_get(tool, root=os.geteuid() == 0, which=subject.which)
    return ("", found) if found.startswith("see ") else (found, "")


def _loader(subject: Subject, hook: str) -> tuple[str, bool] | None:
    """The start-up file of the user's shell that loads the hook, and whether it loads it from the file ``hook``; None: none
    does."""
    shell = subject.world.shell
    if shell not in ("bash", "zsh", "fish") or "HOME" not in subject.environ:
        return None
    return startup.loader(shell, subject.environ, sys.platform, hook)


def _startup(subject: Subject) -> str:
    """The start-up file to put the line into: the one that install.sh would choose."""
    shell = subject.world.shell if subject.world.shell in ("bash", "zsh", "fish") else "bash"
    environ = {"HOME": os.path.expanduser("~"), **subject.environ}
    return subject.short(startup.startup_file(shell, environ, sys.platform))
