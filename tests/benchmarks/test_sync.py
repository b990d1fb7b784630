"""What `awsctx sync` costs: beside bare HTTP calls, beside what a rate limit allows, beside botocore's parse, and beside
`aws-sso-util configure populate`. Run by `tests/run --benchmarks`."""

from __future__ import annotations

import http.client
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.benchmarks.harness import profiles, table
from tests.support import AWSCTX, Home
from tests.tools import locate

from awsctx.demo.sandbox import START_URL, write_token
from awsctx.demo.standin import Client, spawn
from awsctx.signin import cache
from awsctx.signin.listing import CONCURRENCY, grants

LATENCY = 0.02


@contextmanager
def portal(monkeypatch: pytest.MonkeyPatch, **knobs: Any) -> Iterator[tuple[Client, cache.Token]]:
    """A stand-in with accounts, a token for it, and this process led to it."""
    with spawn(accounts=[], latency=LATENCY, **knobs) as aws:
        for name, value in aws.environment().items():
            monkeypatch.setenv(name, value)
        made = aws.sign_in()
        yield aws, cache.Token(START_URL, "eu-west-1", made["accessToken"], int(made["expires"]))


def listed(token: cache.Token) -> tuple[float, int]:
    """The seconds that a listing takes, and how many roles it finds."""
    start = time.perf_counter()
    found = grants(token, "", lambda done, total: None)
    assert not [grant for grant in found if grant.trouble]
    return time.perf_counter() - start, sum(len(grant.roles) for grant in found)


def bare_calls(aws: Client, token: cache.Token, count: int) -> float:
    """The seconds that so many calls take by http.client alone, as many at once as awsctx makes."""
    places: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(count):
        places.put(number)

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(aws.address).port or 0)
        while True:
            try:
                account = 300000000001 + places.get_nowait() % 1000
            except queue.Empty:
                return connection.close()
            path = f"/assignment/roles?account_id={account}&max_result=100"
            connection.request("GET", path, headers={"x-amz-sso_bearer_token": token.access_token})
            connection.getresponse().read()

    threads = [threading.Thread(target=work) for _ in range(CONCURRENCY)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def test_listing_takes_what_its_calls_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """1,000 accounts with 3 roles each: 1,010 calls."""
    with portal(monkeypatch, generate=(1000, 3)) as (aws, token):
        listed(token)  # botocore, imported
        runs = [(bare_calls(aws, token, 1010), listed(token)) for _ in range(3)]
    assert {roles for _, (_, roles) in runs} == {3000}
    bare, ours = min(bare for bare, _ in runs), min(seconds for _, (seconds, _) in runs)
    row = {"bare calls s": bare, "awsctx s": ours, "ratio": ours / bare}
    table(f"1,000 accounts x 3 roles, {LATENCY * 1000:.0f} ms a call, {CONCURRENCY} calls at once", {"listing": row})
    assert ours <= 1.3 * bare


@pytest.mark.parametrize("rate", [20, 60])
def test_a_rate_limit_costs_little_more_than_itself(monkeypatch: pytest.MonkeyPatch, rate: int) -> None:
    with portal(monkeypatch, generate=(300, 3), rate=rate) as (aws, token):
        seconds, roles = listed(token)
        refused = sum(call["status"] == 429 for call in aws.calls())
    allowed = 303 / rate
    row = {"allowed s": allowed, "awsctx s": seconds, "ratio": seconds / allowed, "429s": refused}
    table(f"300 accounts x 3 roles, 429 beyond {rate} calls a second", {"listing": row})
    assert roles == 900
    assert seconds <= 1.5 * allowed


# Plans and writes 3,000 profiles, and says what it took: seconds of processor, MB of memory.
PLAN = """
import json, os, resource, sys, time
from awsctx.profiles import sync_plan as sync
from awsctx.commands import sync as command
from awsctx.world import World

accounts = [sync.Account(f"{300000000000 + n}", f"account-{n:04}", "", ("r1", "r2", "r3")) for n in range(1000)]
command._accounts = lambda *_: accounts
class Person:
    def show(self, text, page):
        assert text.count("added") == 3001
start = time.process_time()
result = command.sync(World(os.environ), command.Call(yes=True), Person())
took = time.process_time() - start
assert result.talk[0] == "3000 added", result.talk
print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
PARSE = """
import sys, time, botocore.configloader
start = time.process_time()
botocore.configloader.load_config(sys.argv[1])
print(time.process_time() - start)
"""


def test_3000_profiles_into_a_file_of_10000(home: Home) -> None:
    took, memory, parse = 99.0, 0.0, 99.0
    for _ in range(3):
        profiles(home, 10_000)
        seconds, megabytes = json.loads(home.ok("-c", PLAN, command=[sys.executable]))
        took, memory = min(took, seconds), max(memory, megabytes)
        parse = min(parse, float(home.ok("-c", PARSE, home.config, command=[sys.executable])))  # type: ignore[arg-type]
    row = {"CPU s": took, "x parse": took / parse, "MB": memory}
    table("planning and writing 3,000 profiles into a file of 10,000; botocore's parse of the outcome is 1", {"sync -y": row})
    assert took <= 2
    assert memory < 200


def test_beside_aws_sso_util(home: Home) -> None:
    """300 accounts with 3 roles each: the first time, and again when there is nothing to do."""
    session = f"[sso-session worksso]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n"
    options = ["-u", START_URL, "--sso-region", "eu-west-1", "-r", "eu-west-1"]
    theirs = [locate.tool("aws-sso-util"), "configure", "populate", *options]
    rows: dict[str, dict[str, float]] = {}
    with spawn(accounts=[], generate=(300, 3), latency=LATENCY) as aws:
        home.environ |= aws.environment()
        for key in ("worksso", START_URL):
            write_token(home.folder, key, aws.sign_in())
        for name, command, rounds in (("aws-sso-util s", theirs, 1), ("awsctx s", [AWSCTX, "sync", "-y"], 3)):
            for _ in range(rounds):
                home.config.write_text(session)
                for turn in ("first", "again"):
                    seconds = _seconds(home, command)
                    row = rows.setdefault(turn, {})
                    row[name] = min(row.get(name, seconds), seconds)
    for row in rows.values():
        row["ratio"] = row["aws-sso-util s"] / row["awsctx s"]
    table(f"300 accounts x 3 roles, {LATENCY * 1000:.0f} ms a call", rows)
    assert rows["first"]["ratio"] >= 30
    assert rows["again"]["ratio"] >= 60


def _seconds(home: Home, command: list[str | Path]) -> float:
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    start = time.perf_counter()
    subprocess.run(command, env=home.environ, cwd=home.folder, check=True, timeout=600, **quiet)
    return time.perf_counter() - start
