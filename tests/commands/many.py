"""A home with profiles for many at once, and what `awsctx exec` over them gives."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tests.support import Home, stanza


class Fleet(Home):
    """A home whose profiles need no sign-in, called in all of them."""

    def profiles(self, *names: str, **values: str) -> None:
        """Give it these profiles, and no others."""
        self.config.write_text("".join(stanza(name, **(values or {"region": "eu-west-1"})) for name in names), encoding="utf-8")

    def many(self, *arguments: str | bytes, status: int = 0, **options: Any) -> subprocess.CompletedProcess[str]:
        """`awsctx exec --all ARGUMENTS`, which ends with that status, and without a traceback."""
        done = self.run("exec", "--all", *arguments, **options)
        assert done.returncode == status, done
        assert "Traceback" not in str(done.stderr)
        return done

    def objects(self, *arguments: str, status: int = 0, **options: Any) -> dict[str, dict[str, Any]]:
        """`awsctx exec --all --json ARGUMENTS`, by cell."""
        done = self.many("--json", *arguments, status=status, **options)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        keys = ["profile", "account_id", "region", "status", "stdout", "stderr", "seconds"]
        assert all(list(item) == keys for item in found)
        return {item["profile"]: item for item in found}

    def again(self, *arguments: str, status: int = 0, **options: Any) -> subprocess.CompletedProcess[str]:
        """`awsctx exec --failed ARGUMENTS`."""
        done = self.run("exec", "--failed", *arguments, **options)
        assert done.returncode == status, done
        return done
