"""The profiles that kubeconfig files name for `aws eks get-token` and the like: read, never edited.

A user's `exec` names one in its `env` (AWS_PROFILE) or its `args` (`--profile`), as `aws eks update-kubeconfig` writes both.
Source: kubernetes.io, "Organizing Cluster Access Using kubeconfig Files" (KUBECONFIG is a list; a missing file is none).
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsctx.core.text import visible
from awsctx.store import files, paths

if TYPE_CHECKING:
    from yaml.events import Event
    from yaml.nodes import Node

# What is longer is no kubeconfig (1,000 clusters have 2 MB with their certificates, 60,000 events of the parser's, no alias).
# A node takes a kilobyte, and each alias may stand for all of the others.
_MOST = 1 << 22  # bytes
_EVENTS = 200_000
_ALIASES = 100
_DEPTH = 100  # before PyYAML 6.0.4 the time grows with the square of the depth


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a kubeconfig file that names a profile: the line (from 1), the name of the kubeconfig user, and the key
    there."""

    path: str
    line: int
    user: str
    by: str
    profile: str


def places(environ: Mapping[str, str]) -> list[Place]:
    """All such places in the files that $KUBECONFIG lists, else in ~/.kube/config. A file that is not a kubeconfig has
    none."""
    listed = environ.get("KUBECONFIG") or os.path.join(environ.get("HOME") or os.path.expanduser("~"), ".kube", "config")
    found = [place for path in dict.fromkeys(listed.split(os.pathsep)) if path for place in _in_file(path)]
    return list(dict.fromkeys(found))


def notes(names: Mapping[str, str | None], environ: Mapping[str, str]) -> list[str]:
    """The lines to tell the user about places that name one of the profiles: {old: new, or None where it is removed}."""
    told = []
    for place in places(environ):
        if place.profile in names:
            new = names[place.profile]
            fix = f": change it there to '{visible(new)}'" if new else ""
            where = f"{paths.short(place.path)}:{place.line}: {place.by} of the user '{visible(place.user)}'"
            told.append(f"note: {where} still names '{visible(place.profile)}'{fix}")
    return told


def _in_file(path: str) -> list[Place]:
    try:
        content = files.read(path, _MOST)
    except OSError:
        return []
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # Nodes, not objects: they know their lines, and an alias does not multiply them.
        root = yaml.compose(content, Loader=loader) if _is_small(yaml.parse(content, Loader=loader)) else None
        return [
            Place(path, node.start_mark.line + 1, _text(_get(entry, "name")), by, profile)
            for entry in _items(_get(root, "users"))
            for by, profile, node in _named(_get(_get(entry, "user"), "exec"))
            if profile
        ]
    except (yaml.YAMLError, ValueError, RecursionError):
        return []


def _is_small(events: "Iterable[Event]") -> bool:
    from yaml import AliasEvent, CollectionEndEvent, CollectionStartEvent

    aliases = depth = 0
    for count, event in enumerate(events):
        aliases += isinstance(event, AliasEvent)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if count > _EVENTS or aliases > _ALIASES or depth > _DEPTH:
            return False
    return True


def _named(call: "Node | None") -> "Iterator[tuple[str, str, Node]]":
    """(the key, the profile, the node that names it)."""
    for variable in _items(_get(call, "env")):
        value = _get(variable, "value")
        if _text(_get(variable, "name")) == "AWS_PROFILE" and value is not None:
            yield "AWS_PROFILE", _text(value), value
    arguments = list(_items(_get(call, "args")))
    for at, argument in enumerate(arguments):
        option, equals, profile = _text(argument).partition("=")
        if option == "--profile" and equals:
            yield option, profile, argument
        elif option == "--profile" and at + 1 < len(arguments):
            yield option, _text(arguments[at + 1]), arguments[at + 1]


def _get(node: "Node | None", key: str) -> "Node | None":
    """The value of a key in a mapping; None where there is none."""
    pairs: Collection[tuple[Node, Node]] = node.value if node is not None and node.id == "mapping" else ()
    return next((value for name, value in pairs if _text(name) == key), None)


def _items(node: "Node | None") -> "Collection[Node]":
    """The items of a sequence; none for anything else."""
    return node.value if node is not None and node.id == "sequence" else ()


def _text(node: "Node | None") -> str:
    """The text of a scalar; '' for anything else."""
    return str(node.value) if node is not None and node.id == "scalar" else ""
