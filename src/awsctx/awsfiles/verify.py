"""Whether an edited text means what it should: the last check before a write. Pure.

The check uses configparser as botocore.configloader.raw_config_parse does, and not the grammar by which the edit was made,
so that a mistake there is found here.
"""

import configparser
from collections.abc import Iterable
from functools import lru_cache

from awsctx.awsfiles import grammar, read
from awsctx.awsfiles.grammar import Values
from awsctx.awsfiles.headers import FileFormat
from awsctx.awsfiles.ops import EVERY, Op, Sections, Titles


@lru_cache(maxsize=4)
def sections(path: str, content: bytes, file_format: FileFormat) -> tuple[Sections, Values]:
    """The sections with their own keys, [DEFAULT] among them (EVERY), and the keys of [DEFAULT]. Callers share the result
    and must not change it, since parsing thousands of sections takes time. Raises ConfigFileError, which names ``path``."""
    own = read.own_values(path, content)
    return [(file_format.meaning(header), values) for header, values in own.items()], own.get(grammar.DEFAULTS, {})


def agrees(text: str, before: Sections, defaults: Values, ops: Iterable[Op], file_format: FileFormat) -> bool:
    """Whether botocore reads from the text exactly what the ops should make of ``before``."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text.replace("\r\n", "\n").replace("\r", "\n"))
        found_defaults = _values(parser.defaults().items())
        found = [(file_format.meaning(header), _values(parser.items(header, raw=True))) for header in parser.sections()]
    except (configparser.Error, ValueError):
        return False
    expected = _by_title(before)
    for op in ops:
        op.expect(expected)
    defaults = expected.pop(EVERY, [defaults])[-1]
    if found_defaults != defaults:
        return False
    return _by_title(found) == {title: [{**defaults, **values} for values in each] for title, each in expected.items()}


def _by_title(sections: Sections) -> Titles:
    titles: Titles = {}
    for title, values in sections:
        titles.setdefault(title, []).append(values)
    return titles


def _values(options: Iterable[tuple[str, str]]) -> Values:
    return {key: _nested(value) for key, value in options}


def _nested(value: str) -> str | dict[str, str]:
    """botocore.configloader._parse_nested, which raises ValueError for a line without `=`."""
    if not value.startswith("\n"):
        return value
    pairs = [line.split("=", 1) for line in value.splitlines() if line.strip()]
    return {key.strip(): text.strip() for key, text in pairs}
