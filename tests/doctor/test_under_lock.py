"""doctor under `exec --lock`: it looks only at what the lock grants, and names no command that the lock refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.support import DEVELOPER, Home, stanza

ROLE = {"role_arn": "arn:aws:iam::210987654321:role/x", "source_profile": DEVELOPER, "region": "eu-west-1"}


@pytest.fixture
def home(tmp_path: Any) -> Home:
    """On `keys`, which no lock here grants; other files of the home are at fault."""
    home = Home(tmp_path / "home")
    home.credentials.write_text("[keys]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n")
    home.config.write_text(home.config.read_text() + stanza("role", **ROLE) + stanza("odd", region="eu-wst-1", output="no"))
    home.ok("keys")
    home.state.chmod(0o644)
    (home.folder / ".bashrc").write_text("export AWS_PROFILE=keys\n")
    for cache in ("sso", "cli"):
        folder = home.aws / cache / "cache"
        folder.mkdir(parents=True)
        (folder / "torn.json").write_text("{")
    (home.folder / ".kube").mkdir()
    (home.folder / ".kube" / "config").write_text(
        "users:\n- name: u\n  user:\n    exec:\n      command: aws\n      env:\n      - {name: AWS_PROFILE, value: gone}\n"
    )
    return home


def under_lock(home: Home, profile: str, **env: str) -> list[dict[str, str]]:
    words = [f"{name}={value}" for name, value in env.items()]
    done = home.run("exec", "--lock", "-q", "-p", profile, "--", "env", *words, "awsctx", "doctor", "--json")
    return list(json.loads(done.stdout))


@pytest.mark.parametrize("profile", [DEVELOPER, "role"])
def test_only_what_the_lock_grants(home: Home, profile: str) -> None:
    outside = {found["id"] for found in json.loads(home.run("doctor", "--json", env={"SHELL": "/bin/bash"}).stdout)}
    assert {"state-mode", "hook-missing", "token-torn", "kubeconfig-profile", "profile-set-by-hand"} <= outside
    found = [one for one in under_lock(home, profile) if one["id"] != "command-missing"]
    assert [one["id"] for one in found] == ["token-missing"], "the sign-in of the source is looked at"
    assert "keys" not in str(found) and found[0]["fix"] == ""
    assert found[0]["what"].endswith("; outside the lock: awsctx login worksso")


def test_its_fixes_work_there_or_are_no_commands(home: Home) -> None:
    found = {one["id"]: one for one in under_lock(home, "odd", AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y")}
    for id in ("region-unknown", "output-unknown"):
        assert found[id]["fix"] == "" and "correct the AWS file that the lock was made from" in found[id]["what"]
    assert found["environment-keys"]["fix"].startswith("unset ")


def test_a_variable_that_names_what_the_lock_does_not_grant(home: Home) -> None:
    (found,) = (one for one in under_lock(home, DEVELOPER, AWS_PROFILE="keys") if one["severity"] == "error")
    assert found["what"] == "it names the profile 'keys', which the lock does not grant: every aws call fails"
