"""What `awsctx sync` keeps for the next time, written into the own config: a table's keys, and not one other byte.

tomlkit writes, since it keeps comments and layout. tomllib judges: what it reads afterwards must be what it read before, with
exactly the wanted keys changed.
"""

import copy
import os
import tomllib
from collections.abc import Mapping, MutableMapping
from json import dumps
from re import fullmatch
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Table

from awsctx.errors import AwsctxError
from awsctx.store import files, lock, paths

# None: the key is not to be there.
Wanted = Mapping[str, str | list[str] | None]

_LOCK_SECONDS = 5.0


def set_sync_keys(path: str, session: str, wanted: Wanted, lock_path: str) -> bool:
    """Set the keys ``wanted`` of `[sync.SESSION]` in the config at ``path``. Returns whether the file was written. A missing
    file is made, 0600. The lock is at ``lock_path`` and not beside the config, whose folder may be a repository of dotfiles.

    Raises AwsctxError, which says what to add by hand, where the file cannot be written or no edit does exactly that.
    """
    try:
        with lock.held(lock_path, seconds=_LOCK_SECONDS):
            old = _content(path)
            new = with_table(old, session, wanted)
            if new == old:
                return False
            files.make_folder(os.path.dirname(files.target(path)))
            files.replace(path, new.encode())
            return True
    except (OSError, ValueError, RecursionError, NoSafeEdit) as e:
        table = f"[sync.{_name(session)}] "
        put = ", ".join(f"{key} = {_toml(value)}" for key, value in wanted.items() if value is not None)
        hints = [f"add it there by hand: {table}{put}"] if put else []
        hints += [f"remove it there by hand: {table}{key}" for key, value in wanted.items() if value is None]
        raise AwsctxError(f"could not remember this in {paths.short(path)}: {e}", *hints) from None


class NoSafeEdit(Exception):
    """The edit would change something else."""


def _content(path: str) -> str:
    try:
        return files.read(path).decode()
    except FileNotFoundError:
        return ""


def with_table(text: str, session: str, wanted: Wanted) -> str:
    """``text`` with the keys in its table `sync.SESSION`. Raises NoSafeEdit, ValueError (``text`` is no TOML)."""
    before = tomllib.loads(text)
    intended = copy.deepcopy(before)
    sessions = intended.setdefault("sync", {})
    table = sessions.setdefault(session, {}) if isinstance(sessions, dict) else None
    if not isinstance(table, dict):
        raise NoSafeEdit(f"sync.{_name(session)} is no table there")
    missing = {key: value for key, value in wanted.items() if table.get(key) != value}
    if not missing:
        return text
    _set(table, missing)
    only_crlf = "\r\n" in text and "\n" not in text.replace("\r\n", "")
    try:
        new = _written(text if "sync" in before else _with_gap(text), session, missing)
        new = new.replace("\r\n", "\n").replace("\n", "\r\n") if only_crlf else new
        agrees = tomllib.loads(new) == intended
    except (TOMLKitError, ValueError):
        agrees = False
    if not agrees:
        raise NoSafeEdit("it is written in a way that awsctx does not edit")
    return new


def _with_gap(text: str) -> str:
    """The text with a blank line at its end, to go before a new table."""
    if not text or text.endswith(("\n\n", "\r\n\r\n")):
        return text
    return text + ("\n" if text.endswith("\n") else "\n\n")


def _written(text: str, session: str, wanted: Wanted) -> str:
    document = tomlkit.parse(text)
    if "sync" not in document:
        document.append("sync", tomlkit.table(is_super_table=True))
    sessions = cast(MutableMapping[str, Any], document["sync"])
    if session not in sessions:
        sessions[session] = tomlkit.inline_table() if isinstance(sessions, InlineTable) else tomlkit.table()
    table = sessions[session]
    behind = _loose_end(table)
    _set(table, wanted)
    if behind:
        table.value.body.extend(behind)
    return tomlkit.dumps(document)


def _set(table: MutableMapping[str, Any], wanted: Wanted) -> None:
    for key, value in wanted.items():
        if value is None:
            del table[key]
        else:
            table[key] = value


def _loose_end(table: object) -> list[Any]:
    """Take the comments and blank lines behind the last key off a table, and return them. They belong to the next table: new
    keys go above them."""
    if not isinstance(table, Table):
        return []
    body = table.value.body
    last = max((at for at, (key, _) in enumerate(body, 1) if key is not None), default=len(body))
    behind = body[last:]
    del body[last:]
    return behind


def _name(name: str) -> str:
    """A key as TOML has it, quoted where it takes that."""
    return name if fullmatch("[A-Za-z0-9_-]+", name) else _toml(name)


def _toml(value: Any) -> str:
    """A string or a list of strings; JSON writes both as TOML reads them, but for DEL, which no name here has."""
    return dumps(value, ensure_ascii=False)
