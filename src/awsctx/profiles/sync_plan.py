"""What `awsctx sync` is to do: from what a sign-in grants and what the files have, to edits. Pure.

Only profiles that carry the mark of this session are ever changed or removed. A pair is an account and a role.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from awsctx.awsfiles.grammar import PROFILE, Values
from awsctx.awsfiles.headers import CONFIG, EditError
from awsctx.awsfiles.lines import option_lines
from awsctx.awsfiles.ops import Add, Op, Sections, SetKeys
from awsctx.core.text import has_control_characters, visible
from awsctx.errors import AwsctxError, UsageError
from awsctx.profiles import references

MARK = "awsctx_sync"
DEFAULT_TEMPLATE = "{session}.{account}.{role}"
FIELDS = ("session", "account", "account_id", "role", "email")

Pair = tuple[str, str]
Profiles = Mapping[str, Values]  # by name


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
    """What the generated profiles are to look like. ``previous`` is the template that the existing ones were named by."""

    session: str
    template: str = DEFAULT_TEMPLATE
    previous: str = DEFAULT_TEMPLATE
    region: str = ""
    output: str = ""
    match: tuple[str, ...] = ()
    prune: bool = False

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
    """The edits of the config file, and what to say of them: ``notes`` are as it should be, ``troubles`` are not."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    pruned: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    ops: list[Op] = field(default_factory=list)

    def summary(self) -> str:
        """`3 added, 1 changed`; empty where there is nothing to do."""
        counts = {"added": self.added, "changed": self.changed, "renamed": self.renamed, "removed": self.pruned}
        return ", ".join(f"{len(names)} {what}" for what, names in counts.items() if names)


def check_template(template: str) -> str:
    """``template``, if names can be made by it. Raises UsageError."""
    rest = re.sub(r"\{(\w+)\}", lambda found: "" if found[1] in FIELDS else found[0], template)
    if "{" in rest or "}" in rest:
        fields = " ".join(f"{{{name}}}" for name in FIELDS)
        raise UsageError(f"'{visible(template)}' is not a template for names", f"its fields are {fields}")
    if rest == template:
        raise UsageError(f"'{visible(template)}' would give every profile one name", "for example: " + DEFAULT_TEMPLATE)
    if has_control_characters(rest):
        raise UsageError(f"'{visible(template)}' holds control characters")
    return template


def name_for(template: str, session: str, account: Account, role: str) -> str:
    """The name of a pair's profile. Whatever comes from the portal is somebody else's data: it is let into a name as letters,
    digits, `.`, `_` and `-` only."""
    values = {
        "session": session,
        "account": account.name,
        "account_id": account.id,
        "role": role,
        "email": account.email,
    }
    clean = {key: re.sub(r"[^A-Za-z0-9._-]+", "-", value or account.id) for key, value in values.items()}
    return re.sub(r"\{(\w+)\}", lambda found: clean[found[1]], template)


def plan(accounts: Sequence[Account], options: Options, config: Sections, credentials: Sections) -> Plan:
    """What to do to the config file, whose sections are ``config``. Raises AwsctxError where two pairs would get one name."""
    made = Plan()
    ours = {name: values for name, values in _profiles(config) if values.get(MARK) == options.session}
    others: dict[str, Values] = {}
    for name, values in (*_profiles(config), *_profiles(credentials)):
        if name not in ours:
            others[name] = {**others.get(name, {}), **values}
    wanted = _wanted(accounts, options, made)
    unread = {account.id for account in accounts if account.trouble}
    gone = {name for name, values in ours.items() if _pair(values) not in wanted and _pair(values)[0] not in unread}
    missing = _without_profile(wanted, ours, others, options, made)
    names = _names(missing, ours, wanted, options)
    _change(ours, wanted, options, made)
    _rename(ours, names, others, config, made)
    for pair, name in names.items():
        if pair in missing:
            _make(name, pair, (ours, others, gone), options, made)
    _drop(gone, config, credentials, options, made)
    return made


def _profiles(sections: Sections) -> list[tuple[str, Values]]:
    return [(name, values) for (kind, name), values in sections if kind == PROFILE]


def _pair(values: Values) -> Pair:
    return str(values.get("sso_account_id", "")), str(values.get("sso_role_name", ""))


def _wanted(accounts: Sequence[Account], options: Options, made: Plan) -> dict[Pair, Account]:
    """The pairs that are to have a profile; what cannot be written as a key's value is left out and named."""
    wanted: dict[Pair, Account] = {}
    unread: dict[str, list[str]] = {}
    for account in accounts:
        if account.trouble:
            unread.setdefault(account.trouble, []).append(str(account))
        elif not _can_be_value(account.id):
            made.troubles.append(f"left out: the account {account}: no id for a config file")
        else:
            for role in account.roles:
                if not _can_be_value(role):
                    made.notes.append(f"left out: the role '{visible(role)}' of {account}: no name for a config file")
                elif options.matches(account, role):
                    wanted[account.id, role] = account
    for trouble, names in unread.items():
        made.troubles.append(f"could not read {listed(names)}, whose profiles stay as they are: {trouble}")
    return wanted


def _can_be_value(text: str) -> bool:
    if not text or has_control_characters(text):
        return False
    try:
        option_lines("key", text, before="", between=" = ", end="\n")
    except EditError:
        return False
    return True


def _without_profile(
    wanted: Mapping[Pair, Account], ours: Profiles, others: Profiles, options: Options, made: Plan
) -> dict[Pair, Account]:
    """The pairs that are to get a new profile: those that have none of ours, nor one that somebody wrote by hand under another
    name. (Under the very name that the template gives, it holds that name, which is said as of any other.)"""
    have = {_pair(values) for values in ours.values()}
    by_hand = {_pair(values): name for name, values in others.items() if MARK not in values}
    missing = {pair: account for pair, account in wanted.items() if pair not in have}
    held = {p for p, account in missing.items() if name_for(options.template, options.session, account, p[1]) in others}
    left = [by_hand[pair] for pair in missing if pair in by_hand and pair not in held]
    if left:
        made.notes.append(f"written by hand, and left alone: {listed(left)}")
    return {pair: account for pair, account in missing.items() if pair in held or pair not in by_hand}


def _names(
    missing: Mapping[Pair, Account], ours: Profiles, wanted: Mapping[Pair, Account], options: Options
) -> dict[Pair, str]:
    """The names that the template gives: to what is missing, and to those of ours that the template before has named. One
    that somebody has renamed since keeps its name. Raises AwsctxError where two get one name."""
    named = dict(missing)
    for name, values in ours.items():
        pair = _pair(values)
        if pair in wanted and name == name_for(options.previous, options.session, wanted[pair], pair[1]):
            named[pair] = wanted[pair]
    names: dict[Pair, str] = {}
    first: dict[str, Pair] = {}
    for pair, account in sorted(named.items(), key=lambda item: (item[1].name, item[0])):
        name = names[pair] = name_for(options.template, options.session, account, pair[1])
        if first.setdefault(name, pair) != pair:
            raise _one_name(name, [(named[one], one[1]) for one in (first[name], pair)])
    return names


def _one_name(name: str, two: Sequence[tuple[Account, str]]) -> AwsctxError:
    both = " and ".join(f"'{visible(role)}' in {account}" for account, role in two)
    hint = "leave one out: --match GLOB takes only the accounts and roles that match"
    if two[0][0] != two[1][0]:
        hint = "tell them apart by another template: --name '{session}.{account_id}.{role}'"
    return AwsctxError(f"two would get the name '{visible(name)}': {both}; nothing has been written", hint)


def _change(ours: Profiles, wanted: Mapping[Pair, Account], options: Options, made: Plan) -> None:
    """Bring our keys up to date in those of ours that stay; other keys are the user's."""
    for name, values in ours.items():
        if _pair(values) in wanted:
            changes = {key: value for key, value in options.values(_pair(values)).items() if values.get(key) != value}
            if changes:
                made.changed.append(name)
                made.ops.append(SetKeys((PROFILE, name), changes))


def _rename(ours: Profiles, names: Mapping[Pair, str], others: Profiles, config: Sections, made: Plan) -> None:
    """Give those of ours that have a name by the template before one by the template now."""
    for old, values in ours.items():
        new = names.get(_pair(values), old)
        if new == old:
            continue
        if new in ours or new in others:
            made.troubles.append(f"left as it is: '{visible(old)}': there is a profile named '{visible(new)}' already")
        else:
            made.renamed[old] = new
    made.ops += references.renamed(made.renamed, config)


def _make(name: str, pair: Pair, there: tuple[Profiles, Profiles, set[str]], options: Options, made: Plan) -> None:
    """Add the profile of a pair; one of ours that has its name, and whose own pair is gone, becomes this pair's."""
    ours, others, gone = there
    if name in gone:
        gone.remove(name)
        made.changed.append(name)
        made.ops.append(SetKeys((PROFILE, name), options.values(pair)))
    elif name in others or (name in ours and name not in made.renamed) or name in ("-", "."):
        made.troubles.append(f"left out: '{visible(pair[1])}' in {pair[0]}: the name '{visible(name)}' is in use")
    else:
        CONFIG.header((PROFILE, name))  # raises for a name that botocore would not read back
        made.added.append(name)
        made.ops.append(Add((PROFILE, name), options.values(pair)))


def _drop(gone: set[str], config: Sections, credentials: Sections, options: Options, made: Plan) -> None:
    """Remove what the sign-in does not grant any more, if wanted, and if no profile that stays needs it."""
    if not gone:
        return
    if not options.prune:
        made.notes.append(f"not granted any more: {listed(sorted(gone))}; to remove them: --prune")
        return
    while needed := references.in_need(gone, config, credentials):
        for name, users in needed.items():
            made.notes.append(f"kept: '{visible(name)}': {listed(users)} has it as source_profile")
        gone -= needed.keys()
    made.pruned += [name for name, _ in _profiles(config) if name in gone]
    made.ops += references.removed(gone, config)


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: the first ten, and how many more."""
    more = f" and {len(names) - 10} more" if len(names) > 11 else ""
    return ", ".join(visible(name) for name in (names[:10] if more else names)) + more
