"""`awsctx env`: each format is read back, by the shell that it is for, to the very values."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.commands.conftest import Run
from tests.support import Home
from tests.tools import locate

from awsctx.commands import env as credential_env
from awsctx.commands.env import NAMES, env, quote_powershell, unset
from awsctx.core.keys import Keys
from awsctx.demo.sandbox import Sandbox
from awsctx.demo.standin import STALE_KEY, STALE_SECRET, Client
from awsctx.errors import AwsctxError, UsageError
from awsctx.world import World

Make = Callable[..., World]
HOSTILE = "$(touch pwned) `id` 'q' \"d\" \\ \\' \\\\ %s !! * ~ # ; & | \n\t ü \u2018\u2019\u201a\u201b $HOME ${x} (y)"
ODD = Keys("AKIA" + HOSTILE, HOSTILE + "\\", HOSTILE, 4102444800)
END = "2100-01-01T00:00:00Z"
READ = {
    "sh": ["sh", "bash", "zsh"],
    "fish": ["fish"],
}
BESIDE = {"AWS_PROFILE": "a 'b", "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
SHOW = f"import json,os; print(json.dumps({{n: os.environ.get(n) for n in {[*NAMES, 'AWS_SECURITY_TOKEN', *BESIDE]}}}))"


def read_back(shell: str, text: str, folder: Path, **variables: str) -> dict[str, str | None]:
    """The variables of a shell that has evaluated ``text``."""
    flags = {"zsh": ["-f"], "fish": ["--no-config"]}.get(shell, [])
    line = 'eval "$1"; python3 -c "$2"' if shell != "fish" else "printf '%s' $argv[1] | source; python3 -c $argv[2]"
    words = [shell, *flags, "-c", line, *(["x"] if shell != "fish" else []), text, SHOW]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **variables}
    done = subprocess.run(words, env=environ, cwd=folder, text=True, capture_output=True, timeout=30)
    assert done.stderr == ""
    assert not (folder / "pwned").exists()
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(("format", "shell"), [(f, shell) for f, found in READ.items() for shell in found])
def test_a_shell_reads_the_very_values_and_takes_them_back(format: str, shell: str, tmp_path: Path) -> None:
    text = credential_env._formats()[format](ODD, BESIDE)
    read = read_back(shell, text, tmp_path, AWS_SECURITY_TOKEN="old")
    assert [read[name] for name in NAMES] == [ODD.access_key_id, ODD.secret_access_key, ODD.session_token, END]
    assert read["AWS_SECURITY_TOKEN"] is None, "botocore reads it first"
    assert {name: read[name] for name in BESIDE} == BESIDE
    gone = read_back(shell, text + unset(format=format).out, tmp_path)
    assert set(gone.values()) == {None}


@pytest.mark.parametrize(("format", "shell"), [("sh", "bash"), ("fish", "fish")])
def test_long_lived_keys_leave_no_token_of_others(format: str, shell: str, tmp_path: Path) -> None:
    text = credential_env._formats()[format](Keys("AKIA", "s", ""), BESIDE)
    read = read_back(shell, text, tmp_path, AWS_SESSION_TOKEN="old", AWS_CREDENTIAL_EXPIRATION="old")
    assert (read["AWS_SESSION_TOKEN"], read["AWS_CREDENTIAL_EXPIRATION"]) == (None, None)


def powershell_word(word: str) -> str:
    """What PowerShell reads in a single-quoted word, by its rules: two of the single quotes stand for the first of them."""
    quotes = "'\u2018\u2019\u201a\u201b"
    assert word[0] in quotes
    read, rest = "", word[1:]
    while rest:
        if rest[0] in quotes:
            if len(rest) == 1:
                return read
            assert rest[1] in quotes, f"the word ends before {rest!r}"
            read, rest = read + rest[0], rest[2:]
        else:
            read, rest = read + rest[0], rest[1:]
    raise AssertionError("the word does not end")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet=st.one_of(st.sampled_from("'\u2018\u2019\u201a\u201b`$\"\n "), st.characters(codec="utf-8"))))
def test_powershell_reads_any_text_back(text: str) -> None:
    assert powershell_word(quote_powershell(text)) == text


def test_powershell_lines() -> None:
    text = credential_env._formats()["powershell"](Keys("AKIA", "it's", ""), {})
    assert text == (
        "$env:AWS_ACCESS_KEY_ID = 'AKIA'\n"
        "$env:AWS_SECRET_ACCESS_KEY = 'it''s'\n"
        "Remove-Item Env:AWS_SESSION_TOKEN -ErrorAction SilentlyContinue\n"
        "Remove-Item Env:AWS_CREDENTIAL_EXPIRATION -ErrorAction SilentlyContinue\n"
        "Remove-Item Env:AWS_SECURITY_TOKEN -ErrorAction SilentlyContinue\n"
    )
    assert unset(format="powershell").out.count("Remove-Item") == 8


def test_nushell_loads_it_and_takes_it_back(tmp_path: Path) -> None:
    (tmp_path / "record").write_text(credential_env._formats()["nu"](ODD, BESIDE), encoding="utf-8")
    (tmp_path / "show.py").write_text(SHOW)
    undo = unset(format="nu").out
    script = f"open --raw record | decode utf-8 | from nuon | load-env; ^python3 show.py; {undo}; ^python3 show.py"
    done = subprocess.run(
        [locate.tool("nu"), "-n", "-c", script], cwd=tmp_path, text=True, capture_output=True, timeout=30,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_SECURITY_TOKEN": "old"},
    )  # fmt: skip
    loaded, gone = map(json.loads, done.stdout.splitlines())
    assert [loaded[name] for name in NAMES] == [ODD.access_key_id, ODD.secret_access_key, ODD.session_token, END]
    assert {name: loaded[name] for name in BESIDE} == BESIDE and loaded["AWS_SECURITY_TOKEN"] is None
    assert set(gone.values()) == {None}


def test_dotenv_needs_no_quotes_or_refuses() -> None:
    text = credential_env._formats()["dotenv"](Keys("AKIA", "a/b+c=", "t", 4102444800), BESIDE)
    assert text == (
        "AWS_ACCESS_KEY_ID=AKIA\nAWS_SECRET_ACCESS_KEY=a/b+c=\nAWS_SESSION_TOKEN=t\nAWS_CREDENTIAL_EXPIRATION=2100-01-01T00:00:00Z\n"
        "AWS_REGION=eu-west-1\nAWS_DEFAULT_REGION=eu-west-1\n"
    )
    with pytest.raises(AwsctxError, match="the value of AWS_ACCESS_KEY_ID"):
        credential_env._formats()["dotenv"](ODD, BESIDE)


def test_json_has_the_four_names(world: Make) -> None:
    found = json.loads(env(world(), "worksso.tester", format="json").out)
    assert list(found) == list(NAMES)
    assert found["AWS_ACCESS_KEY_ID"].startswith("ASIA") and found["AWS_CREDENTIAL_EXPIRATION"].endswith("Z")
    long_lived = json.loads(env(world(), "keys", format="json").out)
    assert list(long_lived.values()) == [STALE_KEY, STALE_SECRET, None, None]


def test_the_environment_does_not_leak_in(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world(monkeypatch, AWS_ACCESS_KEY_ID=STALE_KEY, AWS_SECRET_ACCESS_KEY=STALE_SECRET, AWS_PROFILE="role")
    assert json.loads(env(made, "worksso.tester", format="json").out)["AWS_ACCESS_KEY_ID"] != STALE_KEY


def test_process_is_a_credential_process_for_botocore(run: Run, aws: Client) -> None:
    done = run("whoami", "process", "--json")
    assert json.loads(done.stdout)["account_id"] == "43214321"
    answer = json.loads(run("env", "worksso.tester", "--format", "process").stdout)
    assert list(answer) == ["Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]


def test_a_profile_that_asks_for_itself_ends(run: Run) -> None:
    done = run("env", "circle")
    assert (done.returncode, done.stdout) == (1, "")
    process = next(line for line in run("show", "circle").stdout.splitlines() if line.startswith("credential_process"))
    hint = "run it by hand to see why; print it with: awsctx show circle"
    assert done.stderr == f"awsctx: circle: its credential_process, {process.split()[2]}, has failed\n  {hint}\n"
    told = run("env", "circle", AWSCTX_ASKING="circle")
    assert told.stderr.startswith("awsctx: the credential_process of 'circle' asks awsctx for 'circle' itself\n")


def test_the_installed_command_in_a_shell(run: Run, sandbox: Sandbox, tmp_path: Path) -> None:
    text = run("env", "worksso.tester").stdout
    read = read_back("bash", text, tmp_path)
    assert all(read[name] for name in NAMES)
    assert (read["AWS_PROFILE"], read["AWS_REGION"], read["AWS_DEFAULT_REGION"]) == ("worksso.tester", "eu-west-2", "eu-west-2")
    assert run("env", "--unset").stdout == f"unset {' '.join(NAMES)} AWS_SECURITY_TOKEN {' '.join(BESIDE)}\n"
    for arguments in (["worksso.tester@eu-west-3"], ["worksso.tester", "-r", "eu-west-3"]):
        assert "export AWS_REGION='eu-west-3'\n" in run("env", *arguments).stdout
    assert "export AWS_REGION='eu-west-2'\n" in run("env", "worksso.tester@eu-west-3", "-r", "-").stdout


def test_a_sign_in_that_has_ended_is_exit_code_3(run: Run, sandbox: Sandbox) -> None:
    (token,) = (sandbox.home / ".aws" / "sso" / "cache").glob("*.json")
    ended = {**json.loads(token.read_text()), "expiresAt": "2020-01-01T00:00:00Z", "refreshToken": ""}
    token.write_text(json.dumps(ended))
    done = run("env", "worksso.tester")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == ("awsctx: worksso.tester: its sign-in has ended, or there is none\n  awsctx login worksso\n")
    assert run("whoami", "worksso.tester").returncode == 1


def test_no_secret_is_told_when_debugging(run: Run, aws: Client) -> None:
    done = run("env", "role", "--format", "json", AWSCTX_DEBUG="1")
    assert "awsctx: debug: asking for" in done.stderr
    secrets = [secret for secret in aws.secrets() if secret in done.stderr]
    assert not secrets


def test_a_person_at_a_terminal_is_warned(sandbox: Sandbox) -> None:
    own, other = pty.openpty()
    done = subprocess.run(
        [sandbox.bin / "awsctx", "env", "worksso.tester"],
        env=sandbox.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=other, text=True, timeout=60,
    )  # fmt: skip
    os.close(other)
    told = os.read(own, 4096).decode()
    os.close(own)
    assert "they override every later switch until they are gone" in told
    assert "AWS SDK for JavaScript v3 the profile of AWS_PROFILE" in told
    assert 'eval "$(awsctx env --unset)"' in told
    assert done.stdout.startswith("export AWS_ACCESS_KEY_ID=")


def test_a_format_that_there_is_not_or_that_sets_nothing(world: Make) -> None:
    with pytest.raises(UsageError, match="no such format: xml") as raised:
        env(world(), "worksso.tester", format="xml")
    assert "sh, fish, nu, powershell, dotenv, json, process" in raised.value.hints[0]
    with pytest.raises(UsageError):
        unset(format="dotenv")


def test_the_aws_clis_take_it(run: Run, sandbox: Sandbox) -> None:
    """`process` by AWS CLI v2 as a credential_process, `sh` by AWS CLI v1 from the environment."""
    ask = "sts get-caller-identity --query Account --output text"
    line = f'{locate.aws2()} --profile process {ask} && eval "$(awsctx env role)" && {locate.aws1()} --region eu-west-1 {ask}'
    done = subprocess.run(["bash", "-c", line], env=sandbox.environ, text=True, capture_output=True, timeout=60)
    assert done.stdout.split() == ["43214321", "210987654321"], done.stderr


def test_what_undoes_it_in_fish_ends_well(home: Home) -> None:
    """`set -e` of what is not set fails there, and `... | source; and next` would not go on."""
    line = "awsctx env --unset --format fish | source; and echo went on"
    assert home.ok("--no-config", "-c", line, command=["fish"]) == "went on\n"
