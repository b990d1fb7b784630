"""awsctx(1), THE SHELL HOOK: the hook, the prompt, and what else a shell is given; a sandbox to try them in; the help."""

from typing import Any

import typer

from awsctx.cli import process
from awsctx.cli.parsing import declare
from awsctx.commands import Result
from awsctx.core.text import misspelt, visible
from awsctx.errors import UsageError


def _init(
    shell: str = typer.Argument(..., metavar="bash|zsh|fish|nu", help="The shell."),
    prompt: bool = typer.Option(False, "--prompt", help="Show the context in the prompt too."),
    aliases: bool = typer.Option(False, "--aliases", help="Define a function for each profile too, as alias does."),
    save: bool = typer.Option(False, "--save", help="Write it to a file that the shell loads, and say which line does."),
) -> Result:
    """Print the shell hook, for the shell to evaluate at its start."""
    from awsctx.commands import init

    return (init.save if save else init.init)(process.world(), shell, prompt=prompt, aliases=aliases)


def _prompt() -> Result:
    """Print the text for a prompt or a status line.

    It is what AWSCTX_PROMPT holds in a shell that has loaded the hook.
    """
    from awsctx.commands.prompt import prompt

    return prompt(process.world())


def _alias(
    glob: str = typer.Argument("", metavar="[GLOB]", help="Only the profiles that match.", show_default=False),
    shell: str = typer.Option(
        "", "--shell", metavar="bash|zsh|fish|nu", help="Default: the shell that makes the call.", show_default=False
    ),
) -> Result:
    """Print a shell function for each profile.

    NAME COMMAND runs the command with that profile, NAME alone switches to it.
    """
    from awsctx.commands.alias import alias

    return alias(process.world(), glob, shell=shell)


def _demo(play: bool = typer.Option(False, "--play", help="Play the walkthrough and exit.")) -> Result:
    """Open a shell to try awsctx in, with a stand-in for AWS.

    HOME and the AWS files are the sandbox's own: nothing of yours is touched.
    """
    from awsctx.demo import play as demo

    return Result(status=demo.play() if play else demo.shell())


def _help(
    context: typer.Context,
    word: str = typer.Argument("", metavar="[SUBCOMMAND]", help="Default: awsctx itself.", show_default=False),
) -> Result:
    """Print the help, or a subcommand's; --help does the same."""
    whole = context.find_root()
    known: dict[str, Any] = getattr(whole.command, "commands", {})
    if not word:
        return Result(f"{whole.get_help()}\n")
    command = known.get(word)
    if command is None:
        meant = misspelt(word)
        hints = [f"did you mean: {meant}"] if meant else []
        raise UsageError(f"no subcommand named '{visible(word)}'", *hints, "see: awsctx --help")
    return Result(f"{command.get_help(command.make_context(word, [], parent=whole, resilient_parsing=True))}\n")


def add_to(app: typer.Typer) -> None:
    section = "The shell"
    declare(app, section, "init", _init, 'eval "$(awsctx init bash)"', "awsctx init fish | source")
    declare(app, section, "prompt", _prompt, "awsctx prompt")
    declare(app, section, "alias", _alias, 'eval "$(awsctx alias)"', "eval \"$(awsctx alias 'worksso.*' --shell zsh)\"")
    declare(app, section, "demo", _demo, "awsctx demo", "awsctx demo --play")
    declare(app, section, "help", _help, "awsctx help exec")
