"""`awsctx demo`: the walkthrough in a sandbox, played command by command, or as a shell to play in."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from awsctx.demo import tools
from awsctx.demo.sandbox import CONFIG, Sandbox, prepare
from awsctx.demo.scenario import MISSION_ACCOUNTS, Account
from awsctx.demo.standin import STALE_KEY, STALE_SECRET, spawn
from awsctx.errors import AwsctxError, UsageError
from awsctx.shells import quoted

HERE = Path(__file__).parent
WELCOME = "A stand-in for AWS runs on this machine; HOME and ~/.aws are the sandbox's own."
NEXT = """
Each of these commands really ran, against a stand-in for AWS. The sandbox is gone again. Next:

    awsctx demo                     the same sandbox, as a shell to play in
    eval "$(awsctx init bash)"      the hook, for this shell (zsh: the same; fish: awsctx init fish | source)
    awsctx                          your own profiles
    awsctx NAME                     switch; awsctx - goes back
"""
SUGGESTIONS = """\
    awsctx worksso.developer                        switch; TAB completes
    aws ec2 describe-instances | jq '.[][].Instances[].InstanceId'
    awsctx worksso.tester && awsctx -               there, and back
    awsctx sync --match readonly -y                 a profile for each account; then in all of them at once:
    awsctx exec --match '*.readonly' -r eu-west-1,us-east-1 -- aws ec2 describe-instances --output text
    awsctx --help                                   the rest; `exit` ends the sandbox
"""
# What the sign-in grants beyond the walkthrough's two profiles: something for `awsctx sync` to find, and accounts to run a
# command in all at once.
MORE = (
    Account("111122223333", "playground", ("admin", "ReadOnlyAccess"), "playground@example.com"),
    *(
        Account(f"{444455550000 + number}", team, ("readonly",), f"{team}@example.com")
        for number, team in enumerate(("shop", "billing", "search", "mail", "stock", "web"), 1)
    ),
)
SHELLS = ("bash", "zsh", "fish")
RC = {
    "bash": 'eval "$(awsctx init bash --prompt)"\n',
    "zsh": 'autoload -Uz compinit && compinit -u -d "$ZDOTDIR/compdump"\neval "$(awsctx init zsh --prompt)"\n',
    "fish": "set -g fish_greeting\nawsctx init fish --prompt | source\n",
}


def play(callers: Mapping[str, str] | None = None, *, next_steps: str = NEXT) -> int:
    """Play the walkthrough on stdout; on a terminal, Enter goes on to its next step.

    The status: 0 when every command did what it should, else 1; 130 on Ctrl-C.
    """
    try:
        with opened(callers, config="", sign_in=False) as sandbox:
            styles = {"DEMO_BOLD": "\x1b[1m", "DEMO_DIM": "\x1b[2m", "DEMO_PLAIN": "\x1b[0m"}
            if not sys.stdout.isatty() or "NO_COLOR" in sandbox.environ:
                styles = dict.fromkeys(styles, "")
            keys = {"DEMO_KEY": STALE_KEY, "DEMO_SECRET": STALE_SECRET}
            sys.stdout.flush()
            paced = sys.stdin.isatty() and sys.stdout.isatty()
            pause = f"\n{styles['DEMO_DIM']}Enter goes on, Ctrl-C ends {styles['DEMO_PLAIN']}" if paced else None
            failed = _run_script(HERE / "walkthrough.bash", sandbox, {**styles, **keys}, pause)
    except KeyboardInterrupt:
        return 130
    if failed:
        print(f"\nawsctx: {failed} of the walkthrough's commands failed", file=sys.stderr)
        return 1
    print(next_steps, end="", flush=True)
    return 0


def shell(callers: Mapping[str, str] | None = None, name: str | None = None) -> int:
    """Open a shell in the sandbox, the hook loaded: `name`, or the user's own ($SHELL), or bash. The shell's status.

    Raises UsageError for a shell that there is no hook for.
    """
    callers = os.environ if callers is None else callers
    own = Path(callers.get("SHELL", "")).name
    chosen = name or (own if own in SHELLS else "bash")
    if chosen not in SHELLS:
        raise UsageError(f"no hook for the shell {chosen}", f"there are hooks for {', '.join(SHELLS)}")
    with opened(callers) as sandbox:
        print(f"{WELCOME} Try:\n\n{SUGGESTIONS}", flush=True)
        return _run_shell(chosen, sandbox)


@contextlib.contextmanager
def opened(callers: Mapping[str, str] | None = None, *, config: str = CONFIG, sign_in: bool = True) -> Iterator[Sandbox]:
    """A sandbox with a running stand-in, and `aws` and `jq` on its PATH; on leaving, however, nothing of it is left.

    Raises AwsctxError where the machine lacks something that cannot be brought along.
    """
    callers = os.environ if callers is None else callers
    if importlib.util.find_spec("moto") is None:
        _hand_over(callers)
        raise AwsctxError("the demo stands AWS in with moto, which is not installed", _how_to_get_it(callers))
    with (
        _ending_in_order(),
        tempfile.TemporaryDirectory(prefix="awsctx-demo-", ignore_cleanup_errors=True) as folder,
        spawn(warm=True, accounts=(*MISSION_ACCOUNTS, *MORE)) as aws,
    ):
        sandbox = prepare(Path(folder), aws, callers=callers, config=config, sign_in=sign_in)
        tools.provide(sandbox.bin, sandbox.environ, lambda line: print(line, file=sys.stderr, flush=True))
        yield sandbox


def _hand_over(callers: Mapping[str, str]) -> None:
    """Become the awsctx of the environment that `install.sh --demo` has made, which has all that the demo needs. Returns where
    there is none."""
    other = _installed(callers) / "demo" / "bin" / "awsctx"
    if os.access(other, os.X_OK) and not other.is_relative_to(sys.prefix):
        sys.stdout.flush()
        os.execve(other, [str(other), *sys.argv[1:]], dict(callers))  # noqa: S606  (no shell is wanted)


def _installed(callers: Mapping[str, str]) -> Path:
    """The folder in which install.sh keeps what it has installed."""
    return Path(callers.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share"), "awsctx")


def _how_to_get_it(callers: Mapping[str, str]) -> str:
    """What brings the demo's parts; into what install.sh has made, no pip installs."""
    if not (_installed(callers) / "installed").exists():
        return "pip install 'awsctx-cli[demo]'"
    # PEP 610: where a distribution that is not from a package index has come from.
    came_from = json.loads(importlib.metadata.distribution("awsctx-cli").read_text("direct_url.json") or "{}")
    script = Path(url2pathname(urlsplit(came_from.get("url", "")).path), "install.sh")
    return f"{quoted(str(script))} --demo" if script.is_file() else "run install.sh again, with --demo"


def _run_script(script: Path, sandbox: Sandbox, more: Mapping[str, str], pause: str | None) -> int:
    """Run it in the sandbox, without a terminal to read from. Cut short, it ends with all that it has started.

    At each step it writes a byte to its stdin and reads a line there: with `pause`, what asks for Enter, that line is the
    person's; else stdin is /dev/null, and it goes on at once.
    """
    ours, theirs = socket.socketpair()
    with (
        ours,
        theirs,
        subprocess.Popen(  # noqa: S603
            ["bash", str(script)],  # noqa: S607  (the sandbox's own)
            env={**sandbox.environ, **more},
            cwd=sandbox.home,
            stdin=subprocess.DEVNULL if pause is None else theirs.fileno(),
            process_group=0,
        ) as process,
    ):
        theirs.close()
        try:
            while ours.recv(1):
                print(pause, end="", flush=True)
                sys.stdin.readline()
                ours.sendall(b"\n")
            return process.wait()
        except ConnectionError:  # it was ended while it waited
            return process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            raise


def _run_shell(name: str, sandbox: Sandbox) -> int:
    """Run the shell on this terminal, with the sandbox's start-up file instead of the user's."""
    folder = sandbox.home.parent / "config" / "fish" if name == "fish" else sandbox.home
    folder.mkdir(exist_ok=True)
    rc = folder / {"bash": ".bashrc", "zsh": ".zshrc", "fish": "config.fish"}[name]
    rc.write_text(RC[name], encoding="utf-8")
    # Otherwise a first fish reads all manual pages in the background, and goes on after its end. Since fish 4, it keeps
    # what it has read in the cache's folder.
    for kept in ("data", "cache"):
        (sandbox.home.parent / kept / "fish" / "generated_completions").mkdir(parents=True, exist_ok=True)
    command = [name, "--rcfile", str(rc), "-i"] if name == "bash" else [name, "-i"]
    environ = {**sandbox.environ, "ZDOTDIR": str(sandbox.home), "SHELL": shutil.which(name) or name}
    with subprocess.Popen(command, env=environ, cwd=sandbox.home) as process:  # noqa: S603
        # Ctrl-C is the shell's affair. Set only now: a child inherits what is ignored.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return process.wait()
        except BaseException:
            process.send_signal(signal.SIGHUP)  # the one that an interactive shell heeds, and hands on to its jobs
            process.wait()
            raise
        finally:
            signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the demo by way of every `finally`."""

    def leave(number: int, _frame: FrameType | None) -> Any:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
