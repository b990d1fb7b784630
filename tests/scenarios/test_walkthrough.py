"""The walkthrough of a day's work, step by step and in order, typed at a real prompt: real bash, zsh and fish, real aws (v2
and v1) and jq, AWS stood in on loopback."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.shells.ptys import Terminal
from tests.support import DEVELOPER, TESTER, WALKTHROUGH, Home
from tests.tools import locate

from awsctx.demo.sandbox import BROWSER, add_program, write_token
from awsctx.demo.standin import STALE_KEY, STALE_SECRET, Account, Client

ROOT = Path(__file__).parents[2]
IDS = "aws ec2 describe-instances | jq '.[][].Instances[].InstanceId'"
OWNERS = (
    "aws ec2 describe-instances | jq -c '.Reservations[].Instances[] | {InstanceID: .InstanceId, InstanceType: .InstanceType, "
    'Cloud9Owner: .Tags[] | select(.Key == "aws:cloud9:owner").Value}\''
)


class Day:
    """One person's day: a shell, an AWS CLI, a sign-in."""

    def __init__(self, home: Home, terminal: Terminal, aws: Client) -> None:
        self.home = home
        self.terminal = terminal
        self.aws = aws

    def lines(self, line: str) -> list[str]:
        """The lines of data that typing ``line`` prints; the echo of the line is none of them."""
        out = self.home.folder / "out"
        group = "begin; {}; end" if self.terminal.shell == "fish" else "{{ {}; }}"
        self.terminal.run(f"{group.format(line)} > {out}")
        return out.read_text().splitlines()

    def answer(self, line: str, *answers: tuple[str, str]) -> None:
        """Type ``line``, and to each question its answer, as a person would; until the prompt comes back."""
        child = self.terminal.child
        child.send(line + "\r")
        for question, answer in answers:
            child.expect_exact(question)
            child.send(answer + "\r")
        self.terminal._until_prompt()

    def identity(self, command: str = "aws sts get-caller-identity") -> str:
        return str(json.loads("\n".join(self.lines(command)))["Arn"])


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Step 1: install.sh installs the command into a HOME, says what of aws and jq is missing, and touches nothing else."""
    home = Home(tmp_path_factory.mktemp("installed"))
    home.config.unlink()
    python = tmp_path_factory.mktemp("python")
    (python / "python3").write_text(f'#!/bin/sh\nexec "{Path(sys.executable).resolve()}" "$@"\n')
    (python / "python3").chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_CERT"))}
    path = f"{python}:/usr/local/bin:/usr/bin:/bin"
    out = home.run("--no-hook", command=[ROOT / "install.sh"], env={**kept, "PATH": path}, timeout=300)
    assert out.returncode == 0, out
    assert shutil.which("aws", path=path) or "aws" in out.stdout + out.stderr
    assert not (home.folder / ".bashrc").exists()
    return home.folder / ".local" / "bin"


@pytest.fixture(params=[("bash", "v2"), ("bash", "v1"), ("zsh", "v2"), ("fish", "v2")], ids="-".join)
def day(request: pytest.FixtureRequest, home: Home, aws: Client, installed: Path, tmp_path: Path) -> Iterator[Day]:
    shell, version = request.param
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "aws").symlink_to(locate.aws2() if version == "v2" else locate.aws1())
    browser = add_program(tools, "browser", BROWSER)
    home.environ |= {
        **aws.environment(),
        "AWS_PAGER": "",
        "BROWSER": f"{browser} %s",
        "PATH": os.pathsep.join([str(installed), str(tools), home.environ["PATH"]]),
    }
    home.config.unlink()
    with Terminal(shell, home) as terminal:
        yield Day(home, terminal, aws)


def test_the_ten_steps(day: Day, installed: Path) -> None:
    terminal = day.terminal
    undo = "set -e" if terminal.shell == "fish" else "unset"

    # Step 1: the command that runs is the installed one.
    assert day.lines(f"command -v {installed / 'awsctx'}") == [str(installed / "awsctx")]

    # Step 2: the questions of aws configure sso, typed; the browser signs in.
    day.answer(
        "awsctx setup",
        ("SSO session name", "worksso"),
        ("SSO start URL", "https://worksso.awsapps.com/start"),
        ("SSO region", "eu-west-1"),
        ("SSO registration scopes [sso:account:access]", ""),
        ("account (a number, or text to filter)>", "123412341234"),
        ("Default client Region", "eu-west-1"),
        ("CLI default output format", "json"),
        ("Profile name [worksso.developer]", ""),
    )
    head, _, _ = WALKTHROUGH.partition("[profile worksso.tester]")
    assert day.home.config.read_text() == head

    # Step 3: the stanzas as they are in force.
    assert day.lines(f"awsctx show {DEVELOPER}") == head.splitlines()

    # Step 7 (the steps that follow need both profiles): a second profile, without an editor.
    add = "--session worksso --account 43214321 --role tester --region eu-west-2 --output json"
    assert day.lines(f"awsctx add {TESTER} {add}") == []
    assert day.home.config.read_text() == WALKTHROUGH

    # Step 5: ids through aws and jq, after a switch on the same line, and on the next.
    assert len(day.lines(f"awsctx {DEVELOPER} 2>&1; {IDS}")) == 1 + 4
    assert terminal.prompt.startswith(f"{DEVELOPER} 7h")
    developers = day.lines(IDS)
    assert len(developers) == 4 and all(line.startswith('"i-') for line in developers)
    assert terminal.profile == DEVELOPER

    # Step 6: the quoting survives, as typed and as an argument of exec -c.
    owners = [json.loads(line) for line in day.lines(OWNERS)]
    assert [set(owner) for owner in owners] == [{"InstanceID", "InstanceType", "Cloud9Owner"}] * len(owners)
    assert 0 < len(owners) < len(developers)
    assert all(owner["Cloud9Owner"].startswith("arn:aws:sts::") for owner in owners)
    assert [json.loads(line) for line in day.lines(f"awsctx exec -c {terminal.quote(OWNERS)}")] == owners

    # Another account, region and role by one word; and back.
    terminal.run(f"awsctx {TESTER}")
    testers = day.lines(IDS)
    assert len(testers) == 4 and not set(testers) & set(developers)
    assert "assumed-role/AWSReservedSSO_tester" in day.identity()
    terminal.run("awsctx -")
    assert day.lines(IDS) == developers

    # Step 4: stale keys overrule AWS_PROFILE: the switch says so, the prompt shows it, doctor explains it, exec is immune.
    terminal.set("AWS_ACCESS_KEY_ID", STALE_KEY)
    terminal.set("AWS_SECRET_ACCESS_KEY", STALE_SECRET)
    assert terminal.prompt.endswith(" !") and terminal.kind == "overridden"
    said = terminal.run(f"awsctx {TESTER}")
    assert f"{undo} AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY" in said and STALE_SECRET not in said
    findings = json.loads("\n".join(day.lines("awsctx doctor --json")))
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= {finding["where"] for finding in findings}
    assert any("12 digits" in finding["what"] + finding["fix"] for finding in findings)
    assert day.identity() == "arn:aws:iam::999988887777:user/old-ci"
    assert "assumed-role/AWSReservedSSO_tester" in day.identity("awsctx exec -- aws sts get-caller-identity")
    assert day.lines(f"awsctx exec -q -p {DEVELOPER} -c {terminal.quote(IDS)}") == developers
    assert json.loads("\n".join(day.lines("awsctx current --json")))["credentials"] == "env"
    terminal.run(f"{undo} AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY")
    assert not terminal.prompt.endswith("!")
    assert "assumed-role/AWSReservedSSO_tester" in day.identity()

    # Step 8: the same names, in the same order (the AWS CLI v1 has no such command).
    assert day.lines("awsctx list") == [DEVELOPER, TESTER]
    if day.lines("aws --version 2>&1")[0].startswith("aws-cli/2"):
        assert day.lines("aws configure list-profiles") == [DEVELOPER, TESTER]

    # Step 9: a word for each profile: before a command it runs that, alone it switches.
    terminal.run("awsctx alias | source" if terminal.shell == "fish" else 'eval "$(awsctx alias)"')
    assert "assumed-role/AWSReservedSSO_developer" in day.identity(f"{DEVELOPER} aws sts get-caller-identity")
    assert terminal.profile == TESTER
    terminal.run(DEVELOPER)
    assert terminal.profile == DEVELOPER and day.lines("awsctx current") == [DEVELOPER]
    assert day.lines(IDS) == developers

    # Step 10: an agent in one account: that profile alone, and a role that only reads.
    day.aws.control(accounts=[Account("123412341234", "development", ("developer", "ReadOnlyAccess"))])
    lock = f"awsctx exec --lock --read-only -q -p {DEVELOPER} --"
    assert "assumed-role/AWSReservedSSO_ReadOnlyAccess" in day.identity(f"{lock} aws sts get-caller-identity")
    assert day.lines(f"{lock} awsctx list") == [f"{DEVELOPER}.read-only"]
    other = "\n".join(day.lines(f"{lock} aws sts get-caller-identity --profile {TESTER} 2>&1"))
    assert f"The config profile ({TESTER}) could not be found" in other
    assert "does not allow a switch" in day.lines(f"{lock} awsctx {TESTER} 2>&1")[0]
    assert terminal.profile == DEVELOPER

    # And the file is as the steps wrote it.
    assert day.home.config.read_text() == WALKTHROUGH


def test_the_sign_in_ends_and_everybody_sees_it(day: Day) -> None:
    terminal = day.terminal
    day.home.config.write_text(WALKTHROUGH, encoding="utf-8")
    terminal.run(f"awsctx {TESTER}")
    write_token(day.home.folder, "worksso", day.aws.sign_in(), expiresAt="2020-01-01T00:00:00Z", refreshToken=None)
    terminal.run()
    assert (terminal.prompt, terminal.kind) == (f"{TESTER} expired", "expired")
    assert day.lines("awsctx prompt") == [f"{TESTER} expired"]
    # Without a terminal exec does not look, and what aws says is what the user sees.
    assert day.lines("awsctx exec -- aws sts get-caller-identity 2>&1 </dev/null")
    write_token(day.home.folder, "worksso", day.aws.sign_in(), expiresAt="2020-01-01T00:00:00Z")
    terminal.run()
    assert terminal.prompt == TESTER  # it can still be refreshed
