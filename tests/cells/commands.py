"""Commands of a run that do what they like, and what is left of them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.commands.many import Fleet
from tests.support import AWSCTX

MARK = "AWSCTX_TEST_MARK"


def running(home: Fleet) -> list[int]:
    """The processes that have been started in this home and are still there."""
    mark = f"{MARK}={home.environ[MARK]}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def programs(home: Fleet) -> list[str]:
    """The names of the programs in these processes, but for awsctx itself, in order."""
    found = []
    for pid in running(home):
        try:
            found.append(Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip())
        except OSError:
            continue
    return sorted(name for name in found if name not in ("awsctx", "python", "setsid"))


def gone(home: Fleet, seconds: float = 5.0) -> bool:
    """Whether nothing of that home is running any more, in so many seconds."""
    end = time.monotonic() + seconds
    while running(home) and time.monotonic() < end:
        time.sleep(0.05)
    return not running(home)


def started(fleet: Fleet, *arguments: str, count: int = 4, **options: object) -> subprocess.Popen[str]:
    """`awsctx exec --all -j 4 ARGUMENTS`, once each of its commands has made a file `up.PROFILE`."""
    process = subprocess.Popen(
        [AWSCTX, "exec", "--all", "-j", "4", *arguments], env=fleet.environ, cwd=fleet.folder, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,  # type: ignore[call-overload]
    )  # fmt: skip
    up(fleet, count)
    return process


def up(fleet: Fleet, count: int = 4) -> None:
    end = time.monotonic() + 20
    while len(list(fleet.folder.glob("up.*"))) < count:
        assert time.monotonic() < end
        time.sleep(0.02)


UP = ": >up.$AWS_PROFILE; "
# Up, then there for a minute, and ended by INT at any moment: dash loses one that comes while it becomes its last command.
WAITING = (
    sys.executable,
    "-c",
    "import os, signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL);"
    "open('up.' + os.environ['AWS_PROFILE'], 'w').close(); time.sleep(60)",
)
