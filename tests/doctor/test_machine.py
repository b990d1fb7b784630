"""Checks of the machine by what they find: id, severity, where; and what they leave alone."""

from __future__ import annotations

import pytest
from tests.doctor.conftest import Ask
from tests.doctor.healthy import only
from tests.support import Home
from tests.tools import locate

from awsctx.core.environ import PROTOCOL


@pytest.mark.parametrize(
    ("mode", "secret", "fix"),
    [(0o644, True, "chmod 600"), (0o666, True, "chmod 600"), (0o664, False, "chmod go-w"), (0o644, False, "")],
)
def test_modes_of_the_aws_files(mode: int, secret: bool, fix: str, healthy: Home, ask: Ask) -> None:
    key = "aws_secret_access_key = hush\n" if secret else ""
    healthy.credentials.write_text(f"[keys]\naws_access_key_id = A\n{key}" if secret else "[keys]\nregion = eu-west-1\n")
    healthy.credentials.chmod(mode)
    found = ask()
    assert [(f.id, f.where, f.fix) for f in found] == (
        [("file-mode", str(healthy.credentials), f"{fix} {healthy.credentials}")] if fix else []
    )


def test_the_own_files(healthy: Home, ask: Ask) -> None:
    healthy.state.parent.mkdir(parents=True)
    healthy.state.write_text("gone\n")
    assert only(ask(AWSCTX_STATE_FILE=str(healthy.state)), "state-unknown-profile").where == str(healthy.state)
    healthy.state.write_text("torn\nhalf")
    assert only(ask(AWSCTX_STATE_FILE=str(healthy.state)), "state-damaged").severity == "error"
    healthy.configure("folow = 1\n")
    found = only(ask(AWSCTX_CONFIG=str(healthy.settings)), "own-config")
    assert (found.severity, found.where) == ("error", str(healthy.settings))
    assert "folow" in found.what


def test_the_hook(healthy: Home, ask: Ask) -> None:
    assert only(ask(AWSCTX_HOOK="0.0.9"), "hook-outdated").fix == 'eval "$(awsctx init bash)"'
    fish = {"AWSCTX_HOOK": "0.0.1", "AWSCTX_ANSWER": f"fish {PROTOCOL} 1 /s/shells/1-a"}
    assert only(ask(**fish), "hook-outdated").fix == "awsctx init fish | source"
    healthy.environ.pop("AWSCTX_HOOK")
    assert only(ask(person=True), "hook-missing").severity == "warning"
    assert only(ask(person=True, AWS_PROFILE="role", AWSCTX_EXPORTED="state:role"), "hook-missing").severity == "info"


def test_the_hook_that_a_start_up_file_loads(healthy: Home, ask: Ask) -> None:
    del healthy.environ["AWSCTX_HOOK"]
    healthy.environ["SHELL"] = "/bin/bash"
    startup = healthy.folder / ".bashrc"
    assert "put the line into ~/.bashrc" in only(ask(), "hook-missing").what
    startup.write_text('eval "$(awsctx init bash)"\n')
    assert "~/.bashrc loads it in each new shell" in only(ask(), "hook-missing").what
    startup.write_text(healthy.run("init", "bash", "--save").stderr.splitlines()[-1].strip() + "\n")
    assert "~/.bashrc loads it in each new shell" in only(ask(), "hook-missing").what
    (healthy.folder / ".local/share/awsctx/hook.bash").unlink()
    assert only(ask(), "hook-missing").fix == "awsctx init bash --save"


def test_a_rendered_hook_of_another_version(healthy: Home, ask: Ask) -> None:
    healthy.ok("init", "zsh", "--save", "--prompt")
    hook = healthy.folder / ".local/share/awsctx/hook.zsh"
    assert "hook-stale" not in [found.id for found in ask()]
    first, rest = hook.read_text().split("\n", 1)
    hook.write_text(first.replace("# awsctx 0.", "# awsctx 9.") + "\n" + rest)
    found = only(ask(), "hook-stale")
    assert (found.severity, found.where, found.fix) == ("warning", str(hook), "awsctx init zsh --save --prompt")
    healthy.ok(*found.fix.split()[1:])
    assert "hook-stale" not in [found.id for found in ask()]


def test_commands(healthy: Home, ask: Ask) -> None:
    (healthy.folder / "bin" / "aws").unlink()
    assert only(ask(person=True), "command-missing").severity == "warning"
    assert only(ask(), "command-missing").severity == "info"


def test_the_modes_of_the_state(healthy: Home, ask: Ask) -> None:
    healthy.state.parent.mkdir(parents=True, mode=0o700)
    healthy.state.write_text("role\n")
    healthy.state.chmod(0o600)
    assert "state-mode" not in {finding.id for finding in ask()}
    healthy.state.chmod(0o644)
    assert only(ask(), "state-mode").where == str(healthy.state)
    healthy.state.chmod(0o600)
    healthy.state.parent.chmod(0o777)
    assert only(ask(), "state-mode").fix.startswith("chmod 700 ")


@pytest.mark.parametrize(
    ("shell", "file", "line", "found"),
    [
        ("bash", ".bashrc", "export AWS_PROFILE=a", True),
        ("bash", ".profile", "  AWS_PROFILE='a b' # mine", True),
        ("bash", ".bashrc", "alias x='AWS_PROFILE=a'", False),
        ("bash", ".bashrc", "AWS_PROFILE=a aws s3 ls", False),
        ("bash", ".bashrc", "# export AWS_PROFILE=a", False),
        ("zsh", ".zshenv", "typeset -x AWS_DEFAULT_PROFILE=a", True),
        ("zsh", ".bashrc", "export AWS_PROFILE=a", False),
        ("fish", ".config/fish/conf.d/x.fish", "set -gx AWS_PROFILE a", True),
        ("fish", ".config/fish/config.fish", "set -l AWS_PROFILE a", False),
        ("nu", ".config/nushell/env.nu", "$env.AWS_PROFILE = 'a'", True),
    ],
)
def test_a_start_up_file_that_sets_the_profile(shell: str, file: str, line: str, found: bool, healthy: Home, ask: Ask) -> None:
    """Also in a hooked shell that has had its first prompt, where the variable is the hook's by now."""
    path = healthy.folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# mine\n{line}\n")
    hooked = {"AWSCTX_ANSWER": f"{shell} {PROTOCOL} 1 /s/shells/1-a", "AWS_PROFILE": "role", "AWSCTX_EXPORTED": "state:role"}
    told = [f for f in ask(**hooked) if f.id == "profile-set-by-hand"]
    assert [(f.severity, f.where) for f in told] == ([("warning", f"{path}:2")] if found else [])


def test_a_state_that_cannot_be_used(healthy: Home, ask: Ask) -> None:
    healthy.state.mkdir(parents=True)
    assert (only(ask(), "state-unusable").severity, only(ask(), "state-unusable").where) == ("error", str(healthy.state))
    healthy.state.rmdir()
    healthy.state.parent.rmdir()
    healthy.state.parent.write_text("")
    assert only(ask(), "state-unusable").where == str(healthy.state)


def test_a_config_of_awsctx_that_nobody_reads(healthy: Home, ask: Ask) -> None:
    healthy.configure("follow = 'never'\n")
    assert ask() == []
    found = only(ask(XDG_CONFIG_HOME=str(healthy.folder / "other")), "own-config-unread")
    assert (found.severity, found.where) == ("warning", str(healthy.settings))
    assert only(ask(AWSCTX_CONFIG="/dev/null"), "own-config-unread").where == str(healthy.settings)


def test_the_old_aws_is_told_from_the_new_without_running_it(healthy: Home, ask: Ask) -> None:
    program = healthy.folder / "bin" / "aws"
    program.unlink()
    program.symlink_to(locate.aws1())
    found = only(ask(), "aws-cli-old")
    assert (found.severity, found.where) == ("info", str(program))
    assert "15 July 2027" in found.what
    program.unlink()
    program.symlink_to(locate.aws2())
    assert ask() == []
