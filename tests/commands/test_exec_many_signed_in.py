"""`awsctx exec` over many profiles of a sign-in: once per session, once per account (awsctx(1), RUNNING COMMANDS, Many at
once)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from tests.signin.helpers import SignIns, ended, no_secret, plain
from tests.support import DEVELOPER, TESTER, WALKTHROUGH, stanza

from awsctx.demo.standin import Account

ACCOUNTS = [Account(f"{number:012}", f"account-{number}", ("reader", "admin")) for number in range(1, 6)]
PROFILES = [f"a{number}.{role}" for number in range(1, 6) for role in ("reader", "admin")]
SESSION = WALKTHROUGH.partition("[profile")[0]
SHOW = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"]


@pytest.fixture
def many(site: SignIns) -> SignIns:
    """Five accounts with two roles each; nobody has signed in yet."""
    site.stand_in.control(accounts=ACCOUNTS)
    stanzas = [
        stanza(f"a{number}.{role}", sso_session="worksso", sso_account_id=f"{number:012}", sso_role_name=role)
        for number in range(1, 6)
        for role in ("reader", "admin")
    ]
    site.config.write_text(SESSION + "".join(stanzas))
    return site


def run(site: SignIns, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = site.run("exec", "--all", *arguments)
    assert done.returncode == status, done
    no_secret(site.stand_in, done.stderr)
    return done


def test_every_region_is_asked_for_once_an_account(many: SignIns) -> None:
    many.sign_in()
    cells = run(many, "-r", "all", "--dry-run", "--", "true").stdout.split()
    assert many.stand_in.count("DescribeRegions") == many.stand_in.count("GetRoleCredentials") == 5
    assert len(cells) % 10 == 0 and {cell.partition("@")[0] for cell in cells} == set(PROFILES)
    assert {"a1.reader@eu-west-1", "a5.admin@us-east-1"} < set(cells)
    done = run(many, "--one-per", "account", "-r", "all", "-q", "--json", "-c", "echo $AWS_REGION")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(cells) / 2
    assert all(item["stdout"] == item["region"] + "\n" for item in found)


def test_an_account_that_cannot_be_asked_fails_and_the_others_run(many: SignIns) -> None:
    many.sign_in()
    fault = {"operation": "DescribeRegions", "kind": "status", "status": 403, "code": "UnauthorizedOperation"}
    many.stand_in.control(faults=[{**fault, "times": 1}])
    done = run(many, "--one-per", "account", "-r", "all", "--json", "--", "true", status=1)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    (failed,) = [item for item in found if item["status"]]
    assert (failed["region"], failed["status"], failed["stdout"]) == (None, 1, "")
    assert failed["stderr"].startswith(
        f"awsctx: {failed['profile']}: could not ask for its regions: AWS refuses DescribeRegions: UnauthorizedOperation\n"
    )
    assert len({item["profile"] for item in found}) == 5
    assert f"  status 1: {failed['profile']}\n" in done.stderr
    again = [json.loads(line) for line in many.ok("exec", "--failed", "--json").splitlines()]
    others = [item["region"] for item in found if item["profile"] == next(i["profile"] for i in found if not i["status"])]
    assert {item["profile"] for item in again} == {failed["profile"]}
    assert sorted(item["region"] for item in again) == sorted(others), "in every region, which is asked for again"


def test_a_wrong_region_is_said_before_anybody_is_asked_to_sign_in(many: SignIns) -> None:
    assert "'no region' is not a region" in run(many, "-r", "eu-west-1,no region", "--", "true", status=1).stderr


def test_without_all_regions_nobody_is_asked_anything(many: SignIns) -> None:
    many.sign_in()
    run(many, "--", "true")
    assert many.stand_in.count() == 0


def test_one_question_and_one_sign_in_for_all_of_a_session(many: SignIns) -> None:
    child = many.at_terminal("exec", "--all", "--", "echo", "ran")
    child.expect_exact("the sign-in to session 'worksso' has ended, or there is none. Sign in now? [Y/n] ")
    child.send("y\r")
    child.expect("signed in to session 'worksso' for 8h0m")
    assert ended(child) == 0
    assert plain(child.before).count(" ran\n") == 10
    assert many.stand_in.count("CreateToken") == 1 and len(many.opened()) == 1


def test_answered_no_it_runs_all_the_same(many: SignIns) -> None:
    child = many.at_terminal("exec", "--all", "--", "echo", "ran")
    child.expect("Sign in now")
    child.send("n\r")
    assert ended(child) == 0
    assert plain(child.before).count(" ran\n") == 10
    assert many.stand_in.count() == 0


def test_ctrl_c_at_the_question_runs_nothing(many: SignIns) -> None:
    child = many.at_terminal("exec", "--all", "--", "touch", "ran")
    child.expect("Sign in now")
    child.sendintr()
    assert ended(child) == 130
    assert not list(many.folder.rglob("ran"))


@pytest.mark.parametrize("regions", [(), ("-r", "eu-west-1,eu-west-2"), ("-r", "all")], ids=" ".join)
def test_a_run_that_stops_for_want_of_a_sign_in_is_the_last_run(many: SignIns, regions: tuple[str, ...]) -> None:
    """`--failed` would else run the command of the run before it."""
    many.sign_in()
    run(many, "--", "sh", "-c", "echo old; exit 1", status=1)
    many.path().unlink()
    run(many, "--dry-run", "-r", "all", "--", "true", status=3)
    assert many.run("exec", "--all", "--", "no-such-command").returncode == 127
    assert '"echo old; exit 1"' in many.state.with_name("state.last-run").read_text(), "neither was a run"
    run(many, *regions, "--one-per", "account", "--keys", "--", "sh", "-c", "echo new", status=3)
    many.sign_in()
    expected = run(many, *regions, "--one-per", "account", "--dry-run", "--", "true").stdout.split()
    done = many.ok("exec", "--failed", "-j", "1")
    assert done.splitlines() == [f"{cell}\tnew" for cell in expected]


def test_a_run_that_is_cancelled_at_the_question_is_the_last_run(many: SignIns) -> None:
    child = many.at_terminal("exec", "--all", "--", "echo", "ran")
    child.expect("Sign in now")
    child.sendintr()
    assert ended(child) == 130
    many.sign_in()
    assert many.ok("exec", "--failed").count("ran\n") == 10


def test_a_sign_in_that_refreshes_does_so_once_for_all(many: SignIns) -> None:
    many.sign_in(seconds=-60)
    run(many, "-j", "8", "--", "true")
    assert many.stand_in.count("CreateToken") == 1
    assert many.sessions()["worksso"]["sign_in"] == "valid"


def test_a_sign_in_that_ends_half_way(many: SignIns) -> None:
    """What failed is named, with the sign-in that it takes, and is run again after that."""
    many.sign_in()
    token = many.path()
    script = f'[ "$AWS_PROFILE" != a3.reader ] || rm "{token}"; [ -e "{token}" ]'
    done = run(many, "-j", "1", "-c", script, status=1)
    assert done.stderr.endswith(
        "awsctx: 6 of 10 failed\n"
        "  status 1: a3.reader, a3.admin, a4.reader, a4.admin, a5.reader, a5.admin\n"
        "  run them again: awsctx exec --failed\n"
        "  first sign in with: awsctx login worksso\n"
    )
    assert many.run("exec", "--failed").returncode == 3
    many.sign_in()
    assert many.run("exec", "--failed", "--dry-run").stdout.split()[0] == "a3.reader"


def test_keys_of_all_of_them(many: SignIns) -> None:
    many.sign_in()
    done = run(many, "--keys", "-q", "--json", "--", *SHOW)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len({item["stdout"]["AWS_ACCESS_KEY_ID"] for item in found}) == 10
    assert many.stand_in.count("GetRoleCredentials") == 10
    assert not any("AWS_PROFILE" in item["stdout"] for item in found)
    for path in many.state.parent.iterdir():
        no_secret(many.stand_in, path.read_text())


def test_whoami_shows_the_same_bar(site: SignIns) -> None:
    site.sign_in()
    site.stand_in.control(latency=0.3)
    child = site.at_terminal("whoami", "--all")
    child.expect("asking AWS .*0:00:0")
    assert ended(child) == 0
    assert DEVELOPER in child.before and TESTER in child.before
