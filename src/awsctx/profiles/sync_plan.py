"""What `awsctx sync` will do: from what a sign-in grants, and what the files have, to edits. Pure.

"Ours" are the profiles that carry this session's mark (`awsctx_sync`); only they are changed or removed. A pair is an
account and a role.
"""

from collections.abc import Mapping, Sequence

from awsctx.awsfiles.grammar import PROFILE, Values
from awsctx.awsfiles.headers import CONFIG, EditError
from awsctx.awsfiles.lines import option_lines
from awsctx.awsfiles.ops import Add, Sections, SetKeys
from awsctx.core.text import has_control_characters, visible
from awsctx.errors import AwsctxError
from awsctx.profiles import references
from awsctx.profiles.sync_template import filled
from awsctx.profiles.sync_values import MARK, Account, Options, Pair, Plan, listed

Profiles = Mapping[str, Values]  # by name


def name_for(template: str, session: str, account: Account, role: str) -> str:
    """The name that the template gives to a pair's profile."""
    fields = {
        "session": session,
        "account": account.name,
        "account_id": account.id,
        "role": role,
        "email": account.email,
    }
    return filled(template, fields)


def plan(accounts: Sequence[Account], options: Options, config: Sections, credentials: Sections) -> Plan:
    """The plan for the config file, whose sections are ``config``. Raises AwsctxError where two pairs would get the same
    name, and where the filter matches nothing that is granted."""
    made = Plan()
    ours = {name: values for name, values in _profiles(config) if values.get(MARK) == options.session}
    others: dict[str, Values] = {}
    for name, values in (*_profiles(config), *_profiles(credentials)):
        if name not in ours:
            others[name] = {**others.get(name, {}), **values}
    granted = _granted(accounts, made)
    wanted = {pair: account for pair, account in granted.items() if options.matches(account, pair[1])}
    if granted and not wanted and not any(account.trouble for account in accounts):
        raise _matches_nothing(options)
    unread = {account.id for account in accounts if account.trouble}
    gone = {name for name, values in ours.items() if _pair(values) not in granted and _pair(values)[0] not in unread}
    outside = sum(_pair(values) in granted.keys() - wanted.keys() for values in ours.values())
    if outside:
        made.notes.append(f"outside of --match, and kept: {outside} profile{'s' if outside > 1 else ''}")
    missing = _without_profile(wanted, ours, others, options, made)
    by_sync = _named_by_sync(ours, wanted, options)
    names = _names(missing, by_sync, wanted, options)
    _change(ours, wanted, options, made)
    left = {pair: name for pair, name in names.items() if pair in missing and not _take_over(name, pair, gone, options, made)}
    _drop(gone, config, credentials, options, made)
    _rename(by_sync, names, {*ours, *others} - set(made.pruned) | references.profile_names(credentials), config, made)
    _keep_names(ours, by_sync, wanted, options, made)
    there = {*ours, *others, *made.renamed.values()} - (made.renamed.keys() - set(made.renamed.values()))
    for pair, name in left.items():
        _make(name, pair, wanted[pair], there, options, made)
    stays = by_sync.keys() - made.renamed.keys() | options.given & ours.keys() - made.renamed.keys()
    made.given = frozenset((stays | set(made.renamed.values()) | made.added.keys()) - set(made.pruned))
    return made


def _profiles(sections: Sections) -> list[tuple[str, Values]]:
    return [(name, values) for (kind, name), values in sections if kind == PROFILE]


def _pair(values: Values) -> Pair:
    return str(values.get("sso_account_id", "")), str(values.get("sso_role_name", ""))


def _granted(accounts: Sequence[Account], made: Plan) -> dict[Pair, Account]:
    """The pairs that the sign-in grants. A pair that cannot be written as a key's value is left out, and the plan says so."""
    granted: dict[Pair, Account] = {}
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
                else:
                    granted[account.id, role] = account
    for trouble, names in unread.items():
        made.troubles.append(f"could not read {listed(names)}, whose profiles stay as they are: {trouble}")
    return granted


def _matches_nothing(options: Options) -> AwsctxError:
    globs = ", ".join(f"'{visible(glob)}'" for glob in options.match)
    return AwsctxError(
        f"--match {globs} matches no account and no role that the session '{visible(options.session)}' grants",
        "name accounts (by name or id) or roles, case counts: --match 'prod*'; or lift the filter: --match '*'",
        "nothing has been written",
    )


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
    """The pairs that get a new profile: ours has none for them, and neither has the user written one by hand under another
    name. A pair whose own name is in use stays among them, so that ``_make`` reports it."""
    have = {_pair(values) for values in ours.values()}
    by_hand: dict[Pair, list[str]] = {}
    for name, values in others.items():
        if MARK not in values:
            by_hand.setdefault(_pair(values), []).append(name)
    missing = {pair: account for pair, account in wanted.items() if pair not in have}
    held = {p for p, account in missing.items() if name_for(options.template, options.session, account, p[1]) in others}
    left = [name for pair in missing if pair not in held for name in by_hand.get(pair, ())]
    if left:
        made.notes.append(f"written by hand, and left alone: {', '.join(map(visible, left))}")
    return {pair: account for pair, account in missing.items() if pair in held or pair not in by_hand}


def _named_by_sync(ours: Profiles, wanted: Mapping[Pair, Account], options: Options) -> dict[str, Pair]:
    """{name: pair} of those of ours whose name comes from sync, and not from the user. Their names may be out of date,
    since the account or the template may have been renamed."""
    found = {}
    for name, values in ours.items():
        pair = _pair(values)
        if pair in wanted and (
            name in options.given or name == name_for(options.previous, options.session, wanted[pair], pair[1])
        ):
            found[name] = pair
    return found


def _names(
    missing: Mapping[Pair, Account], by_sync: Mapping[str, Pair], wanted: Mapping[Pair, Account], options: Options
) -> dict[Pair, str]:
    """The name by the template for each missing pair, and for each profile that sync has named. Raises AwsctxError where
    two get the same name."""
    named = {**missing, **{pair: wanted[pair] for pair in by_sync.values()}}
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
    return AwsctxError(f"two profiles would get the name '{visible(name)}': {both}; nothing has been written", hint)


def _change(ours: Profiles, wanted: Mapping[Pair, Account], options: Options, made: Plan) -> None:
    """Update our keys in those of ours that stay. All other keys belong to the user."""
    for name, values in ours.items():
        if _pair(values) in wanted:
            changes = {key: value for key, value in options.values(_pair(values)).items() if values.get(key) != value}
            if changes:
                made.changed[name] = list(changes)
                made.ops.append(SetKeys((PROFILE, name), changes))


def _take_over(name: str, pair: Pair, gone: set[str], options: Options, made: Plan) -> bool:
    """Give this pair the profile ``name``, if that is one of ours whose own pair is not granted any more; whether it was."""
    if name in gone:
        gone.remove(name)
        made.changed[name] = ["sso_account_id", "sso_role_name"]
        made.ops.append(SetKeys((PROFILE, name), options.values(pair)))
        return True
    return False


def _drop(gone: set[str], config: Sections, credentials: Sections, options: Options, made: Plan) -> None:
    """Remove the profiles that the sign-in does not grant any more, with `--prune` only, and only where no remaining
    profile needs them."""
    if not gone:
        return
    if not options.prune:
        made.kept |= {name: "not granted any more" for name, _ in _profiles(config) if name in gone}
        made.notes.append(f"not granted any more: {listed(sorted(gone))}; to remove them: --prune")
        return
    while needed := references.in_need(gone, config, credentials):
        for name, users in needed.items():
            made.kept[name] = f"source_profile of {listed(users)}"
            made.notes.append(f"kept: '{visible(name)}': {listed(users)} has it as source_profile")
        gone -= needed.keys()
    made.pruned += [name for name, _ in _profiles(config) if name in gone]
    made.ops += references.removed(gone, config)


def _rename(by_sync: Mapping[str, Pair], names: Mapping[Pair, str], there: set[str], config: Sections, made: Plan) -> None:
    """Rename the profiles that sync has named to what the template says now. Two may swap names. ``there`` has all names
    that are in use after the pruning."""
    made.renamed = {old: names[pair] for old, pair in by_sync.items() if names[pair] != old}
    while blocked := _blocked(made.renamed, there):
        for old in blocked:
            new = visible(made.renamed.pop(old))
            made.kept[old] = f"there is a profile named '{new}' already"
            made.troubles.append(f"left as it is: '{visible(old)}': there is a profile named '{new}' already")
    stays = [section for section in config if section[0][0] != PROFILE or section[0][1] not in made.pruned]
    made.ops += references.renamed(made.renamed, stays)


def _blocked(renamed: Mapping[str, str], there: set[str]) -> list[str]:
    """Those whose new name stays in use; and of several with the same new name, all but the first."""
    first: dict[str, str] = {}
    for old, new in renamed.items():
        first.setdefault(new, old)
    in_use = (there - renamed.keys()) | {"-", "."}
    return [old for old, new in renamed.items() if new in in_use or first[new] != old]


def _keep_names(
    ours: Profiles, by_sync: Mapping[str, Pair], wanted: Mapping[Pair, Account], options: Options, made: Plan
) -> None:
    """Note which of ours keep a name that the user has given them."""
    for name, values in ours.items():
        pair = _pair(values)
        if pair in wanted and name not in by_sync:
            other = name_for(options.template, options.session, wanted[pair], pair[1])
            if name != other:
                made.kept[name] = f"named by a person; the template says {other}"


def _make(name: str, pair: Pair, account: Account, there: set[str], options: Options, made: Plan) -> None:
    """Add the profile of a pair, unless ``there`` has its name."""
    if name in there or name in ("-", "."):
        made.troubles.append(f"left out: '{visible(pair[1])}' in {pair[0]}: the name '{visible(name)}' is in use")
    else:
        CONFIG.header((PROFILE, name))  # raises for a name that botocore would not read back
        made.added[name] = f"account {account.name or account.id}, role {pair[1]}"
        made.ops.append(Add((PROFILE, name), options.values(pair)))
