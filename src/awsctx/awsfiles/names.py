"""The AWS files for everyday calls: all names quickly, values only of what is asked for, and never an error.

Where botocore accepts a file, names, order and values are those of `Session().full_config`. Where botocore refuses it, they
are what can be read. Hot path: imports nothing that the interpreter has not loaded already, and reads no section that
nobody asks for.
"""

import os

from awsctx import trace
from awsctx.awsfiles import grammar
from awsctx.awsfiles.grammar import Values
from awsctx.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_DEFAULT = (grammar.PROFILE, "default")


def config_path(environ: "Mapping[str, str]") -> str:
    """Where the config file is: AWS_CONFIG_FILE, else ~/.aws/config, expanded as botocore does."""
    return _expand(environ.get("AWS_CONFIG_FILE") or "~/.aws/config", environ)


def credentials_path(environ: "Mapping[str, str]") -> str:
    """Where the credentials file is: AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials, expanded as botocore does.

    AWS_CREDENTIAL_FILE does not count: boto's old variable names a file of another format, without profiles.
    """
    return _expand(environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials", environ)


def _expand(path: str, environ: "Mapping[str, str]") -> str:
    """``path`` with variables and `~` expanded as os.path does it, but from ``environ``."""
    path = _expand_variables(path, environ)
    if path == "~" or path.startswith("~/"):
        home = environ.get("HOME")
        if home is not None:
            return home.rstrip("/") + path[1:] or "/"
    return os.path.expanduser(path)


def _expand_variables(path: str, environ: "Mapping[str, str]") -> str:
    """`$NAME` and `${NAME}`; unknown ones stay."""
    done = ""
    before, dollar, rest = path.partition("$")
    while dollar:
        done += before
        if rest.startswith("{") and "}" in rest:
            name, _, after = rest[1:].partition("}")
        else:
            after = rest.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
            name = rest[: len(rest) - len(after)]
        done += environ.get(name, "$" + rest[: len(rest) - len(after)])
        before, dollar, rest = after.partition("$")
    return done + before


_SHORT = 1 << 14  # characters; an everyday call has no time to scan a longer file line by line
MOST = 1 << 28  # bytes; a longer file would take too long to read


def read_bytes(path: str) -> bytes:
    """The file's content. Empty where botocore reads nothing (no regular file, no permission), or the file is longer than
    MOST."""
    if not os.path.isfile(path):
        trace.tell("no AWS file", path)
        return b""
    trace.tell("AWS file", path)
    try:
        return files.read(path, MOST)
    except OSError:
        return b""


def decoded(content: bytes) -> str:
    """The text for scanning, from UTF-8: each line end becomes `\\n`, each byte that is not UTF-8 a surrogate."""
    text = content.decode("utf-8", "surrogateescape")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def open_files(environ: "Mapping[str, str]") -> "Lookup":
    """Both files. Each is read when it is first needed."""
    return Lookup(config_path(environ), credentials_path(environ))


class Lookup:
    """What the two AWS files define. The caller owns the dicts that it returns. ``granted`` limits it to these profiles
    (None: no limit): other names do not exist, but their values can be looked up, since a granted profile may need them."""

    def __init__(self, config_path: str, credentials_path: str, granted: "Collection[str] | None" = None) -> None:
        self.config_path = config_path
        self.credentials_path = credentials_path
        self._granted = granted
        self._config: _File | None = None
        self._credentials: _File | None = None

    def names(self) -> list[str]:
        """The profiles, in the order of `aws configure list-profiles`."""
        found = dict.fromkeys([*self._config_file.names(grammar.PROFILE), *self._credentials_file.sections])
        return [name for name in found if name in self._granted] if self._granted is not None else list(found)

    def exists(self, name: str) -> bool:
        """Whether there is a profile of that name."""
        return self._is_there(name) and (self._granted is None or name in self._granted)

    def _is_there(self, name: str) -> bool:
        return self._config_file.header(grammar.PROFILE, name) is not None or name in self._credentials_file.sections

    def profile(self, name: str) -> Values | None:
        """A profile's values, those of the credentials file over those of the config file; None: no such profile."""
        if not self._is_there(name):
            return None
        config, credentials = self.profile_parts(name)
        config.update(credentials)
        return config

    def profile_parts(self, name: str) -> tuple[Values, Values]:
        """A profile's values in the config file, and in the credentials file; {} where that file has none."""
        credentials = self._credentials_file
        return (
            self._in_config(grammar.PROFILE, name) or {},
            credentials.values(name) if name in credentials.sections else {},
        )

    def layers(self, name: str) -> tuple[Values, Values, Values] | None:
        """A profile's values, as ``profile`` gives them, and as the two of ``profile_parts``; None: no such profile."""
        merged = self.profile(name)
        return None if merged is None else (merged, *self.profile_parts(name))

    def account_and_role(self, name: str) -> tuple[str, str]:
        """The account id and the name of the role of a profile; '' for what its values do not say."""
        return grammar.account_and_role(self.profile(name) or {})

    def sessions(self) -> list[str]:
        """The names of the sso-session sections, in order."""
        return self._config_file.names(grammar.SESSION)

    def session(self, name: str) -> Values | None:
        """The values of an sso-session section; None: no such session."""
        return self._in_config(grammar.SESSION, name)

    def services(self, name: str) -> Values | None:
        """The values of a services section; None: no such section."""
        return self._in_config(grammar.SERVICES, name)

    def suspects(self) -> list[str]:
        """The paths of the files that botocore may refuse; `read.problems` says for sure. A long file gets only a quick
        look."""
        files = ((self.config_path, self._config_file), (self.credentials_path, self._credentials_file))
        return [path for path, file in files if file.suspect()]

    def _in_config(self, kind: str, name: str) -> Values | None:
        header = self._config_file.header(kind, name)
        return None if header is None else self._config_file.values(header)

    @property
    def _config_file(self) -> "_File":
        if self._config is None:
            self._config = _File(decoded(read_bytes(self.config_path)))
        return self._config

    @property
    def _credentials_file(self) -> "_File":
        if self._credentials is None:
            self._credentials = _File(decoded(read_bytes(self.credentials_path)))
        return self._credentials


class _File:
    """One file, cut into its sections: {header: text of the section, less the first bracket}."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.sections = grammar.cut(text.removeprefix("\ufeff"))
        defaults = self.sections.pop(grammar.DEFAULTS, None)
        self._defaults = None if defaults is None else grammar.raw_options("[" + defaults)
        self._plain = _are_plain(self.sections)
        self._meanings: dict[str, dict[str, str]] | None = None

    def suspect(self) -> bool:
        """Whether botocore may refuse the file."""
        if self._text.startswith("\ufeff") or not (self._text.isascii() or _is_utf8(self._text)):
            return True
        if len(self._text) <= _SHORT:
            return grammar.is_refused(self._text.split("\n"))
        headers = self._text.count("\n[") + self._text.startswith("[")
        return headers > len(self.sections) + (self._defaults is not None)

    def values(self, header: str) -> Values:
        """The section's values, then those that only [DEFAULT] has."""
        options = grammar.raw_options("[" + self.sections[header])
        if self._defaults is not None:
            options = {**options, **self._defaults, **options}
        return {key: grammar.nested(raw) for key, raw in options.items()}

    def header(self, kind: str, name: str) -> str | None:
        """The header of that section (a profile, session or services section) of a config file; of several that spell the
        name, the last."""
        if not self._plain:
            return self._by_kind[kind].get(name)
        header = name if (kind, name) == _DEFAULT and name in self.sections else f"{kind} {name}"
        return header if header in self.sections else None

    def names(self, kind: str) -> list[str]:
        """The names of a config file's profiles, sessions or services sections, in order."""
        if not self._plain:
            return list(self._by_kind[kind])
        start = kind + " "
        default = "default" if kind == grammar.PROFILE else None
        return [header.removeprefix(start) for header in self.sections if header.startswith(start) or header == default]

    @property
    def _by_kind(self) -> dict[str, dict[str, str]]:
        """{kind: {name: header}}, for files where some header is not plainly `KIND NAME`. Of two spellings of a name the
        last counts, in the place of the first."""
        if self._meanings is None:
            self._meanings = {kind: {} for kind in grammar.KINDS}
            for header in self.sections:
                meaning = grammar.meaning(header)
                if meaning is not None:
                    self._meanings[meaning[0]][meaning[1]] = header
        return self._meanings


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _are_plain(sections: dict[str, str]) -> bool:
    """Whether each header is `KIND NAME` with one blank and without quotes, or a single word. If so, a name alone tells its
    header. It counts characters in one joined text, which is faster than a look at each header."""
    headers = "\n".join(["", *sections, ""])
    keywords = [f"\n{kind} " for kind in grammar.KINDS]
    return (
        headers.count(" ") == sum(headers.count(word) for word in keywords)
        and not any(f"{word}\n" in headers for word in keywords)
        and not any(character in headers for character in "\t\"'\\")
        and not ("default" in sections and "profile default" in sections)
    )
