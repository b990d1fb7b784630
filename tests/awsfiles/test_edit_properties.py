"""Properties of edits: not a byte changes but what was asked for, botocore reads exactly the difference, and the way
back leads back."""

import io
from collections import Counter

from hypothesis import assume, event, given, reject
from hypothesis import strategies as st
from tests.awsfiles.judge import NASTY, edited, examples, good_texts

from awsctx.awsfiles import grammar, read, verify
from awsctx.awsfiles.grammar import PROFILE
from awsctx.awsfiles.headers import CONFIG, CREDENTIALS, EditError, FileFormat
from awsctx.awsfiles.ops import Add, Copy, Op, Remove, Rename, SetKeys, Title

FORMATS = st.sampled_from([CONFIG, CREDENTIALS])
GOOD_FILES = [file for file in NASTY if not file.stem.startswith("refused")]


def tried(text: str, op: Op, file_format: FileFormat) -> str:
    """The edited text. Where the edit is refused, the example ends."""
    try:
        return edited(text, [op], file_format)
    except EditError as refused:
        event(refused.message)
        reject()


def titles(text: str, file_format: FileFormat) -> list[Title]:
    """The title of each header, in order."""
    headers = read.parse("file", text.encode())
    return [file_format.meaning(header) for header in headers]


def changed_lines(old: str, new: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came, without their ends."""
    before, after = lines_of(old), lines_of(new)
    if len(kinds := ends_of(old)) == 1:
        assert ends_of(new) <= kinds
    if is_within(before, after):
        return [], list((Counter(after) - Counter(before)).elements())
    if is_within(after, before):
        return list((Counter(before) - Counter(after)).elements()), []
    assert len(before) == len(after)
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    return [one for one, _ in changed], [other for _, other in changed]


def lines_of(text: str) -> list[str]:
    return [line.rstrip("\r\n") for line in io.StringIO(text, newline="")]


def ends_of(text: str) -> set[str]:
    return {line[len(line.rstrip("\r\n")) :] for line in io.StringIO(text, newline="")} - {""}


def is_within(some: list[str], lines: list[str]) -> bool:
    """Whether all of them are there, in this order."""
    rest = iter(lines)
    return all(line in rest for line in some)


texts = st.one_of(good_texts(), st.sampled_from([file.read_bytes().decode() for file in GOOD_FILES]))
new_names = st.sampled_from(["new", "a b", "ü", "x]", 'q"q', "a\\b", "'", "#x", "a=b", "-x", "$(id)", "x" * 200, "a@b", "[y"])
values = st.sampled_from(["eu-west-1", "", "a = b", "# x", "%(x)s", "é", "[x]", '"q"', "a: b"])


def accepted(text: str) -> str:
    assume(not read.problems(text.encode()))
    return text


@examples(100)
@given(
    text=texts,
    file_format=FORMATS,
    name=new_names,
    values=st.dictionaries(st.sampled_from(["region", "s3", "x y", "Output"]), values, max_size=3),
)
def test_add_and_remove(text: str, file_format: FileFormat, name: str, values: dict[str, str]) -> None:
    title = (PROFILE, name)
    assume(title not in titles(accepted(text), file_format))
    added = tried(text, Add(title, values), file_format)
    gone, came = changed_lines(text, added)
    assert not gone
    assert len([line for line in came if line.strip()]) == 1 + len(values)
    assert len(came) <= 2 + len(values)
    assert tried(added, Remove(frozenset([title])), file_format) == text


@examples(100)
@given(text=texts, file_format=FORMATS, data=st.data(), name=new_names)
def test_rename_and_back(text: str, file_format: FileFormat, data: st.DataObject, name: str) -> None:
    old = data.draw(st.sampled_from(titles(accepted(text), file_format) or [(PROFILE, "")]))
    assume(old[0] and old[1] and (old[0], name) not in titles(text, file_format))
    renamed = tried(text, Rename(old, name), file_format)
    gone, came = changed_lines(text, renamed)
    assert len(gone) == len(came) == titles(text, file_format).count(old)
    back = tried(renamed, Rename((old[0], name), old[1]), file_format)
    if all("'" not in line and '"' not in line and "\\" not in line and "default" not in line for line in gone):
        assert back == text


@examples(100)
@given(text=texts, file_format=FORMATS, data=st.data(), value=values.filter(bool))
def test_set_and_back(text: str, file_format: FileFormat, data: st.DataObject, value: str) -> None:
    sections, _ = verify.sections("file", accepted(text).encode(), file_format)
    title = data.draw(st.sampled_from(titles(text, file_format) or [(PROFILE, "")]))
    assume(title[1])
    has = [values for other, values in sections if other == title][-1]
    key = data.draw(st.sampled_from([*has, "new_key"]))
    after = tried(text, SetKeys(title, {key: value}), file_format)
    old = has.get(key)
    if old is None:
        gone, came = changed_lines(text, after)
        assert (len(gone), len(came)) == (0, 1)
        assert tried(after, SetKeys(title, {key: None}), file_format) == text
    elif isinstance(old, str) and "\n" not in old:
        gone, came = changed_lines(text, after)
        assert len(gone) == len(came) == (old != value)
        back = tried(after, SetKeys(title, {key: old}), file_format)
        assert back == text or not old  # white space behind the delimiter of an empty value goes


@examples(100)
@given(text=texts, file_format=FORMATS, data=st.data())
def test_remove_leaves_the_others(text: str, file_format: FileFormat, data: st.DataObject) -> None:
    there = list(dict.fromkeys(titles(accepted(text), file_format)))
    assume(there)
    some = frozenset(data.draw(st.lists(st.sampled_from(there), min_size=1, max_size=3)))
    after = tried(text, Remove(some), file_format)
    gone, came = changed_lines(text, after)
    assert not came
    lines = lines_of(text)
    comments = [line.strip() for line in lines if line.strip()[:1] in ("#", ";")]
    kept = [line.strip() for line in lines_of(after) if line.strip()[:1] in ("#", ";")]
    own = sum(_own_comments(lines, some, file_format)) + _inner(grammar.COMMENT, lines, some, file_format)
    assert len(kept) == len(comments) - own
    blanks = sum(not line.strip() for line in gone)
    no_end = not ends_of(text[-1:])  # a file without a final line end is left without one
    assert (
        blanks
        <= sum(title in some for title in titles(text, file_format)) + _inner(grammar.BLANK, lines, some, file_format) + no_end
    )


def _own_comments(lines: list[str], some: frozenset[Title], file_format: FileFormat) -> list[int]:
    """How many comment lines stand directly on each of the headers."""
    counts, run = [], 0
    for kind, name, _ in grammar.scan(lines):
        if kind == grammar.HEADER and file_format.meaning(name) in some:
            counts.append(run)
        run = run + 1 if kind == grammar.COMMENT else 0
    return counts


def _inner(wanted: str, lines: list[str], some: frozenset[Title], file_format: FileFormat) -> int:
    """How many lines of that kind stand between own lines of the sections."""
    inside, waiting, count = False, 0, 0
    for kind, name, _ in grammar.scan(lines):
        if kind == grammar.HEADER:
            inside, waiting = name != grammar.DEFAULTS and file_format.meaning(name) in some, 0
        elif kind == wanted and inside:
            waiting += 1
        elif kind in (grammar.OPTION, grammar.MORE):
            count, waiting = count + waiting, 0
    return count


@examples(100)
@given(text=texts, file_format=FORMATS, data=st.data(), name=new_names)
def test_copy_and_remove(text: str, file_format: FileFormat, data: st.DataObject, name: str) -> None:
    there = [title for title in titles(accepted(text), file_format) if title[0]]
    assume(there and (PROFILE, name) not in there)
    title = data.draw(st.sampled_from(there))
    assume((title[0], name) not in there)
    copied = tried(text, Copy(title, name, frozenset({"region"})), file_format)
    assert not changed_lines(text, copied)[0]
    assert tried(copied, Remove(frozenset([(title[0], name)])), file_format) == text
