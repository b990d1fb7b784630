"""Checks of how botocore reads the AWS files by what they find: id, severity, where; and what they leave alone."""

from __future__ import annotations

import pytest
from tests.doctor.conftest import Ask
from tests.doctor.healthy import HEALTHY, only
from tests.support import Home


@pytest.mark.parametrize(
    ("header", "why", "advice"),
    [
        ("profile a b", "a name with a blank needs quotes", 'write: [profile "a b"]'),
        ('profile "b', "a quote in it has no other that ends it", "write: [profile b]"),
        ("profile b'c", "a quote in it has no other that ends it", "write: [profile bc]"),
        ("sso-session a b", "a name with a blank needs quotes", 'write: [sso-session "a b"]'),
        ("profile", "it has no name", "write: [profile profile]"),
        ("staging", "in this file a profile's section is [profile NAME]", "write: [profile staging]"),
        ("SSO-Session x", "a session's section is [sso-session NAME]", "write: [sso-session x]"),
    ],
)
def test_why_a_section_is_ignored(header: str, why: str, advice: str, healthy: Home, ask: Ask) -> None:
    healthy.config.write_text(f"{HEALTHY}[{header}]\nregion = eu-west-1\n")
    found = only(ask(), "section-ignored")
    assert (found.what, found.advice) == (f"aws ignores [{header}]: {why}", advice)


def test_a_byte_order_mark_and_a_line_before_any_section(healthy: Home, ask: Ask) -> None:
    healthy.config.write_bytes(b"\xef\xbb\xbf" + HEALTHY.encode())
    assert [(f.id, f.where) for f in ask()] == [("file-encoding", f"{healthy.config}:1")]
    healthy.config.write_text("region = eu-west-1\n" + HEALTHY)
    assert [(f.id, f.where) for f in ask()] == [("stray-line", f"{healthy.config}:1")]


def test_faults_in_the_credentials_file(healthy: Home, ask: Ask) -> None:
    healthy.credentials.touch(mode=0o600)
    healthy.credentials.write_text(
        "[profile b]\naws_access_key_id = A\naws_secret_access_key = hush\n"
        "[a]\naws_access_key_id = A\naws_secret_access_key = hush\n"
    )
    found = ask()
    assert [(f.id, f.severity, f.where) for f in found] == [
        ("section-prefixed", "warning", f"{healthy.credentials}:1"),
        ("keys-unused", "info", f"{healthy.credentials}:5"),
    ]
    assert "hush" not in repr(found)


def test_a_file_that_cannot_be_read(healthy: Home, ask: Ask) -> None:
    healthy.config.unlink()
    healthy.config.mkdir()
    found = only(ask(), "file-unreadable")
    assert (found.where, found.fix) == (str(healthy.config), "")
    assert found.told.endswith("; make it a file, or name another in AWS_CONFIG_FILE")
