"""Which cells a call means."""

from __future__ import annotations

import pytest

from awsctx.cells import plan
from awsctx.core.context import Context, named_region
from awsctx.errors import AwsctxError

ACCOUNTS = {"a.admin": "1", "a.reader": "1", "b.reader": "2", "keys": "", "more-keys": ""}


def test_matching_keeps_the_lists_order_and_counts_case() -> None:
    assert plan.matching(ACCOUNTS, ["*keys", "a.*"]) == ["a.admin", "a.reader", "keys", "more-keys"]
    with pytest.raises(AwsctxError, match="no profile matches"):
        plan.matching(ACCOUNTS, ["A.*"])


def test_one_per_account_is_the_first_and_an_unknown_account_is_one_of_its_own() -> None:
    assert plan.one_per_account(ACCOUNTS, ACCOUNTS.__getitem__) == ["a.admin", "b.reader", "keys", "more-keys"]


def test_one_per_account_is_the_first_that_is_not_guarded_if_there_is_one() -> None:
    found = plan.one_per_account(ACCOUNTS, ACCOUNTS.__getitem__, lambda name: name.startswith(("a.admin", "b.", "keys")))
    assert found == ["a.reader", "b.reader", "keys", "more-keys"]


def test_regions_are_named_once_each() -> None:
    assert plan.named_regions("eu-west-1, us-east-1,eu-west-1", named_region) == ["eu-west-1", "us-east-1"]


@pytest.mark.parametrize("text", ["all,eu-west-1", "", "eu-west-1,", "eu west 1", "-", "eu-west-1,-"])
def test_what_is_no_list_of_regions(text: str) -> None:
    with pytest.raises(AwsctxError):
        plan.named_regions(text, named_region)


def test_cells_go_profile_by_profile() -> None:
    found = plan.contexts(["a", "b", "c"], {"a": ["eu-west-1", "eu-west-2"], "b": []})
    assert found == [Context("a", "eu-west-1"), Context("a", "eu-west-2"), Context("b"), Context("c")]


def test_a_cells_name_is_its_contexts() -> None:
    assert [plan.Cell(Context("a")).name, plan.Cell(Context("a", "eu-west-1")).name] == ["a", "a@eu-west-1"]
