"""`awsctx login A B` and `awsctx login --all`: one after the other, and none for another's fault."""

from __future__ import annotations

import pytest
from tests.signin.helpers import SignIns
from tests.support import DEVELOPER, WALKTHROUGH

from awsctx.demo.sandbox import START_URL

OTHER = f"[sso-session other]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n"
OLD = "https://old.awsapps.com/start"
INLINE = f"[profile old]\nsso_start_url = {OLD}\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = r\n"


@pytest.fixture
def two(site: SignIns) -> SignIns:
    site.config.write_text(WALKTHROUGH + OTHER + INLINE)
    return site


def test_each_that_is_named(two: SignIns) -> None:
    done = two.run("login", "other", DEVELOPER, "--device-code")
    assert (done.returncode, done.stdout) == (0, "")
    assert "signed in to session 'other' for" in done.stderr and "signed in to session 'worksso' for" in done.stderr
    done = two.run("login", "worksso", "other")
    assert done.stderr.count("already signed in to session") == 2


def test_all(two: SignIns) -> None:
    two.sign_in("other")
    done = two.run("login", "--all", "--device-code")
    assert done.returncode == 0, done
    assert "already signed in to session 'other'" in done.stderr
    assert {name: found["sign_in"] for name, found in two.sessions().items()} == {
        "worksso": "valid",
        "other": "valid",
        OLD: "valid",
    }


def test_one_that_fails_keeps_none_from_it(two: SignIns) -> None:
    done = two.run("login", "nosuch", "worksso", "other", "--device-code")
    assert done.returncode == 1
    assert "awsctx: no session and no profile named 'nosuch'" in done.stderr
    assert done.stderr.splitlines()[-1] == "awsctx: 1 of 3 sign-ins did not succeed"
    assert two.sessions()["worksso"]["sign_in"] == two.sessions()["other"]["sign_in"] == "valid"


def test_without_a_terminal_those_that_need_none_are_refreshed(two: SignIns) -> None:
    two.sign_in(seconds=-60)
    done = two.run("login", "--all")
    assert done.returncode == 3
    assert "refreshed the sign-in to session 'worksso'" in done.stderr
    assert done.stderr.splitlines()[-1] == "awsctx: 2 of 3 sign-ins did not succeed"


def test_all_goes_with_no_name(two: SignIns) -> None:
    assert two.run("login", "--all", "worksso").returncode == 2
    two.config.write_text("")
    done = two.run("login", "--all")
    assert (done.returncode, "there are no sessions" in done.stderr) == (1, True)
