"""Which cells a call means. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from awsctx.core.context import Context
from awsctx.errors import AwsctxError

EVERY_REGION = "all"


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of the command. ``account_id`` is what the config says of the profile. ``region`` is the context's, else the
    profile's. Both are empty where unknown. ``unasked``: it stands for every region of an account that could not be asked
    for them."""

    context: Context
    account_id: str = ""
    region: str = ""
    unasked: bool = False

    @property
    def name(self) -> str:
        return str(self.context)

    @property
    def again(self) -> Context:
        """What `--failed` runs for it; the region may be EVERY_REGION."""
        return Context(self.context.profile, EVERY_REGION) if self.unasked else self.context


def matching(names: Iterable[str], globs: Sequence[str]) -> list[str]:
    """The ``names`` that match one of ``globs`` (case counts), in their order. Raises AwsctxError where none matches."""
    found = [name for name in names if any(fnmatchcase(name, glob) for glob in globs)]
    if not found:
        raise AwsctxError("no profile matches", "list the profiles with: awsctx list")
    return found


def one_per_account(
    profiles: Iterable[str], account_id: Callable[[str], str], guarded: Callable[[str], bool] = lambda profile: False
) -> list[str]:
    """The first profile of each account that is not ``guarded``; of an account that has none, the first. A profile whose
    account the config does not name counts as an account of its own."""
    first: dict[str, str] = {}
    for profile in profiles:
        account = account_id(profile) or f"profile {profile}"
        if account not in first or (guarded(first[account]) and not guarded(profile)):
            first[account] = profile
    return list(first.values())


def named_regions(text: str, region_of: Callable[[str], str]) -> list[str]:
    """The regions of `REGION,REGION…`, each once. ``region_of`` checks a region, and raises AwsctxError."""
    regions = [word.strip() for word in text.split(",")]
    if EVERY_REGION in regions:
        raise AwsctxError("-r takes a list of regions, or `all` alone", "for example: -r eu-west-1,eu-west-2")
    return list(dict.fromkeys(region_of(region) if region else _no_region() for region in regions))


def _no_region() -> str:
    raise AwsctxError("-r names an empty region", "for example: -r eu-west-1,eu-west-2")


def contexts(profiles: Iterable[str], regions: Mapping[str, Sequence[str]]) -> list[Context]:
    """Each profile in each of its ``regions``, in the order of the profiles. A profile without regions comes once, without
    a region."""
    return [Context(profile, region) for profile in profiles for region in regions.get(profile) or [""]]


def widened(again: Iterable[Context], regions: Mapping[str, Sequence[str]]) -> list[Context]:
    """The contexts of an earlier run, those in EVERY_REGION in each of the ``regions`` of their profile."""
    return [
        found
        for context in again
        for found in (contexts([context.profile], regions) if context.region == EVERY_REGION else [context])
    ]
