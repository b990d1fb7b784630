"""The demo: an environment of its own, and playing it there.

Its parts (a stand-in for AWS) are many times the size of awsctx; in an environment of their own they leave the everyday
command's small.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from awsctx.errors import AwsctxError
from awsctx.install.environment import Places, isolate, replace_link
from awsctx.store import paths


def bring(places: Places, source: str) -> None:
    """Make the environment from ``source``, what install.sh installed, and put it in its place, `demo`.

    One that is left unfinished has no link, and install.sh removes it. Raises AwsctxError where uv or pip fails.
    """
    print(f"\nthe demo: bringing a stand-in for AWS, into {paths.short(str(places.home / 'demo'))}", flush=True)
    built = Path(tempfile.mkdtemp(prefix="demo.", dir=places.home))
    python = built / "bin" / "python"
    parts = f"{source}[demo]" if "/" in source else re.sub(r"^[A-Za-z0-9._-]*", r"\g<0>[demo]", source)
    base: str = sys._base_executable  # type: ignore[attr-defined]  # outside any venv
    if places.method == "uv":
        _quietly(["uv", "venv", "--allow-existing", "--python", base, built])
        _quietly(["uv", "pip", "install", "--python", python, "--reinstall-package", "awsctx-cli", parts])
    else:
        # Some systems have no ensurepip, others no pip of their own.
        has_pip = _runs([base, "-I", "-m", "pip", "--python", base, "--version"])
        _quietly([base, "-I", "-m", "venv", *(["--without-pip"] if has_pip else []), built])
        pip: list[str | Path] = [base, "-I", "-m", "pip", "--python", python] if has_pip else [python, "-I", "-m", "pip"]
        # pip.conf may set prefix, root and target. Bytecode is made when it is needed: the demo uses a small part of what is
        # there. It brings its tools by pip.
        where: list[str | Path] = ["--prefix", built, "--root", "/", "--target", ""]
        _quietly([*pip, "install", *where, "--no-compile", "pip", parts])
    isolate(built / "bin" / "awsctx", python)
    replace_link(places.home / "demo", built.name)


def play(places: Places) -> int:
    """Play the demo. Returns its exit code; for a signal, 128 more than its number."""
    print(flush=True)
    with subprocess.Popen([places.home / "demo" / "bin" / "awsctx", "demo", "--play"]) as process:  # noqa: S603
        while process.returncode is None:
            try:
                process.wait()
            except KeyboardInterrupt:
                continue  # the demo has had it too, and ends in order
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _quietly(command: Sequence[str | Path]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        print(*(done.stdout + done.stderr).splitlines()[-20:], sep="\n", file=sys.stderr)
        raise AwsctxError("could not bring the demo's parts", "what is wrong is above; fix it, and run install.sh --demo")


def _runs(command: Sequence[str]) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0  # noqa: S603
