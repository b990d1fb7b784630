"""`names` sees what botocore sees, and never fails where botocore does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ConfigParseError
from hypothesis import strategies as st
from tests.awsfiles.judge import NASTY, full_config, good_texts, nasty_texts, on_both_files

from awsctx.awsfiles import names

SOURCE = Path(names.__file__).parents[2]


def agree(config: Path, credentials: Path) -> bool:
    """Compare with botocore; False where botocore refuses."""
    files = names.Lookup(str(config), str(credentials))
    seen = {name: files.profile(name) for name in files.names()}
    sessions = {name: files.session(name) for name in files.sessions()}
    try:
        whole = full_config(config, credentials)
    except ConfigParseError:
        return False
    assert files.names() == list(whole["profiles"])
    assert seen == whole["profiles"]
    assert sessions == whole.get("sso_sessions", {})
    for name, values in whole["profiles"].items():
        assert list(seen[name] or ()) == list(values), "keys in another order"
        assert names.Lookup(str(config), str(credentials)).exists(name)
    for name, values in whole.get("services", {}).items():
        assert files.services(name) == values
    for name in ("no such profile", "a b c", "", "profile", "DEFAULT"):
        assert files.exists(name) == (name in whole["profiles"])
    return True


@pytest.mark.parametrize("texts", [nasty_texts, good_texts()], ids=["nasty", "good"])
def test_as_botocore(tmp_path_factory: pytest.TempPathFactory, texts: st.SearchStrategy[str]) -> None:
    on_both_files(tmp_path_factory.mktemp("aws"), texts, 250, agree)


@pytest.mark.parametrize("file", NASTY, ids=lambda file: file.stem)
def test_as_botocore_on_nasty_files(file: Path, tmp_path: Path) -> None:
    accepted = agree(file, tmp_path / "none")
    assert agree(tmp_path / "none", file) == accepted
    assert agree(file, file) == accepted
    assert accepted != file.stem.startswith("refused")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("refused-bom", ["a"]),
        ("refused-latin-1", ["a", "b"]),
        ("refused-duplicate-section", ["a", "b"]),
        ("refused-duplicate-option", ["a"]),
        ("refused-no-header", ["a"]),
        ("refused-junk", ["a", "b"]),
        ("refused-header", ["a"]),
        ("refused-nested", ["a", "b"]),
    ],
)
def test_reads_on_where_botocore_refuses(file: str, expected: list[str]) -> None:
    path = Path(__file__).parent / "nasty" / f"{file}.conf"
    assert names.Lookup(str(path), "").names() == expected


def test_parts_tell_the_files_apart(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile a]\nregion = x\naws_access_key_id = 1\n[default]\n")
    (tmp_path / "credentials").write_text("[a]\naws_access_key_id = 2\n[b]\naws_access_key_id = 3\n")
    files = names.Lookup(str(tmp_path / "config"), str(tmp_path / "credentials"))
    assert files.profile_parts("a") == ({"region": "x", "aws_access_key_id": "1"}, {"aws_access_key_id": "2"})
    assert files.profile_parts("b") == ({}, {"aws_access_key_id": "3"})
    assert files.profile_parts("c") == ({}, {})
    assert files.profile("a") == {"region": "x", "aws_access_key_id": "2"}
    assert files.layers("a") == ({"region": "x", "aws_access_key_id": "2"}, *files.profile_parts("a"))
    assert files.profile("c") is files.layers("c") is None
    assert files.session("a") is None


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "unreadable", "folder missing"])
def test_what_cannot_be_read_is_empty(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "config"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "unreadable":
        path.symlink_to("/proc/self/mem")  # refused even to root
    elif kind == "folder missing":
        path = path / "config"
    assert names.Lookup(str(path), str(path)).names() == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "/x/config",
        "~/c",
        "~",
        "~root/c",
        "~nobody-of-that-name/c",
        "$HOME/c",
        "${HOME}/c",
        "$NONE/c",
        "a$HOMEx$",
        "${HOME",
        "$A$B",
    ],
)
@pytest.mark.parametrize("home", ["/home/x", "/", "", None])
def test_paths_as_botocore_expands_them(value: str, home: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"AWS_CONFIG_FILE": value, "AWS_SHARED_CREDENTIALS_FILE": value, "A": "~", "B": "$A"}
    if home is not None:
        environ["HOME"] = home
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, content in environ.items():
        monkeypatch.setenv(name, content)

    def expanded(path: str) -> str:
        return os.path.expanduser(os.path.expandvars(path))

    assert names.config_path(environ) == expanded(value or "~/.aws/config")
    assert names.credentials_path(environ) == expanded(value or "~/.aws/credentials")


def test_imports_nothing() -> None:
    """The hot path costs an interpreter and no more: not one module beyond the interpreter's and our own."""
    code = """if True:
        import sys
        before = set(sys.modules)
        from awsctx.awsfiles import names
        files = names.open_files({"AWS_CONFIG_FILE": sys.argv[1], "HOME": "/nowhere"})
        assert files.exists("worksso.tester") and files.profile("worksso.tester") and files.session("worksso")
        print(*sorted(set(sys.modules) - before))
    """
    command = [sys.executable, "-c", code, str(Path(__file__).parent / "nasty" / "walkthrough.conf")]
    environ = {"PYTHONPATH": str(SOURCE)}
    loaded = subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout.split()
    own = ("", ".awsfiles", ".awsfiles.grammar", ".awsfiles.names", ".store", ".store.files", ".trace")
    assert set(loaded) - {"errno"} == {f"awsctx{name}" for name in own}
