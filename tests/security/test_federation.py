"""The console's sign-in by keys: they go to AWS alone, or to whom AWS_ENDPOINT_URL_SIGNIN names, and never in an address."""

from __future__ import annotations

import pytest
from tests.commands.conftest import Run

from awsctx.aws import console as links
from awsctx.core.keys import Keys
from awsctx.demo.sandbox import Sandbox
from awsctx.demo.standin import Client
from awsctx.errors import AwsctxError

KEYS = Keys("ASIA", "hush", "hush")


@pytest.mark.parametrize("url", ["http://proxy.example", "http://127.0.0.1.evil.example", "ftp://x", "//x", "signin"])
def test_no_keys_over_a_wire_that_others_read(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_signin_token", lambda *_: pytest.fail("the keys were sent"))
    with pytest.raises(AwsctxError, match="AWS_ENDPOINT_URL_SIGNIN is no https address"):
        links.federation_link(KEYS, "https://x", "eu-west-1", {"AWS_ENDPOINT_URL_SIGNIN": url})


def test_the_endpoint_of_other_services_does_not_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(links, "_signin_token", lambda endpoint, form: asked.append(endpoint) or "once")
    links.federation_link(KEYS, "https://x", "eu-west-1", {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})
    assert asked == ["https://signin.aws.amazon.com/federation"]


def test_the_keys_are_in_the_body(run: Run, aws: Client) -> None:
    done = run("--debug", "console", "role", "--print")
    assert done.returncode == 0, done
    (call,) = aws.calls("GetSigninToken")  # which the stand-in has by POST alone
    assert call["status"] == 200
    assert not [secret for secret in aws.secrets() if secret in done.stderr]


@pytest.mark.parametrize("region", ["evil.example/", "x@evil.example", "evil.example#", "-", "a b", "evil.example"])
def test_the_region_is_one_before_it_is_a_host(run: Run, sandbox: Sandbox, aws: Client, region: str) -> None:
    config = sandbox.home / ".aws" / "config"
    config.write_text(config.read_text().replace("region = eu-west-1", f"region = {region}"))
    for arguments in (("role",), ("worksso.developer", "--service", "s3")):
        done = run("console", *arguments, "--print")
        assert (done.returncode, done.stdout) == (1, "")
        assert "is not a region" in done.stderr
    assert aws.count("GetSigninToken") == 0
