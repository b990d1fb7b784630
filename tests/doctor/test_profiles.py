"""Checks of profiles and their sources by what they find: id, severity, where; and what they leave alone."""

from __future__ import annotations

from tests.doctor.conftest import Ask
from tests.doctor.healthy import HEALTHY, HOOKED, ROLE, ids, only
from tests.support import TESTER, Home


def test_a_name_with_an_at_that_looks_like_no_context(healthy: Home, ask: Ask) -> None:
    names = ("a@home", "other@eu-west-1", "@eu-west-1", "a@eu-west-1@x")
    healthy.config.write_text(HEALTHY + "".join(f"[profile {name}]\nregion = us-east-1\n" for name in names))
    assert ids(ask()) == []


def test_a_circle_names_its_way_and_only_those_in_it(healthy: Home, ask: Ask) -> None:
    role = "role_arn = arn:aws:iam::222222222222:role/x\nsource_profile = "
    healthy.config.write_text(f"[profile x]\n{role}y\n[profile y]\n{role}x\n[profile into]\n{role}x\n")
    found = ask()
    assert [(f.id, f.where) for f in found] == [("source-circular", f"{healthy.config}:{line}") for line in (3, 6)]
    assert "x -> y -> x" in found[0].what


def test_a_profile_may_be_its_own_source_if_it_has_keys(healthy: Home, ask: Ask) -> None:
    keys = "aws_access_key_id = A\naws_secret_access_key = s\n"
    healthy.config.chmod(0o600)
    healthy.config.write_text(f"[profile b]\n{ROLE}\nsource_profile = b\n{keys}")
    assert ask() == []


def test_the_walkthroughs_second_account_has_eight_digits(home: Home, ask: Ask) -> None:
    found = only(ask(AWS_PROFILE=TESTER, **HOOKED), "account-id")
    assert (found.severity, found.where) == ("warning", f"{home.config}:13")


def test_no_profile_at_all(healthy: Home, ask: Ask) -> None:
    healthy.config.unlink()
    assert only(ask(), "no-profile").severity == "info"
    found = only(ask(person=True), "no-profile")
    assert (found.severity, found.where, found.fix) == ("warning", str(healthy.config), "awsctx setup")
