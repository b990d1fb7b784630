"""`read` accepts what botocore accepts, with the same values, and names the line of what it refuses."""

from pathlib import Path

import pytest
from botocore.exceptions import ConfigParseError
from hypothesis import given
from hypothesis import strategies as st
from tests.awsfiles.judge import NASTY, examples, full_config, good_texts, nasty_texts

from awsctx.awsfiles import masking, read
from awsctx.core.text import visible


def load(config: Path, credentials: Path) -> read.AwsFiles:
    return read.load({"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(credentials)})


def agree(config: Path, credentials: Path) -> None:
    """Compare with botocore: values, or that it refuses, and where."""
    try:
        whole = full_config(config, credentials)
    except ConfigParseError as refused:
        with pytest.raises(read.ConfigFileError) as caught:
            load(config, credentials)
        agree_on_line(refused, caught.value)
        return
    files = load(config, credentials)
    assert {name: profile.values for name, profile in files.profiles.items()} == whole["profiles"]
    assert list(files.profiles) == list(whole["profiles"])
    assert {name: session.values for name, session in files.sessions.items()} == whole.get("sso_sessions", {})
    assert {name: section.values for name, section in files.services.items()} == whole.get("services", {})
    for section in [*files.others, *(profile.config for profile in files.profiles.values())]:
        assert section is None or section.values.keys() == section.lines.keys()


def agree_on_line(refused: ConfigParseError, ours: read.ConfigFileError) -> None:
    """botocore stops at a duplicate, even after other faults: then ours is the first of all."""
    path, error = refused.kwargs["path"], refused.kwargs["error"]
    assert ours.message == f"{ours.path}:{ours.problem.line}: {visible(ours.problem.what)}"
    assert ours.path == path
    line = getattr(error, "lineno", None)
    if line is None and hasattr(error, "errors"):
        line = error.errors[0][0]
    if line is not None:
        assert ours.problem.line <= line
        assert line in [problem.line for problem in read.problems(Path(path).read_bytes())]


@pytest.mark.parametrize("texts", [nasty_texts, good_texts()], ids=["nasty", "good"])
def test_as_botocore(tmp_path_factory: pytest.TempPathFactory, texts: st.SearchStrategy[str]) -> None:
    folder = tmp_path_factory.mktemp("aws")

    @examples(200)
    @given(config=texts, credentials=texts)
    def compare(config: str, credentials: str) -> None:
        paths = folder / "config", folder / "credentials"
        for path, content in zip(paths, (config, credentials), strict=True):
            path.write_bytes(content.encode())
        agree(*paths)

    compare()


@pytest.mark.parametrize("file", NASTY, ids=lambda file: file.stem)
def test_as_botocore_on_nasty_files(file: Path, tmp_path: Path) -> None:
    agree(file, tmp_path / "none")
    agree(tmp_path / "none", file)


@pytest.mark.parametrize(
    ("file", "line", "what"),
    [
        ("refused-bom", 1, "starts with a byte order mark (BOM)"),
        ("refused-latin-1", 3, "not UTF-8: byte 0xf6"),
        ("refused-utf-16", 1, "not UTF-8, but UTF-16 (as PowerShell's > writes it)"),
        ("refused-duplicate-section", 5, "duplicate section [profile a], first in line 1"),
        ("refused-duplicate-option", 4, "duplicate key region in [profile a], first in line 2"),
        ("refused-duplicate-default", 5, "duplicate key region in [DEFAULT], first in line 2"),
        ("refused-no-header", 3, "a line before the first [section]"),
        ("refused-junk", 3, "neither a [section] nor a key = value"),
        ("refused-empty-key", 2, "neither a [section] nor a key = value"),
        ("refused-header", 3, "neither a [section] nor a key = value"),
        ("refused-nested", 7, "a line without = in the block of s3 in [profile a]"),
        ("refused-nested-default", 3, "a line without = in the block of s3 in [DEFAULT]"),
        ("refused-empty-header", 1, "a line before the first [section]"),
    ],
)
def test_refuses_with_file_and_line(file: str, line: int, what: str) -> None:
    path = Path(__file__).parent / "nasty" / f"{file}.conf"
    with pytest.raises(read.ConfigFileError) as caught:
        load(path, Path())
    assert caught.value.message == f"{path}:{line}: {what}"


def test_every_refused_file_has_its_line() -> None:
    marks = test_refuses_with_file_and_line.pytestmark  # type: ignore[attr-defined]
    assert {file.stem for file in NASTY if file.stem.startswith("refused")} == {row[0] for row in marks[0].args[1]}


def test_records_know_their_lines(tmp_path: Path) -> None:
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text("[DEFAULT]\noutput = json\n\n[profile a]\n# x\nregion = r\n[sso-session s]\nsso_region = r\n[b]\n")
    credentials.write_text("\n[a]\naws_secret_access_key = SECRET\n")
    files = load(config, credentials)
    profile = files.profiles["a"]
    assert profile.config is not None
    assert (profile.config.line, profile.config.lines) == (4, {"region": 6, "output": 2})
    assert profile.credentials is not None
    assert (profile.credentials.line, profile.credentials.lines) == (2, {"aws_secret_access_key": 3})
    assert profile.values == {"region": "r", "output": "json", "aws_secret_access_key": "SECRET"}
    assert files.sessions["s"].section.line == 7
    assert [section.header for section in files.others] == ["b"]
    assert "SECRET" not in repr(files)


def test_all_problems_are_found() -> None:
    found = read.problems(b"x = 1\n[a]\ny = 1\njunk\ny = 2\n[a]\ns3 =\n  z\n")
    assert [problem.line for problem in found] == [1, 4, 5, 6, 8]


def test_secrets_are_masked() -> None:
    values = {
        "region": "r",
        "aws_access_key_id": "AKIA",
        "aws_secret_access_key": "x",
        "AWS_Session_Token": "x",
        "aws_security_token": "x",
        "x_security_token_expires": "2026",
        "web_identity_token_file": "/p",
        "client_secret": "x",
        "s3": {"api_key": "x", "endpoint_url": "u"},
    }
    shown = masking.masked(values)
    assert {key for key, value in shown.items() if value != values[key]} == {
        "aws_access_key_id", "aws_secret_access_key", "AWS_Session_Token", "aws_security_token", "client_secret", "s3",
    }  # fmt: skip
    assert shown["aws_secret_access_key"] == "****"
    assert shown["s3"] == {"api_key": "****", "endpoint_url": "u"}
