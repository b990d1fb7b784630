"""What of `awsctx exec` over many has failed, and what `--failed` runs again, through the installed command."""

from __future__ import annotations

import re
import stat
import subprocess

import pytest
from tests.commands.many import Fleet
from tests.support import AWSCTX, Home


def test_every_status_and_signal_and_a_way_back(fleet: Fleet) -> None:
    fleet.profiles(*(f"p{number:03}" for number in range(256)), "pKILL", "pSEGV", "pPIPE", "pINT")
    script = "n=${AWS_PROFILE#p}; case $n in [A-Z]*) kill -$n $$; sleep 9;; *) exit $((1$n - 1000));; esac"
    done = fleet.many("--", "sh", "-c", script, status=1)
    found = dict(re.findall(r"^  status (\d+)(?: \(\w+\))?: (.*)$", done.stderr, re.M))
    expected = {str(number): f"p{number:03}" for number in range(1, 256)}
    for name, number in (("KILL", 9), ("SEGV", 11), ("PIPE", 13), ("INT", 2)):
        expected[str(128 + number)] += f", p{name}"
    assert {status: sorted(names.split(", ")) for status, names in found.items()} == {
        status: sorted(names.split(", ")) for status, names in expected.items()
    }
    assert "  status 137 (SIGKILL): " in done.stderr and "awsctx: 259 of 260 failed\n" in done.stderr
    assert done.stderr.endswith("  run them again: awsctx exec --failed\n")
    assert len(fleet.again("--dry-run").stdout.splitlines()) == 259


def test_failed_runs_what_failed_or_has_not_run_with_the_same_command(fleet: Fleet) -> None:
    assert fleet.run("exec", "--failed").returncode == 1
    script = '[ -e "$1" ] || [ $AWS_PROFILE = keys ]'
    fleet.many("-r", "eu-west-3,us-east-1", "-c", script, "a b", status=1)
    path = fleet.state.parent / "state.last-run"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert fleet.again("--dry-run").stdout.splitlines() == [
        f"{name}@{region}" for name in ("dev.admin", "dev.reader", "prod.reader") for region in ("eu-west-3", "us-east-1")
    ]
    assert "6 of 6 failed" in fleet.again(status=1).stderr
    (fleet.folder / "a b").touch()
    assert fleet.again("-q", "-j", "1").stderr == "awsctx: 6 runs over 3 profiles and 2 regions, 1 at a time\n"
    done = fleet.again()
    assert (done.stdout, done.stderr) == ("", "awsctx: nothing of the last run failed\n")


@pytest.mark.parametrize("name", ["a@eu-west-1", "."])
def test_failed_runs_no_other_profile_in_place_of_one_that_is_gone(home: Home, name: str) -> None:
    others = "[profile a]\nregion = eu-west-2\n"
    home.config.write_text(f"{others}[profile {name}]\nregion = eu-west-1\n")
    home.ok("a")
    assert home.run("exec", "--match", name, "--", "sh", "-c", 'echo "$AWS_PROFILE"; exit 1').returncode == 1
    assert home.run("exec", "--failed").stdout == f"{name}\t{name}\n"
    home.config.write_text(others)
    done = home.run("exec", "--failed")
    assert (done.returncode, done.stdout) == (1, "") and f"no profile named '{name}'" in done.stderr


def test_no_output_is_kept(fleet: Fleet) -> None:
    fleet.many("--", "sh", "-c", "echo so-secret; echo so-secret >&2; exit 1".replace("so-secret", "so''-secret"), status=1)
    for path in fleet.state.parent.iterdir():
        assert "so-secret" not in path.read_text()


def test_fail_fast_starts_no_more(fleet: Fleet) -> None:
    fleet.profiles(*(f"p{number}" for number in range(10)))
    done = fleet.many("-j", "1", "--fail-fast", "--", "sh", "-c", "[ $AWS_PROFILE != p3 ]", status=1)
    assert "awsctx: 1 of 10 failed, 6 not run\n  status 1: p3\n  not run: p4, p5, p6, p7, p8, p9\n" in done.stderr
    assert fleet.again("--dry-run").stdout.split() == [f"p{number}" for number in range(3, 10)]


def test_20_runs_at_once_share_the_last_run(fleet: Fleet) -> None:
    runs = [
        subprocess.Popen(
            [AWSCTX, "exec", "--all", "-q", "-r", f"eu-west-{number + 1}", "--", "false"],
            env=fleet.environ, cwd=fleet.folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for number in range(20)
    ]  # fmt: skip
    assert [run.wait(60) for run in runs] == [1] * 20
    cells = fleet.again("--dry-run").stdout.split()
    assert len(cells) == 4 and len({cell.partition("@")[2] for cell in cells}) == 1


def test_where_the_last_run_cannot_be_kept_the_run_goes_on(fleet: Fleet) -> None:
    fleet.state.parent.mkdir(parents=True)
    (fleet.state.parent / "state.last-run").mkdir()
    done = fleet.many("--", "echo", "hello")
    assert done.stdout.count("\thello\n") == 4
    assert "awsctx: warning: could not keep the run for --failed: " in done.stderr
