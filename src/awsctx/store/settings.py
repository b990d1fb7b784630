"""awsctx's own config: TOML, all of it optional (awsctx(1), FILES).

    follow = "unguarded"          # "always", "unguarded" or "never"
    guard = ["*prod*"]            # profiles to ask about; globs of names, account:GLOB, role:GLOB
    agents = "refuse"             # whether a coding agent may answer the guard: "allow" or "refuse"
    read_only = ["*ReadOnly*"]    # roles that only read; globs
    [prompt]
    time = true                   # show the time to the sign-in's end
    [browser]                     # which browser, by session (login, setup) and profile (console); the first that fits
    "work*" = "firefox -P work %s"
    [sync.SESSION]                # what `awsctx sync` remembers of a session
    name = "{session}.{account}.{role}"

An unknown key or a wrong type is an error that names file, key and what is allowed.
"""

from awsctx import trace
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.store import files, paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_CURE = "correct the file, or do without it: AWSCTX_CONFIG=/dev/null"
FOLLOW = ("always", "unguarded", "never")
AGENTS = ("allow", "refuse")
READ_ONLY = ("*ReadOnly*", "*ViewOnly*")
_TOP = ("follow", "guard", "agents", "read_only", "browser", "prompt", "sync")
_PROMPT: "dict[str, type]" = {"time": bool}
_SYNC: "dict[str, type]" = {"name": str, "region": str, "output": str, "match": list}


class Settings:
    """The own config, checked. ``browser`` maps globs of sessions and profiles to commands, in the file's order; ``sync``
    maps a session's name to what sync remembers of it. ``read_only`` has globs of roles, the preferred first."""

    __slots__ = ("agents", "browser", "follow", "guard", "prompt_time", "read_only", "sync")

    def __init__(self) -> None:
        self.follow = "unguarded"
        self.agents = "refuse"
        self.guard: tuple[str, ...] = ()
        self.read_only: tuple[str, ...] = READ_ONLY
        self.browser: dict[str, str] = {}
        self.prompt_time = True
        self.sync: dict[str, dict[str, Any]] = {}

    def guarded(self, profile: str, account: str = "", role: str = "") -> bool:
        """Whether the profile matches a guard pattern (case counts): its name, or with `account:` and `role:` before the glob,
        the account's id and the role's name, so that no rename lifts a guard. ``profile`` is empty for a role that is none."""
        if not self.guard:
            return False
        from fnmatch import fnmatchcase

        subjects = {"account": account, "role": role}
        for pattern in self.guard:
            word, colon, glob = pattern.partition(":")
            if fnmatchcase(subjects[word], glob) if colon and word in subjects else profile and fnmatchcase(profile, pattern):
                return True
        return False

    def reads_only(self, role: str) -> bool:
        """Whether the role's name matches a glob of `read_only` (case counts)."""
        from fnmatch import fnmatchcase

        return any(fnmatchcase(role, glob) for glob in self.read_only)

    def browser_for(self, name: str) -> str:
        """The browser's command for a session or profile; empty where none fits."""
        return self.browser.get(self.browser_key(name), "")

    def browser_key(self, name: str) -> str:
        """The glob of `[browser]` that fits a session or profile first; empty where none does."""
        from fnmatch import fnmatchcase

        return next((glob for glob in self.browser if fnmatchcase(name, glob)), "")


def of_call(environ: "Mapping[str, str]") -> Settings:
    """The settings of a call in ``environ``. Raises AwsctxError, which tells an agent no way to do without its guards."""
    try:
        return load(paths.config_path(environ))
    except AwsctxError as e:
        from awsctx.core.agents import agent

        if agent(environ):
            e.hints = ("have the one you work for correct the file",)
        raise


def load(path: str) -> Settings:
    """The settings in the file at ``path``; the defaults where there is none. Raises AwsctxError."""
    settings = Settings()
    try:
        data = files.read(path)
    except (FileNotFoundError, NotADirectoryError):
        return settings
    except OSError as e:
        raise AwsctxError(f"could not read awsctx's config: {path}: {e.strerror}", _CURE) from None
    trace.tell("settings", path)
    import tomllib

    try:
        values = tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise AwsctxError(f"{path}: it is not UTF-8", _CURE) from None
    except RecursionError:
        raise AwsctxError(f"{path}: it is nested too deeply", _CURE) from None
    except ValueError as e:  # not TOML, or a number that Python does not take
        raise AwsctxError(f"{path}: it is not TOML: {visible(str(e))}", _CURE) from None
    _take(settings, values, path)
    return settings


def _take(settings: Settings, values: "dict[str, Any]", path: str) -> None:
    _known(values, _TOP, "", path)
    if "follow" in values:
        if values["follow"] not in FOLLOW:
            raise _wrong(path, "follow", '"always", "unguarded" or "never"')
        settings.follow = values["follow"]
    if "agents" in values:
        if values["agents"] not in AGENTS:
            raise _wrong(path, "agents", '"allow" or "refuse"')
        settings.agents = values["agents"]
    if "guard" in values:
        settings.guard = tuple(_strings(values["guard"], "guard", path))
        if not all(map(_may_match, settings.guard)):
            raise _wrong(path, "guard", "globs of names, account:GLOB (of account ids), role:GLOB")
    if "read_only" in values:
        settings.read_only = tuple(_strings(values["read_only"], "read_only", path))
        if not all(glob and ":" not in glob for glob in settings.read_only):  # no role's name has a colon
            raise _wrong(path, "read_only", 'globs of roles\' names, such as "*ReadOnly*"')
    for glob, command in _table(values.get("browser", {}), "browser", path).items():
        if not isinstance(command, str) or not _is_command(command):
            raise _wrong(path, f"browser.{glob}", 'a command, such as "firefox -P work %s"')
        settings.browser[glob] = command
    prompt = _table(values.get("prompt", {}), "prompt", path)
    _typed(prompt, _PROMPT, "prompt.", path)
    settings.prompt_time = prompt.get("time", True)
    for session, table in _table(values.get("sync", {}), "sync", path).items():
        _typed(_table(table, f"sync.{session}", path), _SYNC, f"sync.{session}.", path)
        _strings(table.get("match", []), f"sync.{session}.match", path)
        settings.sync[session] = table


def _may_match(pattern: str) -> bool:
    """Whether a guard pattern guards anything: one that never matches is a slip that nobody would notice."""
    word, colon, glob = pattern.partition(":")
    if colon and word.lower().rstrip("s") in ("account", "role") and word not in ("account", "role"):
        return False
    if colon and word == "account":
        return bool(glob) and set(glob) <= set("0123456789*?[]!-")
    return bool(glob if colon and word == "role" else pattern)


def _is_command(text: str) -> bool:
    from shlex import split

    try:
        return "\0" not in text and bool(split(text))
    except ValueError:
        return False


def _known(table: "dict[str, Any]", allowed: "tuple[str, ...]", prefix: str, path: str) -> None:
    for key in table:
        if key not in allowed:
            raise AwsctxError(f"{path}: unknown key '{visible(prefix + key)}'", "allowed here: " + ", ".join(allowed))


def _typed(table: "dict[str, Any]", types: "dict[str, type]", prefix: str, path: str) -> None:
    _known(table, tuple(types), prefix, path)
    words = {bool: "true or false", str: "a string", list: "a list of strings"}
    for key, value in table.items():
        if type(value) is not types[key]:
            raise _wrong(path, prefix + key, words[types[key]])


def _table(value: object, key: str, path: str) -> "dict[str, Any]":
    if not isinstance(value, dict):
        raise _wrong(path, key, "a table")
    return value


def _strings(value: object, key: str, path: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(path, key, "a list of strings")
    return value


def _wrong(path: str, key: str, allowed: str) -> AwsctxError:
    return AwsctxError(f"{path}: '{visible(key)}' has a wrong value", f"allowed: {allowed}")
