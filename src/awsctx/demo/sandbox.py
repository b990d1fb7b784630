"""A HOME of its own with the walkthrough's configuration, signed in, and pointed at the stand-in AWS."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from awsctx.demo.standin import Client

START_URL = "https://worksso.awsapps.com/start"
CONFIG = f"""\
[sso-session worksso]
sso_start_url = {START_URL}
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
[profile worksso.developer]
sso_session = worksso
sso_account_id = 123412341234
sso_role_name = developer
region = eu-west-1
output = json
[profile worksso.tester]
sso_session = worksso
sso_account_id = 43214321
sso_role_name = tester
region = eu-west-2
output = json
"""
"""Steps 3 and 7 of the walkthrough. The second account id has eight digits: nothing but `awsctx doctor` may mind."""

# A browser that nobody has to look at: it follows the link, in the background as browsers do, and so approves it.
BROWSER = """\
import os, sys, urllib.request
if os.fork() == 0:
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    urllib.request.urlopen(sys.argv[1], timeout=30).read()
"""
LAUNCHER = """\
import sys
sys.path.insert(0, {package!r})
from awsctx.__main__ import leave, main
leave(main())
"""
CALLERS_OWN = ("AWS_", "AWSCTX_", "XDG_", "PYTHON", "SSH_", "BASH_FUNC_")
CALLERS_FILES = ("BROWSER", "ZDOTDIR", "BASH_ENV", "ENV", "PROMPT_COMMAND", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@dataclass(frozen=True)
class Sandbox:
    """A prepared folder: its HOME, its first folder of PATH, and the whole environment of a command in it."""

    home: Path
    bin: Path
    environ: dict[str, str]


def prepare(
    folder: Path,
    aws: Client,
    *,
    tools: Iterable[Path] = (),
    callers: Mapping[str, str] | None = None,
    config: str = CONFIG,
    sign_in: bool = True,
) -> Sandbox:
    """Lay out a sandbox in `folder` (the caller's to remove).

    `tools`: folders that come before the caller's PATH. `callers`: the caller's environment (default: this process's);
    what would lead out of the sandbox is left out of it. `sign_in`: with a sign-in to `worksso`, in the AWS CLI's
    format.
    """
    home, binaries = folder / "home", folder / "bin"
    for made in (home / ".aws", binaries, *(folder / name for name in ("config", "state", "data", "cache", "run"))):
        made.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / ".aws" / "config").write_text(config, encoding="utf-8")
    add_program(binaries, "browser", BROWSER)
    add_program(binaries, "awsctx", LAUNCHER.format(package=str(Path(__file__).resolve().parents[2])))
    if sign_in:
        write_token(home, "worksso", aws.sign_in())
    callers = os.environ if callers is None else callers
    path = os.pathsep.join([str(binaries), *map(str, tools), callers.get("PATH", os.defpath)])
    environ = {
        **clean(callers),
        "HOME": str(home),
        "PATH": path,
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "BROWSER": f"{binaries / 'browser'} %s",
        "AWS_PAGER": "",
        **aws.environment(),
    }
    return Sandbox(home, binaries, environ)


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` without what would lead a tool out of the sandbox, or tell it of the caller's AWS."""
    return {
        name: value for name, value in environ.items() if not name.startswith(CALLERS_OWN) and name.upper() not in CALLERS_FILES
    }


def add_program(folder: Path, name: str, source: str) -> Path:
    """A Python program in `folder`, run by this very interpreter whatever PATH says."""
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{source}", encoding="utf-8")
    path.chmod(0o755)
    return path


def write_token(home: Path, session: str, token: Mapping[str, Any], start_url: str = START_URL, **more: Any) -> Path:
    """The AWS CLI's token file for `session` (for the old inline form: its start URL), from `Client.sign_in()`.

    `more` replaces single entries of the file, or with None removes them.
    """
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"{hashlib.sha1(session.encode(), usedforsecurity=False).hexdigest()}.json"
    entries = {
        "startUrl": start_url,
        "region": "eu-west-1",
        "accessToken": token["accessToken"],
        "expiresAt": timestamp(token["expires"]),
        "clientId": token["clientId"],
        "clientSecret": token["clientSecret"],
        "registrationExpiresAt": timestamp(token["registrationExpires"]),
        "refreshToken": token["refreshToken"] or None,
        **more,
    }
    text = json.dumps({name: value for name, value in entries.items() if value is not None})
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return path


def timestamp(seconds: float) -> str:
    """Seconds since the epoch as the AWS CLI writes times."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
