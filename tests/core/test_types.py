"""A profile's kind is shown as what it is, whatever the environment holds: `list`, `current`."""

from __future__ import annotations

import json

from tests.core.every_method import CONFIG, CREDENTIALS
from tests.support import Home

TYPES = {
    "sso": "sso",
    "sso-inline": "sso",
    "sso-inconsistent": "error",
    "login": "shared-credentials-file",
    "process": "custom-process",
    "web": "assume-role-with-web-identity",
    "role-chain-chain": "assume-role",
    "role-environment": "assume-role",
    "role-instance": "assume-role",
    "role-loop-a": "error",
    "keys": "shared-credentials-file",
    "config-keys": "config-file",
    "empty": "none",
}


def test_list_names_the_kind(home: Home) -> None:
    home.config.write_text(CONFIG + "[profile by-aws-login]\nlogin_session = arn:aws:iam::111111111111:user/u\n")
    home.credentials.write_text(CREDENTIALS)
    keys = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s"}
    found = {profile["name"]: profile["type"] for profile in json.loads(home.ok("list", "--json", env=keys))}
    assert {name: found[name] for name in TYPES} == TYPES
    assert found["by-aws-login"] == "login"
    assert json.loads(home.ok("current", "-p", "web", "--json"))["credentials"] == TYPES["web"]


def test_a_config_that_botocore_refuses_gives_no_credentials(home: Home) -> None:
    home.config.write_text("[profile a]\nregion = x\n[profile a]\n")
    assert json.loads(home.ok("current", "--json", env={"AWS_PROFILE": "a"}))["credentials"] == "error"
