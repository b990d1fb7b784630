"""Start URLs on a company's own domain: the real AWS CLI signs in at the same one, and either uses the other's sign-in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.signin.company import PORTAL, REGION, Company, company
from tests.signin.conftest import Said
from tests.signin.helpers import SignIns
from tests.support import DEVELOPER, WALKTHROUGH, stanza
from tests.tools import locate

from awsctx.awsfiles import write
from awsctx.commands import login
from awsctx.core import addresses
from awsctx.demo.sandbox import START_URL
from awsctx.errors import AwsctxError
from awsctx.signin.session import Session
from awsctx.world import World

WHO = ("sts", "get-caller-identity", "--query", "Account", "--output", "text", "--profile", DEVELOPER)
BOTO = "import boto3; print(boto3.Session(profile_name='worksso.developer').client('sts').get_caller_identity()['Account'])"


@pytest.fixture
def own(site: SignIns, tmp_path: Path) -> Iterator[Company]:
    """A company's start URL in the config of ``site``, whose AWS knows the portal alone."""
    with company(tmp_path) as made:
        site.config.write_text(WALKTHROUGH.replace(START_URL, made.url))
        site.environ["AWS_CA_BUNDLE"] = str(made.ca)
        site.stand_in.control(start_urls=[PORTAL])
        yield made


def aws(site: SignIns, *arguments: str) -> subprocess.CompletedProcess[str]:
    return site.run(*arguments, command=[locate.aws2()])


@pytest.mark.parametrize("flow", ["browser", "device-code"])
def test_awsctx_signs_in_and_aws_goes_on(site: SignIns, own: Company, flow: str) -> None:
    before = site.config.read_text()
    done = site.run("login", "worksso", f"--{flow}")
    assert done.returncode == 0, done
    assert own.asked == [("HEAD", "/start")]
    assert (site.token()["startUrl"], site.token()["region"]) == (own.url, REGION)
    told = f"the portal of session 'worksso' is in {REGION}: wrote that to its sso_region"
    assert done.stderr.count(told) == 1
    assert site.config.read_text() == before.replace("sso_region = eu-west-1", f"sso_region = {REGION}")
    assert aws(site, *WHO).stdout == "123412341234\n"
    assert site.run("-W", "ignore", "-c", BOTO, command=[sys.executable]).stdout == "123412341234\n"

    by_aws = ["sso", "login", "--sso-session", "worksso", *["--use-device-code"][: flow == "device-code"]]
    ours = site.token()
    done = aws(site, *by_aws)
    assert done.returncode == 0, done
    assert site.stand_in.count("RegisterClient") == 1  # aws has found ours
    assert {**site.token(), **dict.fromkeys(("accessToken", "refreshToken", "expiresAt"))} == {
        **ours,
        **dict.fromkeys(("accessToken", "refreshToken", "expiresAt")),
    }
    assert site.run("login", "worksso").stderr.startswith("already signed in to session 'worksso'")


def test_aws_signs_in_and_awsctx_goes_on(site: SignIns, own: Company) -> None:
    assert aws(site, "sso", "login", "--sso-session", "worksso").returncode == 0
    theirs = site.token()
    site.path().write_text(json.dumps({**theirs, "expiresAt": "2020-01-01T00:00:00Z"}))
    # Refreshed where the token is from, whatever the config says by now, and without the company.
    site.config.write_text(site.config.read_text().replace(REGION, "eu-west-1"))
    own.asked.clear()
    done = site.run("login", "worksso")
    assert "refreshed the sign-in to session 'worksso'" in done.stderr
    assert site.stand_in.calls("CreateToken")[-1]["grant_type"] == "refresh_token"
    assert (site.token()["region"], own.asked) == (REGION, [])
    assert site.run("login", "worksso", "--browser", "--force").returncode == 0
    assert site.stand_in.count("RegisterClient") == 1


def test_setup(site: SignIns, own: Company) -> None:
    site.config.write_text("")
    answers = ("--session", "mine", "--start-url", own.url, "--sso-region", "eu-west-1", "--scopes", "sso:account:access")
    more = ("--account", "123412341234", "--role", "developer", "--region", "eu-west-1", "--output", "json")
    done = site.run("setup", *answers, *more, "--profile", DEVELOPER, "--browser")
    assert done.returncode == 0, done
    assert f"sso_start_url = {own.url}\nsso_region = {REGION}\n" in site.config.read_text()
    assert done.stderr.count(f"the portal of session 'mine' is in {REGION}: wrote that to its sso_region\n") == 1
    assert aws(site, *WHO).stdout == "123412341234\n"


def test_setup_says_nothing_of_a_region_that_was_given(site: SignIns, own: Company) -> None:
    site.config.write_text("")
    answers = ("--session", "mine", "--start-url", own.url, "--sso-region", REGION, "--scopes", "sso:account:access")
    more = ("--account", "123412341234", "--role", "developer", "--region", "eu-west-1", "--output", "json")
    done = site.run("setup", *answers, *more, "--profile", DEVELOPER, "--browser")
    assert done.returncode == 0, done
    assert "wrote [sso-session mine]" in done.stderr
    assert "the portal of" not in done.stderr


def test_the_inline_form(site: SignIns, own: Company) -> None:
    role = {"sso_account_id": "123412341234", "sso_role_name": "developer"}
    two = [stanza(name, sso_start_url=own.url, sso_region="eu-west-1", **role) for name in (DEVELOPER, "other")]
    others = stanza("elsewhere", sso_start_url="https://x.awsapps.com/start", sso_region="eu-west-1", **role)
    site.config.write_text("".join(two) + others)
    assert site.run("login", DEVELOPER, "--device-code").returncode == 0
    assert site.config.read_text() == "".join(two).replace("eu-west-1", REGION) + others
    assert aws(site, *WHO, "--region", "eu-west-1").stdout == "123412341234\n"


def test_without_an_sso_region(site: SignIns, own: Company) -> None:
    site.config.write_text(site.config.read_text().replace("sso_region = eu-west-1\n", ""))
    assert site.run("login", "worksso", "--browser").returncode == 0
    assert f"sso_region = {REGION}\n" in site.config.read_text()
    own.answers = {"HEAD": (302, "https://d-1.awsapps.com/start")}
    site.config.write_text(site.config.read_text().replace(f"sso_region = {REGION}\n", ""))
    done = site.run("login", "worksso", "--browser", "--force")
    assert done.returncode == 1
    assert "does not tell the region of its portal" in done.stderr


def test_a_config_that_cannot_be_written(here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sign-in is good all the same; a line says what is left to do."""

    def refuse(*_: object, **__: object) -> None:
        raise AwsctxError("could not write ~/.aws/config: Read-only file system")

    monkeypatch.setattr(write, "change", refuse)
    login._keep_region(World(here.environ), Session("worksso", START_URL, "eu-west-1"), REGION, screen)
    (line,) = screen.lines
    assert line.startswith("awsctx: could not write ~/.aws/config: Read-only file system; set the sso_region of session")


@pytest.mark.parametrize("status", [301, 303, 307, 308])
def test_every_redirect(site: SignIns, own: Company, status: int) -> None:
    own.answers = {"HEAD": (status, PORTAL + ":443/")}
    assert site.run("login", "worksso", "--browser").returncode == 0


@pytest.mark.parametrize("status", [405, 501])
def test_where_there_is_no_head(site: SignIns, own: Company, status: int) -> None:
    own.answers = {"HEAD": (status, "")}
    assert site.run("login", "worksso", "--browser").returncode == 0
    assert [method for method, _ in own.asked] == ["HEAD", "GET"]


WRONG = {
    "no redirect": ((200, ""), "redirects nowhere (HTTP 200)"),
    "an error": ((500, ""), "redirects nowhere (HTTP 500)"),
    "not found": ((404, ""), "redirects nowhere (HTTP 404)"),
    "nowhere": ((302, ""), "redirects nowhere (HTTP 302)"),
    "elsewhere": ((302, "https://evil.example/"), "no access portal of AWS's"),
    "alike": ((302, "https://app.aws.evil.example/"), "no access portal of AWS's"),
    "as a user": ((302, "https://x.portal.eu-west-1.app.aws@evil.example/"), "no access portal of AWS's"),
    "in the clear": ((302, PORTAL.replace("https", "http")), "no access portal of AWS's"),
    "to itself": ((302, "/start"), "no access portal of AWS's"),
    "a script": ((302, "javascript:alert(1)"), "no access portal of AWS's"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_leads_to_no_portal(site: SignIns, own: Company, kind: str) -> None:
    """aws says no to each of them, too."""
    answer, told = WRONG[kind]
    own.answers = {"HEAD": answer}
    before = site.config.read_text()
    done = site.run("login", "worksso", "--browser")
    assert done.returncode == 1
    assert done.stderr.startswith(f"awsctx: the start URL {own.url} leads to ") and told in done.stderr
    assert aws(site, "sso", "login", "--sso-session", "worksso").returncode != 0
    assert (site.stand_in.count(), site.opened(), site.config.read_text()) == (0, [], before)


def test_a_certificate_that_nobody_knows(site: SignIns, own: Company) -> None:
    done = site.run("login", "worksso", "--browser", env={"AWS_CA_BUNDLE": None})
    assert done.returncode == 1
    assert "its certificate could not be checked" in done.stderr and "AWS_CA_BUNDLE" in done.stderr


def test_in_the_clear_is_refused(site: SignIns) -> None:
    site.config.write_text(WALKTHROUGH.replace(START_URL, "http://sso.example/start"))
    done = site.run("login", "worksso", "--browser")
    assert done.returncode == 1
    assert "the start URL of session 'worksso' is no https address: http://sso.example/start" in done.stderr
    assert aws(site, "sso", "login", "--sso-session", "worksso").returncode != 0


@pytest.mark.parametrize(
    ("url", "aws_own", "region"),
    [
        ("https://ssoins-1.portal.us-west-2.app.aws/", True, "us-west-2"),
        ("https://SSOINS-1.PORTAL.US-WEST-2.APP.AWS", True, "us-west-2"),
        ("https://ssoins-1.us-west-2.portal.amazonaws.com", True, "us-west-2"),
        ("https://ssoins-1.cn-north-1.portal.amazonaws.com.cn", True, "cn-north-1"),
        ("https://d-1.awsapps.com/start", True, ""),
        ("https://awsapps.com", True, ""),
        ("https://start.home.awsapps.cn/directory/x", True, ""),
        ("https://identitycenter.amazonaws.com./ssoins-1", True, ""),
        ("https://identitycenter.us-gov.amazonaws.com/x", True, ""),
        ("https://ssoins-1.eusc-de-east-1.portal.amazonaws.eu", True, ""),
        ("https://aws.mycompany.com", False, ""),
        ("https://awsapps.com.evil.net", False, ""),
        ("https://evil-awsapps.com", False, ""),
        ("https://x.app.aws.example.com", False, ""),
        ("https://[::1", False, ""),
    ],
)
def test_aws_s_own_hosts(url: str, aws_own: bool, region: str) -> None:
    assert (addresses.is_portal(url), addresses.portal_region(url)) == (aws_own, region)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://X.app.aws:443/", "https://x.app.aws"),
        ("https://x.app.aws/start/?a=b#c", "https://x.app.aws/start"),
        ("https://u:p@x.app.aws:8443/start//", "https://x.app.aws:8443/start"),
    ],
)
def test_how_a_portal_is_compared(url: str, same: str) -> None:
    assert addresses.plain(url) == same
