"""Edits by example: where things go, what they look like, what goes with them, and what is refused."""

from pathlib import Path

import pytest
from tests.awsfiles.judge import edited, full_config

from awsctx.awsfiles.edit import apply
from awsctx.awsfiles.grammar import PROFILE, SESSION
from awsctx.awsfiles.headers import CONFIG, CREDENTIALS, EditError
from awsctx.awsfiles.ops import Add, Copy, Op, Remove, Rename, SetKeys

A, B = (PROFILE, "a"), (PROFILE, "b")


@pytest.mark.parametrize(
    ("before", "op", "after"),
    [
        # Where a new section goes, and what it looks like.
        ("", Add(A, {"region": "r"}), "[profile a]\nregion = r\n"),
        ("[default]", Add(A, {"region": "r"}), "[default]\n[profile a]\nregion = r"),
        ("[default]\r\nx = 1\r\n", Add(A, {"region": "r"}), "[default]\r\nx = 1\r\n[profile a]\r\nregion = r\r\n"),
        ("[x]\n\n[y]\nk = 1\n", Add(A, {}), "[x]\n\n[y]\nk = 1\n\n[profile a]\n"),
        ("[x]\n\n[y]\n\n# end\n\n", Add(A, {}), "[x]\n\n[y]\n\n# end\n\n[profile a]\n\n"),
        ("# only this", Add(A, {}), "# only this\n\n[profile a]"),
        (
            "[sso-session s]\n[profile b]\nsso_session = s\n# of b\n\n# of d\n[profile d]\n",
            Add(A, {"sso_session": "s"}),
            "[sso-session s]\n[profile b]\nsso_session = s\n# of b\n\n"
            "[profile a]\nsso_session = s\n\n# of d\n[profile d]\n",
        ),
        (
            "[sso-session s]\nk = 1\n\n[profile x]\n\n[profile y]\n",
            Add(A, {"sso_session": "s"}),
            "[sso-session s]\nk = 1\n\n[profile a]\nsso_session = s\n\n[profile x]\n\n[profile y]\n",
        ),
        ("", Add(A, {"s3": {"x": "1"}, "region": "r"}), "[profile a]\ns3 =\n    x = 1\nregion = r\n"),
        ("", Add((PROFILE, "default"), {}), "[default]\n"),
        ("", Add((PROFILE, "a b"), {}), '[profile "a b"]\n'),
        ("", Add((PROFILE, "it's"), {}), '[profile "it\'s"]\n'),
        ("", Add((PROFILE, "x]y"), {}), "[profile x]y]\n"),
        # Keys: the manner of the line, or of the section.
        ("[profile a]\nRegion:x  \n", SetKeys(A, {"region": "y"}), "[profile a]\nRegion:y  \n"),
        ("[profile a]\n  x=1\n\n", SetKeys(A, {"y": "2"}), "[profile a]\n  x=1\n  y=2\n\n"),
        ("[profile a]", SetKeys(A, {"y": "2"}), "[profile a]\ny = 2"),
        ("[profile a]\n  [profile b]\n", SetKeys(A, {"y": "2"}), "[profile a]\n  y = 2\n  [profile b]\n"),
        ("[profile a]\nx =\n", SetKeys(A, {"x": "2"}), "[profile a]\nx = 2\n"),
        ("[profile a]\ns3 =\n  x = 1\n  # c\n  y = 2\nz = 3", SetKeys(A, {"s3": None}), "[profile a]\n  # c\nz = 3"),
        ("[profile a]\nx = 1\n  more\ny = 2\n", SetKeys(A, {"x": "3"}), "[profile a]\nx = 3\ny = 2\n"),
        ('[profile a]\nx = 1\n[profile "a"]\nx:2', SetKeys(A, {"x": "3"}), '[profile a]\nx = 1\n[profile "a"]\nx:3'),
        # Names.
        ("  [profile\ta ] # c\nx = 1\n", Rename(A, "b"), "  [profile\tb ] # c\nx = 1\n"),
        ('[profile "a"]\n', Rename(A, "b"), '[profile "b"]\n'),
        ('[profile "a b"]\n', Rename((PROFILE, "a b"), "c"), "[profile c]\n"),
        ("[default]\n", Rename((PROFILE, "default"), "c"), "[profile c]\n"),
        ("[profile a]\n", Rename(A, "default"), "[default]\n"),
        ("[profilefoo a]\n", Rename(A, "b"), "[profilefoo b]\n"),
        (
            "[profile a]\nx = 1\n# c\ny:2\n[profile c]\n",
            Copy(A, "b", frozenset("x")),
            "[profile a]\nx = 1\n# c\ny:2\n[profile b]\ny:2\n[profile c]\n",
        ),
        # What goes with a section, and what does not.
        (
            "# 1\n\n# 2\n# 3\n[profile a]\nx = 1\n# 4\ny = 2\n\n# 5\n\n# 6\n[z]\n",
            Remove(frozenset([A])),
            "# 1\n\n# 5\n\n# 6\n[z]\n",
        ),
        ("[profile a]\n\n[profile b]\n", Remove(frozenset([A])), "[profile b]\n"),
        ("[x]\n\n[profile a]\nk = 1\n\n[y]\n", Remove(frozenset([A])), "[x]\n\n[y]\n"),
        ("[x]\n[profile a]\nk = 1", Remove(frozenset([A])), "[x]"),
        # At the end of the file, a blank line above goes where a new section would have brought it.
        ("[x]\n\n# of a\n[profile a]\nk = 1\n", Remove(frozenset([A])), "[x]\n"),
        ("[x]\n[y]\n# y's\n\n[profile a]\n", Remove(frozenset([A])), "[x]\n[y]\n# y's\n"),
        ("[x]\n[y]\n\n[profile a]\nk = 1\n", Remove(frozenset([A])), "[x]\n[y]\n\n"),
        ("[x]\n[y]\n\n# of a\n[profile a]\n", Remove(frozenset([A])), "[x]\n[y]\n\n"),
        ("[x]\n[y]\n# y's\n\n\n[profile a]\n", Remove(frozenset([A])), "[x]\n[y]\n# y's\n\n\n"),
        ("\n# of a\n[profile a]\nk = 1\n", Remove(frozenset([A])), "\n"),
        ("[profile a]\n# of a\nk = 1\n[profile b]\n[c]\n", Remove(frozenset([A, B])), "[c]\n"),
        ("[profile a]\n# nobody's\n[profile b]\n", Remove(frozenset([A])), "# nobody's\n[profile b]\n"),
        (
            "[x]\nk = 1\n[profile a]\n# in\n\n# it\nk =\n  # deep\n  m = 1\n  # behind\n[z]\n",
            Remove(frozenset([A])),
            "[x]\nk = 1\n  # behind\n[z]\n",
        ),
    ],
)  # fmt: skip
def test_by_example(before: str, op: Op, after: str) -> None:
    assert edited(before, [op], CONFIG) == after


@pytest.mark.parametrize(
    ("op", "why"),
    [
        (Add(A, {}), "there is a profile a already"),
        (Rename(B, "a"), "there is a profile a already"),
        (Copy(B, "a"), "there is a profile a already"),
        (Remove(frozenset([(PROFILE, "c")])), "there is no profile c"),
        (SetKeys((SESSION, "a"), {}), "there is no sso-session a"),
        (Add((PROFILE, ""), {}), "cannot be the name of a profile"),
        (Add((PROFILE, "x\ny"), {}), "'x\\ny' cannot be the name of a profile"),
        (Add((PROFILE, "x\x1b[31m"), {}), "cannot be the name of a profile"),
        (Add((PROFILE, "\udc80"), {}), "cannot be the name of a profile"),
        (Add((SESSION, "x"), {"k": "1\n[profile evil]"}), "a value of 'k' cannot be written"),
        (Add((SESSION, "x"), {"k": " 1"}), "a value of 'k' cannot be written"),
        (Add((SESSION, "x"), {"k\n[p]": "1"}), "cannot be written"),
        (Add((SESSION, "x"), {"#k": "1"}), "cannot be written"),
        (Add((SESSION, "x"), {"s3": {"k": "1\x0by"}}), "cannot be written"),
        (Add((SESSION, "x"), {"s3": {}}), "cannot be written"),
    ],
)
def test_refused_with_the_reason(op: Op, why: str) -> None:
    with pytest.raises(EditError) as refused:
        apply("[profile a]\n[profile b]\n", [op], CONFIG)
    assert why in refused.value.message
    assert "\n" not in refused.value.message


def test_names_of_the_credentials_file_are_raw() -> None:
    text = edited("[a]\nk = 1\n", [Rename(A, "x y"), Add((PROFILE, '"q"'), {"k": "2"})], CREDENTIALS)
    assert text == '[x y]\nk = 1\n["q"]\nk = 2\n'
    with pytest.raises(EditError):
        apply(text, [Add((PROFILE, "DEFAULT"), {})], CREDENTIALS)


def test_botocore_reads_back_what_was_added(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "nasty" / "nested.conf").read_text()
    for name in ["a b", "it's", 'q"q', "b\\s", "x]y", "#x", "=", "[", "ü", "$(id)", ".", "x" * 200]:
        text = edited(text, [Add((PROFILE, name), {"region": name})], CONFIG)
    path = tmp_path / "config"
    path.write_text(text)
    assert list(full_config(path, tmp_path / "none")["profiles"])[2:] == [
        "a b", "it's", 'q"q', "b\\s", "x]y", "#x", "=", "[", "ü", "$(id)", ".", "x" * 200
    ]  # fmt: skip


def test_thousands_at_once() -> None:
    """Each of many ops takes its own time, and not that of the whole file again."""
    text = "".join(f"[profile p{number}]\nsso_session = s\nregion = r\n" for number in range(2000))
    ops = [Add((PROFILE, f"q{number}"), {"sso_session": "s", "region": "r"}) for number in range(2000)]
    after = apply(text, ops, CONFIG)
    assert after.startswith(text)
    assert apply(after, [Remove(frozenset(op.title for op in ops))], CONFIG) == text
