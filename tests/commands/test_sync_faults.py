"""A portal that fails, is slow or refuses, and a sync that is ended half-way: nothing is written, or all of it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.commands.granting import SESSION, Site, granting
from tests.support import AWSCTX

from awsctx.demo.standin import Account, Client

MANY = tuple(Account(f"{n:012}", f"a{n:02}", ("r1", "r2")) for n in range(1, 41))


@pytest.fixture
def site(aws: Client, tmp_path: Path) -> Site:
    return granting(aws, tmp_path / "home")


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        *(("ListAccounts", kind) for kind in ("html", "garbage", "empty", "redirect")),
        *(("ListAccountRoles", kind) for kind in ("html", "close")),
    ],
)
def test_a_portal_that_answers_nonsense(site: Site, aws: Client, operation: str, kind: str) -> None:
    aws.control(faults=[{"operation": operation, "kind": kind}])
    done = site.sync("-y", status=1)
    assert done.stdout == "" and done.stderr.startswith("awsctx: ")
    assert site.config.read_text() == SESSION and not site.settings.exists()


def test_a_call_that_fails_is_made_again(site: Site, aws: Client) -> None:
    fault = {"kind": "status", "status": 500, "times": 2}
    aws.control(faults=[{**fault, "operation": name} for name in ("ListAccounts", "ListAccountRoles")])
    site.sync("-y")
    assert len(site.names()) == 3


def test_429_is_waited_for(site: Site, aws: Client) -> None:
    site.grant(*MANY)
    fault = {"operation": "ListAccountRoles", "kind": "status", "status": 429, "retry_after": 2}
    aws.control(faults=[{**fault, "times": 5, "skip": 9}])
    site.sync("-y")
    assert len(site.names()) == 80
    calls = aws.calls("ListAccountRoles")
    refused = [call["at"] for call in calls if call["status"] == 429]
    assert len(refused) == 5
    # Of the calls that were not on their way already, none comes before the portal wants to hear of it again.
    last = max(refused)
    assert not [call for call in calls if last + 0.2 < call["at"] < last + 1.9]


def test_a_limit_of_calls_a_second(site: Site, aws: Client) -> None:
    site.grant(*MANY, rate=20)
    site.sync("-y")
    assert len(site.names()) == 80
    refused = sum(call["status"] == 429 for call in aws.calls())
    assert 0 < refused < 41 / 20 * 8 + 8  # no storm: what is on its way at once is refused at once, a few times


def test_every_page_is_read(site: Site, aws: Client) -> None:
    site.grant(*MANY, page_size=1)
    site.sync("-y")
    assert len(site.names()) == 80


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_ended_while_it_lists(site: Site, aws: Client, number: signal.Signals) -> None:
    site.grant(*MANY, latency=0.3)
    sync = subprocess.Popen([AWSCTX, "sync", "-y"], env=site.environ, stderr=subprocess.PIPE, text=True)
    while aws.count("ListAccountRoles") < 2:
        time.sleep(0.02)
    sync.send_signal(number)
    start = time.monotonic()
    _, talk = sync.communicate(timeout=20)
    assert time.monotonic() - start < 3
    assert sync.returncode == (130 if number == signal.SIGINT else -number)
    assert "Traceback" not in talk
    assert site.config.read_text() == SESSION and not site.settings.exists()


def test_killed_while_it_writes(site: Site) -> None:
    """At each system call by which the file and what is remembered get their new content."""
    log = site.folder / "strace"
    calls = "fsync,rename"
    site.run("-f", "-e", f"trace={calls}", "-o", log, AWSCTX, "sync", "-y", command=["strace"])
    new = site.config.read_text()
    found = re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE)
    assert new != SESSION and set(found) == {"fsync", "rename"}
    for call in set(found):
        for number in range(1, found.count(call) + 1):
            site.config.write_text(SESSION)
            kill = f"inject={call}:signal=KILL:when={number}"
            site.run("-f", "-o", os.devnull, "-e", f"trace={call}", "-e", kill, AWSCTX, "sync", "-y", command=["strace"])
            assert site.config.read_text() in (SESSION, new), (call, number)
    site.sync("-y")  # what was left behind stands in nobody's way
    assert site.config.read_text() == new


def test_what_cannot_be_remembered_is_said(site: Site) -> None:
    config = '[sync.worksso]\nname = "{account}"\n'
    site.configure(config)
    (site.settings.parent / ".config.toml.awsctx-new").mkdir()  # where the new file is written first
    done = site.sync("-y", "--name", "{account}-{role}")
    assert len(site.names()) == 3
    assert "could not remember this in " in done.stderr
    assert 'add it there by hand: [sync.worksso] name = "{account}-{role}"' in done.stderr
    assert site.settings.read_text() == config
