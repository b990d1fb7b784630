"""What doctor says of the folders' pins (awsctx(1), FINDINGS)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.doctor.conftest import Ask
from tests.support import DEVELOPER, TESTER, Home


@pytest.fixture
def pin(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pin of the folder in which doctor is asked, and which `awsctx pin` has written."""
    home.ok(DEVELOPER)
    (home.folder / "deep").mkdir()
    monkeypatch.chdir(home.folder / "deep")
    home.ok("pin", TESTER)
    return home.folder / ".awsctx"


def found(ask: Ask) -> list[tuple[str, str, str]]:
    return [(finding.id, finding.severity, finding.where) for finding in ask() if finding.id.startswith("pin-")]


def test_a_pin_that_counts_is_no_finding(home: Home, pin: Path, ask: Ask) -> None:
    assert found(ask) == []
    assert f"{TESTER} (account 43214321, role tester) is in force (directory)" in home.run("doctor", cwd=pin.parent).stdout


@pytest.mark.parametrize("text", [f"{TESTER}@eu-west-3\n", "gone"])
def test_one_that_is_not_allowed(pin: Path, ask: Ask, text: str) -> None:
    pin.write_text(text)
    assert found(ask) == [("pin-not-allowed", "warning", str(pin))]
    (finding,) = [finding for finding in ask() if finding.id == "pin-not-allowed"]
    assert finding.fix == "awsctx allow" and text.strip() in finding.what


def test_one_that_names_no_profile(home: Home, pin: Path, ask: Ask) -> None:
    home.ok("remove", "-y", TESTER)
    assert found(ask) == [("pin-unknown-profile", "error", str(pin))]


def test_one_on_a_guarded_profile(home: Home, pin: Path, ask: Ask) -> None:
    home.configure('guard = ["*tester"]\n')
    assert found(ask) == [("pin-guarded", "warning", str(pin))]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_one_of_another_user(pin: Path, ask: Ask) -> None:
    os.chown(pin, 65534, 65534)
    assert found(ask) == [("pin-of-another-user", "warning", str(pin))]


def test_each_that_does_not_count_up_to_the_one_that_does(home: Home, pin: Path, ask: Ask) -> None:
    (home.folder / "deep" / ".awsctx").symlink_to(pin)
    (home.folder.parent / ".awsctx").write_text("nobody asks for this one\n")
    assert found(ask) == [("pin-unreadable", "warning", str(home.folder / "deep" / ".awsctx"))]
    pin.write_text("\x1b[31m\n")
    assert [id for id, _, _ in found(ask)] == ["pin-unreadable", "pin-unreadable", "pin-not-allowed"]


def test_it_says_nothing_but_its_findings(home: Home, pin: Path) -> None:
    pin.write_text("other\n")
    assert home.run("doctor", "--json").stderr == ""
