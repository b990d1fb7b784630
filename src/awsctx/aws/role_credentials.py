"""Removes role credentials that AWS CLI v2 caches in `~/.aws/cli/cache`, when their sign-in ends.

`aws sso logout` removes every file there whose `ProviderType` is `sso`, since it ends every sign-in. awsctx keeps those
that belong to profiles of the other sessions. The name of a file is a SHA-1 of what it is for (botocore/credentials.py,
SSOCredentialFetcher._create_cache_key).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from awsctx import trace
from awsctx.aws.sessions import every
from awsctx.signin import cache
from awsctx.signin.session import Session
from awsctx.world import World


def drop(world: World, ended: list[Session] | None) -> None:
    """Remove the credentials that came from the sign-ins in ``ended`` (None: from any)."""
    kept = set() if ended is None else _of_others(world, {session.name for session in ended})
    for path in Path("~/.aws/cli/cache").expanduser().glob("*"):
        if path.name not in kept and cache.read_json(str(path)).get("ProviderType") == "sso":
            cache.remove(str(path))
            trace.tell("role credentials removed", path)


def _of_others(world: World, ended: set[str]) -> set[str]:
    """The files that belong to profiles of sessions which go on."""
    found = set()
    for session, profiles in every(world):
        if session.name in ended:
            continue
        for profile in profiles:
            account, role = world.files.account_and_role(profile)
            found.add(_file_name(session, account, role))
    return found


def _file_name(session: Session, account: str, role: str) -> str:
    key = {"roleName": role, "accountId": account, "startUrl" if session.inline else "sessionName": session.name}
    text = json.dumps(key, sort_keys=True, separators=(",", ":"))
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest() + ".json"
