"""Where tests/run has put the AWS CLIs and the peers. A tool that is missing is an error, never a reason to skip."""

from __future__ import annotations

import os
from pathlib import Path


def tools() -> Path:
    """The folder of the tools: $AWSCTX_TOOLS, else .cache/tools in this checkout."""
    given = os.environ.get("AWSCTX_TOOLS")
    return Path(given) if given else Path(__file__).parents[2] / ".cache" / "tools"


def aws2() -> Path:
    """The AWS CLI v2."""
    return tool("aws")


def aws1() -> Path:
    """The AWS CLI v1."""
    return tool("aws1")


def sdk_js() -> Path:
    """The folder whose `node_modules` has AWS SDK for JavaScript v3: a script below it, or with it as its folder, finds it."""
    return tool("aws-sdk-js")


def tool(name: str) -> Path:
    """`aws`, `aws1`, `uv`, `pipx`, `nu`, `aws-sdk-js`, or, after `tests/run --benchmarks`, a peer: `awsume`, `awsp`, …

    Raises FileNotFoundError, which says how to get it.
    """
    path = tools() / "bin" / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: tests/run --setup brings it")
    return path
