"""`awsctx pin`: which pins count for calls that have no hook (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from tests.commands.pinning import STATE, current
from tests.support import AWSCTX, DEVELOPER, HOSTILE, TESTER, Home, stanza

from awsctx.core import agents


def test_a_pin_counts_here_and_below_and_nowhere_else(home: Home, project: Path) -> None:
    done = home.run("pin", f"{TESTER}@eu-west-3", cwd=project)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[0] == f"pinned ~/project and the folders below it to {TESTER}@eu-west-3"
    assert (project / ".awsctx").read_bytes() == f"{TESTER}@eu-west-3\n".encode()
    for folder in (project, project / "deep"):
        assert current(home, folder) == (TESTER, "eu-west-3", "directory")
        assert home.ok("current", cwd=folder) == f"{TESTER}@eu-west-3\n"
        assert home.ok("exec", "--", "printenv", "AWS_PROFILE", "AWS_REGION", cwd=folder) == f"{TESTER}\neu-west-3\n"
        assert home.ok("pin", cwd=folder) == f"{TESTER}@eu-west-3\n"
        assert home.ok("prompt", cwd=folder).startswith(f"{TESTER}@eu-west-3 ")
    assert current(home, home.folder) == STATE and home.active() == DEVELOPER
    assert "removed ~/project/.awsctx" in home.run("pin", "-u", cwd=project).stderr
    assert not (project / ".awsctx").exists() and current(home, project) == STATE


def test_what_a_person_names_wins_over_the_pin(home: Home, project: Path) -> None:
    home.ok("pin", TESTER, cwd=project)
    assert json.loads(home.ok("current", "--json", "-p", DEVELOPER, cwd=project))["source"] == "flag"
    for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        assert current(home, project, **{variable: DEVELOPER}) == (DEVELOPER, "", "environment")
    assert home.ok("exec", "-p", ".", "--", "printenv", "AWS_PROFILE", cwd=project) == f"{TESTER}\n"
    assert f"~/project/.awsctx pins this folder to {TESTER}" in home.run(DEVELOPER, cwd=project).stderr


def test_the_context_in_force_here_is_pinned_with_another_region(home: Home, project: Path) -> None:
    home.ok("pin", TESTER, cwd=project)
    done = home.run("pin", ".@eu-west-3", cwd=project)
    assert "pins this folder to" not in done.stderr  # of the pin that was
    assert current(home, project) == (TESTER, "eu-west-3", "directory")


def test_a_status_line_shows_the_state_where_the_shell_is_on_the_state(home: Home, project: Path) -> None:
    """Of a shell with the hook in which a context was chosen beside the pin."""
    home.ok("pin", TESTER, cwd=project)
    exported = {"AWS_PROFILE": DEVELOPER, "AWSCTX_EXPORTED": f"state:{DEVELOPER}"}
    assert home.ok("prompt", cwd=project, env=exported).startswith(DEVELOPER)


def test_the_nearest_counts(home: Home, project: Path) -> None:
    home.ok("pin", TESTER, cwd=project)
    home.ok("pin", DEVELOPER, cwd=project / "deep")
    assert current(home, project / "deep") == (DEVELOPER, "", "directory")
    done = home.run("pin", "-u", cwd=project / "deep")
    assert done.returncode == 0 and current(home, project / "deep") == (TESTER, "", "directory")
    again = home.run("pin", "-u", cwd=project / "deep")
    assert (again.returncode, again.stderr) == (0, "there is no pin in this folder; ~/project/.awsctx counts here\n")


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_the_file_is_an_ordinary_one_and_what_is_remembered_is_not(home: Home, project: Path, umask: int, mode: int) -> None:
    home.ok("pin", TESTER, cwd=project, umask=umask)
    assert stat.S_IMODE((project / ".awsctx").stat().st_mode) == mode
    allowed = home.state.parent / "allowed"
    assert stat.S_IMODE(allowed.stat().st_mode) == 0o600
    (project / ".awsctx").chmod(0o640)
    home.ok("pin", DEVELOPER, cwd=project, umask=umask)
    assert stat.S_IMODE((project / ".awsctx").stat().st_mode) == 0o640
    assert sorted(os.listdir(project)) == [".awsctx", "deep"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_another_users_file_never_counts(home: Home, project: Path) -> None:
    home.ok("pin", TESTER, cwd=project)
    os.chown(project / ".awsctx", 65534, 65534)
    done = home.run("current", cwd=project)
    assert (done.stdout, done.stderr) == (f"{DEVELOPER}\n", "awsctx: ~/project/.awsctx does not count: it is another user's\n")
    for call in (("allow",), ("pin", TESTER), ("pin", "-u")):
        refused = home.run(*call, cwd=project)
        assert refused.returncode == 1 and "is no pin: it is another user's" in refused.stderr, call
    os.chown(project / ".awsctx", 0, 0)
    assert current(home, project) == (TESTER, "", "directory")


def test_a_pin_on_a_guarded_profile_never_counts(home: Home, project: Path) -> None:
    home.ok("pin", TESTER, cwd=project)
    home.configure(f'follow = "always"\nguard = ["{TESTER}"]\n')
    done = home.run("current", cwd=project)
    line = f"awsctx: ~/project/.awsctx does not count (it says {TESTER}): '{TESTER}' is guarded\n"
    assert (done.stdout, done.stderr) == (f"{DEVELOPER}\n", line)
    allowed = home.run("allow", cwd=project)
    assert (allowed.returncode, allowed.stderr.count("does not count")) == (0, 1)
    assert current(home, project) == STATE
    refused = home.run("pin", f"{TESTER}@eu-west-3", cwd=project / "deep")
    assert refused.returncode == 1 and "is guarded: a pin on it would not count" in refused.stderr
    assert os.listdir(project / "deep") == []


def test_a_pin_that_names_no_profile_is_an_error_that_names_the_file(home: Home, project: Path) -> None:
    (project / ".awsctx").write_text("worksso.teser\n")
    done = home.run("allow", cwd=project)
    assert done.returncode == 0 and "there is no profile 'worksso.teser'" in done.stderr
    for call in (("current",), ("current", "--json"), ("exec", "--", "true"), ("console", "--print")):
        done = home.run(*call, cwd=project / "deep")
        message, meant, *_ = done.stderr.splitlines()
        assert message == f"awsctx: the pin {project}/.awsctx names the profile 'worksso.teser', which does not exist", call
        assert (done.returncode, meant.strip()) == (1, f"did you mean: {TESTER}, {DEVELOPER}")
    assert home.run("prompt", cwd=project).returncode == 1
    exported = {"AWS_PROFILE": "worksso.teser", "AWSCTX_EXPORTED": "directory:worksso.teser"}
    assert f"the pin {project}/.awsctx names" in home.run("current", cwd=project, env=exported).stderr


def test_an_unknown_name_writes_nothing(home: Home, project: Path) -> None:
    for name, says in (
        ("worksso.teser", f"did you mean: {TESTER}"),
        (f"{TESTER}@not a region", "is not a region"),
        ("a\nb", "control characters"),
        ("", ""),
    ):
        done = home.run("pin", name, cwd=project)
        assert done.returncode == 1 and says in done.stderr and os.listdir(project) == ["deep"], name
    assert home.run("pin", "-u", TESTER, cwd=project).returncode == 2


@pytest.mark.parametrize("name", [*HOSTILE, "\ufeffbom", " padded "])
def test_any_name_is_pinned_or_refused(home: Home, project: Path, name: str) -> None:
    home.config.write_text(home.config.read_text(encoding="utf-8") + stanza(name), encoding="utf-8")
    done = home.run("pin", "--", name, cwd=project)
    if name.startswith("\ufeff"):
        assert done.returncode == 1 and "a pin cannot hold" in done.stderr and os.listdir(project) == ["deep"]
    else:
        assert (done.returncode, current(home, project)) == (0, (name, "", "directory"))


@pytest.mark.parametrize("variable", agents.VARIABLES)
def test_an_agent_neither_pins_nor_allows(home: Home, project: Path, variable: str) -> None:
    (project / ".awsctx").write_text(f"{TESTER}\n")
    agent = {variable: "1"}
    for call in (("allow",), ("pin", DEVELOPER)):
        done = home.run(*call, cwd=project, env=agent)
        what = f"awsctx: {call[0]}: refused to an agent\n  it is a person's decision: ask the one you work for\n"
        assert (done.returncode, done.stdout, done.stderr) == (1, "", what)
    assert (project / ".awsctx").read_text() == f"{TESTER}\n" and current(home, project, **agent) == STATE
    home.configure('agents = "allow"\n')
    home.ok("allow", cwd=project, env=agent)
    assert current(home, project, **agent) == (TESTER, "", "directory")


def test_nothing_is_written_where_it_cannot_be(home: Home, project: Path) -> None:
    home.state.parent.mkdir(parents=True, exist_ok=True)
    (home.state.parent / "allowed").mkdir()
    done = home.run("pin", TESTER, cwd=project)
    assert done.returncode == 1 and "could not write" in done.stderr and os.listdir(project) == ["deep"]
    done = home.run("pin", TESTER, cwd=Path("/proc/self/fdinfo"))
    assert done.returncode == 1 and "Traceback" not in done.stderr


def test_pins_at_once_are_all_remembered(home: Home, project: Path) -> None:
    folders = [project / str(number) for number in range(8)]
    for folder in folders:
        folder.mkdir()
    running = [
        subprocess.Popen([AWSCTX, "pin", TESTER], cwd=folder, env=home.environ, stderr=subprocess.DEVNULL) for folder in folders
    ]
    assert [process.wait() for process in running] == [0] * 8
    assert [current(home, folder)[2] for folder in folders] == ["directory"] * 8


def test_completion(home: Home) -> None:
    assert home.ok("_complete", "1", "pin", "worksso.t").split("\t")[0] == TESTER
    assert "--unset\t" in home.ok("_complete", "1", "pin", "--")


def test_under_a_lock_no_pin_counts_and_none_is_written_or_allowed(home: Home, project: Path) -> None:
    home.ok("pin", TESTER, cwd=project)
    locked = ("exec", "-q", "--lock", "-p", DEVELOPER, "--", str(AWSCTX))
    assert home.ok(*locked, "current", cwd=project) == f"{DEVELOPER}\n"
    for call in (("pin", DEVELOPER), ("pin", "-u"), ("allow",)):
        done = home.run(*locked, *call, cwd=project)
        assert done.returncode == 1 and "does not allow pins" in done.stderr, call
    assert current(home, project) == (TESTER, "", "directory")
