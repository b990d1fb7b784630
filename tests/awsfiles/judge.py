"""botocore as the judge, and generators of the files to judge."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session
from hypothesis import given, settings
from hypothesis import strategies as st

from awsctx.awsfiles import verify
from awsctx.awsfiles.edit import apply
from awsctx.awsfiles.headers import EditError, FileFormat
from awsctx.awsfiles.ops import Op

# Made by hand. botocore refuses those called refused-*, and reads all others.
NASTY = sorted((Path(__file__).parent / "nasty").glob("*.conf"))


def examples(count: int) -> settings:
    """That many examples, the same in each run; with AWSCTX_EXAMPLES=20 twenty times as many, and new ones."""
    times = int(os.environ.get("AWSCTX_EXAMPLES", "1"))
    return settings(max_examples=count * times, deadline=None, database=None, derandomize=times == 1)


class _Paths:
    """As much of a botocore session as reading its files takes."""

    _config = None

    def __init__(self, config: Path, credentials: Path) -> None:
        self.get_config_variable: Callable[[str], str] = {
            "config_file": str(config),
            "credentials_file": str(credentials),
        }.__getitem__


def full_config(config: Path, credentials: Path) -> dict[str, Any]:
    """`Session().full_config`, by botocore's own code. Raises botocore's ConfigParseError."""
    whole: dict[str, Any] = botocore.session.Session.full_config.fget(_Paths(config, credentials))  # type: ignore[attr-defined]
    return whole


# Words that mean something to configparser, shlex or botocore, and a few that mean nothing.
_NAMES = [
    "a",
    "b",
    "default",
    "DEFAULT",
    "a b",
    '"a b"',
    "'a",
    '"a"',
    "a\\b",
    "a]",
    "ü",
    "",
    "#a",
    "a=b",
    "p;id",
    "$(id)",
    " a",
]
_KINDS = [
    "profile ",
    "profile  ",
    "profile\t",
    "profile",
    "profilefoo ",
    "Profile ",
    " profile ",
    "sso-session ",
    "services ",
    "",
]
_KEYS = ["region", "Region", "REGION", "s3", "aws_access_key_id", "x y", "[x", "ü", "a", "", "%(x)s"]
_DELIMITERS = [" = ", "=", ":", " : ", " =", "", " "]
_VALUES = [
    "",
    "eu-west-1",
    "a = b",
    "[x]",
    "# no comment",
    "x ; y",
    "%(region)s",
    '"q"',
    "v\x0bw",
    "\x1cz",
    "é\u2028k = v",
    "]",
]
_INDENTS = ["", "", "", "", " ", "    ", "\t", "\x0c", "\xa0"]
_ENDS = ["\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n", " \n", "\x0b\n"]

_pick = st.sampled_from
_headers = st.builds("[{}{}]{}".format, _pick(_KINDS), _pick(_NAMES), _pick(["", "", "", " ", " # c", "]", " x"]))
_options = st.builds("{}{}{}".format, _pick(_KEYS), _pick(_DELIMITERS), _pick(_VALUES))
_others = _pick(["", "# comment", "; [profile c]", "#", "junk", "[]", "[", "]", "[x", "\ufeff", "[profile a", "\x00"])
_lines = st.builds("{}{}{}".format, _pick(_INDENTS), st.one_of(_headers, _options, _options, _others), _pick(_ENDS))

# Hardly any of these is a file that botocore accepts: good for "never raises", and for what is refused.
nasty_texts = st.lists(_lines, max_size=12).map("".join)


def _section(number: int, header: str, indent: str, body: list[tuple[str, str, str, list[str]]], end: str) -> str:
    """A section that botocore accepts by itself: keys made distinct, blocks with `=`."""
    lines = [header]
    for place, (key, delimiter, value, block) in enumerate(body):
        lines.append(f"{indent}{key}{place or ''}{delimiter}{'' if block else value}")
        lines += [f"{indent}  {line}" for line in block]
    return end.join([*lines, ""])


_blocks = st.lists(_pick(["x = 1", "y=2", "X = [3]", "# comment", "z = [profile q]", "", "a = b = c"]), max_size=3)
_bodies = st.lists(
    st.tuples(
        _pick(["region", "Region", "s3", "x y", "output", "sso_session", "ü", "aws_secret_access_key"]),
        _pick([" = ", "=", ":", " : ", "\t=\t"]),
        _pick(["eu-west-1", "a = b", "[x]", "# no comment", "%(region)s", "é", "x: y", ""]),
        st.one_of(st.just([]), st.just([]), _blocks),
    ),
    max_size=4,
)
_comments = st.lists(_pick(["# comment\n", "; [profile z]\n", "\n", "  # indented\n", "\n"]), max_size=2).map("".join)


@st.composite
def good_texts(draw: st.DrawFn) -> str:
    """Files that botocore mostly accepts, with everything in them that it does accept."""
    headers = draw(
        st.lists(
            st.builds("[{}{}]".format, _pick(_KINDS), _pick([name for name in _NAMES if name])),
            max_size=6,
            unique=True,
        )
    )
    end = draw(_pick(["\n", "\n", "\r\n", "\r"]))
    parts = [draw(_comments)]
    for number, header in enumerate(headers):
        indent = draw(_pick(["", "", " ", "\t"]))
        parts += [_section(number, header, indent, draw(_bodies), end), draw(_comments)]
    text = "".join(parts)
    return text.rstrip("\n") if draw(st.booleans()) else text


def edited(text: str, ops: list[Op], file_format: FileFormat) -> str:
    """The text after the ops. Raises EditError also where configparser reads anything from it but what was meant."""
    before, defaults = verify.sections("file", text.encode(), file_format)
    after = apply(text, ops, file_format)
    if not verify.agrees(after, before, defaults, ops, file_format):
        raise EditError("this edit would change more than it should")
    return after


def on_both_files(folder: Path, texts: st.SearchStrategy[str], count: int, agree: Callable[[Path, Path], bool]) -> None:
    """Call ``agree`` with a config and a credentials file in ``folder``, ``count`` times with others of ``texts``. It compares
    with botocore, and returns False where botocore refuses."""
    accepted = 0

    @examples(count)
    @given(config=texts, credentials=texts)
    def compare(config: str, credentials: str) -> None:
        nonlocal accepted
        paths = folder / "config", folder / "credentials"
        for path, content in zip(paths, (config, credentials), strict=True):
            path.write_bytes(content.encode())
        accepted += agree(*paths)

    compare()
    assert accepted > 15, "too few of the generated files are ones that botocore reads"
