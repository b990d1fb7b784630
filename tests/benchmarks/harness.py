"""Times as ratios to `python -c pass`, taken in turns within one run: machines are shared and noisy, and a ratio of two
minima of interleaved runs moves little."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support import Home

PASS = (sys.executable, "-c", "pass")
PROFILE = """\
[profile team-{n:05}.developer]
sso_session = worksso
sso_account_id = {n:012}
sso_role_name = developer
region = eu-west-1
output = json
"""


def profiles(home: Home, count: int) -> list[str]:
    """Give ``home`` a config of ``count`` SSO profiles; their names."""
    session = "[sso-session worksso]\nsso_start_url = https://worksso.awsapps.com/start\nsso_region = eu-west-1\n"
    home.config.write_text(session + "".join(PROFILE.format(n=n) for n in range(count)), encoding="utf-8")
    return [f"team-{n:05}.developer" for n in range(count)]


def seconds(commands: Mapping[str, Sequence[str | Path]], environ: Mapping[str, str], *, rounds: int = 25) -> dict[str, float]:
    """The shortest of ``rounds`` runs of each command, taken in turns; each must succeed."""
    best = dict.fromkeys(commands, float("inf"))
    for _ in range(rounds):
        for name, command in commands.items():
            start = time.perf_counter()
            done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
            best[name] = min(best[name], time.perf_counter() - start)
            assert done.returncode == 0, (name, done)
    return best


def ratios(commands: Mapping[str, Sequence[str | Path]], environ: Mapping[str, str], *, rounds: int = 25) -> dict[str, float]:
    """As ``seconds``, divided by `python -c pass` of this interpreter in the same run."""
    found = seconds({"pass": PASS, **commands}, environ, rounds=rounds)
    unit = found.pop("pass")
    return {name: value / unit for name, value in found.items()}


def table(title: str, rows: Mapping[str, Mapping[str, float]], limits: Mapping[str, float] | None = None) -> None:
    """Print ``rows`` ({row: {column: ratio}}) for the reader of the benchmark."""
    columns = list(next(iter(rows.values())))
    width = max(len(row) for row in rows) + 2
    print(f"\n{title}\n{'':{width}}" + "".join(f"{column:>12}" for column in columns))
    for row, values in rows.items():
        cells = "".join(f"{values[column]:12.2f}" if column in values else f"{'-':>12}" for column in columns)
        print(f"{row:{width}}{cells}")
    if limits:
        print(f"{'at most':{width}}" + "".join(f"{limits[column]:12.2f}" for column in columns))


def environment(home: Home) -> dict[str, str]:
    """A hooked shell's environment: both paths exported."""
    return {**home.environ, "AWSCTX_STATE_FILE": str(home.state), "AWSCTX_CONFIG": str(home.settings)}


def path_of(command: str, home: Home) -> str:
    """The path of ``command``. A peer that is missing fails the benchmark."""
    from shutil import which

    found = which(command, path=home.environ["PATH"])
    assert found, f"{command} is missing: tests/run --benchmarks brings it"
    return os.path.realpath(found)
