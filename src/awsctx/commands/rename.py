"""`awsctx rename`, `NEW=OLD`: another name for a profile."""

from collections.abc import Sequence

from awsctx.awsfiles.ops import Op, Sections
from awsctx.commands import Result
from awsctx.core.text import visible
from awsctx.profiles import edits, references, unfinished
from awsctx.world import World


def rename(world: World, old: str, new: str, *, dry_run: bool = False) -> Result:
    """Give a profile another name in both files, and wherever they or the state name it. Finishes the same rename, where it
    was interrupted."""
    edits.can_be_new(new)
    old = edits.named(world, old)
    begun = unfinished.begun(world, {old: new})
    if not begun:
        edits.existing(world, old)
    if old == new:
        return Result("", f"'{visible(old)}' has that name already: nothing to do")

    def plan(sections: Sections) -> Sequence[Op]:
        return references.renamed({old: new}, sections)

    def first(config: Sections) -> Sequence[Op]:
        if not begun:
            edits.must_be_free(world, new, config)
        return plan(config)

    both = [edits.in_config(world, first), edits.in_credentials(world, plan)]
    said = f"renamed '{visible(old)}' to '{visible(new)}'"
    return Result(*edits.carry_out(world, both, dry_run=dry_run, done=said, names={old: new}))


def rename_by_equation(world: World, text: str, *, dry_run: bool = False) -> Result:
    """`NEW=OLD`, `NEW=.`: split at the first `=` that has a profile behind it, else at the first `=`."""
    cuts = [at for at, letter in enumerate(text) if letter == "="]
    known = (at for at in cuts if text[at + 1 :] == "." or world.files.exists(text[at + 1 :]))
    at = next(known, cuts[0])
    return rename(world, text[at + 1 :], text[:at], dry_run=dry_run)
