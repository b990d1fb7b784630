"""Reading the AWS CLI's sign-in tokens (awsctx(1), SIGNING IN; what the prompt and `list -l` show)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.utils import SSOTokenLoader
from hypothesis import given
from hypothesis import strategies as st

from awsctx.signin import tokens

NOW = 1_800_000_000


def token(**changes: object) -> dict[str, object]:
    return {
        "startUrl": "https://worksso.awsapps.com/start",
        "region": "eu-west-1",
        "accessToken": "secret",
        "expiresAt": tokens.iso(NOW + 3600),
        **changes,
    }


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)))
def test_times_are_read_as_written(moment: datetime) -> None:
    seconds = int(moment.replace(tzinfo=UTC).timestamp())
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    for end in ("Z", "", "UTC", ".123Z", ".123456", "+00:00", "+0000"):
        assert tokens.epoch(text + end) == seconds
    assert tokens.epoch(text + "+02:00") == seconds - 7200
    assert tokens.epoch(text + "-0130") == seconds + 5400
    assert tokens.epoch(tokens.iso(seconds)) == seconds


@pytest.mark.parametrize(
    "text", [None, 1, "", "soon", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00 CET"]
)
def test_what_is_no_time_is_none(text: object) -> None:
    assert tokens.epoch(text) is None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "valid"),
        ({"expiresAt": tokens.iso(NOW)}, "expired"),
        ({"expiresAt": tokens.iso(NOW - 60)}, "expired"),
        ({"expiresAt": tokens.iso(NOW - 60), "refreshToken": "r"}, "expired"),
        ({"expiresAt": tokens.iso(NOW - 60), "registrationExpiresAt": tokens.iso(NOW + 9)}, "expired"),
        ({"expiresAt": tokens.iso(NOW - 60), "refreshToken": "r", "registrationExpiresAt": tokens.iso(NOW + 9)}, "refreshable"),
        ({"expiresAt": tokens.iso(NOW - 60), "refreshToken": "r", "registrationExpiresAt": tokens.iso(NOW - 9)}, "expired"),
        ({"expiresAt": None}, "none"),
        ({"expiresAt": "soon"}, "none"),
        ({"accessToken": 3}, "none"),
    ],
)
def test_the_state_of_a_sign_in(tmp_path: Path, changes: dict[str, object], status: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(token(**changes)))
    assert tokens.sign_in(str(path), NOW).status == status


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff", b'{"accessToken": "a"', b'{"a": 1} x', b"[" * 100_000])
def test_a_torn_token_is_none_and_said_to_be_torn(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(data)
    found = tokens.sign_in(str(path), NOW)
    assert (found.status, found.torn) == ("none", True)
    assert tokens.sign_in(str(tmp_path / "absent"), NOW).torn is False


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
)
def test_json_is_read_as_json_reads_it(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2, ensure_ascii=False)):
        assert tokens._json(f" {text}\n") == value


def test_the_files_name_is_botocores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/x")
    for session in ("worksso", "ünï", "https://x.awsapps.com/start"):
        name = SSOTokenLoader()._generate_cache_key("ignored", session)
        assert tokens.token_path(session) == f"/home/x/.aws/sso/cache/{name}.json"
