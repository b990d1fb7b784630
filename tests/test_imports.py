"""What an everyday call costs: the modules that it loads, held against a list (counted, not timed)."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.shells.ptys import sign_in
from tests.support import DEVELOPER, TESTER, Home

from awsctx import __version__
from awsctx.core.environ import PROTOCOL

# Everything that the everyday calls may load beyond what `python -c pass` has. Each is either ours or a few hundred
# microseconds of C. A new name here needs a reason.
OURS = {
    "awsctx",
    "awsctx.__main__",
    "awsctx.awsfiles",
    "awsctx.awsfiles.grammar",
    "awsctx.awsfiles.names",
    "awsctx.cli",
    "awsctx.cli.process",
    "awsctx.cli.render",
    "awsctx.commands",
    "awsctx.core",
    "awsctx.core.context",
    "awsctx.core.environ",
    "awsctx.core.facts",
    "awsctx.core.in_force",
    "awsctx.core.record",
    "awsctx.core.text",
    "awsctx.core.words",
    "awsctx.errors",
    "awsctx.store",
    "awsctx.store.files",
    "awsctx.store.paths",
    "awsctx.store.pins",
    "awsctx.store.settings",
    "awsctx.store.state",
    "awsctx.trace",
    "awsctx.world",
}
C = {"__future__", "_json", "_sha1", "errno", "fcntl", "_signal"}

# What the answer to a hook takes, and what a call knows of a profile's sign-in.
DECIDE = {"awsctx.shell", "awsctx.core.decide", "awsctx.core.memory", "awsctx.core.prompt", "awsctx.store.answers"}
SIGN_IN = {"awsctx.core.credentials", "awsctx.signin", "awsctx.signin.tokens"}
SWITCH = {"awsctx.commands.use", "awsctx.guard", *DECIDE, *SIGN_IN}
EXEC = {"awsctx.commands.exec", "awsctx.guard", "awsctx.core.agents"}

CALLS = {
    (DEVELOPER,): SWITCH,
    ("use", DEVELOPER): SWITCH,
    ("-",): SWITCH,
    ("current",): {"awsctx.commands.current"},
    ("-c",): {"awsctx.commands.current"},
    ("prompt",): {"awsctx.commands.prompt", "awsctx.core.prompt", *SIGN_IN},
    ("list",): {"awsctx.commands.list"},
    ("_complete", "0", "work"): {"awsctx.commands.complete", "awsctx.core.completions"},
    ("_hook",): {*DECIDE, *SIGN_IN},
    ("init", "bash"): {"awsctx.commands.init", "awsctx.shells"},
    ("init", "zsh"): {"awsctx.commands.init", "awsctx.shells"},
    ("init", "fish"): {"awsctx.commands.init", "awsctx.shells"},
    ("init", "zsh", "--prompt", "--aliases"): {"awsctx.commands.init", "awsctx.shells", "awsctx.commands.alias"},
    ("exec", "--", "true"): EXEC,
    ("exec", "-p", DEVELOPER, "-c", "true"): EXEC,
    ("exec", "--lock", "--", "true"): {
        *EXEC,
        "awsctx.commands.exec_narrowed",
        "awsctx.core.credentials",
        "awsctx.awsfiles.lock_config",
        "awsctx.store.locks",
    },
}

# Runs one call and names the modules that it loaded, at its end or at the moment at which it becomes another process.
CHILD = """
import os, sys
before = set(sys.modules)
def tell(*_):
    os.write(9, "\\n".join(sorted(set(sys.modules) - before)).encode())
    os._exit(0)
os.execve = tell
from awsctx.__main__ import main
main(sys.argv[1:])
tell()
"""


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_an_everyday_call_loads_little(home: Home, call: tuple[str, ...]) -> None:
    home.ok(DEVELOPER)
    home.ok(TESTER)
    sign_in(home, 3600)
    answer = f"bash {PROTOCOL} 1 {home.state.parent}/shells/1-a"
    env = {"AWSCTX_STATE_FILE": str(home.state), "AWSCTX_CONFIG": str(home.settings)}
    env |= {"AWSCTX_HOOK": __version__, "AWSCTX_ANSWER": answer, "AWSCTX_MEMORY": ""}
    done = subprocess.run(
        ["sh", "-c", 'exec 9>"$0"; exec "$@"', str(home.folder / "modules"), sys.executable, "-c", CHILD, *call],
        env={**home.environ, **env}, capture_output=True, timeout=30, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    loaded = set((home.folder / "modules").read_text().split())
    assert loaded, done
    assert loaded - OURS - C <= CALLS[call]
