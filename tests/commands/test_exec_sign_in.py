"""exec at a terminal looks at the sign-in first (awsctx(1), RUNNING COMMANDS); without one it does not."""

from __future__ import annotations

import pytest
from tests.signin.helpers import SignIns, ended, plain
from tests.support import DEVELOPER, WALKTHROUGH, stanza

RUN = ["exec", "-p", DEVELOPER, "--", "echo", "it", "ran"]


def test_asks_signs_in_and_runs(site: SignIns) -> None:
    child = site.at_terminal(*RUN)
    child.expect_exact("the sign-in to session 'worksso' is missing. Sign in now? [Y/n] ")
    child.send("\r")
    child.expect("signed in to session 'worksso' for 8h0m")
    child.expect("it ran")
    assert ended(child) == 0
    assert site.sessions()["worksso"]["sign_in"] == "valid"


def test_after_a_sign_in_the_command_finds_nothing_of_ours(site: SignIns) -> None:
    script = 'ps -o ppid=,args= -A | awk -v me=$$ "\\$1 == me"; ls /proc/$$/fd | tr "\\n" " "; echo done'
    child = site.at_terminal("exec", "-p", DEVELOPER, "--", "sh", "-c", script)
    child.expect("Sign in now")
    child.send("y\r")
    child.expect("signed in to")
    assert ended(child) == 0
    said = plain(child.before)
    assert "browser" not in said
    assert "0 1 2 done" in said.replace("\n", " ") or "0 1 2 10 done" in said.replace("\n", " ")


def test_answered_no_it_runs_all_the_same(site: SignIns) -> None:
    site.sign_in(seconds=-60, refreshToken=None)
    for answer in ("n\r", "no\r", "maybe\r", "\x04"):
        child = site.at_terminal(*RUN)
        child.expect_exact("the sign-in to session 'worksso' has ended. Sign in now? [Y/n] ")
        child.send(answer)
        child.expect("it ran")
        assert ended(child) == 0
    assert site.stand_in.count() == 0


def test_ctrl_c_runs_nothing(site: SignIns) -> None:
    child = site.at_terminal(*RUN)
    child.expect("Sign in now")
    child.sendintr()
    assert ended(child) == 130
    assert "it ran" not in child.before
    site.stand_in.control(authorize="never")
    child = site.at_terminal(*RUN)
    child.expect("Sign in now")
    child.send("y\r")
    child.expect("waiting for the sign-in")
    child.sendintr()
    assert ended(child) == 130


def test_a_profile_behind_a_role_counts(site: SignIns) -> None:
    site.config.write_text(WALKTHROUGH + stanza("assumed", role_arn="arn:aws:iam::1:role/r", source_profile=DEVELOPER))
    child = site.at_terminal("exec", "-p", "assumed", "--", "true")
    child.expect("the sign-in to session 'worksso' is missing")
    child.send("n\r")
    assert ended(child) == 0


@pytest.mark.parametrize("more", [{"seconds": 3600.0}, {"seconds": -60.0}])
def test_where_it_is_good_or_refreshes_nobody_is_asked(site: SignIns, more: dict[str, float]) -> None:
    site.sign_in(**more)
    child = site.at_terminal(*RUN)
    assert ended(child) == 0
    assert plain(child.before).strip() == "it ran"
    assert site.stand_in.count() == 0


def test_a_profile_of_another_kind_or_with_a_fault_is_not_asked_about(site: SignIns) -> None:
    site.config.write_text(stanza("plain") + stanza("lost", sso_session="nosuch", sso_account_id="1", sso_role_name="r"))
    for profile in ("plain", "lost"):
        child = site.at_terminal("exec", "-p", profile, "--", "echo", "it", "ran")
        assert ended(child) == 0
        assert plain(child.before).strip() == "it ran"


def test_without_a_terminal_it_is_not_looked_at(site: SignIns) -> None:
    done = site.run(*RUN)
    assert (done.returncode, done.stdout, done.stderr) == (0, "it ran\n", "")
