"""`awsctx sessions` and `awsctx logout`."""

from __future__ import annotations

import json
import re

import pytest
from tests.signin.helpers import SignIns, no_secret
from tests.support import DEVELOPER, TESTER, WALKTHROUGH, stanza

from awsctx.demo.sandbox import START_URL

OLD = {"sso_start_url": "https://old.awsapps.com/start", "sso_region": "us-east-1", "sso_role_name": "r"}
CONFIG = (
    stanza("old.b", **OLD, sso_account_id="1")
    + "[sso-session zulu]\nsso_region = eu-west-1\n"
    + WALKTHROUGH
    + stanza("old.a", **OLD, sso_account_id="2")
    + stanza("lost", sso_session="nosuch")
    + stanza("plain")
)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_json_has_every_session_in_the_files_order_and_asks_nobody(site: SignIns) -> None:
    site.config.write_text(CONFIG)
    site.sign_in(seconds=-60)
    site.sign_in("https://old.awsapps.com/start", seconds=3600, refreshToken=None)
    found = json.loads(site.ok("sessions", "--json"))
    assert [list(session) for session in found] == [
        ["name", "start_url", "region", "sign_in", "expires_at", "refreshable_until", "profiles"]
    ] * 3
    zulu, work, old = found
    assert zulu == {
        "name": "zulu", "start_url": None, "region": "eu-west-1", "sign_in": "none",
        "expires_at": None, "refreshable_until": None, "profiles": [],
    }  # fmt: skip
    assert (work["name"], work["start_url"], work["region"]) == ("worksso", START_URL, "eu-west-1")
    assert work["sign_in"] == "refreshable"
    assert TIME.fullmatch(work["expires_at"]) and TIME.fullmatch(work["refreshable_until"])
    assert work["refreshable_until"] == site.token()["registrationExpiresAt"]
    assert work["profiles"] == [DEVELOPER, TESTER]
    assert old["name"] == old["start_url"] == "https://old.awsapps.com/start"
    assert (old["sign_in"], old["refreshable_until"], old["profiles"]) == ("valid", None, ["old.b", "old.a"])
    assert site.stand_in.count() == 0


@pytest.mark.parametrize(
    ("more", "sign_in"),
    [
        ({"seconds": 60}, "valid"),
        ({"seconds": -60}, "refreshable"),
        ({"seconds": -60, "refreshToken": None}, "expired"),
        ({"seconds": -60, "registrationExpiresAt": "2020-01-01T00:00:00Z"}, "expired"),
    ],
)
def test_how_a_sign_in_stands(site: SignIns, more: dict[str, object], sign_in: str) -> None:
    site.sign_in(**more)  # type: ignore[arg-type]
    assert site.sessions()["worksso"]["sign_in"] == sign_in


def test_the_table_is_for_people(site: SignIns) -> None:
    site.config.write_text(WALKTHROUGH + '[sso-session "a\x1b[31mb"]\nsso_region = x\n')
    site.sign_in()
    lines = site.ok("sessions").splitlines()
    assert lines[0].split() == ["name", "start", "url", "region", "sign-in", "profiles"]
    assert re.fullmatch(rf"worksso +{START_URL} +eu-west-1 +valid (7h59m|8h0m) +2", lines[1])
    assert lines[2].startswith("a\\x1b[31mb ")
    site.config.write_text("")
    done = site.run("sessions")
    assert (done.returncode, done.stdout) == (0, "")
    assert "awsctx setup" in done.stderr
    assert json.loads(site.ok("sessions", "--json")) == []


def test_logout_ends_that_session_only(site: SignIns) -> None:
    site.config.write_text(CONFIG)
    site.sign_in()
    site.sign_in("https://old.awsapps.com/start")
    done = site.run("logout", "worksso", env={"AWSCTX_DEBUG": "1"})
    assert (done.returncode, done.stdout) == (0, "")
    assert "signed out of session 'worksso'\n" in done.stderr
    no_secret(site.stand_in, done.stderr)
    assert site.stand_in.count("Logout") == 1
    assert not site.path().exists()
    assert site.path("https://old.awsapps.com/start").exists()
    done = site.run("logout", "worksso")
    assert (done.returncode, done.stderr) == (0, "not signed in to session 'worksso'\n")


def test_logout_without_a_name_is_of_the_profile_in_force(site: SignIns) -> None:
    site.config.write_text(CONFIG)
    site.sign_in()
    site.sign_in("https://old.awsapps.com/start")
    assert site.run("logout").returncode == 1
    assert site.run("logout", env={"AWS_PROFILE": "plain"}).returncode == 1
    assert site.path().exists()
    site.ok("old.a")
    assert site.run("logout").stderr == "signed out of https://old.awsapps.com/start\n"
    assert site.path().exists()
    assert site.run("logout", TESTER).returncode == 0
    assert not site.path().exists()


def test_logout_all_is_of_every_session_known_or_not(site: SignIns) -> None:
    site.config.write_text(CONFIG)
    sessions = ("worksso", "https://old.awsapps.com/start", "forgotten")
    for session in sessions:
        site.sign_in(session)
    registration = site.cache / "registration.json"
    registration.write_text('{"clientId": "a", "clientSecret": "b", "expiresAt": "2099-01-01T00:00:00Z"}')
    cached = site.aws / "cli" / "cache"
    cached.mkdir(parents=True)
    (cached / "role.json").write_text('{"ProviderType": "sso"}')
    assert site.run("logout", "--all").returncode == 0
    assert site.stand_in.count("Logout") == 3
    assert not any(site.path(session).exists() for session in sessions)
    assert registration.exists()
    assert not (cached / "role.json").exists()
    assert site.run("logout", "--all", "worksso").returncode == 2


def test_logout_of_a_torn_or_ended_sign_in_needs_no_network(site: SignIns) -> None:
    site.cache.mkdir(parents=True)
    site.path().write_text("{")
    assert site.run("logout", "worksso").returncode == 0
    assert not site.path().exists()
    site.sign_in(seconds=-60)
    assert site.run("logout", "worksso").returncode == 0
    assert not site.path().exists()
    assert site.stand_in.count() == 0


@pytest.mark.parametrize(
    ("config", "names"),
    [
        ("[sso-session worksso]\nsso_start_url = https://x.awsapps.com/start\n", ["worksso"]),
        ("[sso-session worksso]\nsso_region = eu-west-1\n", [""]),
        (stanza("left", sso_session="worksso", sso_account_id="1", sso_role_name="r"), ["worksso"]),
        (stanza("left", sso_session="worksso", sso_account_id="1", sso_role_name="r"), ["left"]),
        (stanza("plain"), ["worksso"]),
    ],
    ids=["no region", "no start URL", "no section", "a profile of no section", "only its token"],
)
def test_logout_needs_no_more_of_a_session_than_its_name(site: SignIns, config: str, names: list[str]) -> None:
    site.config.write_text(config)
    site.sign_in(region=None)
    cached = site.aws / "cli" / "cache" / "role.json"
    cached.parent.mkdir(parents=True)
    cached.write_text('{"ProviderType": "sso"}')
    done = site.run("logout", *filter(None, names))
    assert done.returncode == 0
    assert done.stderr.startswith("signed out of session 'worksso' on this machine only: ")
    assert not site.path().exists() and not cached.exists()
    site.sign_in()
    assert site.run("logout", *filter(None, names)).stderr == "signed out of session 'worksso'\n"
    assert site.stand_in.count("Logout") == 1


def test_logout_of_nothing_says_so(site: SignIns) -> None:
    done = site.run("logout", "nosuch")
    assert done.returncode == 1 and "no session and no profile named 'nosuch'" in done.stderr
    site.config.write_text(CONFIG)
    assert site.run("logout").stderr.startswith("awsctx: no context is active, so there is none to sign out of\n")
    site.config.write_text("")
    for subcommand in ("login", "logout"):
        hints = site.run(subcommand, "nosuch").stderr.splitlines()[1:]
        assert hints and len(hints) == len(set(hints)) == str(hints).count("awsctx setup")
