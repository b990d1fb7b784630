"""A folder's pin, in a shell with the hook (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.shells.conftest import Open
from tests.shells.ptys import Terminal, outside
from tests.support import DEVELOPER, TESTER, Home

NOT_ALLOWED = "awsctx: ~/project/.awsctx does not count (it says {}): it is not allowed yet; if you mean it: awsctx allow"


@pytest.fixture
def project(home: Home) -> Path:
    """A folder, with one below it, in a home whose active context is DEVELOPER."""
    outside(home, DEVELOPER)
    (home.folder / "project" / "deep").mkdir(parents=True)
    return home.folder / "project"


def pin(home: Home, folder: Path, context: str) -> None:
    """Another shell pins ``folder``."""
    assert home.run("pin", context, cwd=folder).returncode == 0


def where(terminal: Terminal) -> tuple[str | None, str | None, str, str]:
    """(profile, region) of commands, and what the prompt shows."""
    environ = terminal.environment()
    return environ.get("AWS_PROFILE"), environ.get("AWS_REGION"), *terminal.get("AWSCTX_PROMPT", "AWSCTX_PROMPT_CLASS")


OUTSIDE = (DEVELOPER, None, f"{DEVELOPER} 3h12m", "ok")
INSIDE = (TESTER, "eu-west-3", f"{TESTER}@eu-west-3 3h12m", "pinned")


def test_a_pin_is_in_force_there_and_below_until_it_is_left(home: Home, project: Path, terminal: Terminal) -> None:
    pin(home, project, f"{TESTER}@eu-west-3")
    assert where(terminal) == OUTSIDE
    assert terminal.said("cd project") == "" and where(terminal) == INSIDE
    terminal.run("cd deep")
    assert where(terminal) == INSIDE
    assert '"source": "directory"' in terminal.run("awsctx current --json")
    assert terminal.run("awsctx exec -- printenv AWS_PROFILE").count(TESTER) == 1
    assert terminal.said(f"cd {home.folder}") == "" and where(terminal) == OUTSIDE
    pin(home, project / "deep", DEVELOPER)
    terminal.run("cd project/deep")
    assert where(terminal) == (DEVELOPER, None, f"{DEVELOPER} 3h12m", "pinned")
    terminal.run("cd ..")
    assert where(terminal) == INSIDE
    assert home.active() == DEVELOPER


def test_a_switch_to_where_only_the_state_is_is_one(home: Home, project: Path, terminal: Terminal) -> None:
    """The state is there already, but this shell was not."""
    pin(home, project, TESTER)
    terminal.run("cd project")
    assert "switched to" in terminal.run(f"awsctx {DEVELOPER}") and terminal.profile == DEVELOPER
    assert "already on" in terminal.run(f"awsctx {DEVELOPER}")
    terminal.run(f"awsctx -s {TESTER}")
    assert "switched to" in terminal.run(f"awsctx {DEVELOPER}") and terminal.profile == DEVELOPER


def test_pin_and_unpin_take_effect_at_once(home: Home, project: Path, terminal: Terminal) -> None:
    terminal.run("cd project")
    said = terminal.run(f"awsctx pin {TESTER}@eu-west-3 && printenv AWS_PROFILE AWS_REGION > now")
    assert f"pinned ~/project and the folders below it to {TESTER}@eu-west-3" in said
    assert (project / "now").read_text() == f"{TESTER}\neu-west-3\n" and where(terminal) == INSIDE
    terminal.run("awsctx pin -u && printenv AWS_PROFILE > now")
    assert (project / "now").read_text() == f"{DEVELOPER}\n" and where(terminal) == OUTSIDE


def test_what_is_chosen_there_wins_until_the_folder_is_left(home: Home, project: Path, terminal: Terminal) -> None:
    pin(home, project, f"{TESTER}@eu-west-3")
    terminal.run("cd project")
    for call in (DEVELOPER, f"-s {DEVELOPER}"):
        terminal.run(f"awsctx {call}")
        assert terminal.profile == DEVELOPER
        terminal.run("cd deep")
        assert terminal.profile == DEVELOPER
        terminal.run(f"cd {home.folder}")
        terminal.run("cd project")
        assert where(terminal) == INSIDE, call
    terminal.run(f"awsctx {DEVELOPER}")
    terminal.run("awsctx pin .; awsctx pin " + TESTER + "@eu-west-3")  # a pin that is asked for wins over what was chosen
    assert where(terminal) == INSIDE
    terminal.set("AWS_PROFILE", DEVELOPER)
    assert terminal.kind == "pinned" and terminal.profile == DEVELOPER
    assert f"AWS_PROFILE={DEVELOPER} in this shell overrides it" in terminal.run(f"awsctx pin {TESTER}@eu-west-3")
    assert terminal.profile == DEVELOPER
    terminal.unset("AWS_PROFILE")
    assert where(terminal) == INSIDE


def test_without_an_active_context_the_pin_counts(home: Home, project: Path, terminal: Terminal) -> None:
    pin(home, project, f"{TESTER}@eu-west-3")
    terminal.run(f"cd project; awsctx {DEVELOPER}")
    assert f"~/project/.awsctx pins this folder to {TESTER}@eu-west-3, which counts here" in terminal.run("awsctx -u")
    assert where(terminal) == INSIDE
    terminal.run("cd /")
    assert terminal.profile is None


def test_a_pin_that_has_changed_waits_to_be_allowed_in_every_shell(home: Home, project: Path, open_terminal: Open) -> None:
    pin(home, project, f"{TESTER}@eu-west-3")
    one, two = open_terminal(cwd=project), open_terminal(cwd=project / "deep")
    assert where(one) == where(two) == INSIDE
    (project / ".awsctx").write_text(f"{TESTER}@eu-west-2\n")
    for terminal in (one, two):
        assert terminal.said() == NOT_ALLOWED.format(f"{TESTER}@eu-west-2")
        assert terminal.said() == "" and where(terminal) == OUTSIDE
        assert terminal.said("cd /") == terminal.said(f"cd {project}") == ""
    said = one.run("awsctx allow")
    assert f"allowed: ~/project/.awsctx, which says {TESTER}@eu-west-2" in said
    for terminal in (one, two):
        assert where(terminal) == (TESTER, "eu-west-2", f"{TESTER}@eu-west-2 3h12m", "pinned")
    (project / ".awsctx").unlink()
    assert where(one) == where(two) == OUTSIDE


def test_a_guarded_pin_does_not_count_and_a_line_says_so(home: Home, project: Path, open_terminal: Open) -> None:
    pin(home, project, TESTER)
    home.configure(f'guard = ["{TESTER}"]\nfollow = "always"\n')
    terminal = open_terminal()
    said = terminal.said("cd project")
    assert said == f"awsctx: ~/project/.awsctx does not count (it says {TESTER}): '{TESTER}' is guarded"
    assert where(terminal) == OUTSIDE and terminal.said("cd deep") == ""


def test_a_shell_inside_a_pinned_one(home: Home, project: Path, shell: str, open_terminal: Open) -> None:
    """It is where the outer one is, and leaves to where that one would."""
    pin(home, project, TESTER)
    outer = open_terminal(cwd=project)
    environ: dict[str, str | None] = dict(outer.environment())
    assert environ["AWSCTX_EXPORTED"] == f"directory:{TESTER}"
    inner = open_terminal(cwd=project, env=environ)
    assert (inner.profile, inner.kind, inner.greeting) == (TESTER, "pinned", "")
    inner.run("cd /")
    assert inner.profile == DEVELOPER


def test_a_shell_does_not_follow_while_pinned_and_catches_up(home: Home, project: Path, terminal: Terminal) -> None:
    outside(home, "-u")
    pin(home, project, DEVELOPER)
    terminal.run("cd project")
    outside(home, f"{TESTER}@eu-west-2")
    assert terminal.said() == "" and terminal.profile == DEVELOPER
    assert terminal.said("cd /") == f"awsctx: now on {TESTER}@eu-west-2 (switched in another shell)"
    assert terminal.profile == TESTER


def test_a_pin_that_names_no_profile_is_shown_and_said(home: Home, project: Path, terminal: Terminal) -> None:
    (project / ".awsctx").write_text("gone\n")
    assert home.run("allow", cwd=project).returncode == 0
    assert "the profile 'gone', which does not exist" in terminal.said("cd project")
    assert (terminal.profile, terminal.kind) == ("gone", "pinned")
    assert f"the pin {project}/.awsctx names the profile 'gone', which does not exist" in terminal.run("awsctx current")


@pytest.mark.parametrize("text", ["$(touch pwned)", "`touch pwned`", "%F{red}", "x\x1b]0;x\x07", "a\0b", "a" * (1 << 20)])
def test_a_hostile_pin_is_data(home: Home, project: Path, terminal: Terminal, text: str) -> None:
    (project / ".awsctx").write_text(text)
    said = terminal.run("cd project")
    assert "~/project/.awsctx does not count" in said and "\x1b]0" not in said and "a" * 5000 not in said
    assert terminal.profile == DEVELOPER and list(home.folder.rglob("pwned")) == []


def test_folders_with_odd_names(home: Home, terminal: Terminal) -> None:
    outside(home, DEVELOPER)
    for name in ("a b", "$(touch pwned)", "-x", "q'q", "ü", "*", "[x]", "back\\slash"):
        folder = home.folder / name
        folder.mkdir()
        (folder / ".awsctx").write_text(f"{TESTER}\n")
        pin(home, folder, TESTER)
        terminal.run("cd " + terminal.quote(f"./{name}"))
        assert terminal.profile == TESTER, name
        terminal.run("cd ..")
        assert terminal.profile == DEVELOPER, name


def test_folders_by_a_symlink_and_gone_ones(home: Home, project: Path, terminal: Terminal) -> None:
    pin(home, project, f"{TESTER}@eu-west-3")
    (home.folder / "link").symlink_to(project)
    terminal.run("cd link/deep")
    assert where(terminal) == INSIDE
    terminal.run("rmdir $PWD")
    assert where(terminal) == INSIDE
    assert "error of awsctx itself" not in terminal.run("awsctx current; awsctx pin; awsctx allow")
    terminal.run(f"cd {home.folder}")
    assert where(terminal) == OUTSIDE
