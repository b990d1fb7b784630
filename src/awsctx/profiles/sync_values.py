"""What `awsctx sync` plans with, as values: accounts, what is wanted, and the plan, with what to say of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from awsctx.awsfiles.ops import Op
from awsctx.core.text import visible
from awsctx.profiles.sync_names import DEFAULT_TEMPLATE

MARK = "awsctx_sync"

Pair = tuple[str, str]  # an account's id and a role


@dataclass(frozen=True)
class Account:
    """An account of the sign-in; ``trouble`` says why its roles could not be read."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...] = ()
    trouble: str = ""

    def __str__(self) -> str:
        """As a person is told of it."""
        return visible(f"{self.name} ({self.id})" if self.name else self.id)


@dataclass(frozen=True)
class Options:
    """What the generated profiles are to look like. ``previous`` is the template that the existing ones were named by.
    ``given`` has the names that sync has given: one of ours that is called otherwise was named by a person."""

    session: str
    template: str = DEFAULT_TEMPLATE
    previous: str = DEFAULT_TEMPLATE
    region: str = ""
    output: str = ""
    match: tuple[str, ...] = ()
    prune: bool = False
    given: frozenset[str] = frozenset()

    def values(self, pair: Pair) -> dict[str, str]:
        """A generated profile's keys."""
        values = {
            "sso_session": self.session,
            "sso_account_id": pair[0],
            "sso_role_name": pair[1],
            "region": self.region,
            "output": self.output,
            MARK: self.session,
        }
        return {key: value for key, value in values.items() if value}

    def matches(self, account: Account, role: str) -> bool:
        """Whether any of the globs is one for the account (its name or id) or for the role."""
        names = (account.name, account.id, role)
        return not self.match or any(fnmatchcase(name, glob) for glob in self.match for name in names)


@dataclass
class Plan:
    """The edits of the config file, and what to say of them: ``notes`` are as it should be, ``troubles`` are not. ``changed``
    has the keys that change, ``kept`` why a profile stays as it is, ``given`` the names that sync has given, these edits
    included."""

    added: dict[str, str] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    pruned: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    ops: list[Op] = field(default_factory=list)
    given: frozenset[str] = frozenset()

    def lines(self) -> dict[str, list[str]]:
        """What is done, and a line for each profile to which it is."""
        changed = {name: ", ".join(keys) for name, keys in self.changed.items()}
        renamed = [_line(f"{old} -> {new}", changed.pop(old, "")) for old, new in self.renamed.items()]
        return {
            "added": [_line(*item) for item in self.added.items()],
            "changed": [_line(*item) for item in changed.items()],
            "renamed": renamed,
            "removed": [_line(name) for name in self.pruned],
            "kept": [_line(*item) for item in self.kept.items()],
        }

    def summary(self) -> str:
        """`3 added, 1 changed`; empty where there is nothing to do."""
        lines = self.lines().items() if self.ops else ()
        return ", ".join(f"{len(names)} {what}" for what, names in lines if names)

    def described(self) -> str:
        """A line for each profile: `  renamed  OLD -> NEW`."""
        return "".join(f"  {what:<7}  {line}\n" for what, lines in self.lines().items() for line in lines)


def _line(name: str, more: str = "") -> str:
    return visible(f"{name}  ({more})" if more else name)


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: the first ten, and how many more."""
    more = f" and {len(names) - 10} more" if len(names) > 11 else ""
    return ", ".join(visible(name) for name in (names[:10] if more else names)) + more
