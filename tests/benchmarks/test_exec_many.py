"""What many at once costs: beside what the cores could do, beside xargs, GNU parallel and awsrun, and how much memory it takes
to pass output on. Run by `tests/run --benchmarks`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.benchmarks.harness import path_of, table
from tests.support import AWSCTX, Home, stanza
from tests.tools import locate

from awsctx.demo.sandbox import START_URL, write_token
from awsctx.demo.standin import Account, spawn

CORES = len(os.sched_getaffinity(0))
# So many rounds in turns; the best of each counts.
ROUNDS = 5
SPIN = "import time\nwhile time.process_time() < 1: pass"
MEGABYTES = 200
# Runs the command that follows, and says on stderr how many MB it and what it has started took at most.
MEASURE = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, file=sys.stderr)"
)


def plain(home: Home, count: int) -> list[str]:
    """Give ``home`` that many profiles that take no sign-in; their names."""
    names = [f"team-{number:04}" for number in range(count)]
    home.config.write_text("".join(map(stanza, names)))
    return names


def seconds(home: Home, command: Sequence[str | Path], words: Sequence[str] = ()) -> float:
    """How long a command takes, which is fed ``words``, one a line, and must succeed."""
    start = time.perf_counter()
    subprocess.run(
        command, env=home.environ, cwd=home.folder, input="".join(f"{word}\n" for word in words), text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=600,
    )  # fmt: skip
    return time.perf_counter() - start


def best(turns: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The shortest of ROUNDS runs of each, taken in turns."""
    found = dict.fromkeys(turns, float("inf"))
    for _ in range(ROUNDS):
        for name, turn in turns.items():
            found[name] = min(found[name], turn())
    return found


def per_profile(home: Home, names: Sequence[str], *command: str) -> dict[str, Callable[[], float]]:
    """How to run ``command`` once per profile, as many at a time as there are cores, with awsctx and with its peers."""
    one = ["env", "AWS_PROFILE={}", *command]
    return {
        "awsctx": lambda: seconds(home, [AWSCTX, "exec", "--all", "-q", "--", *command]),
        "xargs": lambda: seconds(home, ["xargs", "-P", str(CORES), "-I{}", *one], names),
        "parallel": lambda: seconds(home, [path_of("parallel", home), "-j", str(CORES), *one], names),
    }


def spun(count: int) -> float:
    """The seconds that ``count`` runs of SPIN take on all cores with nobody between them and the system: the ideal."""
    command = [sys.executable, "-c", SPIN]
    start = time.perf_counter()
    for _ in range(count // CORES):
        for process in [subprocess.Popen(command) for _ in range(CORES)]:
            process.wait()
    return time.perf_counter() - start


def test_50_profiles_of_one_second_each(home: Home) -> None:
    count = 50 // CORES * CORES
    plain(home, count)
    before = spun(count)
    took = seconds(home, [AWSCTX, "exec", "--all", "-q", "--", sys.executable, "-c", SPIN])
    ideal = (before + spun(count)) / 2
    row = {"ideal s": ideal, "awsctx s": took, "of ideal": ideal / took}
    table(f"{count} x 1 s of CPU on {CORES} cores", {"exec --all": row})
    assert ideal / took >= 0.9


def test_1000_cells_of_true(home: Home) -> None:
    turns = per_profile(home, plain(home, 1000), "true")
    peer = turns.pop("parallel")
    found = {**best(turns), "parallel": peer()}
    row = {**found, "/ xargs": found["awsctx"] / found["xargs"]}
    table(f"1,000 x `true`, {CORES} at a time: seconds", {"exec --all": row})
    assert found["awsctx"] <= 1.15 * found["xargs"]


def test_200_megabytes_of_output(home: Home) -> None:
    plain(home, 10)
    rows: dict[str, dict[str, float]] = {}
    for name, options, script in (
        ("lines", [], "yes 'a line of some fifty characters, more or less' | head -c {}"),
        ("one line each", [], "head -c {} /dev/zero"),
        ("--out", ["--out", "out"], "head -c {} /dev/zero"),
    ):
        each = MEGABYTES * 1_000_000 // 10
        command = [AWSCTX, "exec", "--all", "-q", "-j", "10", *options, "--", "sh", "-c", script.format(each)]
        start = time.perf_counter()
        done = home.run("-c", MEASURE, *command, command=[sys.executable], encoding=None, errors=None)
        took = time.perf_counter() - start
        assert done.returncode == 0 and len(done.stdout) >= (0 if options else MEGABYTES * 1_000_000)
        rows[name] = {"seconds": took, "MB": float(done.stderr.split()[-1])}
    table(f"{MEGABYTES} MB of output by ten at a time", rows)
    assert max(row["MB"] for row in rows.values()) < 60


def test_beside_awsrun(home: Home) -> None:
    """`aws sts get-caller-identity` in ten accounts, which awsrun knows by profiles called as the accounts."""
    ids = [f"{number:012}" for number in range(1, 11)]
    session = f"[sso-session worksso]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n"
    stanzas = (stanza(id, sso_session="worksso", sso_account_id=id, sso_role_name="reader") for id in ids)
    home.config.write_text(session + "".join(stanzas))
    plugins = "Accounts:\n  plugin: awsrun.plugins.accts.Identity\nCredentials:\n  plugin: awsrun.plugins.creds.aws.Profile\n"
    (home.folder / ".awsrun.yaml").write_text(plugins)
    call = ["--region", "eu-west-1", "sts", "get-caller-identity"]
    accounts = [word for id in ids for word in ("--account", id)]
    home.environ["PATH"] = f"{locate.tools() / 'bin'}:{home.environ['PATH']}"
    with spawn(accounts=[Account(id, id, ("reader",)) for id in ids]) as aws:
        home.environ |= {**aws.environment(), "AWS_PAGER": ""}
        write_token(home.folder, "worksso", aws.sign_in())
        theirs = [locate.tool("awsrun"), "--force", "--threads", str(CORES), *accounts, "aws", *call]
        found = {
            "awsrun": min(seconds(home, theirs) for _ in range(2)),
            "awsctx": min(seconds(home, [AWSCTX, "exec", "--all", "--", "aws", *call]) for _ in range(2)),
        }
        assert aws.count("GetCallerIdentity") >= 40
    table("aws sts get-caller-identity in 10 accounts: seconds", {"": {**found, "ratio": found["awsrun"] / found["awsctx"]}})
    assert found["awsctx"] <= 1.15 * found["awsrun"]
