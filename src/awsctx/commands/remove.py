"""`awsctx remove`, `awsctx -d`: remove profiles."""

from collections.abc import Collection, Mapping, Sequence

from awsctx.awsfiles import names
from awsctx.awsfiles.ops import Op, Sections
from awsctx.commands import Result
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.profiles import edits, references, unfinished
from awsctx.profiles.both_files import try_out
from awsctx.store import paths
from awsctx.world import World


def remove(world: World, profiles: Sequence[str], *, yes: bool = False, dry_run: bool = False) -> Result:
    """Remove profiles from both files, all or none. Asks the user, unless ``yes``. Raises AwsctxError where one does not
    exist, where a remaining profile needs one, where nobody is there to ask, and where the answer is no. Finishes the same
    removal, where it was interrupted."""
    gone = list(dict.fromkeys(edits.named(world, name) for name in profiles))
    if not unfinished.begun(world, dict.fromkeys(gone)):
        for name in gone:
            edits.existing(world, name)

    def plan(sections: Sections) -> Sequence[Op]:
        files = edits.both(world)
        needed = references.in_need(gone, *files)
        if needed:
            raise _needed(needed, {references.source_of_all(file) for file in files})
        return references.removed(gone, sections)

    both = [edits.in_config(world, plan), edits.in_credentials(world, plan)]
    if not (yes or dry_run):
        try_out(both)  # do not ask about what cannot be done
        _ask(world, gone)
    listed = ", ".join(f"'{visible(name)}'" for name in gone)
    return Result(*edits.carry_out(world, both, dry_run=dry_run, done=f"removed {listed}", names=dict.fromkeys(gone)))


def _ask(world: World, gone: Sequence[str]) -> None:
    listed = ", ".join(f"'{visible(name)}'" for name in gone)
    if world.ask is None:
        raise AwsctxError(f"nobody is there to ask: {listed} not removed", "if you mean it, add: --yes")
    with_keys = references.profile_names(edits.both(world)[1]).intersection(gone)
    credentials = paths.short(names.credentials_path(world.environ))
    keys = f", with the keys in {credentials}" if with_keys else ""
    if not world.ask(f"Remove {listed}{keys}?"):
        raise AwsctxError("nothing removed")


def _needed(needed: Mapping[str, Sequence[str]], default_sources: Collection[str]) -> AwsctxError:
    name, users = next(iter(needed.items()))
    others = ", ".join(f"'{visible(user)}'" for user in users[:5]) + (", …" if len(users) > 5 else "")
    needs = "needs" if len(users) == 1 else "need"
    return AwsctxError(
        f"'{visible(name)}' stays: {others} {needs} it as source_profile"
        + (", by [DEFAULT]" if name in default_sources else ""),
        "name them too, or give them another source",
    )
