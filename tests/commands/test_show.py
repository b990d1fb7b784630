"""`awsctx show` (awsctx(1), PROFILES)."""

from __future__ import annotations

import json

import botocore.session
import pytest
from tests.support import DEVELOPER, HOSTILE, TESTER, WALKTHROUGH, Home, stanza

SESSION = {
    "sso_start_url": "https://worksso.awsapps.com/start",
    "sso_region": "eu-west-1",
    "sso_registration_scopes": "sso:account:access",
}


def shown(home: Home, *arguments: str) -> dict[str, object]:
    return dict(json.loads(home.ok("show", *arguments, "--json")))


def test_the_stanzas_of_the_walkthrough(home: Home) -> None:
    expected = WALKTHROUGH[: WALKTHROUGH.index("[profile worksso.tester]")]
    assert home.ok("show", DEVELOPER) == expected


def test_json_has_the_profile_and_its_session(home: Home) -> None:
    assert shown(home, TESTER) == {
        "name": TESTER,
        "profile": {
            "sso_session": "worksso", "sso_account_id": "43214321", "sso_role_name": "tester",
            "region": "eu-west-2", "output": "json",
        },
        "session": SESSION,
    }  # fmt: skip


def test_without_a_name_it_is_the_profile_in_force(home: Home) -> None:
    assert home.run("show").returncode == 1
    home.ok(TESTER)
    assert shown(home)["name"] == shown(home, ".")["name"] == TESTER
    assert json.loads(home.ok("show", "--json", env={"AWS_PROFILE": DEVELOPER}))["name"] == DEVELOPER


def test_secrets_are_never_shown_and_the_credentials_file_wins(home: Home) -> None:
    home.config.write_text(
        "[profile k]\nregion = eu-west-1\naws_access_key_id = AKIACONFIG\ncredential_process = /bin/p\ns3 =\n  a = b\n"
    )
    home.credentials.write_text("[k]\nAWS_Access_Key_Id = AKIAFILE\naws_secret_access_key=shh\naws_session_token = tok\n")
    values = shown(home, "k")
    assert values["profile"] == {
        "region": "eu-west-1", "aws_access_key_id": "****", "credential_process": "/bin/p", "s3": {"a": "b"},
        "aws_secret_access_key": "****", "aws_session_token": "****",
    }  # fmt: skip
    assert values["session"] is None
    out = home.ok("show", "k")
    assert "AKIA" not in out and "shh" not in out and "tok\n" not in out
    assert "s3 =\n    a = b\n" in out


def test_what_is_shown_reads_back_as_the_same(home: Home) -> None:
    """… by botocore, from a file that holds nothing else."""
    home.config.write_text(WALKTHROUGH + "[profile 'o d d']\nx = a#b\ns3 =\n   k = v\n   l = w=x\nlong = one\n   two\n")
    out = home.ok("show", "o d d")

    def parsed() -> object:
        session = botocore.session.Session()
        session.set_config_variable("config_file", str(home.config))
        return session.full_config["profiles"]["o d d"]

    before = parsed()
    home.config.write_text(out)
    assert parsed() == before


@pytest.mark.parametrize("name", [name for name in HOSTILE if not name.startswith("-")])
def test_hostile_names_are_data(home: Home, name: str) -> None:
    home.config.write_text(WALKTHROUGH + stanza(name), encoding="utf-8")
    assert shown(home, name) == {"name": name, "profile": {"region": "eu-west-1"}, "session": None}


def test_values_cannot_drive_the_terminal(home: Home) -> None:
    home.config.write_text("[profile a]\nregion = \x1b[31mred\x07\n", encoding="utf-8")
    assert home.ok("show", "a") == "[profile a]\nregion = \\x1b[31mred\\x07\n"


def test_a_session_that_is_missing_is_said(home: Home) -> None:
    home.config.write_text("[profile a]\nsso_session = gone\nsso_account_id = 1\nsso_role_name = r\n")
    done = home.run("show", "a")
    assert done.returncode == 0 and "[sso-session gone] is missing in " in done.stderr
    assert shown(home, "a")["session"] is None


def test_an_unknown_name_has_near_misses(home: Home) -> None:
    done = home.run("show", "worksso.testr")
    assert (done.returncode, done.stdout) == (1, "")
    assert TESTER in done.stderr


@pytest.mark.parametrize(
    ("call", "text", "line"),
    [
        (("show", "a"), "[profile a]\n[profile a]\n", 2),
        (("show", "a"), "\ufeff[profile a]\n", 1),
        (("copy", "a", "b"), "[profile a]\nx\n", 2),
        (("rename", "a", "b"), "a = b\n[profile a]\n", 1),
        (("b=a",), "\ufeff[profile a]\n", 1),
        (("remove", "a", "-y"), "[profile a]\n[profile a]\n", 2),
    ],
)
def test_what_botocore_refuses_is_refused_with_file_and_line(home: Home, call: tuple[str, ...], text: str, line: int) -> None:
    home.config.write_text(text, encoding="utf-8")
    done = home.run(*call)
    assert done.returncode == 1
    assert done.stderr.startswith(f"awsctx: {home.config}:{line}: "), done.stderr
    assert home.config.read_text(encoding="utf-8") == text
