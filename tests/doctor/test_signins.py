"""Checks of sign-ins by what they find: id, severity, where; and what they leave alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.conftest import Ask
from tests.doctor.healthy import HEALTHY, ROLE, only, token, write_token
from tests.support import Home

from awsctx.signin import aws_login, tokens


def test_a_torn_token(healthy: Home, ask: Ask) -> None:
    path = write_token('{"accessTok')
    stray = path.with_name("stray.json")
    stray.touch(mode=0o600)
    registration = path.with_name("registration.json")
    registration.touch(mode=0o600)
    registration.write_text('{"clientId": "c", "expiresAt": "2099-01-01T00:00:00Z"}')
    found = ask()
    assert [(f.id, f.severity) for f in found] == [("token-torn", "warning")] * 2
    assert {f.where: f.fix for f in found} == {str(path): "awsctx login s", str(stray): f"rm {stray}"}


def test_an_ended_sign_in_is_a_note_where_no_context_is_in_force(healthy: Home, ask: Ask) -> None:
    healthy.config.write_text(healthy.config.read_text().replace("[default]\nregion = eu-west-1\n", ""))
    write_token(token("2020-01-01T00:00:00Z"))
    assert only(ask(), "token-expired").severity == "info"


def test_an_ended_sign_in_counts_where_it_is_the_one_in_force(healthy: Home, ask: Ask) -> None:
    path = write_token(token("2020-01-01T00:00:00Z"))
    found = only(ask(AWS_PROFILE="a"), "token-expired")
    assert (found.severity, found.where, found.fix) == ("warning", str(path), "awsctx login s")
    assert only(ask(AWS_PROFILE="process", AWS_REGION="x"), "token-expired").severity == "info"
    write_token(token("2020-01-01T00:00:00Z", refreshToken="r", registrationExpiresAt="2099-01-01T00:00:00Z"))
    assert ask(AWS_PROFILE="a") == []
    write_token(token("2099-01-01T00:00:00Z"))
    assert ask(AWS_PROFILE="a") == []


def test_no_sign_in_yet_is_only_told(healthy: Home, ask: Ask) -> None:
    Path(tokens.token_path("s")).unlink()
    found = only(ask(AWS_PROFILE="role"), "token-missing")
    assert (found.severity, found.fix) == ("info", "awsctx login s")


def test_a_sign_in_by_aws_login(healthy: Home, ask: Ask) -> None:
    who = "arn:aws:iam::111111111111:user/ada"
    more = f"[profile mine]\nlogin_session = {who}\nregion = eu-west-1\n"
    more += f"[profile on]\n{ROLE}\nsource_profile = mine\nregion = eu-west-1\n"
    healthy.config.write_text(HEALTHY + more)
    path = Path(aws_login.token_path(who, {}))
    race = only([f for f in ask() if f.id != "token-missing"], "login-race")
    assert (race.severity, race.where) == ("info", f"{healthy.config}:{HEALTHY.count(chr(10)) + 2}")
    assert "end the sign-in for all" in race.what
    for profile in ("mine", "on"):
        missing = only([f for f in ask(AWS_PROFILE=profile) if f.id != "login-race"], "token-missing")
        assert (missing.severity, missing.where, missing.fix) == ("info", str(path), "awsctx login mine")
    path.parent.mkdir(parents=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"accessToken": {"expiresAt": "2020-01-01T00:00:00Z"}}))
    ended = only([f for f in ask(AWS_PROFILE="mine") if f.id != "login-race"], "token-expired")
    assert (ended.severity, ended.fix) == ("warning", "awsctx login mine")
    path.write_text(json.dumps({"accessToken": {"expiresAt": "2099-01-01T00:00:00Z"}}))
    assert [f.id for f in ask(AWS_PROFILE="mine")] == ["login-race"]


def test_a_token_that_others_can_read(healthy: Home, ask: Ask) -> None:
    path = write_token(token("2099-01-01T00:00:00Z"))
    path.chmod(0o644)
    found = only(ask(), "token-mode")
    assert (found.severity, found.where, found.fix) == ("warning", str(path), f"chmod 600 {path}")


def test_torn_files_of_keys(healthy: Home, ask: Ask) -> None:
    for cache in ("cli", "login"):
        torn = healthy.aws / cache / "cache" / "x.json"
        torn.parent.mkdir(parents=True)
        torn.touch(mode=0o600)
        torn.write_text('{"Credentials": {')
        found = only(ask(), "token-torn")
        assert (found.severity, found.where, found.fix) == (
            "warning",
            str(torn),
            f"rm '{torn}'" if "'" in found.fix else f"rm {torn}",
        )
        torn.unlink()


@pytest.mark.parametrize("given", ["{home}/elsewhere", "~/elsewhere", "$AT/elsewhere", "elsewhere", ""])
def test_files_of_aws_login_are_where_the_environment_says(
    given: str, healthy: Home, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.utils import get_login_token_cache_directory

    elsewhere = healthy.folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(healthy.folder if given else elsewhere)
    given = given.format(home=healthy.folder)
    variables = {"AT": str(healthy.folder), "AWS_LOGIN_CACHE_DIRECTORY": given}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert aws_login.folder(variables) == os.path.abspath(get_login_token_cache_directory()) == str(elsewhere)

    usual = healthy.aws / "login" / "cache" / "x.json"
    usual.parent.mkdir(parents=True)
    torn = Path(aws_login.token_path("arn:aws:iam::111111111111:user/ada", variables))
    readable, others = torn.with_name("0" * 64 + ".json"), elsewhere / "package.json"
    for path in (usual, torn, readable, others):
        path.touch(mode=0o644 if path in (readable, others) else 0o600)
        path.write_text("{}" if path == readable else "[")
    assert [(f.id, f.where, f.fix) for f in ask(**variables)] == [
        ("token-torn", str(torn), f"rm {torn}"),
        ("token-mode", str(readable), f"chmod 600 {readable}"),
    ]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_a_token_that_is_no_file(make: Callable[[Path], object], healthy: Home, ask: Ask) -> None:
    path = Path(tokens.token_path("s"))
    path.unlink()
    make(path)
    found = only(ask(), "token-torn")
    assert (found.severity, found.where, found.fix) == ("warning", str(path), "awsctx login s")
