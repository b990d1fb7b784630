"""What `awsctx sync` remembers, written into the own config: a table's keys, and not one other byte.

There is no TOML writer among the dependencies, and most of them lose comments. This one looks for the line to change, and
believes nothing: what tomllib reads afterwards must be what it read before, with exactly the wanted keys changed.
"""

import copy
import re
import tomllib
from collections.abc import Mapping
from json import dumps
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from awsctx.errors import AwsctxError
from awsctx.store import files, paths

Wanted = Mapping[str, str | list[str]]

_LOCK_SECONDS = 5.0

# The start of a key's line: what is in front of the value, with the key, which may be dotted, as a group.
_NAME = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_KEY = rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=\s*"


def remember(path: str, session: str, wanted: Wanted, lock: str) -> bool:
    """Make ``wanted`` keys of `[sync.SESSION]` in the config at ``path``; whether it had to be written. A missing file is made,
    0600. ``lock`` is the lock file to hold: not one beside the config, which may be somebody's dotfiles repository.

    Raises AwsctxError, which says what to add by hand, where the file cannot be written or no edit does exactly that.
    """
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(lock).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(lock, timeout=_LOCK_SECONDS):
            old = Path(path).read_bytes().decode() if Path(path).exists() else ""
            new = with_table(old, session, wanted)
            if new == old:
                return False
            files.replace(path, new.encode())
            return True
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, Timeout, NoSafeEdit) as e:
        table = f"[{_table(session)}] " + ", ".join(f"{key} = {_toml(value)}" for key, value in wanted.items())
        raise AwsctxError(f"could not remember this in {paths.short(path)}: {e}", f"add it there by hand: {table}") from None


class NoSafeEdit(Exception):
    """No edit that this module knows does what is wanted."""


def with_table(text: str, session: str, wanted: Wanted) -> str:
    """``text`` with the keys in its table `sync.SESSION`. Raises NoSafeEdit, TOMLDecodeError (``text`` is no TOML)."""
    before = tomllib.loads(text)
    intended = copy.deepcopy(before)
    table = intended.setdefault("sync", {}).setdefault(session, {})
    missing = {key: value for key, value in wanted.items() if table.get(key) != value}
    if not missing:
        return text
    table.update(missing)
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    start = next((at for at, line in enumerate(lines) if _is_header(line, session)), None)
    if start is None:
        respelled = _respelled(lines, session, intended, missing, end) if "sync" in before else ""
        new = respelled or _appended(text, session, missing, end)
    else:
        for key, value in missing.items():
            _set(lines, start, key, value, end)
        new = "".join(lines)
    try:
        agrees = tomllib.loads(new) == intended
    except tomllib.TOMLDecodeError:
        agrees = False
    if not agrees:
        raise NoSafeEdit("it is written in a way that awsctx does not edit")
    return new


def _appended(text: str, session: str, wanted: Wanted, end: str) -> str:
    gap = "" if not text or text.endswith(("\n\n", "\r\n\r\n")) else end if text.endswith("\n") else end + end
    return text + gap + "".join(f"{line}{end}" for line in [f"[{_table(session)}]", *_lines(wanted)])


def _set(lines: list[str], start: int, key: str, value: str | list[str], end: str) -> None:
    """Change the key's line in the table below line ``start``, or add one behind the table's last."""
    stop = next((at for at in range(start + 1, len(lines)) if _is_any_header(lines[at])), len(lines))
    for at in range(start + 1, stop):
        found = re.match(r"""\s*(?:%s|"%s"|'%s')\s*=\s*""" % ((re.escape(key),) * 3), lines[at])
        if found:
            length, behind = _value_end(lines[at:stop], found.end())
            lines[at : at + length] = [found[0] + _toml(value) + behind]
            return
    last = max((at for at in range(start, stop) if lines[at].strip() and lines[at].lstrip()[0] != "#"), default=start)
    if not lines[last].endswith("\n"):
        lines[last] += end
    lines.insert(last + 1, f"{key} = {_toml(value)}{end}")


def _respelled(lines: list[str], session: str, intended: Mapping[str, Any], missing: Wanted, end: str) -> str:
    """The text with the keys where the table has another spelling than a header of its own: dotted keys, whose lines change
    or get company, or an inline table, which is written anew. Empty: there is no such spelling."""
    table: list[str] = []
    left = dict(missing)
    last, dotted = 0, ""
    at = 0
    while at < len(lines):
        found = re.match(_KEY, lines[at])
        if _is_any_header(lines[at]) or not found:
            table = _path(lines[at]) if _is_any_header(lines[at]) else table
            at += 1
            continue
        length, behind = _value_end(lines[at:], found.end())
        path = table + _path(f"{found[1]} = 0")
        new = ""
        if path in (["sync"], ["sync", session]):
            new = _inline(intended["sync"] if len(path) == 1 else intended["sync"][session])
            left.clear()
        elif path[:2] == ["sync", session] and len(path) == 3:
            dotted = lines[at][: found.end(1)].rpartition(".")[0]
            new = _toml(left.pop(path[2])) if path[2] in left else ""
            last = at + (1 if new else length)
        if new:
            lines[at : at + length] = [found[0] + new + behind]
            length = 1
        at += length
    if not left:
        return "".join(lines)
    if not dotted:
        return ""
    if not lines[last - 1].endswith("\n"):
        lines[last - 1] += end
    return "".join([*lines[:last], *(f"{dotted}.{line}{end}" for line in _lines(left)), *lines[last:]])


def _path(line: str) -> list[str]:
    """The names on the way to the table or the key of the line; none where it opens an array's table, or is no TOML."""
    names = []
    try:
        inner = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return [""]
    while isinstance(inner, dict) and inner:
        [(name, inner)] = inner.items()
        names.append(name)
    return [""] if isinstance(inner, list) else names


def _inline(value: Any) -> str:
    if not isinstance(value, dict):
        return _toml(value)
    pairs = ", ".join(f"{_name(key)} = {_inline(inner)}" for key, inner in value.items())
    return f"{{ {pairs} }}" if pairs else "{}"


def _value_end(lines: list[str], start: int) -> tuple[int, str]:
    """How many lines the value takes that begins at column ``start``, and what stands behind it: blanks, a comment, the end."""
    for count in range(1, len(lines) + 1):
        text = "".join(lines[:count])[start:]
        cuts = [at for at, letter in enumerate(text) if letter == "#"]
        for cut in (*cuts, len(text)):
            value = text[:cut].rstrip()
            if value and _parses(f"x = {value}"):
                return count, text[len(value) :]
    raise NoSafeEdit("it has a value whose end awsctx does not find")


def _is_any_header(line: str) -> bool:
    """Whether the line may begin a table. A line of an array may look like it; the check at the end sees to that."""
    return line.lstrip().startswith("[")


def _is_header(line: str, session: str) -> bool:
    """Whether it is `[sync.SESSION]`, however it is quoted."""
    try:
        return _is_any_header(line) and tomllib.loads(line) == {"sync": {session: {}}}
    except tomllib.TOMLDecodeError:
        return False


def _parses(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _table(session: str) -> str:
    return f"sync.{_name(session)}"


def _name(name: str) -> str:
    """A key as TOML has it, quoted where it takes that."""
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else _toml(name)


def _lines(wanted: Wanted) -> list[str]:
    return [f"{key} = {_toml(value)}" for key, value in wanted.items()]


def _toml(value: Any) -> str:
    """A string or a list of strings; JSON writes both as TOML reads them, but for DEL, which no name here has."""
    return dumps(value, ensure_ascii=False)
