"""The environment that install.sh has made: its launcher, and the links to what came with the package."""

import compileall
import os
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from awsctx.errors import AwsctxError
from awsctx.install.manifest import Manifest
from awsctx.store import paths

# Linux cuts a #! line off at 127 bytes (255 since 5.1).
_LONGEST = 120


@dataclass(frozen=True)
class Places:
    """``built`` is the venv that install.sh has made; ``environment`` is the same, or (``method`` venv) the link to it.

    ``bin`` is where the command is found, ``share`` where its man page is found; ``data`` is the user's data folder.
    """

    method: str
    built: Path
    environment: Path
    bin: Path
    share: Path
    data: Path

    @property
    def home(self) -> Path:
        return self.data / "awsctx"


def finish(places: Places) -> str:
    """Make the environment ready: bytecode (without, the command takes three times as long to start), and a launcher that
    lets no variable or folder of the caller's lead Python astray. Returns what `awsctx --version` says.

    Raises AwsctxError where the command does not run.
    """
    if places.method == "pipx":
        compileall.compile_dir(places.built / "lib", quiet=2)
    launcher = places.built / "bin" / "awsctx"
    isolate(launcher, places.built / "bin" / "python")
    done = subprocess.run([launcher, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise AwsctxError("the new awsctx does not run", *done.stderr.splitlines()[-20:])
    return done.stdout.strip()


def isolate(launcher: Path, python: Path) -> None:
    """Let the script start ``python -IS``: -I heeds no PYTHON* variable, and without site (-S) an everyday call takes a
    sixteenth less time. pip, pipx and uv drop a #! line's options.

    The system splits a #! line at white space, and cuts it off at some length: sh then has to start Python.
    """
    body = launcher.read_text(encoding="utf-8").partition("\n")[2]
    if body.startswith("'''exec'"):  # pip's and uv's own form for such a path
        body = body.partition("\n' '''\n")[2]
    first = f"#!{python} -IS\n"
    if len(first) > _LONGEST or any(letter.isspace() for letter in str(python)):
        # To sh, this runs Python on the file; to Python, it is a string.
        first = f"#!/bin/sh\n'''exec' {shlex.quote(str(python))} -IS \"$0\" \"$@\"\n' '''\n"
    unfinished = launcher.with_name("awsctx.new")
    unfinished.write_text(first + body, encoding="utf-8")
    unfinished.chmod(0o755)
    unfinished.replace(launcher)


def put_links(places: Places, manifest: Manifest) -> Iterator[str]:
    """Link the command, its man page and completions to where they are found. Links stay in step with the package.

    Yields a line for each place that holds somebody else's file, which stays. Raises OSError.
    """
    own = {"bin/awsctx": places.bin / "awsctx"} if places.method == "venv" else {}
    for inside, link in {
        **own,
        "share/man/man1/awsctx.1": places.share / "man/man1/awsctx.1",
        "share/bash-completion/completions/awsctx": places.data / "bash-completion/completions/awsctx",
        "share/zsh/site-functions/_awsctx": places.data / "zsh/site-functions/_awsctx",
        "share/fish/vendor_completions.d/awsctx.fish": places.data / "fish/vendor_completions.d/awsctx.fish",
    }.items():
        if not (places.built / inside).exists():
            continue
        if os.path.lexists(link) and not manifest.is_ours(link):
            yield f"left alone: {paths.short(str(link))}, which install.sh has not put there"
            continue
        manifest.make_folder(link.parent)
        manifest.record("link", link)
        replace_link(link, places.environment / inside)
    if places.method != "venv":
        manifest.record("link", places.bin / "awsctx")  # the tool's own


def replace_link(link: Path, target: str | Path) -> None:
    """Make ``link`` a link to ``target`` in one step, whatever it was."""
    unfinished = link.with_name(f"{link.name}.awsctx-new")
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(target)
    unfinished.replace(link)
