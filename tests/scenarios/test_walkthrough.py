"""The walkthrough of a day's work, step by step and in order, typed at a real prompt: real bash, zsh and fish, real aws (v2
and v1) and jq, AWS stood in on loopback."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.shells.ptys import Terminal
from tests.support import DEVELOPER, TESTER, WALKTHROUGH, Home
from tests.tools import locate

from awsctx.demo.sandbox import write_token
from awsctx.demo.standin import STALE_KEY, STALE_SECRET, Client, spawn

IDS = "aws ec2 describe-instances | jq '.[][].Instances[].InstanceId'"
OWNERS = (
    "aws ec2 describe-instances | jq -c '.Reservations[].Instances[] | {InstanceID: .InstanceId, InstanceType: .InstanceType, "
    'Cloud9Owner: .Tags[] | select(.Key == "aws:cloud9:owner").Value}\''
)


@pytest.fixture(scope="module")
def standin() -> Iterator[Client]:
    with spawn(warm=True) as aws:
        yield aws


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

    def identity(self, command: str = "aws sts get-caller-identity") -> str:
        return str(json.loads("\n".join(self.lines(command)))["Arn"])


@pytest.fixture(params=[("bash", "v2"), ("bash", "v1"), ("zsh", "v2"), ("fish", "v2")], ids="-".join)
def day(request: pytest.FixtureRequest, home: Home, standin: Client, tmp_path: Path) -> Iterator[Day]:
    shell, version = request.param
    standin.reset()
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "aws").symlink_to(locate.aws2() if version == "v2" else locate.aws1())
    home.environ |= {**standin.environment(), "AWS_PAGER": "", "PATH": f"{tools}{os.pathsep}{home.environ['PATH']}"}
    write_token(home.folder, "worksso", standin.sign_in())
    with Terminal(shell, home) as terminal:
        yield Day(home, terminal, standin)


def test_the_walkthrough(day: Day) -> None:
    terminal = day.terminal
    version = day.lines("aws --version 2>&1")[0]

    # Step 3 and 7's configuration is there, and stays as it is to the end.
    assert day.home.config.read_text() == WALKTHROUGH

    # Step 5: ids through aws and jq, after a switch, on one line and on the next.
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
    quoted = terminal.quote(OWNERS)
    assert [json.loads(line) for line in day.lines(f"awsctx exec -c {quoted}")] == owners

    # Another account, region and role by one word; and back.
    terminal.run(f"awsctx {TESTER}")
    testers = day.lines(IDS)
    assert len(testers) == 4 and not set(testers) & set(developers)
    assert "assumed-role/AWSReservedSSO_tester" in day.identity()
    terminal.run("awsctx -")
    assert day.lines(IDS) == developers

    # Step 4: stale keys overrule AWS_PROFILE: the switch says so, the prompt shows it, exec is immune to it.
    terminal.set("AWS_ACCESS_KEY_ID", STALE_KEY)
    terminal.set("AWS_SECRET_ACCESS_KEY", STALE_SECRET)
    assert terminal.prompt.endswith(" !") and terminal.kind == "overridden"
    said = terminal.run(f"awsctx {TESTER}")
    undo = "set -e" if terminal.shell == "fish" else "unset"
    assert f"{undo} AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY" in said and STALE_SECRET not in said
    assert day.identity() == "arn:aws:iam::999988887777:user/old-ci"
    assert "assumed-role/AWSReservedSSO_tester" in day.identity("awsctx exec -- aws sts get-caller-identity")
    assert day.lines(f"awsctx exec -q -c {terminal.quote(IDS)}") == testers
    assert day.lines(f"awsctx exec -q -p {DEVELOPER} -c {terminal.quote(IDS)}") == developers
    assert json.loads("\n".join(day.lines("awsctx current --json")))["credentials"] == "env"
    terminal.run(f"{undo} AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY")
    assert not terminal.prompt.endswith("!")
    assert "assumed-role/AWSReservedSSO_tester" in day.identity()

    # Step 8: the same names, in the same order (the AWS CLI v1 has no such command).
    assert day.lines("awsctx list") == [DEVELOPER, TESTER]
    if version.startswith("aws-cli/2"):
        assert day.lines("aws configure list-profiles") == [DEVELOPER, TESTER]
    assert day.home.config.read_text() == WALKTHROUGH


def test_the_sign_in_ends_and_everybody_sees_it(day: Day) -> None:
    terminal = day.terminal
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
