"""What `awsctx sync` asks a user at the terminal (awsctx(1), PROFILES)."""

from __future__ import annotations

from pathlib import Path

import pexpect
import pytest
from tests.commands.granting import MADE, SESSION, Site, granting, settings, values
from tests.signin.helpers import ended
from tests.support import AWSCTX

from awsctx.demo.standin import Client


@pytest.fixture
def site(aws: Client, tmp_path: Path) -> Site:
    return granting(aws, tmp_path / "home")


def at_terminal(site: Site, *arguments: str, lines: int = 24, **variables: str) -> pexpect.spawn[str]:
    environ = {**site.environ, **variables}
    return pexpect.spawn(
        str(AWSCTX), ["sync", *arguments], env=environ, cwd=site.folder, encoding="utf-8", timeout=30, dimensions=(lines, 80)
    )  # fmt: skip


REGION = "Region of the profiles (- for none) [eu-west-1]: "


@pytest.mark.parametrize(("answer", "code"), [("y\r", 0), ("n\r", 1), ("\x03", 130)])
def test_a_person_sees_what_is_done_and_is_asked(site: Site, answer: str, code: int) -> None:
    child = at_terminal(site, "--diff", lines=60)
    child.expect_exact(REGION)
    child.send("-\r")
    child.expect_exact("accounts ")  # the bar
    child.expect_exact("3 added in ~/.aws/config:\r\n  added    worksso.dev.admin  (account dev, role admin)\r\n")
    child.expect_exact("\x1b[32m+[profile worksso.dev.admin]\x1b[0m")
    child.expect_exact("Write this? [y/N] ")
    child.send(answer)
    assert ended(child) == code
    assert site.config.read_text() == (MADE if code == 0 else SESSION)
    assert not site.settings.exists() or settings(site) == {"name": "{session}.{account}.{role}", "region": ""}


def test_where_the_config_changes_during_the_question_the_hint_repeats_the_call(site: Site) -> None:
    site.configure('[sync.worksso]\nregion = "eu-west-1"\n')
    for typed, repeated in (
        (["worksso", "--region", "eu-west-3", "--match", "dev*"], "--region eu-west-3 --match 'dev*' worksso"),
        (["--region", ""], "--region '' worksso"),
    ):
        child = at_terminal(site, *typed)
        if "" in typed:
            child.expect_exact(REGION)
            child.send("-\r")
        child.expect_exact("Write this? [y/N] ")
        site.config.write_text(site.config.read_text() + MADE[len(SESSION) :].partition("[profile worksso.dev.reader]")[0])
        child.send("y\r")
        assert ended(child) == 1
        assert f"look at it again: awsctx sync {repeated}\r\n" in child.before
        site.config.write_text(SESSION)


@pytest.mark.parametrize(("typed", "region"), [(["\r"], "eu-west-1"), (["eu-wset-3\r", "eu-west-3\r"], "eu-west-3")])
def test_a_person_is_asked_for_a_region_once(site: Site, typed: list[str], region: str) -> None:
    child = at_terminal(site)
    for answer in typed:
        child.expect_exact(REGION)
        child.send(answer)
    assert len(typed) == 1 or "'eu-wset-3' is not a region; did you mean: " in child.before
    child.expect_exact("Write this? [y/N] ")
    child.send("y\r")
    assert ended(child) == 0
    assert values(site, "worksso.dev.admin")["region"] == region and settings(site)["region"] == region
    child = at_terminal(site)
    child.expect_exact("nothing to do")
    assert ended(child) == 0 and "Region" not in child.before


def test_what_is_longer_than_the_terminal_goes_through_the_pager(site: Site) -> None:
    site.configure('[sync.worksso]\nregion = "eu-west-1"\n')
    kept = site.folder / "paged"
    pager = f"sh -c 'cat >{kept}; echo \"paged $LESS\"'"
    child = at_terminal(site, PAGER=pager)
    child.expect_exact("  added    worksso.prod.reader  (account prod, role reader)\r\n")
    child.expect_exact("Write this? [y/N] ")
    child.send("n\r")
    assert ended(child) == 1 and not kept.exists(), "it fits"
    child = at_terminal(site, lines=4, PAGER=pager)
    child.expect_exact("paged FRX\r\n")
    child.expect_exact("Write this? [y/N] ")
    child.send("n\r")
    assert ended(child) == 1
    assert kept.read_text().startswith("3 added in ~/.aws/config:\n  added    worksso.dev.admin")
    for no_pager in ("", "cat", "there-is-none", "'"):
        child = at_terminal(site, lines=4, PAGER=no_pager)
        child.expect_exact("  added    worksso.prod.reader  (account prod, role reader)\r\n")
        child.send("n\r")
        assert ended(child) == 1
    assert "paged" not in site.sync(status=1, env={"PAGER": pager}).stderr
    child = at_terminal(site, "--dry-run", lines=4, PAGER=pager)
    child.expect_exact("paged FRX\r\n")
    assert ended(child) == 0 and "+[profile worksso.dev.admin]" in kept.read_text()


def test_an_empty_region_is_forgotten_and_asked_for_again(site: Site) -> None:
    site.configure('# mine\n[sync.worksso]\nregion = "eu-west-3"  # far\noutput = "text"\n\n# the end\n')
    done = site.sync("-y", "--region", "", "--output", "")
    assert "forgotten in ~/.config/awsctx/config.toml: region, output\n" in done.stderr
    assert settings(site) == {"name": "{session}.{account}.{role}"}
    assert site.settings.read_text().startswith("# mine\n") and site.settings.read_text().endswith("# the end\n")
    assert "region" not in values(site, "worksso.dev.admin")
    assert site.sync("-y", "--region", "").stderr == "nothing to do\n"
    site.sync("-y", "--region", "eu-west-1")
    for arguments in (["--region", ""], []):
        child = at_terminal(site, *arguments)
        if arguments:
            child.expect_exact(REGION)
            child.send("-\r")
        child.expect_exact("remembered in ~/.config/awsctx/config.toml: region" if arguments else "nothing to do")
        assert ended(child) == 0 and "Region" not in child.before
    assert settings(site)["region"] == ""


def test_without_a_token_it_says_how_to_sign_in(site: Site, aws: Client) -> None:
    aws.control(end_tokens=True, end_refreshes=True)
    assert "awsctx login worksso" in site.sync("-y", status=3).stderr  # the portal has ended what looked good
    for token in (site.aws / "sso" / "cache").glob("*.json"):
        token.unlink()
    done = site.sync("-y", status=3)
    assert done.stderr.startswith("awsctx: session 'worksso' needs a sign-in") and "awsctx login worksso" in done.stderr
    assert site.config.read_text() == SESSION


def test_on_a_terminal_it_offers_to_sign_in(site: Site, aws: Client) -> None:
    for token in (site.aws / "sso" / "cache").glob("*.json"):
        token.unlink()
    aws.control(device=1)
    environ = {**site.environ, "SSH_CONNECTION": "1 2 3 4"}  # the device code, which the stand-in approves by itself
    child = pexpect.spawn(str(AWSCTX), ["sync", "-y"], env=environ, cwd=site.folder, encoding="utf-8", timeout=30)
    child.expect_exact("session 'worksso' needs a sign-in. Sign in now? [Y/n] ")
    child.send("y\r")
    child.expect_exact("3 added")
    assert ended(child) == 0
    assert site.config.read_text() == MADE
