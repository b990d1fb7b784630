"""What an attacker has: another user of the machine, a page on the web, a neighbour on the network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from tests.commands.conftest import run, sandbox, world
from tests.signin.conftest import here, screen, site

__all__ = ["here", "run", "sandbox", "screen", "site", "world"]

NOBODY = 65534
# What it needs is imported first: another user may not read this machine's Python, nor this home.
_FETCH = """\
import encodings.idna, os, sys, urllib.error, urllib.request
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)
if len(sys.argv) > 2:
    os.setgroups([]), os.setgid(int(sys.argv[2])), os.setuid(int(sys.argv[2]))
try:
    answer = opener.open(sys.argv[1], timeout=10)
except urllib.error.HTTPError as e:
    answer = e
print(answer.status, answer.headers.get("Location", ""))
"""
Fetch = Callable[[str], tuple[int, str]]


def fetched(url: str, *as_user: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", _FETCH, url, *as_user], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    status, _, location = done.stdout.strip().partition(" ")
    return int(status), location


@pytest.fixture
def owner() -> Fetch:
    """Asks for a page as this user: the status, and where it leads."""
    return fetched


@pytest.fixture
def neighbour() -> Fetch:
    """Asks for a page as another user of the machine."""
    if os.geteuid() != 0:
        pytest.skip("only root can be another user")
    return lambda url: fetched(url, str(NOBODY))
