"""What an everyday call costs: the modules that it loads, held against a list (counted, not timed)."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.shells.ptys import sign_in
from tests.support import DEVELOPER, TESTER, Home

from awsctx import __version__
from awsctx.core.environ import PROTOCOL

# Everything that each everyday call may load beyond what `python -c pass` has. Each is either ours or a few hundred
# microseconds of C. A new name here needs a reason.
OURS = {
    "awsctx",
    "awsctx.__main__",
    "awsctx.cli",
    "awsctx.cli.process",
    "awsctx.cli.render",
    "awsctx.commands",
    "awsctx.core",
    "awsctx.core.text",
    "awsctx.core.words",
    "awsctx.errors",
    "awsctx.store",
    "awsctx.store.files",
    "awsctx.store.paths",
    "awsctx.trace",
    "awsctx.world",
}
C = {"__future__", "_json", "_sha1", "errno", "fcntl", "_signal"}

# What the AWS files, the state and the own config take; which context is in force; the answer to a hook; what a call knows
# of a profile and its sign-in.
FILES = {"awsctx.awsfiles", "awsctx.awsfiles.grammar", "awsctx.awsfiles.names"}
STATE = {"awsctx.core.context", "awsctx.core.record", "awsctx.store.state"}
SETTINGS = {"awsctx.store.settings"}
IN_FORCE = {"awsctx.core.environ", "awsctx.core.in_force", *FILES, *STATE}
DECIDE = {"awsctx.shell", "awsctx.core.decide", "awsctx.core.memory", "awsctx.core.prompt", "awsctx.store.answers"}
KNOWN = {"awsctx.core.environ", "awsctx.core.facts", "awsctx.signin", "awsctx.signin.tokens", *FILES, *SETTINGS}
SWITCH = {"awsctx.commands.use", "awsctx.guard", *IN_FORCE, *DECIDE, *KNOWN}
EXEC = {"awsctx.commands.exec", "awsctx.guard", "awsctx.core.agents", *IN_FORCE}
LOGIN = {"awsctx.commands.login", "awsctx.aws", "awsctx.aws.sessions", "awsctx.cli.person", "awsctx.shells"}
LOGIN |= {"awsctx.signin.request", "awsctx.signin.session", *IN_FORCE, *KNOWN}
INIT = {"awsctx.commands.init", "awsctx.core.environ", "awsctx.shells"}

CALLS = {
    (DEVELOPER,): SWITCH,
    ("use", DEVELOPER): SWITCH,
    ("-",): SWITCH,
    ("current",): {"awsctx.commands.current", *IN_FORCE, *SETTINGS},
    ("-c",): {"awsctx.commands.current", *IN_FORCE, *SETTINGS},
    ("prompt",): {"awsctx.commands.prompt", "awsctx.core.prompt", *IN_FORCE, *KNOWN},
    ("list",): {"awsctx.commands.list", *FILES, *SETTINGS},
    ("login",): LOGIN,
    ("_complete", "0", "work"): {"awsctx.commands.complete", "awsctx.core.completions", "awsctx.core.environ", *FILES},
    ("_hook",): {*DECIDE, *KNOWN, *STATE},
    ("init", "bash"): INIT,
    ("init", "zsh"): INIT,
    ("init", "fish"): INIT,
    ("init", "zsh", "--prompt", "--aliases"): {*INIT, *FILES, "awsctx.commands.alias"},
    ("exec", "--", "true"): EXEC,
    ("exec", "-p", DEVELOPER, "-c", "true"): {*EXEC, *SETTINGS},
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
