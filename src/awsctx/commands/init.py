"""`awsctx init SHELL`: the hook, for the shell to evaluate at its start."""

import os

from awsctx import shells
from awsctx.commands import NAMES, Result
from awsctx.store import paths
from awsctx.world import World


def init(world: World, shell: str, *, prompt: bool = False, aliases: bool = False) -> Result:
    """The hook and the completion of ``shell`` (`bash`, `zsh`, `fish`, `nu`). ``prompt``: the hook also puts the context into
    the shell's prompt; ``aliases``: a function for each profile, as `awsctx alias` prints them (without its talk: a shell's
    start is silent). Raises AwsctxError on a shell that awsctx does not know."""
    text = shells.render(
        shell,
        state_file=os.path.abspath(paths.state_path(world.environ)),
        config=os.path.abspath(paths.config_path(world.environ)),
        prompt=prompt,
        subcommands=sorted(NAMES - {"use"}),
    )
    if aliases:
        from awsctx.commands.alias import alias_functions, sort_out

        text += alias_functions(shell, sort_out(world.files.names(), world.environ)[0])
    return Result(text)
