"""Where a call is that a pin may decide on."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import DEVELOPER, Home


def current(home: Home, folder: Path, **env: str) -> tuple[str, str, str]:
    """(profile, region, source) in ``folder``."""
    value = json.loads(home.ok("current", "--json", cwd=folder, env=env))
    return value["profile"], value["region"] or "", value["source"]


STATE = (DEVELOPER, "", "state")
