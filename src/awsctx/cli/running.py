"""awsctx(1), RUNNING COMMANDS: exec."""

import typer

from awsctx.cli.parsing import declare
from awsctx.commands import Result


def _exec(
    command: list[str] = typer.Argument(None, metavar="[--] COMMAND [ARG]...", help="The command.", show_default=False),
    profile: str = typer.Option(
        None, "-p", "--profile", metavar="NAME[@REGION]", help="This context instead.", show_default=False
    ),
    region: str = typer.Option(
        None, "-r", "--region", metavar="REGION", help="With this region; `-` for none.", show_default=False
    ),
    pipeline: str = typer.Option(
        None, "-c", metavar="PIPELINE", help="Run this text in bash, with pipefail.", show_default=False
    ),
    quiet: bool = typer.Option(False, "-q", "--quiet", help="Do not say what was removed from the environment."),
) -> Result:
    """Run a command with the context in force, and nothing else.

    What overrules the profile is removed from the environment of the command, and named.
    """
    from awsctx.cli import render
    from awsctx.cli.process import person, world
    from awsctx.commands.exec import Call, run

    call = Call()
    call.profile, call.region, call.quiet, call.pipeline = profile, region, quiet, pipeline
    call.command = list(command or [])
    run(world(), call, render.talk, person)


def add_to(app: typer.Typer) -> None:
    examples = (
        "awsctx exec -- aws s3 ls",
        "awsctx exec -p worksso.tester -r eu-west-3 -- aws sts get-caller-identity",
        "awsctx exec -c 'aws ec2 describe-instances | jq .'",
    )
    declare(app, "Running commands", "exec", _exec, *examples, context_settings={"allow_interspersed_args": False})
