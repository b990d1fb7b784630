"""A sign-in that the portal has ended, and that looks good here: the way out is named, and works."""

from __future__ import annotations

import json
import shlex

import pexpect
import pytest
from tests.commands.conftest import Run
from tests.signin.helpers import ended

from awsctx.demo.sandbox import Sandbox
from awsctx.demo.standin import Client

SAID = "worksso.tester: the SSO portal does not take its sign-in any more"
HINT = "awsctx login worksso --force"


@pytest.mark.parametrize(("command", "status"), [("whoami", 1), ("env", 3)])
def test_the_hint_works_when_it_is_typed(command: str, status: int, run: Run, aws: Client) -> None:
    aws.control(end_tokens=True)
    done = run(command, "worksso.tester")
    assert (done.returncode, done.stdout, done.stderr) == (status, "", f"awsctx: {SAID}\n  {HINT}\n")
    typed = shlex.split(HINT)[1:]
    assert run(*typed, "--device-code").returncode == 0
    assert run(command, "worksso.tester").returncode == 0


def test_an_old_inline_form_that_has_ended_here_needs_no_force(run: Run, sandbox: Sandbox, aws: Client) -> None:
    (token,) = (sandbox.home / ".aws" / "sso" / "cache").glob("*.json")
    ended = {**json.loads(token.read_text()), "expiresAt": "2020-01-01T00:00:00Z", "refreshToken": ""}
    token.write_text(json.dumps(ended))
    assert run("whoami", "worksso.tester").stderr.endswith("\n  awsctx login worksso\n")


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["whoami", "worksso.tester"], r"account  43214321"),
        (["whoami", "worksso.tester", "--json"], r'"ok": true'),
        (["env", "worksso.tester"], r"export AWS_ACCESS_KEY_ID="),
    ],
)
def test_at_a_terminal_a_new_one_is_offered(arguments: list[str], found: str, sandbox: Sandbox, aws: Client) -> None:
    aws.control(end_tokens=True)
    child = pexpect.spawn(
        str(sandbox.bin / "awsctx"),
        arguments,
        env={**sandbox.environ, "SSH_CONNECTION": "1 2 3 4"},
        encoding="utf-8",
        timeout=30,
    )
    child.expect_exact("the SSO portal does not take the sign-in to session 'worksso' any more. Sign in now? [Y/n] ")
    child.send("y\r")
    child.expect("signed in to session 'worksso'")
    child.expect(found)
    assert ended(child) == 0


def test_answered_no_it_is_said(sandbox: Sandbox, aws: Client) -> None:
    aws.control(end_tokens=True)
    child = pexpect.spawn(str(sandbox.bin / "awsctx"), ["whoami", "worksso.tester"], env=sandbox.environ, encoding="utf-8")
    child.expect_exact("Sign in now? [Y/n] ")
    child.send("n\r")
    child.expect_exact(HINT)
    assert ended(child) == 1
