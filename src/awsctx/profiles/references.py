"""What refers to a profile: `source_profile` in either file, guard patterns of the own config, a folder's pin. Pure, apart
from ``pin_notes``.

A rename or a removal asks here what has to follow, and what to tell the user about the rest.
"""

from collections.abc import Callable, Collection, Mapping

from awsctx.awsfiles.grammar import PROFILE
from awsctx.awsfiles.ops import EVERY, Op, Remove, Rename, Sections, SetKeys, Title
from awsctx.core.text import visible
from awsctx.store import paths, pins
from awsctx.store.settings import Settings


def profile_names(sections: Sections) -> set[str]:
    """The profiles that have a section in this file."""
    return {name for (kind, name), _ in sections if kind == PROFILE}


def in_need(names: Collection[str], *both: Sections) -> dict[str, list[str]]:
    """{name: the remaining profiles that have it as their `source_profile`}, where the profiles ``names`` are removed."""
    users: dict[str, list[str]] = {}
    roles = _with_role(both)
    for sections in both:
        default_source = source_of_all(sections)
        for (kind, user), values in sections:
            source = values.get("source_profile", default_source if user in roles else "")
            if kind == PROFILE and user not in names and isinstance(source, str) and source in names:
                users.setdefault(source, []).append(user)
    return {source: list(dict.fromkeys(several)) for source, several in users.items()}


def source_of_all(sections: Sections) -> str:
    """The `source_profile` of [DEFAULT], which counts in each section that has none of its own; empty where there is none."""
    source = dict(sections).get(EVERY, {}).get("source_profile", "")
    return source if isinstance(source, str) else ""


def _with_role(both: Collection[Sections]) -> set[str]:
    """The profiles that have a `role_arn`. A `source_profile` of [DEFAULT] matters to no other."""
    found: set[str] = set()
    for sections in both:
        default_values = dict(sections).get(EVERY, {})
        found |= {name for (kind, name), values in sections if kind == PROFILE and "role_arn" in {**default_values, **values}}
    return found


def removed(names: Collection[str], sections: Sections) -> list[Op]:
    """The ops that remove the profiles from this file."""
    here = frozenset((PROFILE, name) for name in profile_names(sections).intersection(names))
    return [Remove(here)] if here else []


def renamed(names: Mapping[str, str], sections: Sections) -> list[Op]:
    """The ops that rename profiles ({old: new}) in this file and wherever it names them, [DEFAULT] included."""
    followers: dict[Title, str] = {}
    for title, values in sections:
        source = values.get("source_profile")
        if (title[0] == PROFILE or title == EVERY) and isinstance(source, str) and source in names:
            followers[title] = names[source]
    ops: list[Op] = [SetKeys(title, {"source_profile": new}) for title, new in followers.items()]
    return [*ops, *_one_by_one(names, profile_names(sections))]


def _one_by_one(names: Mapping[str, str], present: set[str]) -> list[Op]:
    """The renames of the ``present`` profiles, in an order in which each new name is free. In a circle, one profile goes
    through a name that nothing else has."""
    left = {old: new for old, new in names.items() if old in present}
    ops: list[Op] = []
    while left:
        free = [old for old, new in left.items() if new not in left]
        for old in free:
            ops.append(Rename((PROFILE, old), left.pop(old)))
        if not free:
            old, new = left.popitem()
            aside = old + "~"
            while aside in present or aside in names.values():
                aside += "~"
            ops.append(Rename((PROFILE, old), aside))
            left[aside] = new
    return ops


def guard_notes(names: Mapping[str, str | None], settings: Settings, config: str, guarded: Callable[[str], bool]) -> list[str]:
    """The lines about guard patterns, which only the user changes: {old: new, or None where it is removed}. A new name may
    still be ``guarded``, by its account, say."""
    notes = []
    for old, new in names.items():
        if old in settings.guard:
            instead = "remove it there" if new is None else f"change it there to '{visible(new)}'"
            notes.append(f"note: guard in {config} names '{visible(old)}': {instead}")
        elif new is not None and settings.guarded(old) and not guarded(new):
            notes.append(f"note: '{visible(old)}' was guarded, '{visible(new)}' is not: see guard in {config}")
    return notes


def pin_notes(names: Collection[str], folder: str) -> list[str]:
    """The lines about the nearest pin of ``folder``, where it names one of the profiles."""
    for path in paths.pin_files(folder):
        try:
            line = pins.read(path)
        except pins.NoPin:
            continue
        named = [name for name in names if line == name or line.startswith(f"{name}@")]
        return [f"note: {paths.short(path)} still names '{visible(name)}': pin that folder anew" for name in named]
    return []
