"""What goes to a browser is an https address, or an http one on loopback, whoever names it: a portal, a proxy, a config."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import Run
from tests.signin.helpers import SignIns, ended

from awsctx.core.addresses import is_safe
from awsctx.demo.sandbox import Sandbox
from awsctx.errors import AwsctxError
from awsctx.signin import browser

HOSTILE = (
    "--gpu-launcher=touch /tmp/pwned",
    "--gpu-launcher=x",
    "-P",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://portal.example/start",
    "http://127.0.0.1.evil.example/",
    "http://127.0.0.1@evil.example/",
    "https:",
    "https:///x",
    "https://a b/",
    "https://a\n--gpu-launcher=x",
    "\thttps://a",
    "HTTP://evil.example",
    "vscode://x",
    "https://[::1",
    "https://x:port",
    "",
)


@pytest.mark.parametrize("url", HOSTILE)
def test_no_browser_is_started_on_it(url: str, tmp_path: Path) -> None:
    started = tmp_path / "started"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$@" >{started}\n')
    program.chmod(0o755)
    assert not is_safe(url)
    with pytest.raises(AwsctxError, match="no https address") as raised:
        browser.open_page(url, {"BROWSER": str(program), "PATH": "/usr/bin:/bin"})
    assert "\n" not in raised.value.message
    assert not started.exists()


@pytest.mark.parametrize(
    "url",
    [
        "https://d-1.awsapps.com/start/#/console?account_id=1&role_name=a%20b",
        "https://sso.müller.example/start",
        "http://127.0.0.1:4242/x",
        "http://localhost:4242/x",
        "http://[::1]:4242/x",
        "HTTPS://d-1.awsapps.com/start",
    ],
)
def test_what_may(url: str) -> None:
    assert is_safe(url)


@pytest.mark.parametrize(
    "start_url", ["--gpu-launcher=x", "file:///etc/passwd", "javascript:alert(1)", "http://portal.example"]
)
def test_a_start_url_of_the_config(run: Run, sandbox: Sandbox, start_url: str) -> None:
    config = sandbox.home / ".aws" / "config"
    config.write_text(config.read_text().replace("https://worksso.awsapps.com/start", start_url))
    seen = sandbox.home / "seen"
    program = sandbox.bin / "my-browser"
    program.write_text(f'#!/bin/sh\necho "$@" >{seen}\n')
    program.chmod(0o755)
    for more in ((), ("--print",)):
        done = run("console", "worksso.tester", *more, BROWSER=str(program))
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("awsctx: the browser is not sent to ")
    assert not seen.exists()


@pytest.mark.parametrize("field", ["verificationUri", "verificationUriComplete"])
def test_a_page_that_a_service_names(site: SignIns, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site.stand_in.control(device_page={field: "--gpu-launcher=x"})
    done = site.run("login", "worksso", "--device-code")
    assert done.returncode == 1
    assert "awsctx: the browser is not sent to '--gpu-launcher=x'" in done.stderr
    assert not site.opened()


@pytest.mark.parametrize("field", ["verificationUri", "verificationUriComplete"])
@pytest.mark.parametrize("letters", ["\n", "\r", "\x1b]52;c;cHduZWQ=\x07", "\x9b2J", "\u2028", "\x7f"], ids=ascii)
def test_a_page_with_control_characters_reaches_no_clipboard(site: SignIns, field: str, letters: str) -> None:
    """Over SSH the address goes to the terminal's clipboard (OSC 52): what is pasted from there into a shell is one line."""
    site.stand_in.control(device_page={field: f"https://a.example/{letters}touch pwned"})
    child = site.at_terminal("login", "worksso", "--device-code", env={"SSH_CONNECTION": "1 2 3 4"})
    assert ended(child) == 1
    assert "the browser is not sent to" in child.before
    assert "\x1b]52" not in child.before and "\x9b" not in child.before
    assert not site.opened()
