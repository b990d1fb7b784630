"""Makes a release, proves it, and publishes nothing.

    .venv/bin/python -m tests.tools.release [--address URL] [--homepage URL]

1. The version is the same in the package, the man page and the newest section of CHANGELOG.md, and nothing is unreleased.
2. sdist and wheel are made in dist/, and hold what they should; twine finds no fault with them.
3. pip, pipx and uv install each in an environment and a HOME of their own, and the command switches there.
4. dist/awsctx.rb is the Homebrew formula, with the dependencies of today, each by address and checksum.

URL is the folder that dist/ is to be published in. The last lines say what is left to do by hand. With --rehearsal the version
is not looked at, for a try between two releases.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.tools import locate

import awsctx

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
FORMULA = ROOT / "packaging" / "homebrew" / "awsctx.rb.in"
NEEDED_IN_SDIST = (
    *("pyproject.toml", "install.sh", "man/awsctx.1", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
    *("src/awsctx/__main__.py", "src/bin/awsctx", "tests/run", "tests/conftest.py", "docs/session.svg"),
)
NEEDED_IN_WHEEL = (
    *("awsctx/__main__.py", "awsctx/py.typed", "awsctx/shells/hook.bash", "awsctx/shells/hook.nu", "awsctx/signin/page.html"),
    *("awsctx/demo/walkthrough.bash", "licenses/LICENSE", "scripts/awsctx", "data/share/man/man1/awsctx.1"),
    "data/share/bash-completion/completions/awsctx",
    "data/share/zsh/site-functions/_awsctx",
    "data/share/fish/vendor_completions.d/awsctx.fish",
)
UNWANTED = re.compile(r"(^|/)(\.venv|\.cache|__pycache__|\.git|dist)/|\.pyc$|(^|/)tests/.*\.whl$")
CONFIG = "[profile one]\nregion = eu-west-1\n[profile two]\nregion = eu-west-2\n"
WAY_TO_THE_INDEX = re.compile(r"(PIP|UV)_(?!TARGET|PREFIX|ROOT|TOOL)|SSL_CERT|REQUESTS_CA_BUNDLE|\w+_proxy$", re.IGNORECASE)
INSTALLERS = ("pip", "pipx", "uv")


# --- the pure part --------------------------------------------------------------------------------------------------


def disagreements(version: str, changelog: str, manual: str) -> list[str]:
    """What stands in the way of a release of ``version``: a line each."""
    found = []
    sections = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    if not sections or sections[0].split()[0] != version:
        found.append(f"CHANGELOG.md begins with the section {sections[0] if sections else 'none'}, not {version}")
    told = re.search(r"^\.Os awsctx (.+)$", manual, re.MULTILINE)
    if told is None or told[1] != version:
        found.append(f"man/awsctx.1 is of version {told[1] if told else 'none'}, not {version}: its line .Os")
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        found.append(f"{version} is no version of three numbers")
    return found


def faults_of(name: str, members: Iterable[str], needed: Iterable[str]) -> list[str]:
    """What an archive lacks, or holds and should not. The first folder of each member is the archive's own."""
    inside = list(members)
    lacking = [want for want in needed if not any(member == want or member.endswith(f"/{want}") for member in inside)]
    unwanted = [member for member in inside if UNWANTED.search(member)]
    return [f"{name} lacks {want}" for want in lacking] + [f"{name} holds {member}" for member in unwanted]


def formula(template: str, values: Mapping[str, str], packages: Iterable[Mapping[str, Any]]) -> str:
    """The Homebrew formula. ``packages`` are those of a pylock.toml (PEP 751): each has to have a source archive.

    Raises ValueError for one that has none.
    """
    resources = []
    for package in sorted(packages, key=lambda package: str(package["name"])):
        if "sdist" not in package:
            raise ValueError(f"{package['name']} {package['version']} has no source archive, and Homebrew builds from source")
        address, checksum = package["sdist"]["url"], package["sdist"]["hashes"]["sha256"]
        resources.append(f'  resource "{package["name"]}" do\n    url "{address}"\n    sha256 "{checksum}"\n  end\n')
    text = template.partition("\n")[2]
    for name, value in {**values, "RESOURCES": "\n".join(resources)}.items():
        text = text.replace(f"@{name}@", value)
    return text


# --- the effects ----------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description="make a release, prove it, publish nothing")
    parser.add_argument("--address", default=DIST.as_uri(), help="the folder that dist/ is to be published in")
    parser.add_argument("--homepage", default=DIST.as_uri(), help="the project's page, for the formula")
    parser.add_argument("--rehearsal", action="store_true", help="do not look at the version")
    options = parser.parse_args()

    version = awsctx.__version__
    if not options.rehearsal:
        stop_at(
            disagreements(
                version,
                (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
                (ROOT / "man/awsctx.1").read_text(encoding="utf-8"),
            )
        )
    sdist, wheel = build(version)
    with tempfile.TemporaryDirectory(prefix="awsctx-release-") as folder:
        for archive in (sdist, wheel):
            for installer in INSTALLERS:
                try_out(archive, installer, version, Path(folder, f"{archive.suffix[1:]}-{installer}"))
    write_formula(sdist, options.address, options.homepage)
    step("nothing is published. To publish:")
    print(f"  git tag --sign v{version}\n  {uv()} publish {sdist} {wheel}")
    print(f"  put {sdist.name}, install.sh and awsctx.rb into {options.address}")


def build(version: str) -> tuple[Path, Path]:
    step("sdist, and from it the wheel")
    shutil.rmtree(DIST, ignore_errors=True)
    run([uv(), "build", "--quiet", "--out-dir", DIST, ROOT])
    sdist, wheel = DIST / f"awsctx_cli-{version}.tar.gz", DIST / f"awsctx_cli-{version}-py3-none-any.whl"
    with tarfile.open(sdist) as packed:
        faults = faults_of(sdist.name, packed.getnames(), NEEDED_IN_SDIST)
    with zipfile.ZipFile(wheel) as packed_wheel:
        faults += faults_of(wheel.name, packed_wheel.namelist(), NEEDED_IN_WHEEL)
    stop_at(faults)
    step("twine check --strict")
    run([uv(), "tool", "run", "--quiet", "twine", "check", "--strict", sdist, wheel])
    return sdist, wheel


def try_out(archive: Path, installer: str, version: str, home: Path) -> None:
    """Install it for a user who has nothing, and switch."""
    step(f"{installer}: {archive.name}")
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text(CONFIG, encoding="utf-8")
    environ = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    # The way to the index is the caller's, and so are the caches: nothing is downloaded twice.
    environ |= {name: value for name, value in os.environ.items() if WAY_TO_THE_INDEX.match(name)}
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    environ = {"PIP_CACHE_DIR": str(cache / "pip"), "UV_CACHE_DIR": str(cache / "uv")} | environ
    if installer == "pip":
        run([sys.executable, "-m", "venv", home / "venv"], environ)
        run([home / "venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", archive], environ)
        prefix = home / "venv"
    elif installer == "pipx":
        run([locate.tool("pipx"), "install", "--quiet", "--python", sys.executable, archive], environ)
        prefix = home / ".local"
    else:
        run([uv(), "tool", "install", "--quiet", "--python", sys.executable, archive], environ)
        prefix = home / ".local"
    command = prefix / "bin" / "awsctx"
    expect(run([command, "--version"], environ), f"awsctx {version}")
    run([command, "two"], environ)
    expect(run([command, "--current"], environ), "two")
    manual = prefix / "share/man/man1/awsctx.1"
    if installer != "uv" and not manual.exists():  # uv links no man pages; install.sh does
        stop_at([f"{installer} has put no man page at {manual}"])


def write_formula(sdist: Path, address: str, homepage: str) -> None:
    step("dist/awsctx.rb")
    lock = DIST / "pylock.toml"
    compile_ = ["pip", "compile", "--quiet", "--format", "pylock.toml", "--python-version", "3.13", "--output-file", lock]
    run([uv(), *compile_, ROOT / "pyproject.toml"])
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["packages"]
    values = {
        "URL": f"{address}/{sdist.name}",
        "HOMEPAGE": homepage,
        "SHA256": hashlib.sha256(sdist.read_bytes()).hexdigest(),
    }
    (DIST / "awsctx.rb").write_text(formula(FORMULA.read_text(encoding="utf-8"), values, packages), encoding="utf-8")
    if shutil.which("ruby"):
        run(["ruby", "-c", DIST / "awsctx.rb"])


def uv() -> Path:
    return locate.tool("uv")


def run(command: Iterable[str | Path], environ: Mapping[str, str] | None = None) -> str:
    """What the command prints on stdout; where it fails, its words and the end."""
    words = [str(word) for word in command]
    done = subprocess.run(words, env=environ, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"release: failed: {' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


def expect(said: str, wanted: str) -> None:
    stop_at([] if said.strip() == wanted else [f"it says {said.strip()!r}, not {wanted!r}"])


def stop_at(faults: list[str]) -> None:
    if faults:
        sys.exit("\n".join(f"release: {fault}" for fault in faults))


def step(text: str) -> None:
    print(f"== {text}", flush=True)


if __name__ == "__main__":
    main()
