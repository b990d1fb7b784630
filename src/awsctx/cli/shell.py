"""awsctx(1), THE SHELL HOOK: the hook and the prompt; and the sandbox to try them in."""

import typer

from awsctx.commands import Result


def _init(
    shell: str = typer.Argument(..., metavar="bash|zsh|fish", help="The shell."),
    prompt: bool = typer.Option(False, "--prompt", help="Show the context in the prompt too."),
    aliases: bool = typer.Option(False, "--aliases", help="Define a function for each profile too, as alias does."),
    save: bool = typer.Option(False, "--save", help="Write it to a file that the shell loads, and say which line does."),
) -> Result:
    """Print the shell hook, for the shell to evaluate: eval "$(awsctx init bash)"."""
    from awsctx.cli.process import world
    from awsctx.commands import init

    return (init.save if save else init.init)(world(), shell, prompt=prompt, aliases=aliases)


def _prompt() -> Result:
    """Print what AWSCTX_PROMPT holds, for tmux, starship and others."""
    from awsctx.cli.process import world
    from awsctx.commands.prompt import prompt

    return prompt(world())


def _demo(play: bool = typer.Option(False, "--play", help="Play the walkthrough and exit.")) -> Result:
    """Open a shell in a sandbox with a stand-in for AWS, to try awsctx in."""
    from awsctx.demo import play as demo

    return Result(status=demo.play() if play else demo.shell())


def add_to(app: typer.Typer) -> None:
    app.command("init")(_init)
    app.command("prompt")(_prompt)
    app.command("demo")(_demo)
