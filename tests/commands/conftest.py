"""A signed-in home that points to the stand-in AWS, and commands called in this process (boto3 takes half a second to import,
once); a home to set up, one for many at once, one with folders."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import botocore.credentials
import botocore.tokens
import pytest
from tests.commands.many import Fleet
from tests.signin.conftest import here, screen, site
from tests.signin.helpers import SignIns
from tests.support import DEVELOPER, Home, stanza

from awsctx.demo.sandbox import CONFIG, Sandbox, prepare
from awsctx.demo.standin import Client
from awsctx.world import World

__all__ = ["here", "screen", "site"]

MORE = """\
[profile role]
role_arn = arn:aws:iam::210987654321:role/deep/deployer
source_profile = worksso.developer
region = eu-west-1
[profile mfa]
role_arn = arn:aws:iam::210987654321:role/deployer
source_profile = worksso.developer
mfa_serial = arn:aws:iam::210987654321:mfa/ada
region = eu-west-1
[profile web]
role_arn = arn:aws:iam::210987654321:role/ci
web_identity_token_file = {home}/web-token
region = eu-west-1
[profile not-granted]
sso_session = worksso
sso_account_id = 123412341234
sso_role_name = admin
region = eu-west-1
[profile keys]
aws_access_key_id = AKIASTALEKEYOFOLDCI0
aws_secret_access_key = old-ci-secret-key-that-someone-forgot-to-unset
[profile unknown-keys]
aws_access_key_id = AKIANOBODYKNOWSTHIS0
aws_secret_access_key = hush
region = eu-west-1
[profile process]
credential_process = {home}/../bin/awsctx env worksso.tester --format process
region = eu-west-2
[profile circle]
credential_process = {home}/../bin/awsctx env circle --format process
region = eu-west-2
[profile broken-process]
credential_process = sh -c 'echo hush-hush >&2; exit 1'
region = eu-west-2
[profile contradiction]
sso_session = worksso
sso_account_id = 123412341234
sso_role_name = developer
role_arn = arn:aws:iam::210987654321:role/deployer
source_profile = worksso.developer
region = eu-west-1
[profile nothing]
region = eu-west-1
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def sandbox(aws: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A signed-in home with profiles of every kind; this process is in it."""
    made = prepare(tmp_path, aws, callers=os.environ, config=CONFIG + MORE.format(home=tmp_path / "home"))
    (made.home / "web-token").write_text("a.web.token")
    for name in os.environ.keys() - {"AWSCTX_TOOLS"}:  # where the tests' own tools are
        monkeypatch.delenv(name)
    for name, value in made.environ.items():
        monkeypatch.setenv(name, value)
    # botocore looks for HOME when it is imported, once.
    for provider in (botocore.credentials.SSOProvider, botocore.tokens.SSOTokenProvider):
        monkeypatch.setattr(provider, "_SSO_TOKEN_CACHE_DIR", str(made.home / ".aws" / "sso" / "cache"))
    return made


@pytest.fixture
def world(sandbox: Sandbox) -> Callable[..., World]:
    """Makes the world of a call in the sandbox, with more variables where given: set for this process too, which is where
    botocore looks."""

    def make(monkeypatch: pytest.MonkeyPatch | None = None, **variables: str) -> World:
        for name, value in variables.items():
            assert monkeypatch is not None
            monkeypatch.setenv(name, value)
        return World(os.environ)

    return make


@pytest.fixture
def run(sandbox: Sandbox) -> Run:
    """Runs the installed command in the sandbox."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environ = {**sandbox.environ, **variables}
        command = [str(sandbox.bin / "awsctx"), *arguments]
        return subprocess.run(
            command, env=environ, cwd=sandbox.home, stdin=subprocess.DEVNULL, text=True, capture_output=True, timeout=60
        )

    return run


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """Four profiles in two accounts, one of them without a word on its account."""
    home = Fleet(tmp_path / "home")
    role = "arn:aws:iam::{}:role/{}"
    home.config.write_text(
        stanza("dev.admin", role_arn=role.format("111111111111", "admin"), credential_source="Environment", region="eu-west-1")
        + stanza("dev.reader", role_arn=role.format("111111111111", "r"), credential_source="Environment", region="eu-west-2")
        + stanza("prod.reader", role_arn=role.format("222222222222", "r"), credential_source="Environment")
        + stanza("keys")
    )
    return home


@pytest.fixture
def empty(site: SignIns) -> SignIns:
    """A home without ~/.aws/config."""
    site.config.unlink()
    return site


@pytest.fixture
def project(home: Home) -> Path:
    """A folder, with one below it, in a home whose active context is DEVELOPER."""
    home.ok(DEVELOPER)
    (home.folder / "project" / "deep").mkdir(parents=True)
    return home.folder / "project"
