"""A home that is pointed at the stand-in AWS, with a browser that nobody has to look at."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pexpect
from tests.support import AWSCTX, Home

from awsctx.demo import sandbox
from awsctx.demo.standin import Client

FIELDS = ["startUrl", "region", "accessToken", "expiresAt", "clientId", "clientSecret", "registrationExpiresAt", "refreshToken"]

_END_SECONDS = 60
# Follows the link in the background, and keeps the link and the page that it leads to.
BROWSER = """\
import os, pathlib, sys, urllib.request
if os.fork() == 0:
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    home = pathlib.Path(os.environ["HOME"])
    with open(home / "opened", "a") as file:
        file.write(sys.argv[1] + "\\n")
    try:
        page = urllib.request.urlopen(sys.argv[1], timeout=30).read()
    except OSError as e:
        page = str(e).encode()
    (home / "page").write_bytes(page)
"""


class SignIns(Home):
    """A home whose AWS is the stand-in ``aws``."""

    def __init__(self, folder: Path, aws: Client) -> None:
        super().__init__(folder)
        self.stand_in = aws
        self.cache = self.aws / "sso" / "cache"
        browser = sandbox.add_program(folder, "browser", BROWSER)
        self.environ |= {**aws.environment(), "BROWSER": f"{browser} %s", "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "1"}

    def path(self, session: str = "worksso") -> Path:
        """The token file of a session, or of an inline form's start URL."""
        return self.cache / (hashlib.sha1(session.encode(), usedforsecurity=False).hexdigest() + ".json")

    def token(self, session: str = "worksso") -> dict[str, Any]:
        """What is in the token file."""
        return dict(json.loads(self.path(session).read_text()))

    def sign_in(self, session: str = "worksso", *, seconds: float | None = None, **more: Any) -> dict[str, Any]:
        """A token file as the AWS CLI writes it, of a sign-in at the stand-in; ``seconds``: from now to its end."""
        if seconds is not None:
            more["expiresAt"] = sandbox.timestamp(time.time() + seconds)
        return dict(json.loads(sandbox.write_token(self.folder, session, self.stand_in.sign_in(), **more).read_text()))

    def sessions(self) -> dict[str, dict[str, Any]]:
        """`awsctx sessions --json`, by name."""
        return {session["name"]: session for session in json.loads(self.ok("sessions", "--json"))}

    def opened(self) -> list[str]:
        """The pages that the browser was sent to."""
        path = self.folder / "opened"
        return path.read_text().splitlines() if path.exists() else []

    def page(self) -> str:
        """The page that the browser ended on."""
        for _ in range(100):
            if (self.folder / "page").exists():
                return (self.folder / "page").read_text()
            time.sleep(0.05)
        raise AssertionError("the browser got no page")

    def at_terminal(self, *arguments: str, env: Mapping[str, str | None] = {}, **options: Any) -> pexpect.spawn:
        """`awsctx ARGUMENTS` at a pseudo-terminal."""
        environ = {name: value for name, value in {**self.environ, **env}.items() if value is not None}
        options = {"encoding": "utf-8", "timeout": 20, "dimensions": (40, 120), **options}
        return pexpect.spawn(str(AWSCTX), list(arguments), env=environ, cwd=str(self.folder), **options)


def ended(child: pexpect.spawn) -> int:
    """The exit code of a command at a terminal, once it has ended by itself; 128+N for a signal. It gets its time from its last
    word to its end, long on a busy machine: a terminal that is closed before sends HUP."""
    child.expect(pexpect.EOF)
    deadline = time.monotonic() + _END_SECONDS
    while child.isalive() and time.monotonic() < deadline:
        time.sleep(0.01)
    child.close()
    return int(child.exitstatus) if child.exitstatus is not None else 128 + int(child.signalstatus)


def plain(text: str) -> str:
    """What a terminal got, without its control sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", text)


def no_secret(aws: Client, *texts: str) -> None:
    """None of the texts may hold any of the secrets that the stand-in has handed out."""
    for secret in aws.secrets():
        assert not any(secret in text for text in texts)


def command_lines() -> str:
    """The arguments of every process of this user's."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return "\n".join(found)
