"""`--read-only` and the guard: the weaker profile is asked about, too, and brings no region (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

from pathlib import Path

import pexpect
import pytest
from tests.commands.test_exec_read_only import Run, configure, run, sandbox
from tests.commands.weaker import ACCOUNT
from tests.support import stanza

from awsctx.demo.sandbox import Sandbox
from awsctx.demo.standin import STALE_KEY, Client

__all__ = ["run", "sandbox"]

VIEW = 'read_only = ["*ViewOnly*"]\nguard = ["worksso.view"]\n'
CALLS = {
    "exec": (("exec",), ("-p", "worksso.developer", "--", "touch", "ran")),
    "lock": (("exec", "--lock"), ("-p", "worksso.developer", "--", "touch", "ran")),
    "also": (("exec", "--lock", "--also", "worksso.developer"), ("-p", "ops", "--", "touch", "ran")),
    "match": (("exec",), ("--match", "worksso.developer", "--", "touch", "ran")),
    "env": (("env",), ("worksso.developer",)),
}
each_call = pytest.mark.parametrize("call", CALLS)


def words(call: str, *options: str) -> list[str]:
    before, after = CALLS[call]
    return [*before, "--read-only", *options, *after]


def status_of(child: pexpect.spawn) -> int:
    """The exit status of ``child``, once it has ended by itself."""
    child.expect(pexpect.EOF)
    return int(child.wait())


def said(role: str = "worksso.view") -> str:
    return f"'{role}' is guarded, and --read-only takes it for 'worksso.developer': "


@each_call
@pytest.mark.parametrize("guard", ["worksso.view", "role:*ViewOnly", "worksso.v*"])
def test_the_weaker_profile_is_asked_about(run: Run, sandbox: Sandbox, call: str, guard: str) -> None:
    configure(sandbox, VIEW.replace("worksso.view", guard))
    done = run(*words(call), status=1)
    assert said() in done.stderr and "--yes" in done.stderr
    assert not (sandbox.home / "ran").exists() and "AWS_" not in done.stdout
    for options in ((), ("-y",)):
        done = run(*words(call, *options), status=1, CLAUDECODE="1")
        assert said() in done.stderr and "a person's decision" in done.stderr and "--yes" not in done.stderr
    assert not (sandbox.home / "ran").exists() and "AWS_" not in done.stdout
    run(*words(call, "-y"))


@pytest.mark.parametrize("call", ["exec", "env"])
def test_a_person_is_asked(sandbox: Sandbox, call: str) -> None:
    configure(sandbox, VIEW)
    for answer, status in (("n", 1), ("y", 0)):
        command = str(sandbox.bin / "awsctx")
        child = pexpect.spawn(command, words(call), env=sandbox.environ, cwd=str(sandbox.home), encoding="utf-8", timeout=30)  # type: ignore[arg-type]
        child.expect_exact("'worksso.view' is guarded, and --read-only takes it for 'worksso.developer'. ")
        child.send(f"{answer}\r")
        assert status_of(child) == status
        assert (sandbox.home / "ran").exists() is (answer == "y" and call == "exec")


def test_a_role_that_is_no_profile(run: Run, sandbox: Sandbox, aws: Client) -> None:
    """No other role that `read_only` names later is taken in its place."""
    for guard in ("role:My*", f"account:{ACCOUNT}"):
        configure(sandbox, f'guard = ["{guard}"]\n')
        run("worksso.developer", "-y")
        for call in (("exec", "--read-only", "--", "true"), ("env", "--read-only")):
            assert said("MyReadOnly") in run(*call, status=1, CLAUDECODE="1").stderr
    configure(sandbox, 'guard = ["MyReadOnly", "*.view", "role:developer"]\n')
    run("exec", "--read-only", "--", "true", CLAUDECODE="1")


def test_what_is_in_force_or_asked_about_is_not_asked_about_again(run: Run, sandbox: Sandbox) -> None:
    configure(sandbox, VIEW)
    run("worksso.view", "-y")
    for call in CALLS:
        run(*words(call), CLAUDECODE="1")
    run("worksso.tester")
    command = [*words("lock")[:2], "--read-only", "--also", "worksso.view", *CALLS["lock"][1]]
    child = pexpect.spawn(
        str(sandbox.bin / "awsctx"), command, env=sandbox.environ, cwd=str(sandbox.home), encoding="utf-8", timeout=30
    )  # type: ignore[arg-type]
    child.expect_exact("'worksso.view' is guarded. Grant it too? ")
    child.send("y\r")
    assert status_of(child) == 0


# --- the region stays the context's -----------------------------------------------------------------------------------

SHOW = (
    "echo ${AWS_PROFILE-none} ${AWS_REGION-none}; aws configure get region || echo no; "
    "AWS_REGION=eu-west-1 aws sts get-caller-identity"
)


@pytest.fixture
def noregion(sandbox: Sandbox) -> str:
    configure(sandbox, 'read_only = ["*ViewOnly*"]\n')
    config = Path(sandbox.home / ".aws/config")
    values = {"sso_session": "worksso", "sso_account_id": ACCOUNT, "sso_role_name": "developer"}
    config.write_text(config.read_text() + stanza("noregion", **values))
    return "noregion"


def test_a_context_without_a_region_gets_none(run: Run, noregion: str) -> None:
    got = run("exec", "--read-only", "-p", noregion, "-c", SHOW).stdout
    assert got.splitlines()[:2] == ["none none", "no"] and "Auditor-ViewOnly" in got
    got = run("exec", "--lock", "--read-only", "-p", noregion, "-c", SHOW).stdout
    assert got.splitlines()[:2] == ["worksso.view none", "no"] and "Auditor-ViewOnly" in got
    assert run("exec", "--read-only", "-p", f"{noregion}@eu-west-3", "-c", SHOW).stdout.startswith("worksso.view eu-west-3\n")
    printed = run("env", "--read-only", noregion).stdout
    assert "export AWS_PROFILE" not in printed and "export AWS_REGION" not in printed and "AWS_ACCESS_KEY_ID" in printed


def test_a_context_with_a_region_keeps_it_without_the_profiles(run: Run, noregion: str) -> None:
    for arguments in (("-p", noregion, "-r", "eu-west-3"), ("-p", f"{noregion}@eu-west-3")):
        got = run("exec", "--read-only", *arguments, "-c", "echo $AWS_PROFILE $AWS_REGION").stdout
        assert got == "worksso.view eu-west-3\n"


# --- no lock hands out a long-lived key -------------------------------------------------------------------------------


def test_no_lock_hands_out_long_lived_keys(run: Run, sandbox: Sandbox) -> None:
    refused = "awsctx: the keys of 'user' are long-lived, and a lock hands out no such keys\n  "
    for call in (("--lock", "--keys"), ("--lock", "--keys", "--match")):
        name = ("user",) if call[-1] == "--match" else ("-p", "user")
        done = run("exec", *call, *name, "--", "touch", "ran", status=1)
        assert refused.removesuffix("\n  ").removeprefix("awsctx: ") in done.stderr and not (sandbox.home / "ran").exists()
    for inner in ("awsctx exec --keys -- env", "awsctx env", "awsctx env user --format json"):
        done = run("exec", "--lock", "-p", "user", "-c", inner, status=1)
        assert refused in done.stderr and STALE_KEY not in done.stdout
    assert run("exec", "--lock", "--keys", "--read-only", "-p", "user", "-c", "echo $AWS_SESSION_TOKEN").stdout != "\n"
    assert "AWS_ACCESS_KEY_ID=ASIA" in run("exec", "--lock", "--keys", "-p", "ops", "--", "env").stdout
    assert STALE_KEY in run("exec", "--keys", "-p", "user", "--", "env").stdout
    assert STALE_KEY in run("env", "user").stdout
