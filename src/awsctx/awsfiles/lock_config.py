"""The AWS config file that `awsctx exec --lock` gives to a command: the profiles that it grants, what these need, and no others
(awsctx(1), GUARD RAILS). Its first lines, comments to every AWS tool, say to awsctx what is granted::

    # awsctx lock 1
    # from<TAB>CONFIG<TAB>CREDENTIALS            the AWS files that it was made from
    # grants<TAB>NAME[<TAB>read-only]            a profile that awsctx runs here
    # reaches<TAB>NAME<TAB>PROFILE[<TAB>read-only]   whose keys `awsctx _locked NAME` gets by those files, as PROFILE

No long-lived key is in it. Hot path: imports nothing that the interpreter has not loaded already.
"""

import os

from awsctx.awsfiles import grammar
from awsctx.awsfiles.names import Lookup
from awsctx.core import credentials
from awsctx.core.text import has_control_characters, visible
from awsctx.errors import AwsctxError
from awsctx.store import locks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsctx.awsfiles.grammar import Values

_MARK = "# awsctx lock 1"
_READ_ONLY = "read-only"
_KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token")
# The keys that say how a profile gets its credentials. The other keys (region, endpoints, s3) stay in the lock.
_CREDENTIALS = frozenset((
    *(*_KEYS, "credential_process", "login_session", "web_identity_token_file", "credential_source", "source_profile"),
    *("role_arn", "role_session_name", "external_id", "mfa_serial", "duration_seconds"),
    *("sso_session", "sso_account_id", "sso_role_name", "sso_start_url", "sso_region", "sso_registration_scopes"),
))  # fmt: skip
# The characters that need no quotes in a credential_process, neither for a shell nor for botocore.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+@%:,")


class Grant:
    """The profile ``profile``, granted under the name ``name``. ``role``: it runs as that weaker SSO role. ``reached``:
    awsctx gets its keys outside the lock. ``read_only``: it can only read, by ``role``, by the keys that awsctx gets, or by
    itself. Without ``region`` the profile's region is left out. ``whose`` is (account, role) of a reached profile; each is
    empty where unknown."""

    __slots__ = ("name", "profile", "reached", "read_only", "region", "role", "whose")

    def __init__(
        self,
        name: str,
        profile: str = "",
        *,
        read_only: bool = False,
        role: str = "",
        reached: bool = False,
        region: bool = True,
    ) -> None:
        self.name = name
        self.profile = profile or name
        self.read_only = read_only
        self.role = role
        self.reached = reached
        self.region = region
        self.whose = ("", "")


class Lock:
    """The contents of the lock's file at ``path``. ``config`` and ``credentials`` are the paths of the AWS files that it
    was made from. ``granted`` is {profile: whether it is read-only}. ``reached`` is {profile: (its name in those AWS files,
    whether read-only)}."""

    __slots__ = ("config", "credentials", "granted", "path", "reached")

    def __init__(self, path: str, config: str, credentials: str) -> None:
        self.path = path
        self.config = config
        self.credentials = credentials
        self.granted: dict[str, bool] = {}
        self.reached: dict[str, tuple[str, bool]] = {}

    def files(self) -> Lookup:
        """The AWS files as a call under the lock sees them."""
        return Lookup(self.path, os.devnull, self.granted)

    def refusal(self, what: str) -> AwsctxError:
        """The error for ``what`` the lock does not allow; it says what the lock grants."""
        return AwsctxError(what, f"it grants: {', '.join(map(visible, self.granted))}")

    def environment(self) -> dict[str, str]:
        """The variables for a command under the lock. AWS's MCP proxy splits its variable at blanks, so a name that has one
        is left out there."""
        profiles = [name for name in self.granted if not any(character.isspace() for character in name)]
        return {
            "AWSCTX_LOCK": self.path,
            "AWS_CONFIG_FILE": self.path,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            **({"AWS_MCP_PROXY_PROFILES": " ".join(profiles)} if profiles else {}),
        }

    def outside(self) -> dict[str, str]:
        """The variables that name the AWS files from which the lock was made."""
        return {"AWS_CONFIG_FILE": self.config, "AWS_SHARED_CREDENTIALS_FILE": self.credentials}


def read(path: str) -> Lock:
    """The lock whose file is at ``path``. Raises AwsctxError where it is gone, or is not as awsctx wrote it."""
    data = locks.read(path)
    lock = None if data is None else _parsed(path, data.decode("utf-8", "surrogateescape"))
    if lock is None:
        raise AwsctxError(f"the lock's file is gone or has been changed: {visible(path)}", "start the command anew")
    return lock


def _parsed(path: str, text: str) -> Lock | None:
    lines = text.split("\n")
    if lines[0] != _MARK:
        return None
    lock = Lock(path, "", "")
    for line in lines[1:]:
        if line[:2] != "# ":
            break
        word, *fields = line[2:].split("\t")
        if word == "from":
            lock.config, lock.credentials = fields
        elif word == "grants":
            lock.granted[fields[0]] = fields[1:] == [_READ_ONLY]
        elif word == "reaches":
            lock.reached[fields[0]] = fields[1], fields[2:] == [_READ_ONLY]
    return lock


def write(files: Lookup, grants: "Sequence[Grant]", outer: Lock | None, program: "Sequence[str]", folder: str) -> Lock:
    """Make the lock that grants ``grants``, profiles of ``files``, and keep its file in ``folder``. ``outer`` is the lock
    under which this call runs already, if any; ``program`` is the command line that calls awsctx. Raises AwsctxError."""
    lock = Lock("", *((outer.config, outer.credentials) if outer else map(os.path.abspath, _paths(files))))
    made = _Maker(files, lock, outer, program)
    for grant in grants:
        lock.granted[grant.name] = grant.read_only
        made.add(grant)
    text = "\n".join([*_head(lock), *made.lines(), ""])
    lock.path = locks.keep(folder, text.encode("utf-8", "surrogateescape"))
    return lock


def _paths(files: Lookup) -> tuple[str, str]:
    return files.config_path, files.credentials_path


def _head(lock: Lock) -> list[str]:
    rows = [["from", lock.config, lock.credentials]]
    rows += [["grants", name, *([_READ_ONLY] if weak else [])] for name, weak in lock.granted.items()]
    rows += [["reaches", name, profile, *([_READ_ONLY] if weak else [])] for name, (profile, weak) in lock.reached.items()]
    odd = next((word for row in rows for word in row if has_control_characters(word)), None)
    if odd is not None:
        raise AwsctxError(f"'{visible(odd)}' holds control characters: a lock cannot name it")
    return [_MARK, *("# " + "\t".join(row) for row in rows)]


class _Maker:
    """Collects the sections of a lock's file, and records in the lock which profiles are reached."""

    def __init__(self, files: Lookup, lock: Lock, outer: Lock | None, program: "Sequence[str]") -> None:
        self._files = files
        self._lock = lock
        self._outer = outer
        self._program = program
        self._sections: dict[tuple[str, str], Values] = {}

    def add(self, grant: Grant) -> None:
        """Add a profile with its session, services and sources."""
        values = self._files.profile(grant.profile) or {}
        if grant.role:
            values["sso_role_name"] = grant.role
        if not grant.region:
            values.pop("region", None)
        # The source of a read-only profile is stronger than the profile, so the lock does not have it: the profile is
        # reached.
        reached = grant.reached or (grant.read_only and "source_profile" in values)
        weakened = grant.reached and grant.read_only
        self._add(grant.name, grant.profile, values, reached=reached, read_only=weakened)
        if grant.name in self._lock.reached:
            whose = dict(zip((grammar.ACCOUNT, grammar.ROLE), grant.whose, strict=True))
            self._sections[grammar.PROFILE, grant.name] |= {key: value for key, value in whose.items() if value}

    def _add(self, name: str, profile: str, values: "Values", *, reached: bool = False, read_only: bool = False) -> None:
        key = grammar.PROFILE, name
        if key in self._sections:
            return
        if self._outer is not None and profile in self._outer.reached:
            profile, weak = self._outer.reached[profile]
            reached, read_only = True, read_only or weak
        if reached or self._needs_keys(profile):
            self._lock.reached[name] = profile, read_only
            values = {key: value for key, value in values.items() if key not in _CREDENTIALS}
            values["credential_process"] = self._process(name)
        self._sections[key] = values = _without_keys(values)
        for kind, option, find in (
            (grammar.SESSION, "sso_session", self._files.session),
            (grammar.SERVICES, "services", self._files.services),
        ):
            named = grammar.text_of(values, option)
            found = find(named) if named else None
            if found is not None:
                self._sections[kind, named] = _without_keys(found)
        source = grammar.text_of(values, "source_profile")
        found = self._files.profile(source) if source else None
        if found is not None:
            self._add(source, source, found)

    def _needs_keys(self, profile: str) -> bool:
        """Whether the profile's credentials come from a long-lived key or from a credential_process. If so, awsctx gets
        them from botocore outside the lock."""
        kept = (credentials.SHARED, credentials.CONFIG, credentials.PROCESS)
        if self._method(profile) in kept:
            return True
        source = grammar.text_of(self._files.profile(profile) or {}, "source_profile")
        # As a source, and only then, a profile uses its keys before its own role or sign-in.
        return bool(source) and self._has_keys(source) and (source == profile or self._method(source) not in kept)

    def _method(self, profile: str) -> str:
        return credentials.of_profile(profile, self._files.layers, self._files.session)

    def _has_keys(self, profile: str) -> bool:
        return any(key in (self._files.profile(profile) or {}) for key in _KEYS[:2])

    def _process(self, name: str) -> str:
        from awsctx.shells import SHELLS

        words = [*self._program, "_locked", name]
        return " ".join(word if _PLAIN.issuperset(word) else SHELLS["bash"].quote(word) for word in words)

    def lines(self) -> list[str]:
        return [line for (kind, name), values in self._sections.items() for line in _section(kind, name, values)]


def _without_keys(values: "Values") -> "Values":
    return {key: value for key, value in values.items() if key not in _KEYS}


def _section(kind: str, name: str, values: "Mapping[str, str | dict[str, str]]") -> list[str]:
    header = name if (kind, name) == (grammar.PROFILE, "default") else f"{kind} {grammar.quoted(name)}"
    if grammar.meaning(header) != (kind, name):
        raise AwsctxError(f"'{visible(name)}' cannot be the name of a {kind} in a lock: botocore would not read it back")
    lines = [f"[{header}]"]
    for key, value in values.items():
        if isinstance(value, dict):
            lines += [f"{key} =", *(f"    {inner} = {text}" for inner, text in value.items())]
        else:
            lines += f"{key} = {value}".rstrip(" ").replace("\n", "\n    ").split("\n")
    return lines
