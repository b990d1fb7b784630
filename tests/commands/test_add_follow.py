"""`awsctx add NAME --follow`: a profile that is whatever context is active, for programs that start outside a shell and live
long; botocore and AWS SDK for JavaScript v3 judge."""

from __future__ import annotations

import configparser
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.commands.conftest import Run
from tests.support import AWSCTX, DEVELOPER, TESTER, Home, stanza
from tests.tools import locate

from awsctx.demo.sandbox import Sandbox
from awsctx.signin import tokens

# Each asks STS who it is, by one client, each time that a line comes in.
BOTOCORE = """\
import sys, botocore.session
client = botocore.session.Session().create_client("sts", region_name="eu-west-1")
for line in sys.stdin:
    print(client.get_caller_identity()["Account"], flush=True)
"""
JAVASCRIPT = """\
const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
const client = new STSClient({ region: "eu-west-1" });
require("readline").createInterface({ input: process.stdin }).on("line", async () => {
  console.log((await client.send(new GetCallerIdentityCommand({}))).Account);
});
"""
ACCOUNTS = {DEVELOPER: "123412341234", TESTER: "43214321"}


@pytest.fixture
def ide(sandbox: Sandbox, run: Run) -> Sandbox:
    """The sandbox with a profile `ide` that follows."""
    done = run("add", "ide", "--follow")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "added 'ide', which is whatever context is active\n")
    return sandbox


def call(sandbox: Sandbox) -> str:
    config = configparser.RawConfigParser()
    config.read(sandbox.home / ".aws" / "config")
    return config["profile ide"]["credential_process"]


def answer(ide: Sandbox, **variables: str) -> subprocess.CompletedProcess[str]:
    """The credential_process, run as SDKs do: by sh, without the shell's PATH, at no terminal."""
    environ = {**ide.environ, "PATH": "/usr/bin:/bin", **variables}
    words = ["/bin/sh", "-c", call(ide)]
    return subprocess.run(words, env=environ, cwd="/", stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=60)


def test_names_the_command_by_its_whole_path(ide: Sandbox) -> None:
    assert call(ide) == f"{ide.bin}/awsctx env . --format process"


@pytest.mark.parametrize("sdk", ["botocore", "javascript"])
def test_a_switch_reaches_a_program_that_goes_on(sdk: str, ide: Sandbox, run: Run) -> None:
    words = [sys.executable, "-c", BOTOCORE] if sdk == "botocore" else ["node", "-e", JAVASCRIPT]
    environ = {**ide.environ, "AWS_PROFILE": "ide"}
    run("use", DEVELOPER)
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env=environ, cwd=locate.sdk_js(), stdin=pipe, stdout=pipe, text=True, bufsize=1) as program:
        assert program.stdin and program.stdout

        def account() -> str:
            assert program.stdin and program.stdout
            print(file=program.stdin, flush=True)
            return program.stdout.readline().strip()

        try:
            assert account() == ACCOUNTS[DEVELOPER]
            run("use", TESTER)
            began = time.monotonic()
            while (now := account()) != ACCOUNTS[TESTER]:
                assert now == ACCOUNTS[DEVELOPER]
                assert time.monotonic() - began < 60
        finally:
            program.stdin.close()
            program.wait(30)


def test_its_keys_count_for_a_minute(ide: Sandbox, run: Run) -> None:
    run("use", DEVELOPER)
    end = tokens.epoch(json.loads(answer(ide).stdout)["Expiration"])
    assert end is not None and 0 < end - time.time() <= 60


def test_goes_by_the_state_alone(ide: Sandbox, run: Run) -> None:
    run("use", DEVELOPER)
    stray = {
        "AWS_PROFILE": "unknown-keys",
        "AWS_DEFAULT_PROFILE": "ghost",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "s",
    }
    done = answer(ide, **stray, AWSCTX_EXPORTED="shell:unknown-keys")
    assert done.stderr == ""
    keys = json.loads(done.stdout)
    assert keys["AccessKeyId"].startswith("ASIA")
    stays = json.loads(answer(ide, AWSCTX_EXPORTED="stays:1", AWSCTX_HOOK="1").stdout)
    assert stays["AccessKeyId"].startswith("ASIA")


@pytest.mark.parametrize(
    ("active", "says"),
    [
        ("", "no context is active; choose one with: awsctx NAME"),
        ("ide", "'ide' follows the active context, and is the active one itself; choose another with: awsctx NAME"),
        ("by-ide", "'by-ide' follows the active context, and is the active one itself; choose another with: awsctx NAME"),
        ("role", "'role' is guarded: nothing that follows the active context gets its keys"),
        ("gone", "the state names the profile 'gone', which does not exist; choose another with: awsctx NAME"),
        ("not-granted", None),
    ],
)
def test_an_error_is_one_line(active: str, says: str | None, ide: Sandbox, run: Run) -> None:
    with (ide.home / ".aws" / "config").open("a") as config:
        config.write("[profile by-ide]\nrole_arn = arn:aws:iam::210987654321:role/x\nsource_profile = ide\n[profile gone]\n")
    if active:
        assert run("use", active).returncode == 0
    text = (ide.home / ".aws" / "config").read_text()
    (ide.home / ".aws" / "config").write_text(text.replace("[profile gone]\n", ""))
    own = Path(ide.environ["XDG_CONFIG_HOME"]) / "awsctx" / "config.toml"
    own.parent.mkdir()
    own.write_text('guard = ["role:deployer"]\n')
    done = answer(ide)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert says is None or done.stderr == f"awsctx: {says}\n"


def test_a_sign_in_that_is_needed_is_not_asked_for(ide: Sandbox, run: Run) -> None:
    run("use", DEVELOPER)
    run("logout", "worksso")
    done = answer(ide)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)


def test_is_left_alone(ide: Sandbox, run: Run) -> None:
    """Not a finding, not sync's, a profile as any other in the list."""
    run("use", DEVELOPER)
    assert "ide" not in run("doctor").stdout
    before = (ide.home / ".aws" / "config").read_text()
    run("sync", "-y", "--prune")
    assert before[before.index("[profile ide]") :] in (ide.home / ".aws" / "config").read_text()
    listed = next(line for line in run("list", "-l").stdout.splitlines() if line.startswith("ide"))
    assert listed.split() == ["ide", "custom-process"]


def test_the_options_that_do_not_go_with_it(sandbox: Sandbox, run: Run) -> None:
    done = run("add", "ide", "--follow", "--role", "r")
    assert (done.returncode, done.stderr) == (2, "awsctx: --role does not go with --follow\n  see: awsctx add --help\n")


def test_typed_it_goes_by_the_state_and_every_other_call_by_what_is_in_force(ide: Sandbox, run: Run) -> None:
    """Only `env . --format process` itself is the call of such a profile: no other option, format or name is."""
    run("use", DEVELOPER)
    ide.environ["AWS_PROFILE"] = "unknown-keys"
    assert json.loads(run("env", ".", "--format", "process").stdout)["AccessKeyId"].startswith("ASIA")
    json_keys = json.loads(run("env", ".", "--format", "json").stdout)
    for others in ([], [".", "-y"], [".", "-r", "eu-west-3"]):
        keys = json.loads(run("env", "--format", "process", *others).stdout)
        assert keys["AccessKeyId"] == json_keys["AWS_ACCESS_KEY_ID"] and "Expiration" not in keys, others


def test_under_a_lock_it_is_what_is_in_force_and_hands_out_no_long_lived_key(home: Home) -> None:
    with home.config.open("a") as config:
        config.write(stanza("keyed", aws_access_key_id="AKIAX", aws_secret_access_key="hush-hush"))
    home.ok("keyed")
    done = home.run("exec", "--lock", "-p", "keyed", "-q", "--", AWSCTX, "env", ".", "--format", "process")
    assert (done.returncode, done.stdout) == (1, "") and "a lock hands out no such keys" in done.stderr


def test_a_folder_with_odd_characters(sandbox: Sandbox, run: Run) -> None:
    odd = sandbox.bin.parent / "it's $(touch pwned) a folder"
    odd.mkdir()
    (odd / "awsctx").symlink_to(sandbox.bin / "awsctx")
    subprocess.run([odd / "awsctx", "add", "ide", "--follow", "--region", "eu-west-3"], env=sandbox.environ, check=True)
    run("use", DEVELOPER)
    assert json.loads(answer(sandbox).stdout)["Version"] == 1
    who = json.loads(run("whoami", "ide", "--json").stdout)
    assert who["account_id"] == ACCOUNTS[DEVELOPER]


def test_whoami_and_env_say_why_it_has_no_keys(ide: Sandbox, run: Run) -> None:
    """The inner reason, and not that a program has failed."""
    said = "awsctx: ide: it follows the active context: no context is active; choose one with: awsctx NAME\n"
    assert run("env", "ide").stderr == run("exec", "--keys", "-p", "ide", "--", "true").stderr == said
    folder = Path(ide.environ["XDG_CONFIG_HOME"]) / "awsctx"
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(f'guard = ["{TESTER}"]\n')
    assert run(TESTER, "-y").returncode == 0
    reason = f"'{TESTER}' is guarded: nothing that follows the active context gets its keys"
    assert run("whoami", "ide").stderr.splitlines()[0] == f"awsctx: ide: it follows the active context: {reason}"
