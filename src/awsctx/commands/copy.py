"""`awsctx copy`: a profile like another."""

from collections.abc import Sequence

from awsctx.awsfiles import names
from awsctx.awsfiles.grammar import PROFILE
from awsctx.awsfiles.ops import Copy, Op, Sections
from awsctx.commands import Result
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.profiles import edits
from awsctx.profiles.sync_values import MARK
from awsctx.store import paths
from awsctx.world import World


def copy(world: World, old: str, new: str, *, dry_run: bool = False) -> Result:
    """Add a profile with the lines that another one has in the config file. The new profile is never one of sync's."""
    edits.can_be_new(new)
    old = edits.existing(world, old)

    def plan(config: Sections) -> Sequence[Op]:
        if (PROFILE, old) not in dict(config):
            where = paths.short(names.credentials_path(world.environ))
            raise AwsctxError(f"'{visible(old)}' has no stanza in the config", f"its keys in {where} are not copied")
        edits.must_be_free(world, new, config)
        return [Copy((PROFILE, old), new, frozenset({MARK}))]

    said = f"copied '{visible(old)}' to '{visible(new)}'"
    return Result(*edits.carry_out(world, [edits.in_config(world, plan)], dry_run=dry_run, done=said))
