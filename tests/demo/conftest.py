"""The real clients to ask the stand-in AWS with."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from tests.tools import locate

from awsctx.demo.sandbox import Sandbox, prepare
from awsctx.demo.standin import Client

Result = subprocess.CompletedProcess[str]


@pytest.fixture
def sandbox(aws: Client, tmp_path: Path) -> Sandbox:
    """A HOME with the walkthrough's configuration, signed in at the stand-in."""
    sandbox = prepare(tmp_path, aws, tools=[locate.tools() / "bin"], callers=os.environ)
    for tool in ("aws", "aws1", "jq", "curl"):
        assert shutil.which(tool, path=sandbox.environ["PATH"]), f"{tool} is missing"
    return sandbox


@pytest.fixture
def bash(sandbox: Sandbox) -> Callable[..., Result]:
    """Runs a line of bash in the sandbox, with more variables where given."""

    def run(line: str, **more: str) -> Result:
        command = ["bash", "-o", "pipefail", "-c", line]
        environ = {**sandbox.environ, **more}
        return subprocess.run(command, env=environ, cwd=sandbox.home, text=True, capture_output=True, timeout=60)

    return run


@pytest.fixture(scope="session")
def boto() -> boto3.Session:
    """One for all tests: reading the services' models is most of a client's cost."""
    return boto3.Session(region_name="eu-west-1")


@pytest.fixture
def client(aws: Client, boto: boto3.Session) -> Callable[..., Any]:
    """Makes a boto3 client of one of the services."""

    def make(service: str, config: Config | None = None, **keys: str) -> Any:
        return boto.client(service, endpoint_url=aws.address, config=config, **keys)

    return make
