"""What a lock's file says of a profile is what botocore reads of it in the user's own files, but for keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ConfigParseError
from hypothesis import strategies as st
from tests.awsfiles.judge import NASTY, full_config, good_texts, nasty_texts, on_both_files

from awsctx.awsfiles import lock_config, names
from awsctx.awsfiles.lock_config import Grant, Lock
from awsctx.core.text import has_control_characters
from awsctx.errors import AwsctxError

KEYS = {"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"}
PROGRAM = ["/opt/aws ctx/awsctx"]


def write(config: Path, credentials: Path, grants: list[Grant], outer: Lock | None = None) -> Lock:
    files = names.Lookup(str(outer.path if outer else config), str(credentials), outer.granted if outer else None)
    return lock_config.write(files, grants, outer, PROGRAM, str(config.parent / "locks"))


def locked_config(lock: Lock) -> dict[str, dict[str, dict[str, object]]]:
    """What botocore sees under the lock."""
    environment = lock.environment()
    found: dict[str, dict[str, dict[str, object]]] = full_config(
        Path(environment["AWS_CONFIG_FILE"]), Path(environment["AWS_SHARED_CREDENTIALS_FILE"])
    )
    return found


def agree(config: Path, credentials: Path) -> bool:
    """Lock all profiles, each by itself and together, and compare with botocore; False where botocore refuses."""
    try:
        whole = full_config(config, credentials)
    except ConfigParseError:
        return False
    granted = [name for name in whole["profiles"] if name and not has_control_characters(name)]
    for grants in [granted, *([name] for name in granted[:2])]:
        lock = write(config, credentials, [Grant(name) for name in grants])
        seen = locked_config(lock)
        assert set(grants) <= set(seen["profiles"])
        assert set(seen["profiles"]) <= set(whole["profiles"])
        for name, values in seen["profiles"].items():
            original = whole["profiles"][name]
            if name in lock.reached:
                assert (
                    values["credential_process"]
                    == f"'{PROGRAM[0]}' _locked " + values["credential_process"].split(" _locked ")[1]
                )  # type: ignore[attr-defined]
                values = {key: value for key, value in values.items() if key != "credential_process"}
                assert values.items() <= original.items()
                assert "region" not in original or values["region"] == original["region"]
            else:
                assert values == {key: value for key, value in original.items() if key not in KEYS}
        for kind in ("sso_sessions", "services"):
            for name, values in seen.get(kind, {}).items():
                assert values == {key: value for key, value in whole[kind][name].items() if key not in KEYS}
        assert lock_config.read(lock.path).granted == lock.granted
        assert lock_config.read(lock.path).reached == lock.reached
        assert write(config, credentials, [Grant(name) for name in grants]).path == lock.path
    return True


@pytest.mark.parametrize(("texts", "count"), [(nasty_texts, 250), (good_texts(), 50)], ids=["nasty", "good"])
def test_as_botocore(tmp_path_factory: pytest.TempPathFactory, texts: st.SearchStrategy[str], count: int) -> None:
    on_both_files(tmp_path_factory.mktemp("aws"), texts, count, agree)


@pytest.mark.parametrize("file", NASTY, ids=lambda file: file.stem)
def test_as_botocore_on_nasty_files(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "aws"
    folder.mkdir()
    for name in ("config", "credentials"):
        (folder / name).write_bytes(file.read_bytes())
    accepted = agree(folder / "config", folder / "none")
    assert agree(folder / "none", folder / "credentials") == accepted
    assert accepted != file.stem.startswith("refused")


CHAINS = """\
[sso-session s]
sso_start_url = https://s.awsapps.com/start
sso_region = eu-west-1
aws_secret_access_key = hush-7
[sso-session other]
sso_region = eu-west-1
[services mine]
s3 =
  endpoint_url = http://localhost
[services others]
s3 =
  endpoint_url = http://localhost
[profile top]
role_arn = arn:aws:iam::1:role/top
source_profile = middle
services = mine
[profile middle]
role_arn = arn:aws:iam::1:role/middle
source_profile = base
[profile base]
sso_session = s
sso_account_id = 1
sso_role_name = r
[profile keyed]
aws_access_key_id = AKIA1
aws_secret_access_key = hush-1
[profile by-keys]
role_arn = arn:aws:iam::1:role/x
source_profile = keyed
[profile itself]
role_arn = arn:aws:iam::1:role/x
source_profile = itself
aws_access_key_id = AKIA2
aws_secret_access_key = hush-2
region = eu-west-1
[profile by-itself]
role_arn = arn:aws:iam::1:role/y
source_profile = itself
[profile both]
sso_session = s
sso_account_id = 1
sso_role_name = r
aws_access_key_id = AKIA6
aws_secret_access_key = hush-6
[profile own]
credential_process = own --password hush-3
[profile stranger]
region = eu-west-1
"""
CREDENTIALS = "[shared]\naws_access_key_id = AKIA4\naws_secret_access_key = hush-4\naws_session_token = hush-5\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text(CHAINS)
    credentials.write_text(CREDENTIALS)
    return config, credentials


@pytest.mark.parametrize(
    ("profile", "there", "reached"),
    [
        ("top", ["top", "middle", "base"], {}),
        ("by-keys", ["by-keys", "keyed"], {"keyed": ("keyed", False)}),
        ("itself", ["itself"], {"itself": ("itself", False)}),
        ("by-itself", ["by-itself"], {"by-itself": ("by-itself", False)}),
        ("both", ["both"], {}),
        ("own", ["own"], {"own": ("own", False)}),
        ("shared", ["shared"], {"shared": ("shared", False)}),
    ],
)
def test_what_a_profile_needs_and_no_more(
    files: tuple[Path, Path], profile: str, there: list[str], reached: dict[str, tuple[str, bool]]
) -> None:
    lock = write(*files, [Grant(profile)])
    seen = locked_config(lock)
    assert list(seen["profiles"]) == there
    assert lock.reached == reached
    assert list(seen.get("sso_sessions", {})) == (["s"] if profile in ("top", "both") else [])
    assert list(seen.get("services", {})) == (["mine"] if profile == "top" else [])
    text = Path(lock.path).read_text()
    assert "hush" not in text and "AKIA" not in text


def test_a_read_only_profile_brings_no_source(files: tuple[Path, Path]) -> None:
    lock = write(*files, [Grant("top.read-only", "top", read_only=True, reached=True), Grant("middle", read_only=True)])
    assert list(locked_config(lock)["profiles"]) == ["top.read-only", "middle"]
    assert lock.reached == {"top.read-only": ("top", True), "middle": ("middle", False)}
    assert lock.granted == {"top.read-only": True, "middle": True}


def test_a_lock_within_a_lock_reaches_what_the_outer_one_does(files: tuple[Path, Path]) -> None:
    outer = write(*files, [Grant("by-keys"), Grant("top.read-only", "top", read_only=True, reached=True)])
    inner = write(Path(outer.path), files[1], [Grant("by-keys")], outer)
    assert inner.reached == {"keyed": ("keyed", False)}
    assert inner.outside() == outer.outside()
    assert list(locked_config(inner)["profiles"]) == ["by-keys", "keyed"]
    weak = write(Path(outer.path), files[1], [Grant("top.read-only", read_only=True)], outer)
    assert weak.reached == {"top.read-only": ("top", True)}


def test_a_file_that_has_been_changed_is_none(files: tuple[Path, Path]) -> None:
    lock = write(*files, [Grant("stranger")])
    path = Path(lock.path)
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    path.write_text(path.read_text().replace("grants\tstranger", "grants\tkeyed"))
    with pytest.raises(AwsctxError, match="gone or has been changed"):
        lock_config.read(lock.path)
    assert write(*files, [Grant("stranger")]).path == lock.path
    assert lock_config.read(lock.path).granted == {"stranger": False}
    path.unlink()
    with pytest.raises(AwsctxError, match="gone or has been changed"):
        lock_config.read(lock.path)


def test_the_mcp_proxy_gets_the_granted_profiles_between_blanks(files: tuple[Path, Path]) -> None:
    files[0].write_text('[profile a]\n[profile "b c"]\n[profile d]\n')
    lock = write(*files, [Grant("d"), Grant("b c"), Grant("a")])
    assert lock.environment()["AWS_MCP_PROXY_PROFILES"] == "d a"
