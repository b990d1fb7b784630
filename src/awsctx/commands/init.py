"""`awsctx init SHELL`: the hook, for the shell to evaluate at its start, or in a file that it loads."""

import os

from awsctx import __version__, shells
from awsctx.commands import Result
from awsctx.errors import AwsctxError
from awsctx.store import files, paths
from awsctx.world import World


def init(world: World, shell: str, *, prompt: bool = False, aliases: bool = False) -> Result:
    """The hook and the completion of ``shell`` (`bash`, `zsh`, `fish`, `nu`). With ``prompt`` the hook also changes the
    shell's prompt. With ``aliases`` the functions of `awsctx alias` come too, without its messages, since a shell should
    start silently. Raises AwsctxError for a shell that awsctx does not know."""
    text = shells.render(
        shell,
        state_file=os.path.abspath(paths.state_path(world.environ)),
        config=os.path.abspath(paths.config_path(world.environ)),
        prompt=prompt,
    )
    if aliases:
        from awsctx.commands.alias import alias_functions, sort_out

        text += alias_functions(shell, sort_out(world.files.names(), world.environ, shell)[0])
    return Result(text)


def save(world: World, shell: str, *, prompt: bool = False, aliases: bool = False) -> Result:
    """`--save`: write what `init` prints to the file `paths.rendered_path`. A shell loads that without starting a process.

    The first line of the file has the version and the call, by which `saved` recognizes a file of another version. Raises
    AwsctxError for a shell that awsctx does not know, and where the file cannot be written.
    """
    text = init(world, shell, prompt=prompt, aliases=aliases).out
    name = shells.find(shell).name
    path = os.path.abspath(paths.rendered_path(name, world.environ))
    options = [option for option, given in (("--prompt", prompt), ("--aliases", aliases)) if given]
    first = " ".join([f"{shells.FIRST}{__version__}: awsctx init", name, "--save", *options])
    try:
        files.make_folder(os.path.dirname(files.target(path)))
        files.replace(path, f"{first}\n{text}".encode("utf-8", "surrogateescape"), private=True)
    except OSError as e:
        raise AwsctxError(f"could not write {path}: {e.strerror or e}") from e
    if name == "nu":
        return Result("", f"the hook is in {paths.short(path)}; nushell loads it from there by itself")
    from awsctx.shells.startup import load_line

    line = load_line(name, path, os.path.expanduser("~"))
    return Result("", f"the hook is in {paths.short(path)}; the line that loads it:", f"  {line}")
