"""The own config's table for a session, edited: exactly that, whatever the file looks like."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsctx.errors import AwsctxError
from awsctx.store.own_config import set_sync_keys, with_table

NAME = {"name": "{account}.{role}"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[sync.s]\nname = "N"\n'),
        ('follow = "never"', 'follow = "never"\n\n[sync.s]\nname = "N"\n'),
        ("# a\n", '# a\n\n[sync.s]\nname = "N"\n'),
        ("# a\r\n", '# a\r\n\r\n[sync.s]\r\nname = "N"\r\n'),
        ("[sync.s]", '[sync.s]\nname = "N"\n'),
        ('[sync.s]\nname = "old" # why\nregion = "r"\n', '[sync.s]\nname = "N" # why\nregion = "r"\n'),
        ("[sync.s]\n'name'='#' # why\n", "[sync.s]\n'name'=\"N\" # why\n"),
        ('[sync.s]\nregion = "r"\n\n# next\n[prompt]\n', '[sync.s]\nregion = "r"\nname = "N"\n\n# next\n[prompt]\n'),
        ("[ sync . 's' ] # x\n[sync.t]\nname = 't'\n", "[ sync . 's' ] # x\nname = \"N\"\n[sync.t]\nname = 't'\n"),
        ('[sync.s]\nname = """a\n# b\n[c]"""\n', '[sync.s]\nname = "N"\n'),
        ('[sync.s]\nmatch = [\n  "[a]",\n]\nname = "x"\n', '[sync.s]\nmatch = [\n  "[a]",\n]\nname = "N"\n'),
        ('sync.s.name = "x"\n', 'sync.s.name = "N"\n'),
        ("[sync]\ns.'name' = 'x' # why\ns.region = 'r'", "[sync]\ns.'name' = \"N\" # why\ns.region = 'r'"),
        ("[sync]\r\n  s.region = 'r' # r\r\n[a]\r\n", "[sync]\r\n  s.region = 'r' # r\r\ns.name = \"N\"\r\n[a]\r\n"),
        ("sync.s.match = [\n  'a', # a\n]", "sync.s.match = [\n  'a', # a\n]\nsync.s.name = \"N\"\n"),
        ("[[a]]\nsync.s.name = 'a'\n[sync]\ns.name = 'x'\n", "[[a]]\nsync.s.name = 'a'\n[sync]\ns.name = \"N\"\n"),
        ('[sync]\ns = { name = "x" } # why\n', '[sync]\ns = { name = "N" } # why\n'),
        ("sync.s = {region='r', match=['#']}\n", "sync.s = {region='r', match=['#'], name = \"N\"}\n"),
        ("sync = {'a b' = {}}\n", "sync = {'a b' = {},s = {name = \"N\"}}\n"),
        ("[sync]\nt.name = 't'\n", "[sync]\nt.name = 't'\n\n[sync.s]\nname = \"N\"\n"),
        ("[sync]\ns.name = '''\n[a]\ns.name = 'x'''' # x\n", '[sync]\ns.name = "N" # x\n'),
    ],
)
def test_examples(before: str, after: str) -> None:
    assert with_table(before, "s", {"name": "N"}) == after


def test_a_new_file_is_private_and_the_lock_lies_elsewhere(tmp_path: Path) -> None:
    path, lock = tmp_path / "a" / "config.toml", tmp_path / "b" / "edit.lock"
    assert set_sync_keys(str(path), "s", NAME, str(lock))
    assert not set_sync_keys(str(path), "s", NAME, str(lock))
    assert [oct(file.stat().st_mode & 0o777) for file in (path.parent, path, lock)] == ["0o700", "0o600", "0o600"]
    assert [file.name for file in path.parent.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    "text", ["x = 1\nx = 2\n", "\xff", "x = " + "9" * 5000, "[[sync]]\n", "sync = 1\n", "sync.'s s' = 1\n"]
)
def test_what_cannot_be_edited_is_left_and_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(AwsctxError) as caught:
        set_sync_keys(str(path), "s s", NAME, str(tmp_path / "lock"))
    assert caught.value.hints == ('add it there by hand: [sync."s s"] name = "{account}.{role}"',)
    assert path.read_text(encoding="latin-1") == text


def test_nothing_to_change_is_nothing() -> None:
    assert with_table("[sync.s]\nname='{account}.{role}' #\n", "s", NAME) == "[sync.s]\nname='{account}.{role}' #\n"


texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12)
tables = ("[prompt]\ntime = true # t\n", "[sync.other]\nname = '[sync.s]'\n", '[sync."o o"]\nmatch = ["#", "]"]\n')
parts = ["# note\n", "\n", *tables]
others = st.lists(st.sampled_from(parts), unique=True, max_size=5)
wanted_keys = st.dictionaries(st.sampled_from(["name", "region", "output"]), texts, min_size=1)


@given(texts, wanted_keys, others, others, st.lists(texts, max_size=3))
def test_exactly_the_keys_change_and_every_other_line_stays(
    session: str, wanted: dict[str, str], above: list[str], below: list[str], match: list[str]
) -> None:
    text = 'guard = ["a"] # g\n' + "".join(above) + "".join(part for part in below if part not in above)
    if session in ("other", "o o"):
        return
    first = with_table(text, session, {**wanted, "match": match})
    rest = iter(first.splitlines())
    assert all(line in rest for line in text.splitlines())  # all of them, in that order
    second = with_table(first + "# end\n", session, {"name": "second # [x]", "match": ["z"]})
    intended = tomllib.loads(first)
    intended["sync"][session] |= {"name": "second # [x]", "match": ["z"]}
    assert tomllib.loads(second) == intended
    kept = [line for line in first.splitlines() if not line.startswith(("name", "match"))]
    assert [line for line in kept if line not in second.splitlines()] == []
