"""`--read-only`: weaker credentials by IAM, as the portal and STS see them (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.commands.weaker import ACCOUNT, ACCOUNTS, MORE, POLICY
from tests.tools import locate

from awsctx.demo.sandbox import CONFIG, Sandbox, prepare
from awsctx.demo.standin import STALE_KEY, STALE_SECRET, Client

Run = Callable[..., "subprocess.CompletedProcess[str]"]
ASK = "aws sts get-caller-identity --query Arn --output text"


@pytest.fixture
def sandbox(aws: Client, tmp_path: Path) -> Sandbox:
    """A signed-in home; the sign-in grants a role that only reads beside the developer's."""
    aws.control(accounts=ACCOUNTS)
    tools = [locate.aws2().parent]
    made = prepare(tmp_path, aws, tools=tools, config=CONFIG + MORE.replace("{home}", str(tmp_path / "home")))
    (made.home / "web-token").write_text("a.web.token")
    return made


@pytest.fixture
def run(sandbox: Sandbox) -> Run:
    def run(*arguments: str, status: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        environ = {**sandbox.environ, **variables}
        command = [str(sandbox.bin / "awsctx"), *arguments]
        done = subprocess.run(
            command, env=environ, cwd=sandbox.home, stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=120
        )
        assert done.returncode == status, done
        assert "Traceback" not in done.stderr
        return done

    return run


def configure(sandbox: Sandbox, text: str) -> None:
    folder = Path(sandbox.environ["XDG_CONFIG_HOME"]) / "awsctx"
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(text)


def roles(aws: Client) -> set[str]:
    return {call["role_name"] for call in aws.calls("GetRoleCredentials")}


SHOW = "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('AWS_')}))"


def shown(run: Run, *arguments: str) -> dict[str, str]:
    return dict(json.loads(run("exec", "--read-only", *arguments, "--", "python3", "-c", SHOW).stdout))


# --- SSO --------------------------------------------------------------------------------------------------------------


def test_a_profile_of_the_config_comes_before_the_portal(run: Run, aws: Client) -> None:
    """Glob by glob: MyReadOnly is the portal's, and `*ReadOnly*` comes first."""
    done = run("exec", "--read-only", "-p", "worksso.developer", "-c", f"{ASK}; echo ${{AWS_PROFILE-none}} $AWS_REGION")
    assert re.match(rf"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_MyReadOnly_\w+/user\n", done.stdout)
    assert done.stdout.splitlines()[1] == "none eu-west-1"
    assert roles(aws) == {"MyReadOnly"} and aws.count("ListAccountRoles") == 1


def test_the_globs_of_the_own_config(run: Run, aws: Client, sandbox: Sandbox) -> None:
    configure(sandbox, 'read_only = ["*ViewOnly", "*ReadOnly*"]\n')
    done = run("exec", "--read-only", "-p", "worksso.developer", "-c", f"{ASK}; echo $AWS_PROFILE $AWS_REGION")
    assert "AWSReservedSSO_Auditor-ViewOnly_" in done.stdout
    assert done.stdout.splitlines()[1] == "worksso.view eu-west-1", "the region stays the context's"
    assert roles(aws) == {"Auditor-ViewOnly"} and aws.count("ListAccountRoles") == 0


def test_a_context_with_a_region_keeps_it(run: Run) -> None:
    got = shown(run, "-p", "worksso.developer@eu-central-1")
    assert got["AWS_REGION"] == got["AWS_DEFAULT_REGION"] == "eu-central-1"
    assert "AWS_PROFILE" not in got and got["AWS_ACCESS_KEY_ID"].startswith("ASIA")


def test_what_only_reads_already_runs_as_it_is(run: Run, aws: Client) -> None:
    assert shown(run, "-p", "worksso.view")["AWS_PROFILE"] == "worksso.view"
    assert shown(run, "-p", "auditor")["AWS_PROFILE"] == "auditor"
    assert aws.count("ListAccountRoles") == aws.count("GetRoleCredentials") == 0


def test_none_of_the_roles_only_reads(run: Run, aws: Client, sandbox: Sandbox) -> None:
    done = run("exec", "--read-only", "-p", "worksso.tester", "--", "touch", "ran", status=1)
    assert (
        "'worksso.tester' cannot be made read-only: no role of account 43214321 matches *ReadOnly*, *ViewOnly*" in done.stderr
    )
    assert "the sign-in grants there: tester" in done.stderr
    assert not (sandbox.home / "ran").exists() and aws.count("GetRoleCredentials") == 0


def test_case_counts(run: Run, sandbox: Sandbox) -> None:
    configure(sandbox, 'read_only = ["*readonly*"]\n')
    assert "matches *readonly*" in run("exec", "--read-only", "-p", "worksso.developer", "--", "true", status=1).stderr


def test_signed_out_is_a_sign_in_needed(run: Run, aws: Client, sandbox: Sandbox) -> None:
    next((sandbox.home / ".aws/sso/cache").glob("*.json")).unlink()
    said = "awsctx: worksso.developer: its sign-in has ended, or there is none\n  awsctx login worksso\n"
    done = run("exec", "--read-only", "-p", "worksso.developer", "--", "touch", "ran", status=3)
    assert done.stderr == said and not (sandbox.home / "ran").exists()
    assert run("env", "worksso.developer", "--read-only", status=3).stderr == said


# --- a session policy -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("profile", "policy"), [("ops", POLICY), ("china", POLICY.replace("arn:aws:", "arn:aws-cn:"))])
def test_a_role_is_assumed_under_a_session_policy(run: Run, aws: Client, profile: str, policy: str) -> None:
    got = shown(run, "-p", profile)
    (call,) = aws.calls("AssumeRole")
    assert call["policies"] == [policy]
    assert "AWS_PROFILE" not in got and got["AWS_REGION"] == "eu-west-1"


def test_of_a_chain_the_last_role_alone(run: Run, aws: Client) -> None:
    """ReadOnlyAccess grants no sts:AssumeRole: the roles on the way are assumed as ever."""
    shown(run, "-p", "chained")
    assert [(call["arn"].split("/")[1], call["policies"]) for call in aws.calls("AssumeRole")] == [
        ("ops", []),
        ("top", [POLICY]),
    ]


def test_a_web_identity(run: Run, aws: Client) -> None:
    shown(run, "-p", "web")
    assert [call["policies"] for call in aws.calls("AssumeRoleWithWebIdentity")] == [[POLICY]]


def test_a_web_identity_whose_token_is_not_there(run: Run, sandbox: Sandbox) -> None:
    (sandbox.home / "web-token").unlink()
    for call in (("exec", "--read-only", "-p", "web", "--", "true"), ("env", "web"), ("whoami", "web")):
        first = run(*call, status=1).stderr.splitlines()[0]
        assert first == "awsctx: web: could not read ~/web-token: No such file or directory"


def test_an_iam_users_keys(run: Run, aws: Client) -> None:
    got = shown(run, "-p", "user")
    (call,) = aws.calls("GetFederationToken")
    assert call["policies"] == [POLICY]
    assert got["AWS_ACCESS_KEY_ID"] not in (STALE_KEY, "") and STALE_SECRET not in got.values()


@pytest.mark.parametrize(("profile", "what"), [("process", "a credential_process"), ("short", "short-lived keys")])
def test_what_cannot_be_made_read_only(run: Run, sandbox: Sandbox, profile: str, what: str) -> None:
    done = run("exec", "--read-only", "-p", profile, "--", "touch", "ran", status=1)
    assert done.stderr.splitlines()[0] == f"awsctx: '{profile}' cannot be made read-only: its credentials come from {what}"
    assert not (sandbox.home / "ran").exists()


# --- many, env, lock --------------------------------------------------------------------------------------------------


def test_many_at_once_and_those_that_failed_again(run: Run, aws: Client) -> None:
    many = ("--match", "worksso.*", "--match", "ops", "--match", "process")
    done = run("exec", "--read-only", *many, "--json", "-c", f"{ASK}; test $AWS_REGION = nowhere", status=1)
    found = {item["profile"]: item for item in map(json.loads, done.stdout.splitlines())}
    assert "MyReadOnly" in found["worksso.developer"]["stdout"] and "role/ops" in found["ops"]["stdout"]
    for name in ("worksso.tester", "process"):
        assert found[name]["stdout"] == "" and "cannot be made read-only" in found[name]["stderr"]
    run("exec", "--failed", status=1)
    assert aws.count("AssumeRole") == 2
    assert all(call["policies"] for call in aws.calls("AssumeRole"))


def test_env_names_no_stronger_profile(run: Run, aws: Client, sandbox: Sandbox) -> None:
    script = f'eval "$(awsctx env --read-only worksso.developer)"; echo ${{AWS_PROFILE-none}} $AWS_REGION; {ASK}'
    done = subprocess.run(
        ["bash", "-c", script], env={**sandbox.environ, "AWS_PROFILE": "worksso.developer"}, text=True, capture_output=True
    )
    assert done.stdout.splitlines()[0] == "none eu-west-1" and "MyReadOnly" in done.stdout
    configure(sandbox, 'read_only = ["*ViewOnly"]\n')
    out = run("env", "--read-only", "worksso.developer").stdout
    assert "export AWS_PROFILE='worksso.view'" in out and "export AWS_REGION='eu-west-1'" in out
    assert json.loads(run("env", "--read-only", "ops", "--format", "process").stdout)["Version"] == 1
    assert "cannot be made read-only" in run("env", "--read-only", "process", status=1).stderr
    assert roles(aws) <= {"MyReadOnly", "Auditor-ViewOnly", "developer"}
    assert all(call["policies"] == [POLICY] for call in aws.calls("AssumeRole"))


@pytest.mark.parametrize(
    ("profile", "name", "who"),
    [
        ("worksso.developer", "worksso.developer.read-only", "AWSReservedSSO_MyReadOnly_"),
        ("worksso.view", "worksso.view", "AWSReservedSSO_Auditor-ViewOnly_"),
        ("ops", "ops.read-only", "assumed-role/ops/"),
        ("user", "user.read-only", "federated-user/awsctx"),
        ("auditor", "auditor", "assumed-role/TheReadOnlyOne/"),
    ],
)
def test_under_a_lock(run: Run, aws: Client, profile: str, name: str, who: str) -> None:
    script = f"echo $AWS_PROFILE $AWS_REGION; {ASK}; aws configure list-profiles; cat $AWS_CONFIG_FILE; awsctx exec -- {ASK}"
    done = run("exec", "--lock", "--read-only", "-p", profile, "-c", script)
    first, asked, listed, *rest = done.stdout.splitlines()
    assert first.split()[0] == listed == name and who in asked and who in rest[-1]
    assert rest[0].startswith("#"), "no other profile"
    assert STALE_SECRET not in done.stdout
    assert done.stderr.startswith(f"awsctx: locked to {name} (") and done.stderr.endswith("), read-only\n")
    if profile in ("ops", "user"):
        assert all(call["policies"] == [POLICY] for call in aws.calls("AssumeRole") + aws.calls("GetFederationToken"))


@pytest.mark.parametrize(
    ("profile", "account", "role"),
    [
        ("worksso.developer", ACCOUNT, "MyReadOnly"),
        ("ops", "210987654321", "ops"),
        ("auditor", "210987654321", "TheReadOnlyOne"),
        ("user", None, None),
    ],
)
def test_the_receipt_under_a_lock(run: Run, profile: str, account: str | None, role: str | None) -> None:
    done = run("exec", "--lock", "--read-only", "-q", "-p", profile, "--", "awsctx", "current", "--json")
    receipt = json.loads(done.stdout)
    assert (receipt["account_id"], receipt["role_name"]) == (account, role)
    assert (receipt["read_only"], receipt["locked"]) == (True, True)
    done = run("exec", "--lock", "-q", "-p", profile, "--", "awsctx", "current", "--json")
    assert json.loads(done.stdout)["read_only"] is (profile == "auditor")


@pytest.mark.parametrize("profile", ["worksso.developer", "ops", "user"])
def test_the_receipt_of_keys(run: Run, profile: str) -> None:
    """It is about these very keys: neither other keys in their place nor what another `exec` gives only read."""
    run("use", profile)
    ask = "awsctx current --json"
    ways = [ask, f"AWS_ACCESS_KEY_ID=AKIAOTHER {ask}", f"{ask} -p {profile}", f"awsctx exec -q --keys -- {ask}", f"env {ask}"]
    script = "; ".join([*ways, "awsctx exec -q -- printenv AWSCTX_READ_ONLY || true"])
    text = run("exec", "--read-only", "-q", "-c", script).stdout.replace("}\n{", "},{")
    receipts = [(found["credentials"], found["read_only"]) for found in json.loads(f"[{text}]")]
    named = receipts.pop(2)
    assert receipts == [("env", True), ("env", False), ("env", False), ("env", True)] and named[1] is False
    assert "AWSCTX_READ_ONLY" not in run("env", "--read-only", profile).stdout
    out = run("exec", "--read-only", "--match", profile, "--json", "--", "awsctx", "current", "--json").stdout
    assert json.loads(out)["stdout"]["read_only"] is True


def test_the_stronger_role_is_never_asked_for(run: Run, aws: Client) -> None:
    run("exec", "--lock", "--read-only", "-p", "worksso.developer", "-c", f"{ASK}; awsctx exec --keys -- {ASK}; awsctx env")
    run("exec", "--read-only", "-p", "worksso.developer", "--", "sh", "-c", ASK)
    run("env", "--read-only", "worksso.developer")
    assert roles(aws) == {"MyReadOnly"}


def test_within_a_lock_nothing_but_the_locks_word_counts(run: Run, aws: Client, sandbox: Sandbox) -> None:
    """Settings that the command names itself make no role read-only."""
    evil = sandbox.home / "evil.toml"
    evil.write_text('read_only = ["*"]\n')
    for profile, status in (("worksso.developer", 1), ("ops", 0)):
        script = f"AWSCTX_CONFIG={evil} awsctx exec --read-only -- {ASK}"
        done = run("exec", "--lock", "-p", profile, "-c", script, status=status)
        assert status == 0 or "the lock grants no weaker role of it" in done.stderr
    assert [call["policies"] for call in aws.calls("AssumeRole")] == [[POLICY]]
    run("exec", "--lock", "--read-only", "-p", "ops", "-c", f"AWSCTX_CONFIG={evil} {ASK}")
    assert all(call["policies"] == [POLICY] for call in aws.calls("AssumeRole"))


def test_also_is_weakened_too_or_nothing_runs(run: Run, aws: Client, sandbox: Sandbox) -> None:
    lock = ("exec", "--lock", "--read-only", "-p", "worksso.view", "--also")
    assert run(*lock, "ops", "--", "awsctx", "list").stdout.split() == ["worksso.view", "ops.read-only"]
    done = run(*lock, "process", "--", "touch", "ran", status=1)
    assert "'process' cannot be made read-only" in done.stderr and not (sandbox.home / "ran").exists()
