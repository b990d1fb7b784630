"""install.sh without a checkout: fetched by curl, it installs what the package index has."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.install.conftest import ROOT, Machine


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    """Where install.sh is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/install.sh"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "line",
    ["curl -fsSL {} | sh -s -- --no-hook", "curl -fsSLO {}; sh install.sh --no-hook; rm install.sh"],
    ids=["piped", "saved"],
)
def test_by_curl_the_package_index_is_taken(machine: Machine, address: str, stub: Path, line: str) -> None:
    machine.add("curl")
    (machine.home / ".local").mkdir()
    before = machine.tree()
    index = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(stub.parent), "no_proxy": "127.0.0.1"}

    done = machine.run("sh", "-c", line.format(address), **index)

    assert done.returncode == 0, done
    assert "installed: awsctx 0.0.1" in done.stdout, "from the index, and not the checkout that the tests run in"
    assert machine.run(machine.home / ".local/bin/awsctx", "--version").stdout == "awsctx 0.0.1\n"
    assert machine.run(ROOT / "install.sh", "--uninstall").returncode == 0
    assert machine.tree() == before
