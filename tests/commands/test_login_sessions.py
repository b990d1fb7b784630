"""Which sign-in a name means to `awsctx login` (awsctx(1), SIGNING IN)."""

from __future__ import annotations

import pytest
from tests.signin.helpers import SignIns
from tests.support import DEVELOPER, WALKTHROUGH, stanza

from awsctx.demo.sandbox import START_URL

INLINE = stanza(
    "old", sso_start_url=START_URL, sso_region="eu-west-1", sso_account_id="123412341234", sso_role_name="developer"
)


def test_the_session_that_a_name_stands_for(site: SignIns) -> None:
    assumed = stanza("assumed", role_arn="arn:aws:iam::1:role/r", source_profile=DEVELOPER)
    both = stanza("both", sso_session="worksso", sso_account_id="1", sso_role_name="r")
    site.config.write_text(
        WALKTHROUGH + INLINE + assumed + both + f"[sso-session both]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n"
    )
    for session in ("worksso", "both", START_URL):
        site.sign_in(session)
    for name, told in (
        (["worksso"], "session 'worksso'"),
        ([DEVELOPER], "session 'worksso'"),
        (["assumed"], "session 'worksso'"),
        (["both"], "session 'both'"),
        (["old"], START_URL),
        ([START_URL], START_URL),
    ):
        assert site.run("login", *name).stderr.startswith(f"already signed in to {told} for"), name
    assert site.run("login", env={"AWS_PROFILE": "old"}).stderr.startswith(f"already signed in to {START_URL}")
    site.ok(DEVELOPER)
    assert site.run("login").stderr.startswith("already signed in to session 'worksso'")
    assert site.run("login", ".").stderr.startswith("already signed in to session 'worksso'")


def test_the_old_inline_form_signs_in_and_serves_aws(site: SignIns) -> None:
    site.config.write_text(INLINE)
    for flag in ("--browser", "--device-code"):
        assert site.run("login", "old", flag, "--force").returncode == 0
        assert site.token(START_URL)["startUrl"] == START_URL


@pytest.mark.parametrize(
    ("config", "name", "said", "todo"),
    [
        (WALKTHROUGH, "nosuch", "no session and no profile named 'nosuch'", "sessions that there are: worksso"),
        (WALKTHROUGH, "", "no such", ""),
        (stanza("plain"), "plain", "the profile 'plain' does not sign in through SSO", "awsctx setup"),
        (stanza("a", sso_session="gone"), "a", "names the sso-session 'gone', which ~/.aws/config", "setup --session gone"),
        ("[sso-session s]\nsso_region = x\n", "s", "[sso-session s] in ~/.aws/config lacks sso_start_url", "add it"),
        (stanza("a", sso_start_url=START_URL), "a", "[profile a] in ~/.aws/config lacks sso_region", "add it"),
    ],
)
def test_what_cannot_be_signed_in_to(site: SignIns, config: str, name: str, said: str, todo: str) -> None:
    if not name:
        config, said = config + INLINE, "no context is active, so there is none to sign in for"
    site.config.write_text(config)
    done = site.run("login", *([name] if name else []))
    assert done.returncode == 1
    first, *rest = done.stderr.splitlines()
    assert first.startswith("awsctx: ") and said in first
    assert todo in "\n".join(rest)


def test_several_identities_on_one_start_url(site: SignIns) -> None:
    site.config.write_text(WALKTHROUGH + f"[sso-session other]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n")
    for person, session in (("ann", "worksso"), ("bob", "other")):
        site.stand_in.control(person=person)
        assert site.run("login", session, "--browser").returncode == 0
    assert site.token("worksso")["accessToken"] != site.token("other")["accessToken"]
    assert [call["person"] for call in site.stand_in.calls("CreateToken")] == ["ann", "bob"]
