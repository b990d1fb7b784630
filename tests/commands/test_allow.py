"""`awsctx allow`: a pin that awsctx did not write here waits for it (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

from pathlib import Path

from tests.commands.pinning import STATE, current
from tests.support import DEVELOPER, TESTER, Home


def test_one_that_awsctx_did_not_write_here_waits_to_be_allowed(home: Home, project: Path) -> None:
    pin = project / ".awsctx"
    pin.write_text(f"{TESTER}\n")
    line = f"awsctx: ~/project/.awsctx does not count (it says {TESTER}): it is not allowed yet; if you mean it: awsctx allow\n"
    for call in (("current",), ("exec", "--", "true")):
        done = home.run(*call, cwd=project / "deep")
        assert (done.returncode, done.stderr) == (0, line)
    assert home.run("prompt", cwd=project).stderr == ""
    refused = home.run("pin", cwd=project)
    assert refused.returncode == 1 and refused.stderr.startswith(
        "awsctx: no pin counts here\n  ~/project/.awsctx does not count"
    )
    done = home.run("allow", cwd=project / "deep")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"allowed: ~/project/.awsctx, which says {TESTER}\n")
    assert current(home, project / "deep") == (TESTER, "", "directory")
    assert home.run("current", cwd=project).stderr == ""
    assert home.run("allow", cwd=project).stderr.startswith("already allowed: ")
    assert pin.read_text() == f"{TESTER}\n"


def test_one_that_has_changed_or_moved_waits_again(home: Home, project: Path) -> None:
    home.ok("pin", TESTER, cwd=project)
    (project / ".awsctx").write_text(f"{TESTER}@eu-west-3\n")
    assert current(home, project) == STATE
    home.ok("allow", cwd=project)
    assert current(home, project) == (TESTER, "eu-west-3", "directory")
    (project / ".awsctx").write_text(f"{TESTER}\n")  # what `pin` once wrote, and somebody has taken back
    assert current(home, project) == STATE
    home.ok("allow", cwd=project)
    project.rename(home.folder / "moved")
    assert current(home, home.folder / "moved") == STATE
    (home.folder / "moved").rename(project)
    assert current(home, project) == (TESTER, "", "directory")
    home.ok("pin", "-u", cwd=project)
    (project / ".awsctx").write_text(f"{TESTER}\n")
    assert current(home, project) == STATE


def test_those_above_one_that_does_not_count_do(home: Home, project: Path) -> None:
    home.ok("pin", TESTER, cwd=project)
    (project / "deep" / ".awsctx").write_text(f"{DEVELOPER}@eu-west-2\n")
    done = home.run("current", cwd=project / "deep")
    assert (done.stdout, done.stderr.count("\n")) == (f"{TESTER}\n", 1) and "~/project/deep/.awsctx" in done.stderr
    home.ok("allow", cwd=project / "deep")
    assert current(home, project / "deep") == (DEVELOPER, "eu-west-2", "directory")
