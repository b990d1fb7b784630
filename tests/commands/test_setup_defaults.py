"""The defaults of `awsctx setup`, beside those of `aws configure sso`."""

from __future__ import annotations

import time

import botocore.configloader
import pexpect
import pytest
from tests.commands.setting_up import SESSION
from tests.signin.helpers import SignIns, ended
from tests.support import AWSCTX, stanza
from tests.tools import locate

from awsctx.demo.sandbox import START_URL

INLINE = f"sso_start_url = {START_URL}\nsso_region = eu-west-1\n"
SCOPES, REGION, OUTPUT = "SSO registration scopes", "Default client Region", "CLI default output format"
DEFAULTS = {  # the config, AWS_PROFILE and the like, what is typed as the session's name, and each question's default
    "the session of a profile": (
        SESSION + stanza("mine", sso_session="worksso", region="us-west-2", output="text"),
        {"AWS_PROFILE": "mine", "AWS_DEFAULT_PROFILE": "other"},
        "",
        {"SSO session name": "worksso", REGION: "us-west-2", OUTPUT: "text"},
    ),
    "the profile default, in both files": (
        SESSION + stanza("other") + "[default]\nregion = mars-1\noutput = xml\n",
        {},
        "worksso",
        {"SSO session name": None, REGION: "mars-1", OUTPUT: "yaml"},
    ),
    "inline keys": (
        f"[default]\n{INLINE}",
        {},
        "new",
        {"SSO session name": None, "SSO start URL": START_URL, "SSO region": "eu-west-1", SCOPES: "sso:account:access"}
        | {REGION: "None", OUTPUT: "None"},
    ),
    "a session that the config lacks": (
        stanza("mine", sso_session="gone", sso_start_url=START_URL, sso_region="eu-west-1", output="table"),
        {"AWS_DEFAULT_PROFILE": "mine"},
        "",
        {"SSO session name": "gone", "SSO start URL": START_URL, "SSO region": "eu-west-1", SCOPES: "sso:account:access"}
        | {REGION: "None", OUTPUT: "table"},
    ),
    "another session than the profile's": (
        SESSION + stanza("mine", sso_session="gone", region="us-west-2"),
        {"AWS_PROFILE": "mine"},
        "worksso",
        {"SSO session name": "gone", REGION: "us-west-2", OUTPUT: "None"},
    ),
    "a profile that does not exist": (
        SESSION + "[default]\nregion = us-west-2\n",
        {"AWS_PROFILE": "nobody"},
        "worksso",
        {"SSO session name": None, REGION: "None", OUTPUT: "None"},
    ),
}


@pytest.mark.parametrize("case", DEFAULTS)
@pytest.mark.parametrize("tool", ["awsctx", "aws"])
def test_enter_takes_the_defaults_of_aws_configure_sso(site: SignIns, tool: str, case: str) -> None:
    config, env, name, asked = DEFAULTS[case]
    site.stand_in.control(accounts=[{"id": "1", "name": "only", "roles": ["one"]}])
    site.config.write_text(config)
    site.credentials.write_text("[default]\noutput = yaml\n" if "[default]\nregion = mars" in config else "")
    environ = {**site.environ, **env, "COLUMNS": "120", "PROMPT_TOOLKIT_NO_CPR": "1"}
    call = (str(locate.aws2()), ["configure", "sso"]) if tool == "aws" else (str(AWSCTX), ["setup"])
    child = pexpect.spawn(*call, env=environ, encoding="utf-8", dimensions=(40, 120), timeout=20)
    for question, default in asked.items():
        child.expect(question + r"(?: \([\w ]+\))?(?: \[(.*?)\])?:")
        assert child.match[1] == default
        time.sleep(0.3 if tool == "aws" else 0)
        child.send((name if question == "SSO session name" else "") + "\r")
    if tool == "awsctx" or not env:
        child.expect(r"Profile name \[")  # aws takes the profile in force, which awsctx never changes
        time.sleep(0.3 if tool == "aws" else 0)
        child.send("\r")
    assert ended(child) == 0
    made = botocore.configloader.load_config(str(site.config))
    session = name or asked["SSO session name"]
    assert made["sso_sessions"][session]["sso_start_url"] == START_URL
    profile = next(values for values in made["profiles"].values() if values.get("sso_role_name") == "one")
    assert profile["sso_session"] == session
    assert {REGION: profile.get("region", "None"), OUTPUT: profile.get("output", "None")}.items() <= asked.items()
