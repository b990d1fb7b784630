"""Checks of what is around: file modes, awsctx's own files, the hook, the commands."""

import os
import stat

from awsctx import __version__
from awsctx.core.text import visible
from awsctx.doctor.case import Case
from awsctx.doctor.finding import ERROR, INFO, WARNING, Finding, Findings
from awsctx.errors import AwsctxError
from awsctx.shells import hook_line

_SECRETS = ("aws_secret_access_key", "aws_session_token", "aws_security_token")


def modes(case: Case) -> Findings:
    """file-mode: others can read a file that holds secret keys, or write one (a credential_process in it would run)."""
    for file in (case.config, case.credentials):
        try:
            status = os.stat(file.path)
        except OSError:
            continue
        if not stat.S_ISREG(status.st_mode):  # /dev/null, say
            continue
        mode = stat.S_IMODE(status.st_mode)
        secret = any(option.key in _SECRETS for section in file.sections for option in section.options)
        path = case.quoted(file.path)
        if mode & 0o022:
            what = f"other users of this machine can write it (mode {mode:04o}), and so choose what aws runs and uses"
            yield Finding("file-mode", WARNING, file.path, what, f"chmod {'600' if secret else 'go-w'} {path}")
        elif secret and mode & 0o044:
            what = f"other users of this machine can read the secret keys in it (mode {mode:04o})"
            yield Finding("file-mode", WARNING, file.path, what, f"chmod 600 {path}")


def own_modes(case: Case) -> Findings:
    """state-mode: others can read the state, or write it or its folder, and so choose the profile."""
    path = os.path.abspath(case.world.state_path)
    for file, wanted in ((os.path.dirname(path), 0o700), (path, 0o600)):
        try:
            mode = stat.S_IMODE(os.stat(file).st_mode)
        except OSError:
            continue
        # A folder that the user has named may be one for other things too.
        if mode & (0o077 if os.path.basename(os.path.dirname(path)) == "awsctx" else 0o022):
            what = f"other users of this machine can get at it (mode {mode:04o}): whoever writes it chooses the profile"
            yield Finding("state-mode", WARNING, file, what, f"chmod {wanted:o} {case.quoted(file)}")


def own_state(case: Case) -> Findings:
    """state-damaged: the state is not one that awsctx wrote; state-unknown-profile: it names a profile that is gone."""
    path = os.path.abspath(case.world.state_path)
    try:
        active = case.world.active()
    except AwsctxError as e:
        yield Finding("state-damaged", ERROR, path, f"{e.message}: there is no active context", "awsctx NAME")
        return
    if active is not None and active.profile not in case.profiles:
        name = visible(active.profile)
        what = f"the active profile, '{name}', does not exist any more: awsctx and the hook have no context"
        yield Finding("state-unknown-profile", ERROR, path, what, "awsctx NAME, or awsctx -u")


def own_config(case: Case) -> Findings:
    """own-config: an unknown key or a wrong value in awsctx's config."""
    from awsctx.store import paths

    try:
        _ = case.world.settings
    except AwsctxError as e:
        path = os.path.abspath(paths.config_path(case.environ))
        what = f"{e.message.removeprefix(path + ': ')}: awsctx will not switch"
        yield Finding("own-config", ERROR, path, what, "; ".join(e.hints) or "correct the file, or remove it")


def hook(case: Case) -> Findings:
    """hook-missing: this shell has not loaded the hook; hook-outdated: it has loaded the hook of another version.

    Only a person at a terminal is told so as a warning: a script needs no hook.
    """
    line = hook_line(case.world.shell)
    if case.world.hooked:
        loaded = case.environ.get("AWSCTX_HOOK", "")
        if loaded != __version__:
            which = visible(loaded) or "an older version"
            what = f"this shell's hook is the one of {which}, the command is {__version__}: load the hook anew"
            yield Finding("hook-outdated", WARNING, "AWSCTX_HOOK", what, line)
        return
    profile = case.environ.get("AWS_PROFILE")
    now = f"with {visible(profile)}" if profile else "without a profile"
    what = (
        f"this shell has not loaded the hook: awsctx NAME does not reach it, and aws here goes on {now}; "
        f"to have it in every shell, put the line into {_startup(case)}"
    )
    severity = WARNING if case.person and not case.environ.get("AWSCTX_EXPORTED") else INFO
    yield Finding("hook-missing", severity, "AWSCTX_HOOK", what, line)


def commands(case: Case) -> Findings:
    """command-missing: no `aws` (which a person will miss), no `jq` on the PATH."""
    for command, severity, what in (
        (
            "aws",
            WARNING if case.person else INFO,
            "aws is not on the PATH: awsctx can switch, but nothing here calls AWS",
        ),
        ("jq", INFO, "jq is not on the PATH: pipelines such as aws ... | jq ... fail"),
    ):
        if case.which(command) is None:
            yield Finding("command-missing", severity, "PATH", what, _install(case, command))


def _startup(case: Case) -> str:
    """The file that the user's shell reads at its start."""
    return {"zsh": "~/.zshrc", "fish": "~/.config/fish/config.fish"}.get(case.world.shell, "~/.bashrc")


def _install(case: Case, command: str) -> str:
    """How to install ``command`` here, by the package manager that there is."""
    if command == "aws":
        if case.which("brew"):
            return "brew install awscli"
        return "see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
    for manager, line in (
        ("brew", "brew install jq"),
        ("apt-get", "sudo apt-get install jq"),
        ("dnf", "sudo dnf install jq"),
        ("pacman", "sudo pacman -S jq"),
        ("apk", "apk add jq"),
    ):
        if case.which(manager):
            return line
    return "see https://jqlang.org/download"
