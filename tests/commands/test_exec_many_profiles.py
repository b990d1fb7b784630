"""Which profiles a call of `awsctx exec` over many means, and which it leaves out and names, through the installed command."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.many import Fleet
from tests.support import stanza

ODD = ("p\x1b[31m", "p\x7f", "p\x85", "p\u2028x", "p\u2029x")


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """Three profiles."""
    home = Fleet(tmp_path / "home")
    home.profiles("p1", "p2", "p3")
    return home


def failing(fleet: Fleet, *options: str) -> None:
    """A last run that has failed in each profile, and that succeeds once there is a file `go`."""
    fleet.many(*options, "--", "sh", "-c", '[ -e go ] && echo "ran in $AWS_PROFILE"', status=1)


def left(fleet: Fleet) -> list[str]:
    """The cells of the last run that are still to run."""
    return sorted(fleet.run("exec", "--failed", "-y", "--dry-run").stdout.split())


def test_a_guarded_one_that_failed_stays_in_the_last_run_until_it_runs(fleet: Fleet) -> None:
    fleet.configure('guard = ["p1"]\n')
    failing(fleet, "-y")
    done = fleet.again(status=1)
    assert "awsctx: left out, because they are guarded: p1\n" in done.stderr and "2 of 2 failed" in done.stderr
    assert left(fleet) == ["p1", "p2", "p3"]
    (fleet.folder / "go").touch()
    fleet.again()
    assert left(fleet) == ["p1"]
    assert "every matching profile is guarded: p1\n" in fleet.again(status=1).stderr
    assert fleet.again("-y").stdout == "p1\tran in p1\n"
    assert left(fleet) == []


def test_one_that_is_gone_is_left_out_and_the_others_run(fleet: Fleet) -> None:
    failing(fleet)
    fleet.profiles("p1", "p3")
    (fleet.folder / "go").touch()
    done = fleet.again("-j", "1", status=1)
    assert done.stdout == "p1\tran in p1\np3\tran in p3\n"
    assert done.stderr.startswith("awsctx: left out, because no profile has these names any more: p2\n")
    gone = fleet.again(status=1)
    assert gone.stdout == "" and gone.stderr.startswith("awsctx: no profile named 'p2'")
    fleet.profiles("p1", "p2", "p3")
    assert fleet.again().stdout == "p2\tran in p2\n"


def test_a_region_of_its_own_stays_with_what_is_left_out(fleet: Fleet) -> None:
    failing(fleet, "-r", "eu-west-1,us-east-1")
    fleet.profiles("p1", "p3")
    fleet.again(status=1)
    fleet.profiles("p1", "p2", "p3")
    assert left(fleet) == [f"{name}@{region}" for name in ("p1", "p2", "p3") for region in ("eu-west-1", "us-east-1")]


def accounts(fleet: Fleet) -> None:
    """Two accounts, each with a reader and then an admin."""
    role = "arn:aws:iam::{}:role/{}"
    fleet.config.write_text(
        "".join(
            stanza(f"a{number}.{name}", role_arn=role.format(str(number) * 12, name), credential_source="Environment")
            for number in (1, 2)
            for name in ("reader", "admin")
        )
    )


def test_one_per_account_is_one_that_is_not_guarded(fleet: Fleet) -> None:
    accounts(fleet)
    call = ("--one-per", "account", "--dry-run", "--", "true")
    fleet.configure('guard = ["role:reader"]\n')
    done = fleet.many(*call)
    assert (done.stdout.split(), done.stderr) == (["a1.admin", "a2.admin"], "")
    assert fleet.many("-y", *call).stdout.split() == ["a1.reader", "a2.reader"]
    agents = fleet.many("-y", *call, env={"CLAUDECODE": "1"})
    assert agents.stdout.split() == ["a1.admin", "a2.admin"], "an agent's --yes does not count"


def test_an_account_whose_profiles_are_all_guarded_is_named_by_its_first(fleet: Fleet) -> None:
    accounts(fleet)
    fleet.configure('guard = ["a1.*"]\n')
    done = fleet.many("--one-per", "account", "--dry-run", "--", "true")
    assert done.stdout.split() == ["a2.reader"]
    assert done.stderr.startswith("awsctx: left out, because they are guarded: a1.reader\n")


def test_names_that_no_other_call_takes_are_left_out(fleet: Fleet) -> None:
    fleet.profiles(*ODD, "plain")
    done = fleet.many("--", "printenv", "AWS_PROFILE")
    assert done.stdout == "plain\tplain\n"
    assert done.stderr.splitlines()[0] == (
        "awsctx: left out, because their names hold control characters: p\\x1b[31m, p\\x7f, p\\x85, p\\u2028x, p\\u2029x"
    )
    none = fleet.run("exec", "--match", "p[!l]*", "--", "touch", "ran")
    assert (none.returncode, none.stdout) == (1, "") and "control characters" in none.stderr
    assert none.stderr.endswith("\n  rename it in the AWS config file\n")
    assert not list(fleet.folder.rglob("ran"))
