"""An agent under `exec --lock`: what each SDK sees there, and what comes of its ways out (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.support import HOSTILE, stanza
from tests.tools import locate

from awsctx.demo.sandbox import CONFIG, Sandbox, add_program, prepare, write_token
from awsctx.demo.standin import STALE_KEY, STALE_SECRET, Account, Client

ROOT = Path(__file__).parents[2]
DEV, OTHER = "worksso.developer", "worksso.tester"
MORE = (
    stanza("ops", role_arn="arn:aws:iam::210987654321:role/ops", source_profile=DEV, region="eu-west-1")
    + stanza("by-keys", role_arn="arn:aws:iam::210987654321:role/keyed", source_profile="user", region="eu-west-1")
    + stanza("user", region="eu-west-1")
    + stanza("process", credential_process="awsctx env worksso.tester --format process", region="eu-west-1")
)
CREDENTIALS = f"[user]\naws_access_key_id = {STALE_KEY}\naws_secret_access_key = {STALE_SECRET}\n"
# What each asks of: who the profile named by its argument is.
PYTHON = "import boto3, sys; print(boto3.Session(profile_name=sys.argv[1]).client('sts').get_caller_identity()['Arn'])"
PYTHON_LIST = "import boto3; print(*boto3.Session().available_profiles)"
NODE = """
const {STSClient, GetCallerIdentityCommand} = require('@aws-sdk/client-sts');
const sts = new STSClient({region: 'eu-west-1', profile: process.argv[2]});
const failed = error => { console.error(error.name, error.message); process.exit(1); };
sts.send(new GetCallerIdentityCommand({})).then(answer => console.log(answer.Arn), failed);
"""


@pytest.fixture
def sandbox(aws: Client, tmp_path: Path) -> Sandbox:
    """A signed-in home with profiles of each kind; `python-sdk` and `node-sdk` ask STS by those SDKs."""
    aws.control(accounts=[Account("123412341234", "dev", ("developer", "ReadOnly")), Account("43214321", "test", ("tester",))])
    made = prepare(tmp_path, aws, tools=[locate.aws2().parent], config=CONFIG + MORE)
    (made.home / ".aws" / "credentials").write_text(CREDENTIALS)
    add_program(made.bin, "python-sdk", PYTHON)
    add_program(made.bin, "python-list", PYTHON_LIST)
    script = tmp_path / "ask.js"
    script.write_text(NODE)
    modules = locate.sdk_js() / "node_modules"
    node = made.bin / "node-sdk"
    node.write_text(f'#!/bin/sh\nNODE_PATH={modules} exec node {script} "$@"\n')
    node.chmod(0o755)
    cli = made.bin / "cli"
    cli.write_text('#!/bin/sh\nexec aws sts get-caller-identity --query Arn --output text --profile "$1"\n')
    cli.chmod(0o755)
    return made


def run(sandbox: Sandbox, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {**sandbox.environ, **variables}
    command = [str(sandbox.bin / "awsctx"), *arguments]
    return subprocess.run(
        command, env=environ, cwd=sandbox.home, stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=120
    )


SDKS = ("cli", "python-sdk", "node-sdk")
GRANTED = {
    DEV: "assumed-role/AWSReservedSSO_developer_",
    "ops": "assumed-role/ops/",
    "by-keys": "assumed-role/keyed/",
    "user": "user/old-ci",
    "process": "assumed-role/AWSReservedSSO_tester_",
}


@pytest.mark.parametrize("sdk", SDKS)
@pytest.mark.parametrize("profile", GRANTED)
def test_what_is_granted_works_in_each_sdk(sandbox: Sandbox, sdk: str, profile: str) -> None:
    done = run(sandbox, "exec", "--lock", "-q", "-p", profile, "--", sdk, profile)
    assert GRANTED[profile] in done.stdout, done


@pytest.mark.parametrize(
    ("sdk", "error"),
    [
        ("cli", "The config profile (worksso.tester) could not be found"),
        ("python-sdk", "The config profile (worksso.tester) could not be found"),
        ("node-sdk", "Could not load credentials from any providers"),
    ],
)
def test_another_profile_fails_by_the_sdks_own_error(sandbox: Sandbox, aws: Client, sdk: str, error: str) -> None:
    done = run(sandbox, "exec", "--lock", "-q", "-p", DEV, "--", sdk, OTHER)
    assert done.returncode != 0 and error in done.stderr, done
    assert aws.count("GetRoleCredentials") == 0


def test_only_the_granted_profiles_exist(sandbox: Sandbox) -> None:
    script = "aws configure list-profiles; python-list"
    done = run(sandbox, "exec", "--lock", "-q", "-p", "ops", "--also", "us*", "-c", script)
    assert done.stdout.split() == ["ops", DEV, "user"] * 2, "the source is there for the SDK"


def test_names_that_a_careless_program_would_run(sandbox: Sandbox) -> None:
    config = sandbox.home / ".aws" / "config"
    keys = {"aws_access_key_id": STALE_KEY, "aws_secret_access_key": STALE_SECRET, "region": "eu-west-1"}
    config.write_text(config.read_text() + "".join(stanza(name, **keys) for name in HOSTILE))
    script = 'for name; do python-sdk "$name" || echo "failed: $name"; done'
    lock = [word for name in HOSTILE for word in ("--also", name.replace("*", "[*]"))]
    done = run(sandbox, "exec", "--lock", "-q", *lock, "-p", DEV, "-c", script, *HOSTILE)
    assert done.stdout.splitlines() == ["arn:aws:iam::999988887777:user/old-ci"] * len(HOSTILE), done
    assert not list(sandbox.home.rglob("pwned"))


def test_a_refreshed_token_is_seen(sandbox: Sandbox, aws: Client) -> None:
    """Signed in anew outside while the command runs."""
    cache = sandbox.home / ".aws" / "sso" / "cache"
    next(cache.glob("*.json")).unlink()
    script = f"cli {DEV} 2>&1; touch asked; while [ ! -e go ]; do sleep 0.05; done; cli {DEV}"
    with subprocess.Popen(
        [sandbox.bin / "awsctx", "exec", "--lock", "-q", "-p", DEV, "-c", script],
        env=sandbox.environ, cwd=sandbox.home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        while not (sandbox.home / "asked").exists() and process.poll() is None:
            pass
        write_token(sandbox.home, "worksso", aws.sign_in())
        (sandbox.home / "go").touch()
        out = process.communicate(timeout=60)[0]
    assert "Error loading SSO Token" in out and GRANTED[DEV] in out


def test_no_long_lived_key_is_anywhere_but_where_it_was(sandbox: Sandbox) -> None:
    for profile in ("user", "by-keys"):
        assert run(sandbox, "exec", "--lock", "-p", profile, "--also", "*", "--", "cli", profile).returncode == 0
    folder = sandbox.home.parent
    found = [path for path in folder.rglob("*") if path.is_file() and STALE_SECRET.encode() in path.read_bytes()]
    assert found == [sandbox.home / ".aws" / "credentials"]
    for path in (folder / "state").rglob("*"):
        assert path.stat().st_mode & 0o77 == 0, path


# --- an agent that tries to get out -----------------------------------------------------------------------------------

# {way: (script, what stopped it)}; an empty one: nothing does, and the man page says so.
WAYS = {
    "another profile by aws": ("cli {other}", "could not be found"),
    "another profile by boto3": ("python-sdk {other}", "could not be found"),
    "another profile by JavaScript": ("node-sdk {other}", "Could not load credentials"),
    "the stronger profile by aws": ("cli {dev}", "could not be found"),
    "AWS_PROFILE": ("AWS_PROFILE={other} aws sts get-caller-identity", "could not be found"),
    "AWS_DEFAULT_PROFILE": ("unset AWS_PROFILE; AWS_DEFAULT_PROFILE={other} python-sdk {other}", "could not be found"),
    "no profile": ("unset AWS_PROFILE; aws sts get-caller-identity", "Unable to locate credentials"),
    "awsctx NAME": ("awsctx {other} -y && awsctx exec -- cli {other}", "does not allow a switch"),
    "awsctx -": ("awsctx -", "does not allow a switch"),
    "awsctx exec -p": ("awsctx exec -p {other} -y -- cli {other}", "which the lock does not grant"),
    "awsctx exec -p the stronger": ("awsctx exec -p {dev} -- aws sts get-caller-identity", "which the lock does not grant"),
    "awsctx exec --all": ("awsctx exec --all -y -q -- printenv AWS_PROFILE | grep -v read-only", ""),
    "awsctx exec --failed": ("awsctx exec --failed", "no last run"),
    "awsctx env": ("awsctx env {dev}", "the lock does not grant"),
    "awsctx console": ("awsctx console {other} --print", "the lock does not grant"),
    "awsctx login": ("awsctx login worksso --device-code", "does not allow a sign-in"),
    "awsctx add": ("awsctx add x --session worksso --account 123412341234 --role developer", "does not allow a change"),
    "awsctx sync": ("awsctx sync worksso -y", "does not allow a change"),
    "a wider lock": ("awsctx exec --lock --also '*' -p {other} -- cli {other}", "which the lock does not grant"),
    "its own settings": (
        "echo 'read_only = [\"*\"]' > mine.toml; AWSCTX_CONFIG=mine.toml awsctx exec --read-only -p {dev} -- true",
        "which the lock does not grant",
    ),
    "awsctx with the user's AWS_CONFIG_FILE": (
        "AWS_CONFIG_FILE=$HOME/.aws/config awsctx exec -p {dev} -- true",
        "does not grant",
    ),
    "a profile added by aws configure": (
        "aws configure set sso_role_name developer --profile {name}; awsctx exec -- cli {name}",
        "gone or has been changed",
    ),
    "a grant added to the lock's file": (
        "printf '# grants\\t{dev}\\n' >> $AWSCTX_LOCK; awsctx list",
        "gone or has been changed",
    ),
    "the process of a lock": ("awsctx _locked {dev}", "no lock reaches"),
    # What nothing stops.
    "unset the variables": ("unset AWSCTX_LOCK AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE; cli {dev}", ""),
    "the user's AWS_CONFIG_FILE for aws": ("AWS_CONFIG_FILE=$HOME/.aws/config cli {dev}", ""),
    "the sign-in's token": (
        "aws sso get-role-credentials --account-id 123412341234 --role-name developer --region eu-west-1 "
        "--access-token $(jq -r .accessToken $HOME/.aws/sso/cache/*.json)",
        "",
    ),
    "the credentials file": ("AWS_SHARED_CREDENTIALS_FILE=$HOME/.aws/credentials cli user", ""),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_agents_way_out(sandbox: Sandbox, aws: Client, way: str) -> None:
    script, stopped_by = WAYS[way]
    name = f"{DEV}.read-only"
    text = script.replace("{dev}", DEV).replace("{other}", OTHER).replace("{name}", name)
    done = run(sandbox, "exec", "--lock", "--read-only", "-q", "-p", DEV, "-c", text, CLAUDECODE="1")
    if way == "awsctx exec --all":
        assert done.returncode == 1 and done.stdout == "", "there is no other to run in"
    elif stopped_by:
        assert done.returncode != 0 and stopped_by in done.stderr, done
        assert not {call["role_name"] for call in aws.calls("GetRoleCredentials")} - {"ReadOnly"}
    else:
        assert done.returncode == 0, f"the man page says that nothing stops it: {done}"


def test_the_documents_line_runs_an_agent(sandbox: Sandbox) -> None:
    """The line of docs/guard-rails.md and README.md, as it stands there, with a script in place of the agent."""
    add_program(sandbox.bin, "claude", "import os; os.execvp('sh', ['sh', '-c', 'cli $AWS_PROFILE; awsctx list'])")
    lines = set()
    for document in ("README.md", "docs/guard-rails.md"):
        text = (ROOT / document).read_text(encoding="utf-8").partition("## Let an agent work in one account\n")[2]
        lines.add(text.strip().splitlines()[0])
    (line,) = lines
    done = subprocess.run(
        ["bash", "-c", line], env=sandbox.environ, cwd=sandbox.home, text=True, capture_output=True, stdin=subprocess.DEVNULL
    )
    assert "AWSReservedSSO_ReadOnly_" in done.stdout and done.stdout.endswith(f"\n{DEV}.read-only\n"), done


def test_the_lock_itself_works_for_an_agent(sandbox: Sandbox, aws: Client) -> None:
    name = f"{DEV}.read-only"
    script = f"cli {name}; python-sdk {name}; node-sdk {name}; awsctx current --json"
    done = run(sandbox, "exec", "--lock", "--read-only", "-p", DEV, "-c", script, CLAUDECODE="1")
    (*arns,) = done.stdout.splitlines()[:3]
    assert all("AWSReservedSSO_ReadOnly_" in arn for arn in arns), done
    assert json.loads("".join(done.stdout.splitlines()[3:]))["profile"] == name
    assert {call["role_name"] for call in aws.calls("GetRoleCredentials")} == {"ReadOnly"}
    assert done.stderr == f"awsctx: locked to {name} (account 123412341234, role ReadOnly, region eu-west-1), read-only\n"
