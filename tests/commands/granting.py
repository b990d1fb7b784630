"""A home that is signed in to the stand-in AWS."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from tests.support import Home

from awsctx.demo.sandbox import write_token
from awsctx.demo.standin import Account, Client

DEV = Account("111111111111", "dev", ("admin", "reader"), "dev@x.example")
PROD = Account("222222222222", "prod", ("reader",))


class Site(Home):
    """A home whose AWS is the stand-in, signed in; it grants what ``grant`` says."""

    def __init__(self, folder: Path, aws: Client) -> None:
        super().__init__(folder)
        self.aws_service = aws
        self.environ |= aws.environment()
        self.sign_in()
        self.grant(DEV, PROD)

    def sign_in(self) -> Path:
        return write_token(self.folder, "worksso", self.aws_service.sign_in())

    def grant(self, *accounts: Account, **knobs: Any) -> None:
        self.aws_service.control(accounts=accounts, **knobs)

    def sync(self, *arguments: str, status: int = 0, **options: Any) -> subprocess.CompletedProcess[str]:
        """`awsctx sync`, which ends with that status, and without a traceback."""
        done = self.run("sync", *arguments, **options)
        assert done.returncode == status, done
        assert "Traceback" not in done.stderr
        return done

    def names(self) -> list[str]:
        """The profiles."""
        return self.ok("list").splitlines()


SESSION = """\
# mine
[sso-session worksso]
sso_start_url = https://worksso.awsapps.com/start
sso_region = eu-west-1
"""
# What `awsctx sync` makes of it.
MADE = SESSION + "".join(
    f"[profile worksso.{name}]\nsso_session = worksso\nsso_account_id = {id}\nsso_role_name = {name.split('.')[1]}\n"
    "awsctx_sync = worksso\n"
    for name, id in (("dev.admin", DEV.id), ("dev.reader", DEV.id), ("prod.reader", PROD.id))
)


def granting(aws: Client, folder: Path) -> Site:
    """A signed-in home in ``folder`` with a session and no profiles."""
    site = Site(folder, aws)
    site.config.write_text(SESSION)
    return site


def values(site: Site, name: str) -> dict[str, str]:
    """The values of a profile."""
    return dict(json.loads(site.ok("show", "--json", "--", name))["profile"])


def settings(site: Site) -> dict[str, object]:
    """What the own config remembers of the session."""
    return dict(tomllib.loads(site.settings.read_text(encoding="utf-8"))["sync"]["worksso"])
