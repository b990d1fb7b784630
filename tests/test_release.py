"""What tests/tools/release.py decides; what it does is done once a release."""

from __future__ import annotations

import pytest
from tests.tools import release

CHANGELOG = "# Changes\n\n## {}\n\n- Something.\n\n## 0.1.0\n"
MANUAL = ".Dd November 23, 2026\n.Dt AWSCTX 1\n.Os awsctx {}\n"


def test_a_release_whose_places_agree() -> None:
    assert release.disagreements("0.2.0", CHANGELOG.format("0.2.0 (2026-12-01)"), MANUAL.format("0.2.0")) == []


@pytest.mark.parametrize(
    ("version", "changelog", "manual", "word"),
    [
        ("0.2.0", "Unreleased", "0.2.0", "CHANGELOG"),
        ("0.2.0", "0.2.00", "0.2.0", "CHANGELOG"),
        ("0.2.0", "0.2.0", "0.1.0", "man/awsctx.1"),
        ("0.2.0.dev1", "0.2.0.dev1", "0.2.0.dev1", "three numbers"),
    ],
)
def test_a_place_that_does_not_agree(version: str, changelog: str, manual: str, word: str) -> None:
    [fault] = release.disagreements(version, CHANGELOG.format(changelog), MANUAL.format(manual))
    assert word in fault


def test_this_version_is_in_the_man_page() -> None:
    manual = (release.ROOT / "man" / "awsctx.1").read_text(encoding="utf-8")
    version = release.awsctx.__version__
    assert release.disagreements(version, CHANGELOG.format(version), manual) == []


def test_what_an_archive_lacks_or_holds_too_much() -> None:
    whole = ["a-1/man/awsctx.1", "a-1/LICENSE"]
    assert release.faults_of("a", whole, ["man/awsctx.1", "LICENSE"]) == []
    assert release.faults_of("a", whole, ["awsctx.2"]) == ["a lacks awsctx.2"]
    assert release.faults_of("a", [*whole, "a-1/.venv/bin/x", "a-1/x.pyc"], []) == [
        "a holds a-1/.venv/bin/x",
        "a holds a-1/x.pyc",
    ]


def test_what_the_archives_need_is_here() -> None:
    assert [name for name in release.NEEDED_IN_SDIST if not (release.ROOT / name).exists()] == []


def test_the_formula_has_each_dependency_by_its_checksum() -> None:
    template = release.FORMULA.read_text(encoding="utf-8")
    values = {"URL": "https://example.com/a.tar.gz", "HOMEPAGE": "https://example.com", "SHA256": "0" * 64}
    packages = [
        {"name": name, "version": "1", "sdist": {"url": f"https://example.com/{name}.tar.gz", "hashes": {"sha256": digit * 64}}}
        for name, digit in (("typer", "2"), ("boto3", "1"))
    ]
    text = release.formula(template, values, packages)
    assert "@" not in text.replace("python@3.13", "")
    assert text.index('resource "boto3"') < text.index("1" * 64) < text.index('resource "typer"') < text.index("2" * 64)
    assert text.startswith("class Awsctx < Formula\n")
    with pytest.raises(ValueError, match="typer 1 has no source archive"):
        release.formula(template, values, [{"name": "typer", "version": "1"}])
