"""`awsctx whoami` at the stand-in AWS: who a profile is, what differs, and why one could not be asked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.commands.conftest import Run

from awsctx.aws import identity
from awsctx.cli.styled import drawn
from awsctx.commands.env import env
from awsctx.commands.whoami import whoami, whoami_many
from awsctx.demo.sandbox import Sandbox
from awsctx.demo.standin import STALE_KEY, STALE_SECRET, Client
from awsctx.errors import AwsctxError
from awsctx.signin import service
from awsctx.world import World

Make = Callable[..., World]
KEYS = ["profile", "account_id", "role_name", "arn", "expected_account_id", "expected_role_name", "ok", "error"]


def ask(world: World, name: str) -> dict[str, Any]:
    result = whoami(world, name, as_json=True)
    found = json.loads(result.out)
    assert list(found) == KEYS
    assert result.status == (0 if found["ok"] else 1)
    return dict(found)


@pytest.mark.parametrize(
    ("profile", "account", "role"),
    [
        ("worksso.developer", "123412341234", "developer"),
        ("worksso.tester", "43214321", "tester"),
        ("role", "210987654321", "deployer"),
        ("web", "210987654321", "ci"),
    ],
)
def test_a_profile_that_is_what_the_config_says(profile: str, account: str, role: str, world: Make) -> None:
    found = ask(world(), profile)
    assert (found["account_id"], found["role_name"], found["ok"], found["error"]) == (account, role, True, None)
    assert (found["expected_account_id"], found["expected_role_name"]) == (account, role)
    assert found["arn"].startswith(f"arn:aws:sts::{account}:assumed-role/")


def test_a_profile_of_which_the_config_says_nothing(world: Make) -> None:
    found = ask(world(), "process")
    assert (found["account_id"], found["expected_account_id"], found["ok"]) == ("43214321", None, True)


def test_nothing_in_the_environment_overrides_the_profile_that_is_asked_for(
    world: Make, aws: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = ask(
        world(
            monkeypatch,
            AWS_ACCESS_KEY_ID=STALE_KEY,
            AWS_SECRET_ACCESS_KEY=STALE_SECRET,
            AWS_PROFILE="worksso.developer",
            AWS_DEFAULT_PROFILE="worksso.developer",
            AWS_WEB_IDENTITY_TOKEN_FILE="/nowhere",
            AWS_ROLE_ARN="arn:aws:iam::210987654321:role/ci",
        ),
        "worksso.tester",
    )
    assert (found["account_id"], found["ok"]) == ("43214321", True)
    assert [call["account_id"] for call in aws.calls("GetCallerIdentity")] == ["43214321"]


def test_the_shell_that_would_use_something_else_is_told_so(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    result = whoami(world(monkeypatch, AWS_PROFILE="worksso.tester", AWS_ACCESS_KEY_ID="A", AWS_SECRET_ACCESS_KEY="s"))
    assert "account  43214321\n" in result.out
    assert result.talk == (
        "note: aws in this shell uses something else (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY is set); see: awsctx doctor",
    )


REVOKED = "the SSO portal does not take its sign-in any more: awsctx login worksso --force"


@pytest.mark.parametrize(
    ("profile", "faults", "error"),
    [
        ("not-granted", [], "the sign-in does not grant the role admin in account 123412341234"),
        ("worksso.tester", [{"operation": "GetRoleCredentials", "kind": "status", "status": 401}], REVOKED),
        ("worksso.tester", [{"operation": "GetRoleCredentials", "kind": "status", "status": 429}], "too many requests"),
        ("worksso.tester", [{"operation": "GetCallerIdentity", "kind": "status", "status": 500}], "an error of its own"),
        ("worksso.tester", [{"operation": "GetCallerIdentity", "kind": "close"}], "no route to"),
        (
            "role",
            [{"operation": "AssumeRole", "kind": "status", "status": 403, "code": "AccessDenied"}],
            "it may not assume the role deployer in account 210987654321",
        ),
        ("mfa", [], "MFA code"),
        ("unknown-keys", [], "AWS does not know its keys"),
        ("broken-process", [], "its credential_process, sh, has failed: run it by hand to see why; print it with: awsctx show"),
        ("nothing", [], "it has no credentials: see: awsctx doctor"),
    ],
)
def test_why_a_profile_could_not_be_asked(
    profile: str, faults: list[dict[str, Any]], error: str, world: Make, aws: Client
) -> None:
    aws.control(faults=faults)
    found = ask(world(), profile)
    assert error in found["error"]
    assert (found["ok"], found["arn"]) == (False, None)
    assert "hush" not in found["error"] and "\n" not in found["error"]


@pytest.mark.parametrize("operation", ["GetRoleCredentials", "GetCallerIdentity", "AssumeRole"])
@pytest.mark.parametrize("kind", ["html", "garbage", "empty", "redirect"])
def test_a_captive_portal_is_named(operation: str, kind: str, world: Make, aws: Client) -> None:
    """In the words that login and sync have for it."""
    aws.control(faults=[{"operation": operation, "kind": kind}])
    seen = kind == "redirect" and operation == "GetRoleCredentials"  # an STS parser only knows that it is no XML
    said = "a redirect (HTTP 302)" if seen else "not one of AWS's"
    error = f"the answer is {said}: is there a proxy or a captive portal in between?"
    profile = "role" if operation == "AssumeRole" else "worksso.tester"
    assert ask(world(), profile)["error"] == f"{error}: check the network and the proxy"
    with pytest.raises(AwsctxError) as raised:
        whoami(world(), profile)
    assert raised.value.message == f"{profile}: {error}"
    assert service.UNUSABLE == "the answer is not one of AWS's: is there a proxy or a captive portal in between?"


def test_a_credential_process_whose_keys_have_ended(world: Make, sandbox: Sandbox) -> None:
    ended = '{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "hush", "Expiration": "2020-01-01T00:00:00Z"}'
    (sandbox.home / "ended").write_text(ended)
    config = sandbox.home / ".aws" / "config"
    added = f"[profile ended]\ncredential_process = cat {sandbox.home}/ended\nregion = eu-west-1\n"
    config.write_text(config.read_text() + added)
    said = "its new keys have expired already"
    assert ask(world(), "ended")["error"] == f"{said}: check its credential_process and this machine's clock"
    with pytest.raises(AwsctxError) as raised:
        env(world(), "ended")
    assert raised.value.message == f"ended: {said}"


@pytest.mark.parametrize(
    ("process", "said"),
    [
        ("sh -c 'echo hush-hush >&2; exit 3'", "its credential_process, sh, has failed"),
        ("'/bin/a b' x", "its credential_process, /bin/a b, could not be run: No such file or directory"),
        ("echo hush", "its credential_process, echo, gives an answer that aws does not take"),
        ("""echo '{"Version": "hush"}'""", "its credential_process, echo, gives an answer that aws does not take"),
        ("""echo '{"Version": 1}'""", "its credential_process, echo, gives an answer that aws does not take"),
    ],
)
def test_a_credential_process_at_fault_is_named(world: Make, sandbox: Sandbox, process: str, said: str) -> None:
    """Itself, and as the source of a role; what it writes may be a secret."""
    config = sandbox.home / ".aws" / "config"
    role = "[profile by-it]\nrole_arn = arn:aws:iam::210987654321:role/x\nsource_profile = it\nregion = eu-west-1\n"
    config.write_text(f"{config.read_text()}[profile it]\ncredential_process = {process}\nregion = eu-west-1\n{role}")
    by_hand = "run it by hand to see why; print it with: awsctx show it"
    hint = "install it, or name it by its whole path" if "run:" in said else by_hand
    assert ask(world(), "it")["error"] == ask(world(), "by-it")["error"] == f"{said}: {hint}"


def test_a_person_gives_the_code_of_an_mfa_device(world: Make) -> None:
    asked: list[str] = []
    result = whoami(world(), "mfa", prompt=lambda question: asked.append(question) or "123456")
    assert (result.status, len(asked)) == (0, 1)


def test_nobody_is_there(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = "http://127.0.0.1:9"
    made = world(monkeypatch, AWS_ENDPOINT_URL=nowhere, AWS_ENDPOINT_URL_SSO=nowhere, AWS_ENDPOINT_URL_STS=nowhere)
    assert ask(made, "worksso.tester")["error"] == "no route to 127.0.0.1:9: check the network and the proxy"


def test_a_server_that_says_nothing_is_given_up(world: Make, aws: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_READ_SECONDS", 0.3)
    aws.control(faults=[{"operation": "GetCallerIdentity", "kind": "hang", "seconds": 5}])
    assert "no answer from" in ask(world(), "worksso.tester")["error"]


def test_a_mismatch_fails_and_says_what_the_config_wants(world: Make) -> None:
    found = ask(world(), "contradiction")
    assert (found["account_id"], found["role_name"], found["error"]) == ("210987654321", "deployer", None)
    assert (found["expected_account_id"], found["expected_role_name"]) == ("123412341234", "developer")
    told = whoami(world(), "contradiction")
    assert told.status == 1
    assert told.talk == ("awsctx: contradiction is not what the config says: account 123412341234, role developer",)


def test_many_at_once_in_the_order_of_the_list(world: Make, aws: Client) -> None:
    aws.control(latency=0.1)
    steps: list[tuple[int, int]] = []
    began = time.monotonic()
    result = whoami_many(
        world(), ["worksso.*", "role", "unknown-*"], as_json=True, told=lambda done, of: steps.append((done, of))
    )
    assert time.monotonic() - began < 5
    found = json.loads(result.out)
    assert [(item["profile"], item["ok"]) for item in found] == [
        ("worksso.developer", True),
        ("worksso.tester", True),
        ("role", True),
        ("unknown-keys", False),
    ]
    assert result.status == 1
    assert steps == [(done, 4) for done in (1, 2, 3, 4)]


def test_a_table_of_many(world: Make) -> None:
    result = whoami_many(world(), ["worksso.*"])
    assert result.status == 0
    assert drawn(result.out, colours=False) == (
        "profile            account       role       is\n"
        "worksso.developer  123412341234  developer  ok\n"
        "worksso.tester     43214321      tester     ok\n"
    )


def test_a_sign_in_that_is_about_to_end_is_refreshed_once_for_all(world: Make, aws: Client, sandbox: Sandbox) -> None:
    (token,) = (sandbox.home / ".aws" / "sso" / "cache").glob("*.json")
    text = json.loads(token.read_text())
    token.write_text(json.dumps({**text, "expiresAt": "2020-01-01T00:00:00Z"}))
    result = whoami_many(world(), ["worksso.*", "role"])
    assert result.status == 0, result.out
    assert aws.count("CreateToken") == 1


def test_nothing_matches(world: Make) -> None:
    with pytest.raises(AwsctxError, match="no profile matches"):
        whoami_many(world(), ["x*"])


@pytest.mark.parametrize(
    ("arn", "role"),
    [
        ("arn:aws:sts::1:assumed-role/AWSReservedSSO_a_b_0123456789abcdef/ada", "a_b"),
        ("arn:aws:sts::1:assumed-role/plain_role/session", "plain_role"),
        ("arn:aws:sts::1:assumed-role/AWSReservedSSO_odd/ada", "AWSReservedSSO_odd"),
        ("arn:aws:iam::1:user/ada", ""),
        ("arn:aws:iam::1:root", ""),
    ],
)
def test_the_role_in_an_arn(arn: str, role: str) -> None:
    assert identity.role_name(arn) == role


def test_the_installed_command(run: Run) -> None:
    done = run("whoami", "worksso.tester")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "profile  worksso.tester\naccount  43214321\nrole     tester\narn      arn:aws:sts::43214321:"
    )
    failed = run("whoami", "not-granted")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr == (
        "awsctx: not-granted: the sign-in does not grant the role admin in account 123412341234\n"
        "  ask who grants it, or see: awsctx sync\n"
    )
    assert run("whoami", "a", "--all").returncode == 2
