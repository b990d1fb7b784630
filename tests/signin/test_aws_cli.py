"""One sign-in for all tools: what awsctx writes, the AWS CLI and SDKs use and refresh, and the other way round."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys

import pytest
from tests.signin.helpers import FIELDS, SignIns
from tests.support import DEVELOPER, WALKTHROUGH, stanza
from tests.tools import locate

from awsctx.demo.sandbox import START_URL

WHO = ["sts", "get-caller-identity", "--query", "Account", "--output", "text", "--profile", DEVELOPER]
BOTO = "import boto3, sys; print(boto3.Session(profile_name=sys.argv[-1]).client('sts').get_caller_identity()['Account'])"
TOOLS = {
    "aws v2": [str(locate.aws2()), *WHO],
    "aws v1": [str(locate.aws1()), *WHO],
    "boto3": [sys.executable, "-W", "ignore", "-c", BOTO, DEVELOPER],
}
ROLE = {"sso_account_id": "123412341234", "sso_role_name": "developer", "region": "eu-west-1"}
INLINE = stanza("old", sso_start_url=START_URL, sso_region="eu-west-1", **ROLE)


def aws(site: SignIns, *arguments: str) -> subprocess.CompletedProcess[str]:
    return site.run(*arguments, command=[locate.aws2()])


@pytest.mark.parametrize("tool", TOOLS)
def test_a_sign_in_by_awsctx_serves_the_tool_which_refreshes_it(site: SignIns, tool: str) -> None:
    assert site.run("login", "worksso", "--browser").returncode == 0
    done = site.run(command=TOOLS[tool])
    assert done.stdout == "123412341234\n", done
    # About to end: the tool refreshes it, by the registration and the refresh token that awsctx has left.
    ours = site.token()
    made = {name: value for name, value in ours.items() if name != "expiresAt"}
    site.path().write_text(json.dumps({**made, "expiresAt": "2020-01-01T00:00:00Z"}))
    for path in (site.aws / "cli" / "cache").glob("*.json"):
        path.unlink()
    assert site.run(command=TOOLS[tool]).stdout == "123412341234\n"
    assert site.stand_in.calls("CreateToken")[-1]["grant_type"] == "refresh_token"
    theirs = site.token()
    assert theirs["refreshToken"] != ours["refreshToken"]
    assert sorted(theirs) == sorted(FIELDS)
    assert site.sessions()["worksso"]["sign_in"] == "valid"
    assert site.run("login", "worksso").stderr.startswith("already signed in")


@pytest.mark.parametrize("flow", ["browser", "device-code"])
def test_either_writes_what_the_other_writes_and_uses_its_registration(site: SignIns, flow: str) -> None:
    by_aws = ["sso", "login", "--sso-session", "worksso", *["--use-device-code"][: flow == "device-code"]]
    assert aws(site, *by_aws).returncode == 0
    theirs = written(site)
    assert site.sessions()["worksso"]["sign_in"] == "valid"
    assert site.run("login", "worksso").stderr.startswith("already signed in to session 'worksso' for 8h0m")

    assert site.run("login", "worksso", f"--{flow}", "--force").returncode == 0
    ours = written(site)
    assert site.stand_in.count("RegisterClient") == 1
    assert alike(ours) == alike(theirs)

    for path in site.cache.glob("*.json"):
        path.unlink()
    assert site.run("login", "worksso", f"--{flow}").returncode == 0
    assert alike(written(site)) == alike(theirs)
    assert aws(site, *by_aws).returncode == 0
    assert site.stand_in.count("RegisterClient") == 2


def written(site: SignIns) -> dict[str, dict[str, object]]:
    return {path.name: json.loads(path.read_text()) for path in site.cache.glob("*.json")}


def alike(files: dict[str, dict[str, object]]) -> dict[str, list[tuple[str, str]]]:
    """Names, fields, their order and the form of each value; the secrets and times themselves differ."""
    return {
        name: [(field, re.sub(r"[A-Za-z0-9_-]{10,}", "…", re.sub(r"\d", "9", str(value)))) for field, value in entries.items()]
        for name, entries in files.items()
    }


def test_a_sign_in_by_aws_is_refreshed_by_awsctx_and_aws_goes_on_with_it(site: SignIns) -> None:
    assert aws(site, "sso", "login", "--sso-session", "worksso").returncode == 0
    theirs = site.token()
    site.path().write_text(json.dumps({**theirs, "expiresAt": "2020-01-01T00:00:00Z"}))
    assert site.sessions()["worksso"]["sign_in"] == "refreshable"
    assert site.run("login", "worksso").stderr.startswith("refreshed")
    assert list(site.token()) == list(theirs)
    assert site.run(command=TOOLS["aws v2"]).stdout == "123412341234\n"


def test_the_old_inline_form_is_as_aws_has_it(site: SignIns) -> None:
    site.config.write_text(INLINE)
    assert aws(site, "sso", "login", "--profile", "old").returncode == 0
    theirs = written(site)
    assert site.run("login", "old", "--device-code", "--force").returncode == 0
    assert alike(written(site)) == alike(theirs)
    assert site.stand_in.count("RegisterClient") == 1
    assert site.run("login", "old", "--browser", "--force").returncode == 0
    # No tool of AWS's refreshes this form, and theirs holds no refresh token: past its end it has ended for all.
    ours = site.token(START_URL)
    assert list(ours) == list(theirs[site.path(START_URL).name]) == [name for name in FIELDS if name != "refreshToken"]
    done = aws(site, *WHO[:-1], "old")
    assert done.stdout == "123412341234\n", done
    site.path(START_URL).write_text(json.dumps({**ours, "expiresAt": "2020-01-01T00:00:00Z"}))
    assert site.sessions()[START_URL]["sign_in"] == "expired"


def test_aws_sso_logout_is_seen_at_once(site: SignIns) -> None:
    site.sign_in()
    site.ok(DEVELOPER)
    assert aws(site, "sso", "logout").returncode == 0
    assert site.sessions()["worksso"]["sign_in"] == "none"
    assert site.ok("prompt") == f"{DEVELOPER} expired\n"


def test_logout_of_one_session_drops_its_role_credentials_and_leaves_the_others(site: SignIns) -> None:
    other = stanza("other.developer", sso_session="other", **ROLE)
    site.config.write_text(WALKTHROUGH + f"[sso-session other]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n" + other)
    for session in ("worksso", "other"):
        site.sign_in(session)
    for profile in (DEVELOPER, "other.developer"):
        assert aws(site, *WHO[:-1], profile).returncode == 0
    cached = site.aws / "cli" / "cache"
    assert len(list(cached.glob("*.json"))) == 2
    key = '{"accountId":"123412341234","roleName":"developer","sessionName":"worksso"}'
    (cached / "mfa.json").write_text('{"ProviderType": "assume-role"}')
    assert site.run("logout", "worksso").returncode == 0
    left = [path.name for path in cached.glob("*.json")]
    assert hashlib.sha1(key.encode()).hexdigest() + ".json" not in left
    assert len(left) == 2
    assert "mfa.json" in left
    done = aws(site, *WHO)
    assert "Token for worksso does not exist" in done.stderr
    assert aws(site, *WHO[:-1], "other.developer").returncode == 0
