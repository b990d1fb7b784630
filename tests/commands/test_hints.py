"""What an error tells the person to type works when it is typed."""

from __future__ import annotations

import shlex

import pytest
from tests.signin.conftest import Said
from tests.signin.helpers import SignIns

from awsctx.demo.sandbox import START_URL
from awsctx.errors import AwsctxError
from awsctx.signin import flow, portal
from awsctx.signin.request import Request
from awsctx.signin.session import Session, login_command

ODD = f'[sso-session "a q"]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n'


@pytest.mark.parametrize(
    ("name", "force", "command"),
    [
        ("worksso", False, "awsctx login worksso"),
        ("worksso", True, "awsctx login worksso --force"),
        ("a q", False, "awsctx login 'a q'"),
        ("it's; $x", True, """awsctx login 'it'"'"'s; $x' --force"""),
        (START_URL, False, f"awsctx login {START_URL}"),
        ("-x", True, "awsctx login --force -- -x"),
        ("\x1b[1m", False, r"awsctx login '\x1b[1m'"),
    ],
)
def test_the_command_to_sign_in(name: str, force: bool, command: str) -> None:
    assert login_command(name, force=force) == command


@pytest.mark.parametrize(
    ("knobs", "arguments"),
    [
        ({"device": "denied"}, ["--device-code"]),
        ({"device": "never"}, ["--device-code", "--timeout", "1"]),
        ({"authorize": "denied"}, ["--browser"]),
        ({"authorize": "state"}, ["--browser", "--timeout", "1"]),
        ({"authorize": "never"}, ["--browser", "--timeout", "1"]),
        ({}, []),
        ({}, ["--force"]),
    ],
)
def test_after_a_sign_in_that_failed(site: SignIns, knobs: dict[str, object], arguments: list[str]) -> None:
    """Two sessions and no context: without the name there would be nothing to sign in to."""
    site.config.write_text(site.config.read_text() + ODD)
    site.stand_in.control(**knobs)
    done = site.run("login", "a q", *arguments)
    assert done.returncode in (1, 3) and "awsctx login" in done.stderr, done
    (hint,) = [line.partition("awsctx login")[2] for line in done.stderr.splitlines() if "awsctx login" in line]
    typed = shlex.split(hint.partition(";")[0])
    assert typed == ["a q", *(["--force"] if arguments == ["--force"] else [])]
    site.stand_in.control(authorize="auto")
    assert site.run("login", *typed, "--browser").returncode == 0


def test_a_portal_that_refuses_what_looks_good(here: SignIns, screen: Said) -> None:
    here.sign_in("a q")
    token = flow.ensure(Session("a q", START_URL, "eu-west-1"), Request(), here.environ, screen).token
    here.stand_in.control(end_tokens=True)
    with pytest.raises(portal.TokenRefused) as caught:
        portal.Portal(token).accounts()
    assert caught.value.hints == ("sign in anew with: awsctx login 'a q' --force",)
    here.stand_in.control(faults=[{"operation": "ListAccounts", "kind": "status", "status": 403}])
    with pytest.raises(AwsctxError) as raised:
        portal.Portal(token).accounts()
    assert raised.value.hints == ("sign in anew with: awsctx login 'a q' --force",)
