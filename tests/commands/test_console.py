"""`awsctx console`: the portal's link, and the federation sign-in for what has no portal."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.commands.conftest import Run

from awsctx.aws import console as links
from awsctx.aws.one_page import hand_over
from awsctx.commands.console import console
from awsctx.core.keys import Keys
from awsctx.demo.sandbox import Sandbox
from awsctx.demo.standin import Client
from awsctx.errors import AwsctxError
from awsctx.world import World

Make = Callable[..., World]
PORTAL = "https://worksso.awsapps.com/start/#/console?account_id=43214321&role_name=tester"


def never(_: str) -> bool:
    raise AssertionError("a browser was opened")


def test_the_portals_link_needs_nobody(world: Make, aws: Client) -> None:
    assert console(world(), "worksso.tester", only_print=True, open_page=never).out == PORTAL + "\n"
    assert aws.count() == 0


def test_a_page_and_a_region(world: Make) -> None:
    def link(**options: str) -> str:
        return console(world(), "worksso.tester", only_print=True, open_page=never, **options).out.strip()

    ec2 = "&destination=https%3A%2F%2Feu-west-2.console.aws.amazon.com%2Fec2%2Fhome%3Fregion%3Deu-west-2"
    assert link(service="ec2") == PORTAL + ec2
    assert link(service="ec2", region="eu-west-3") == PORTAL + ec2.replace("eu-west-2", "eu-west-3")
    assert link(region="eu-west-3").endswith("eu-west-3.console.aws.amazon.com%2Fconsole%2Fhome%3Fregion%3Deu-west-3")
    dropped = console(world(), "worksso.tester@eu-west-3", region="-", only_print=True, open_page=never)
    assert dropped.out == PORTAL + "\n"
    with pytest.raises(AwsctxError, match="is not a region"):
        link(region="eu west")


@pytest.mark.parametrize(
    ("start_url", "begin"),
    [
        ("https://d-1.awsapps.com/start", "https://d-1.awsapps.com/start/#/console?"),
        ("https://d-1.awsapps.com/start/", "https://d-1.awsapps.com/start/#/console?"),
        ("https://d-1.awsapps.com/start#/", "https://d-1.awsapps.com/start/#/console?"),
        (
            "https://start.us-gov-home.awsapps.com/directory/d-1",
            "https://start.us-gov-home.awsapps.com/directory/d-1/#/console?",
        ),
    ],
)
def test_start_urls_as_people_write_them(start_url: str, begin: str) -> None:
    assert links.portal_link(start_url, "1", "a role&x").startswith(begin + "account_id=1&role_name=a%20role%26x")


@pytest.mark.parametrize(
    ("region", "page"),
    [
        ("eu-west-1", "https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1"),
        ("cn-north-1", "https://cn-north-1.console.amazonaws.cn/s3/home?region=cn-north-1"),
        ("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/s3/home?region=us-gov-west-1"),
        ("eusc-de-east-1", "https://eusc-de-east-1.console.amazonaws-eusc.eu/s3/home?region=eusc-de-east-1"),
    ],
)
def test_the_page_is_in_the_regions_partition(region: str, page: str) -> None:
    assert links.page(region, "s3") == page
    domain = page.partition(f"{region}.")[2].partition("/")[0]
    assert links.page("", "s3", region) == f"https://{domain}/s3/home"


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("eu-west-1", "https://signin.aws.amazon.com/federation"),
        ("cn-north-1", "https://signin.amazonaws.cn/federation"),
        ("us-gov-west-1", "https://signin.amazonaws-us-gov.com/federation"),
        ("eusc-de-east-1", "https://eusc-de-east-1.signin.amazonaws-eusc.eu/federation"),
    ],
)
def test_the_sign_in_is_in_the_regions_partition(region: str, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(links, "_signin_token", lambda endpoint, form: asked.append(endpoint) or "once")
    link = links.federation_link(Keys("ASIA", "s", "t"), "https://x", region, {"AWS_ENDPOINT_URL": "https://elsewhere"})
    assert asked == [endpoint]
    assert link.startswith(f"{endpoint}?Action=login&")


def test_a_console_that_is_not_known(world: Make) -> None:
    with pytest.raises(AwsctxError, match="isolated partition"):
        console(world(), "worksso.tester", region="us-iso-east-1", only_print=True, open_page=never)


def test_opened_in_a_browser(world: Make) -> None:
    opened: list[str] = []
    result = console(world(), "worksso.tester", open_page=lambda url: bool(opened.append(url)) or True)
    assert (opened, result.out, result.talk) == ([PORTAL], "", ("opened the console as worksso.tester",))


def test_no_browser_prints_the_link(world: Make) -> None:
    result = console(world(), "worksso.tester", open_page=lambda url: False)
    assert result.out == PORTAL + "\n"
    assert result.talk == ("awsctx: no browser found: open this link yourself",)


def test_a_role_signs_in_by_federation(world: Make, aws: Client) -> None:
    link = console(world(), "role", service="s3", only_print=True, open_page=never).out.strip()
    assert aws.count("GetSigninToken") == 1  # the stand-in takes it by POST alone
    query = parse_qs(urlsplit(link).query)
    assert query.pop("SigninToken")[0] in aws.secrets()
    assert query == {
        "Action": ["login"],
        "Issuer": ["awsctx"],
        "Destination": ["https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1"],
    }


def test_the_link_of_a_federation_is_no_argument_of_the_browsers(world: Make, aws: Client) -> None:
    seen: list[str] = []
    followed: list[str] = []

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: Any, **more: Any) -> None:
            return None

    def fetch(url: str) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)
        try:
            opener.open(url, timeout=10)
        except urllib.error.HTTPError as answer:
            followed.append(str(answer.headers["Location"]))

    def browser(url: str) -> bool:
        seen.append(url)
        threading.Thread(target=fetch, args=(url,)).start()
        return True

    result = console(world(), "role", open_page=browser)
    assert result.talk == ("opened the console as role",)
    assert seen[0].startswith("http://127.0.0.1:")
    assert not [secret for secret in aws.secrets() if secret in seen[0]]
    for _ in range(100):
        if followed:
            break
        threading.Event().wait(0.05)
    assert parse_qs(urlsplit(followed[0]).query)["SigninToken"][0] in aws.secrets()


def test_a_browser_that_does_not_come() -> None:
    assert hand_over("https://secret", lambda url: True, seconds=0.1) == "not fetched"
    assert hand_over("https://secret", lambda url: False) == "no browser"


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ({}, "awsctx console --print"),
        ({"name": "role"}, "awsctx console role --print"),
        ({"name": "role@eu-west-3", "yes": True}, "awsctx console role@eu-west-3 --yes --print"),
        (
            {"name": "a role", "region": "eu-west-3", "service": "s3"},
            "awsctx console 'a role' -r eu-west-3 --service s3 --print",
        ),
        ({"name": "-role", "service": "s3"}, "awsctx console --service s3 --print -- -role"),
        ({"name": "role", "region": "-"}, "awsctx console role -r - --print"),
    ],
)
def test_the_hint_prints_the_same_link(
    world: Make, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, call: dict[str, Any], hint: str
) -> None:
    config = sandbox.home / ".aws" / "config"
    role = config.read_text().partition("[profile role]\n")[2].partition("\n[")[0]
    config.write_text(config.read_text() + f'[profile "a role"]\n{role}\n[profile -role]\n{role}\n')
    monkeypatch.setattr("awsctx.commands.console._hand_over", lambda link, open_page: "not fetched")
    here = world(monkeypatch, AWS_PROFILE="role", SHELL="/bin/bash")
    with pytest.raises(AwsctxError) as raised:
        console(here, **call)
    assert raised.value.hints == (f"print it instead: {hint}",)


def test_long_lived_keys_are_refused() -> None:
    with pytest.raises(AwsctxError, match="long-lived"):
        links.federation_link(Keys("AKIA", "s", ""), "https://x", "eu-west-1", {})


def test_where_there_is_no_federation(world: Make, monkeypatch: pytest.MonkeyPatch, aws: Client) -> None:
    aws.control(faults=[{"operation": "GetSigninToken", "kind": "status", "status": 404}])
    with pytest.raises(AwsctxError, match=r"refuses the keys \(HTTP 404\)"):
        console(world(), "role", only_print=True, open_page=never)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SIGNIN", "http://127.0.0.1:9")
    with pytest.raises(AwsctxError, match="could not reach the sign-in") as raised:
        console(world(), "role", only_print=True, open_page=never)
    assert not [secret for secret in aws.secrets() if secret in str(raised.value)]


def test_the_installed_command(run: Run, sandbox: Sandbox) -> None:
    assert run("console", "worksso.tester", "--print").stdout == PORTAL + "\n"
    seen = sandbox.home / "seen"
    browser = sandbox.bin / "my-browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" >{seen}.new && mv {seen}.new {seen}\n')
    browser.chmod(0o755)
    opened = run("console", "worksso.tester", BROWSER=f"{browser} %s")
    assert (opened.returncode, opened.stdout) == (0, "")
    for _ in range(100):
        if seen.exists():
            break
        threading.Event().wait(0.05)
    assert seen.read_text() == PORTAL
