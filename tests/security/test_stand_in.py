"""The demo's stand-in answers its own user alone: what it hands out looks like secrets."""

from __future__ import annotations

import pytest
from tests.security.conftest import Fetch

from awsctx.demo.standin import Client


@pytest.mark.parametrize("path", ["/_secrets", "/_log", "/_control", "/device", "/assignment/accounts", "/nothing"])
def test_it_answers_no_other_user(aws: Client, neighbour: Fetch, path: str) -> None:
    aws.sign_in()
    before = aws.count()
    assert neighbour(aws.address + path) == (403, "")
    assert aws.count() == before


def test_it_answers_its_own(aws: Client, owner: Fetch) -> None:
    assert owner(f"{aws.address}/_log") == (200, "")
