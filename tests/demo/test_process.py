"""The stand-in as a process: where it listens, how it starts, how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from awsctx.demo.standin import spawn

COMMAND = [sys.executable, "-m", "awsctx.demo.standin"]


def gone(pid: int) -> bool:
    """Whether the process ends within five seconds (a zombie has ended)."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_says_where_it_is_and_ends_when_told(tmp_path: Path, number: signal.Signals) -> None:
    ready, scenario = tmp_path / "ready", tmp_path / "scenario.json"
    scenario.write_text(json.dumps({"faults": [{"operation": "*", "kind": "html"}]}))
    options = ["--ready-file", str(ready), "--scenario", str(scenario)]
    with subprocess.Popen(COMMAND + options, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert ready.read_text().strip() == address and address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address + "/logout", b"") as page:
            assert b"hotel" in page.read()
        process.send_signal(number)
        assert process.wait(5) == 0


def test_it_ends_with_the_process_that_started_it() -> None:
    # The starter goes once the stand-in is up. Whoever may go sooner says so: --parent, as spawn() does.
    starter = f"import subprocess, sys; p = subprocess.Popen({COMMAND!r}, stdout=-1); p.stdout.readline(); print(p.pid)"
    started = subprocess.run([sys.executable, "-c", starter], stdout=subprocess.PIPE, check=True, text=True, timeout=20)
    pid = int(started.stdout)
    assert gone(pid)


def test_it_listens_on_loopback_only() -> None:
    with spawn() as aws:
        port = int(aws.address.rpartition(":")[2])
        elsewhere = socket.gethostbyname(socket.gethostname())
        if elsewhere.startswith("127."):
            elsewhere = "127.0.0.2"
        with pytest.raises(ConnectionRefusedError), socket.create_connection((elsewhere, port), timeout=2):
            pass


def test_a_portal_alone_needs_no_moto() -> None:
    code = "import sys, awsctx.demo.standin as s; s.StandIn().start().stop(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert not {"moto", "flask", "werkzeug", "boto3", "botocore"} & set(loaded)


def test_the_callers_own_aws_does_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    with spawn() as aws:
        assert aws.sign_in()["accessToken"]
        assert "AWS_PROFILE" in os.environ
