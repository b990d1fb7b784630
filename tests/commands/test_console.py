"""`awsctx console`: the portal's link, and the federation sign-in for what has no portal."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.commands.conftest import Run

from awsctx.aws import console as links
from awsctx.aws.identity import Keys
from awsctx.aws.one_page import hand_over
from awsctx.commands.console import console
from awsctx.demo.sandbox import Sandbox
from awsctx.demo.standin import Client
from awsctx.errors import AwsctxError
from awsctx.world import World

Make = Callable[..., World]
PORTAL = "https://worksso.awsapps.com/start/#/console?account_id=43214321&role_name=tester"


def never(_: str) -> bool:
    raise AssertionError("a browser was opened")


@pytest.fixture
def federation(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, list[str]]]]:
    """A federation endpoint on loopback; what it was asked."""
    asked: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            split = urlsplit(self.path)
            asked.append({"path": [split.path], **parse_qs(split.query)})
            body = json.dumps({"SigninToken": "once"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_SIGNIN", f"http://127.0.0.1:{server.server_port}")
    yield asked
    server.shutdown()
    server.server_close()


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
    ],
)
def test_the_page_is_in_the_regions_partition(region: str, page: str) -> None:
    assert links.page(region, "s3") == page


def test_opened_in_a_browser(world: Make) -> None:
    opened: list[str] = []
    result = console(world(), "worksso.tester", open_page=lambda url: bool(opened.append(url)) or True)
    assert (opened, result.out, result.talk) == ([PORTAL], "", ("opened the console as worksso.tester",))


def test_no_browser_prints_the_link(world: Make) -> None:
    result = console(world(), "worksso.tester", open_page=lambda url: False)
    assert result.out == PORTAL + "\n"
    assert result.talk == ("awsctx: no browser found: open this link yourself",)


def test_a_role_signs_in_by_federation(world: Make, federation: list[dict[str, list[str]]]) -> None:
    link = console(world(), "role", service="s3", only_print=True, open_page=never).out.strip()
    (asked,) = federation
    assert (asked["path"], asked["Action"]) == (["/federation"], ["getSigninToken"])
    assert set(json.loads(asked["Session"][0])) == {"sessionId", "sessionKey", "sessionToken"}
    query = parse_qs(urlsplit(link).query)
    assert query == {
        "Action": ["login"],
        "Issuer": ["awsctx"],
        "Destination": ["https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1"],
        "SigninToken": ["once"],
    }


def test_the_link_of_a_federation_is_no_argument_of_the_browsers(world: Make, federation: list[dict[str, list[str]]]) -> None:
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
    assert "once" not in seen[0] and seen[0].startswith("http://127.0.0.1:")
    for _ in range(100):
        if followed:
            break
        threading.Event().wait(0.05)
    assert "SigninToken=once" in followed[0]


def test_a_browser_that_does_not_come() -> None:
    assert hand_over("https://secret", lambda url: True, seconds=0.1) == "not fetched"
    assert hand_over("https://secret", lambda url: False) == "no browser"


def test_long_lived_keys_are_refused() -> None:
    with pytest.raises(AwsctxError, match="long-lived"):
        links.federation_link(Keys("AKIA", "s", ""), "https://x", "eu-west-1", {})


def test_where_there_is_no_federation(world: Make, monkeypatch: pytest.MonkeyPatch, aws: Client) -> None:
    with pytest.raises(AwsctxError, match=r"refuses the keys \(HTTP 404\)"):  # the stand-in has none
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
