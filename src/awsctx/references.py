"""What names a profile: `source_profile` in either file, the own config's guard patterns, a directory pin. Pure, but for
``pin``.

Whoever renames or removes a profile asks here what has to follow, and what to say of the rest.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from awsctx.awsfiles.grammar import PROFILE
from awsctx.awsfiles.ops import Op, Remove, Rename, Sections, SetKeys
from awsctx.context import visible
from awsctx.settings import Settings


def profile_names(sections: Sections) -> set[str]:
    """The profiles that have a section in this file."""
    return {name for (kind, name), _ in sections if kind == PROFILE}


def in_need(names: Collection[str], *files: Sections) -> dict[str, list[str]]:
    """{name: the profiles that would stay, and have it as their `source_profile`}, where ``names`` are to go."""
    users: dict[str, list[str]] = {}
    for sections in files:
        for (kind, user), values in sections:
            source = values.get("source_profile")
            if kind == PROFILE and user not in names and isinstance(source, str) and source in names:
                users.setdefault(source, []).append(user)
    return users


def removed(names: Collection[str], sections: Sections) -> list[Op]:
    """What it takes to remove the profiles from this file."""
    here = frozenset((PROFILE, name) for name in profile_names(sections).intersection(names))
    return [Remove(here)] if here else []


def renamed(names: Mapping[str, str], sections: Sections) -> list[Op]:
    """What it takes to rename profiles ({old: new}) in this file, wherever it names them."""
    followers: dict[str, str] = {}
    for (kind, user), values in sections:
        source = values.get("source_profile")
        if kind == PROFILE and isinstance(source, str) and source in names:
            followers[user] = names[source]
    present = profile_names(sections)
    ops: list[Op] = [SetKeys((PROFILE, user), {"source_profile": new}) for user, new in followers.items()]
    return [*ops, *(Rename((PROFILE, old), new) for old, new in names.items() if old in present)]


def guard_notes(names: Mapping[str, str | None], settings: Settings, config: str) -> list[str]:
    """What to say of guard patterns, which are the user's own to change: {old: new, or None where it is removed}."""
    notes = []
    for old, new in names.items():
        if old in settings.guard:
            instead = "remove it there" if new is None else f"change it there to '{visible(new)}'"
            notes.append(f"note: guard in {config} names '{visible(old)}': {instead}")
        elif new is not None and settings.guarded(old) and not settings.guarded(new):
            notes.append(f"note: '{visible(old)}' was guarded, '{visible(new)}' is not: see guard in {config}")
    return notes


def pin_notes(names: Collection[str], folder: str) -> list[str]:
    """What to say of a directory pin in force in ``folder`` that names one of the profiles."""
    for place in (Path(folder), *Path(folder).parents):
        try:
            with open(place / ".awsctx", encoding="utf-8", errors="replace") as file:
                pinned = file.readline().strip()
        except OSError:
            continue
        for name in names:
            if pinned == name or pinned.startswith(f"{name}@"):
                return [f"note: {visible(os.fspath(place / '.awsctx'))} still names '{visible(name)}'"]
        return []
    return []
