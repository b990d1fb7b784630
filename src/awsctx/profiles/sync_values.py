"""The values that `awsctx sync` plans with: accounts, options, and the plan with its messages. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from awsctx.awsfiles.ops import Op
from awsctx.core.text import visible
from awsctx.profiles.sync_template import DEFAULT_TEMPLATE

MARK = "awsctx_sync"

Pair = tuple[str, str]  # an account's id, and a role


@dataclass(frozen=True)
class Account:
    """An account of the sign-in. ``trouble`` says why its roles could not be read; empty where they were."""

    id: str
    name: str
    email: str
    roles: tuple[str, ...] = ()
    trouble: str = ""

    def __str__(self) -> str:
        """The account as it is shown to the user."""
        return visible(f"{self.name} ({self.id})" if self.name else self.id)


@dataclass(frozen=True)
class Options:
    """How the generated profiles look. ``previous`` is the template by which the existing ones were named. ``given`` has
    the names that sync has given: a profile of ours with another name was named by the user."""

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
        """Whether any glob matches the account (its name or id) or the role; without globs, everything matches."""
        names = (account.name, account.id, role)
        return not self.match or any(fnmatchcase(name, glob) for glob in self.match for name in names)


@dataclass
class Plan:
    """The edits of the config file, and what to tell the user: ``troubles`` make the exit code 1, ``notes`` do not.
    ``changed`` has the keys that change in each profile, ``kept`` the reason why a profile stays as it is, ``given`` the
    names that sync has given, these edits included."""

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
