"""A home of its own for a test, and the installed command run in it as a user does."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

from awsctx.demo.sandbox import CONFIG as WALKTHROUGH

BIN = Path(sysconfig.get_path("scripts"))
AWSCTX = BIN / "awsctx"

DEVELOPER, TESTER = "worksso.developer", "worksso.tester"

# Names that a careless program would run, split, or mistake for an option.
HOSTILE = (
    "$(touch pwned)",
    "`touch pwned`",
    "a b",
    "-x",
    "%F{red}x%f",
    "q'q",
    'd"d',
    "ünï",
    "p;touch pwned",
    "a@b",
    "*",
    "!!",
    "~",
    "back\\slash",
    "x" * 200,
)


def stanza(name: str, **values: str) -> str:
    """A profile section for ``name``, quoted so that botocore reads the name back."""
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    lines = [f"{key} = {value}" for key, value in (values or {"region": "eu-west-1"}).items()]
    return "\n".join([f"[profile {quoted}]", *lines, ""])


class Home:
    """A HOME with its own AWS files, state and config, and an environment that holds nothing of the caller's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.aws = folder / ".aws"
        self.aws.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.config = self.aws / "config"
        self.credentials = self.aws / "credentials"
        self.state = folder / ".local" / "state" / "awsctx" / "state"
        self.settings = folder / ".config" / "awsctx" / "config.toml"
        keep = ("PATH", "LANG", "SYSTEMROOT", "TMPDIR")
        self.environ = {name: os.environ[name] for name in keep if name in os.environ}
        self.environ |= {
            "HOME": str(folder),
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.config.write_text(WALKTHROUGH, encoding="utf-8")

    def configure(self, text: str) -> None:
        """Make ``text`` awsctx's own config."""
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        self.settings.write_text(text, encoding="utf-8")

    def run(
        self,
        *arguments: str | bytes,
        env: Mapping[str, str | None] = {},
        command: Sequence[str | Path] = (AWSCTX,),
        **options: object,
    ) -> subprocess.CompletedProcess[str]:
        """Run `awsctx ARGUMENTS`; ``env`` adds variables, or with None removes them."""
        environ = {name: value for name, value in {**self.environ, **env}.items() if value is not None}
        defaults = {
            "cwd": self.folder,
            "stdin": subprocess.DEVNULL,
            "encoding": "utf-8",
            "errors": "surrogateescape",
            "timeout": 60,
        }
        return subprocess.run([*command, *arguments], env=environ, capture_output=True, check=False, **{**defaults, **options})

    def ok(self, *arguments: str, **options: object) -> str:
        """Run, require success, and give stdout."""
        done = self.run(*arguments, **options)  # type: ignore[arg-type]
        assert done.returncode == 0, done
        return done.stdout

    def active(self) -> str:
        """Line 1 of the state file."""
        return self.state.read_text(encoding="utf-8").split("\n")[0]
