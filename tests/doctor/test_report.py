"""The command itself: JSON, exit codes, the report on a terminal; nothing is run, nobody asked, no secret told."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess

from tests.support import AWSCTX, DEVELOPER, TESTER, Home

KEYS = {"AWS_ACCESS_KEY_ID": "AKIASTALE", "AWS_SECRET_ACCESS_KEY": "hush-hush"}
COLOUR = re.compile("\x1b\\[[0-9;]*m")


def on_a_terminal(home: Home, **variables: str) -> str:
    """What doctor writes to a terminal 100 columns wide."""
    own, other = pty.openpty()
    os.set_blocking(own, True)
    with subprocess.Popen(
        [AWSCTX, "doctor"], env={**home.environ, "COLUMNS": "100", **variables}, stdin=other, stdout=other, stderr=other
    ) as process:
        os.close(other)
        text = b""
        try:
            while part := os.read(own, 4096):
                text += part
        except OSError:  # Linux's way to say that the other end is closed
            pass
        os.close(own)
        process.wait(30)
    return text.decode().replace("\r\n", "\n")


def test_json_is_an_array_of_findings_and_the_exit_code_tells(home: Home) -> None:
    done = home.run("doctor", "--json", env={"AWS_PROFILE": TESTER, **KEYS})
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert all(list(finding) == ["id", "severity", "where", "what", "fix"] for finding in found)
    assert {f["id"] for f in found} >= {"environment-keys", "account-id", "hook-missing"}
    assert "hush" not in done.stdout + done.stderr


def test_exit_0_where_there_are_only_notes(home: Home) -> None:
    home.config.write_text(home.config.read_text().replace("43214321", "432143214321"))
    done = home.run("doctor", env={"AWS_PROFILE": DEVELOPER})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == (
        "worksso.developer (account 123412341234, role developer) is in force (environment); aws here would use: sso"
    )


def test_the_first_line_says_what_aws_uses_here(home: Home) -> None:
    """A shell without the hook goes without the active context; AWS CLI v2 goes by AWS_PROFILE."""
    home.credentials.write_text("[keys]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n")
    home.ok("keys")

    def first(**env: str) -> str:
        return home.run("doctor", env=env).stdout.splitlines()[0]

    assert first() == "keys is in force (state) for awsctx alone; aws here goes without a profile, and would use: none"
    environ = {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"}
    assert first(**environ).endswith("aws here goes without a profile, and would use: env")
    assert first(AWS_PROFILE="keys") == "keys is in force (environment); aws here would use: shared-credentials-file"
    assert first(AWS_PROFILE=DEVELOPER, AWS_DEFAULT_PROFILE="nosuch").endswith("; aws here would use: sso")
    exported = {"AWS_PROFILE": "keys", "AWSCTX_EXPORTED": "state:keys"}
    assert first(**exported) == "keys is in force (state); aws here would use: shared-credentials-file"


def test_plain_where_no_terminal_reads_it(home: Home) -> None:
    done = home.run("doctor", env={"AWS_PROFILE": TESTER, **KEYS})
    assert not COLOUR.search(done.stdout)
    assert "fix: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY" in done.stdout
    assert re.search(r"^\d+ warnings?, \d+ notes?$", done.stdout.splitlines()[-1])


def test_coloured_on_a_terminal_unless_no_color(home: Home) -> None:
    coloured = on_a_terminal(home, AWS_PROFILE=TESTER, **KEYS)
    assert "\x1b[1;33mwarning" in coloured
    plain = on_a_terminal(home, AWS_PROFILE=TESTER, NO_COLOR="1", **KEYS)
    assert "\x1b" not in plain
    assert COLOUR.sub("", coloured) == plain
    assert max(len(line) for line in plain.splitlines() if "fix:" not in line) <= 110


def test_runs_nothing_and_asks_nobody(home: Home) -> None:
    home.config.write_text("[profile p]\ncredential_process = sh -c 'touch ran'\nregion = x\n")
    trace = home.folder / "trace"
    command = ["strace", "-f", "-qq", "-e", "trace=execve,connect,socket", "-o", str(trace), str(AWSCTX), "doctor"]
    home.run(command=command, env={"AWS_PROFILE": "p", "AWS_EC2_METADATA_DISABLED": None})
    calls = [line for line in trace.read_text().splitlines() if "ENOENT" not in line and "AF_UNIX" not in line]
    assert len([line for line in calls if "execve" in line]) == 1
    assert not [line for line in calls if "connect" in line or "socket" in line]
    assert not (home.folder / "ran").exists()


def test_a_hostile_name_cannot_drive_the_terminal(home: Home) -> None:
    home.config.write_text("[\x1b[31mevil]\nregion = x\n[profile \x07bell]\nsso_session = \x1b]0;x\nsso_role_name = r\n")
    done = home.run("doctor")
    assert "\x1b" not in done.stdout and "\x07" not in done.stdout
    assert done.returncode == 1


def test_the_lines_of_a_narrow_terminal(home: Home) -> None:
    """What is told is wrapped, from the first line on; what is to be typed stays whole."""
    lines = on_a_terminal(home, AWS_PROFILE=TESTER, NO_COLOR="1", COLUMNS="60", **KEYS).splitlines()
    assert lines[:2] == ["worksso.tester (account 43214321, role tester) is in force", "(environment); aws here would use: env"]
    assert all(len(line) <= 60 for line in lines if "fix:" not in line and not line.startswith(("warning", "info")))
    assert "         fix: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY" in lines
