"""What is a region, and what may be one: botocore's patterns are the judge (awsctx(1), DESCRIPTION)."""

from __future__ import annotations

import re
from itertools import permutations, product

import botocore.session
import pytest

from awsctx.core.regions import PREFIXES, REGIONS, check_host_label, check_region, is_like_one
from awsctx.errors import AwsctxError

PATTERNS = [
    re.compile(partition["regionRegex"], re.ASCII)
    for partition in botocore.session.Session().get_data("partitions")["partitions"]
]
ONES = ("north", "south", "east", "west", "central")
DIRECTIONS = {*ONES, *map("".join, permutations(ONES, 2))}

BEFORE = [*PREFIXES, "", "-", "us-", "xx", "aws", "us-iso-", "eusc", "us-gov-us", "EU"]
WORDS = [*DIRECTIONS, "northnorth", "norths", "eastsouthwest", "gov", "iso", "wset", "global", "West", "", "west-"]
NUMBERS = ["1", "22", "01", "٣", "²", "", "x", "1a", "-1", "1 ", "1\n"]


@pytest.mark.parametrize("before", BEFORE)
def test_what_may_be_a_region_fits_a_pattern_and_has_a_direction(before: str) -> None:
    for word, number in product(WORDS, NUMBERS):
        region = f"{before}-{word}-{number}"
        fits = any(pattern.fullmatch(region) for pattern in PATTERNS) and word in DIRECTIONS
        assert is_like_one(region) == fits, region


def test_the_prefixes_are_all_that_botocores_patterns_have() -> None:
    theirs = {prefix for pattern in PATTERNS for prefix in _prefixes(pattern.pattern)}
    # botocore is not pinned: a newer one may know more, but none of ours may be unknown to it.
    assert set(PREFIXES) <= theirs


def _prefixes(pattern: str) -> list[str]:
    plain = pattern.removeprefix("^").removesuffix(r"\-\w+\-\d+$").replace("\\", "")
    alternatives = re.fullmatch(r"(.*?)\(([^)]*)\)", plain)
    return [alternatives[1] + one for one in alternatives[2].split("|")] if alternatives else [plain]


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_of_the_table_also_has_the_form_of_one(region: str) -> None:
    assert is_like_one(region) and check_region(region) == region


@pytest.mark.parametrize(
    "region", ["eu-north-7", "ap-southwest-12", "us-gov-central-1", "eusc-de-west-2", "us-isob-northeast-1"]
)
def test_what_may_be_a_new_region(region: str) -> None:
    assert check_region(region) == region and region not in REGIONS


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("eu-wset-1", "did you mean: eu-west-1"),
        ("EU-WEST-1", "did you mean: eu-west-1"),
        ("eu-west", "did you mean: eu-west-1, eu-west-2, eu-west-3"),
        ("us-gov-1", "did you mean: us-gov"),
        ("prod", "a region looks like"),
        ("", "a region looks like"),
        *((word, "") for word in ("aws-global", "-", "a b", "é", "a@b", "$(id)", "eu-west-1 ", "eu-west-", "xx-west-1")),
    ],
)
def test_what_is_none(word: str, hint: str) -> None:
    with pytest.raises(AwsctxError, match="is not a region") as error:
        check_region(word)
    assert hint in error.value.hints[0]


def test_what_can_stand_in_a_hosts_name() -> None:
    assert check_host_label("eu-west-1") == "eu-west-1"
    for region in ("", "-", "a b", "é", "a@b", "$(id)", "a" * 64, "x-"):
        with pytest.raises(AwsctxError):
            check_host_label(region)
