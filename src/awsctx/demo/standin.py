"""A stand-in AWS on loopback: the SSO portal, SSO-OIDC, STS and EC2, at one address.

In a test or in the demo::

    with spawn(token_seconds=60) as aws:                    # a child process; `StandIn(…)` is a thread of this one
        subprocess.run(["aws", "sso", "login"], env={**clean, **aws.environment()})
        aws.control(faults=[{"operation": "GetRoleCredentials", "kind": "status", "status": 500, "times": 2}])
        assert aws.count("GetRoleCredentials") == 3

By hand: ``python -m awsctx.demo.standin [--port N] [--scenario FILE.json] [--ready-file FILE] [--warm]``. It prints its
address when it is ready, and ends with the process that started it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from awsctx.demo.cloud import MACHINES
from awsctx.demo.scenario import STALE_KEY, STALE_SECRET, Account, Fault, Scenario
from awsctx.demo.server import Server

__all__ = ["STALE_KEY", "STALE_SECRET", "Account", "Client", "Fault", "Scenario", "StandIn", "spawn"]

SERVICES = ("SSO", "SSO_OIDC", "STS", "EC2", "SIGNIN")


class Client:
    """A running stand-in, seen from outside: the variables to reach it, its knobs, its log."""

    def __init__(self, address: str) -> None:
        self.address = address

    def environment(self) -> dict[str, str]:
        """The variables that lead every AWS tool here, and nowhere else."""
        endpoints = {f"AWS_ENDPOINT_URL_{service}": self.address for service in SERVICES}
        return {
            "AWS_ENDPOINT_URL": self.address,
            **endpoints,
            "AWS_EC2_METADATA_DISABLED": "true",
            # A proxy of the machine's would otherwise be asked for 127.0.0.1.
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def control(self, **wanted: Any) -> dict[str, Any]:
        """Turn knobs and give orders (`server` lists them). Raises ValueError for one that there is not."""
        return dict(self._ask("/_control", json.dumps(wanted, default=_plain).encode()))

    def reset(self) -> None:
        """Back to the first scenario: nothing handed out, nothing logged."""
        self.control(reset=True)

    def sign_in(self, person: str = "", scopes: tuple[str, ...] = ("sso:account:access",)) -> dict[str, Any]:
        """A sign-in without a browser: accessToken, refreshToken, expires, clientId, clientSecret, registrationExpires. The
        times are seconds since the epoch."""
        return self.control(sign_in={"person": person, "scopes": scopes})

    def calls(self, operation: str | None = None) -> list[dict[str, Any]]:
        """The calls so far, oldest first; of one operation, if named."""
        return [call for call in self._ask("/_log") if operation in (None, call["operation"])]

    def count(self, operation: str | None = None) -> int:
        """How many calls so far."""
        return len(self.calls(operation))

    def secrets(self) -> list[str]:
        """Every secret handed out so far: none may show up in what a program prints."""
        return list(self._ask("/_secrets"))

    def _ask(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(self.address + path, body)  # noqa: S310  (our own address)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as refused:
            with refused:
                raise ValueError(refused.read().decode().strip()) from None


class StandIn(Client):
    """A stand-in in a thread of this process. A context manager; the knobs are `Scenario`'s."""

    def __init__(self, port: int = 0, scenario: Scenario | None = None, **knobs: Any) -> None:
        self._server = Server((scenario or Scenario()).changed(knobs), port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        super().__init__(self._server.address)

    def start(self) -> StandIn:
        """Serve; returns at once (the socket is listening already)."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving. Calls that a fault keeps waiting end without an answer."""
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> StandIn:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


@contextlib.contextmanager
def spawn(*, warm: bool = False, python: str = sys.executable, **knobs: Any) -> Iterator[Client]:
    """A stand-in in a process of its own, ended on leaving. `warm`: import moto at once, in the background."""
    package = str(Path(__file__).resolve().parents[2])
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environ["PYTHONPATH"] = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    command = [python, "-m", "awsctx.demo.standin", "--scenario", "-", "--parent", str(os.getpid())]
    # Its own process group: Ctrl-C at the terminal is for the demo, which then ends the stand-in.
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603  (our own module)
        command + ["--warm"] * warm, env=environ, stdin=pipe, stdout=pipe, text=True, process_group=0
    ) as process:
        try:
            assert process.stdin and process.stdout  # noqa: S101  (for the type checker: both are pipes)
            process.stdin.write(json.dumps(knobs, default=_plain))
            process.stdin.close()
            address = process.stdout.readline().strip()
            if not address:
                raise RuntimeError("the stand-in AWS did not start")
            yield Client(address)
        finally:
            process.terminate()
            # Popen's own waiting is cut short by a KeyboardInterrupt.
            process.wait()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{value!r} cannot be sent to the stand-in")


def main(arguments: list[str] | None = None) -> int:
    """Run a stand-in until it is told to end, or until the process that started it is gone."""
    parser = argparse.ArgumentParser(prog="python -m awsctx.demo.standin", description="A stand-in AWS on loopback.")
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--scenario", metavar="FILE.json", help="the knobs, as a JSON object; - reads it from stdin")
    parser.add_argument("--ready-file", metavar="FILE", help="write the address here too")
    parser.add_argument("--warm", action="store_true", help="import moto now, not at the first EC2 call")
    parser.add_argument("--parent", type=int, default=os.getppid(), help="end when this is no longer the parent")
    options = parser.parse_args(arguments)
    over = _told_to_end()
    with StandIn(options.port, **_knobs(options.scenario)) as standin:
        if options.ready_file:
            _write_whole(Path(options.ready_file), standin.address + "\n")
        print(standin.address, flush=True)
        if options.warm:
            threading.Thread(target=MACHINES.warm, daemon=True).start()
        while not over.wait(0.2) and os.getppid() == options.parent:
            pass
    return 0


def _knobs(source: str | None) -> Mapping[str, Any]:
    if source is None:
        return {}
    knobs = json.loads(sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8"))
    if not isinstance(knobs, dict):
        raise SystemExit(f"{source}: not a JSON object")
    return knobs


def _write_whole(path: Path, text: str) -> None:
    """So that whoever waits for the file never reads half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _told_to_end() -> threading.Event:
    """Set when SIGTERM, SIGINT or SIGHUP comes."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: over.set())
    return over


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Tidying moto's thousands of objects away would take longer than anything before it.
    os._exit(status)
