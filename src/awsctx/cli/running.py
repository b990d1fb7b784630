"""awsctx(1), RUNNING COMMANDS and MANY AT ONCE: exec."""

import typer

from awsctx.cli import process
from awsctx.cli.parsing import declare
from awsctx.commands import Result
from awsctx.errors import UsageError


def _exec(
    command: list[str] = typer.Argument(None, metavar="[--] COMMAND [ARG]...", help="The command.", show_default=False),
    profile: str = typer.Option(
        None, "-p", "--profile", metavar="NAME[@REGION]", help="This context instead.", show_default=False
    ),
    region: list[str] = typer.Option(
        [],
        "-r",
        "--region",
        metavar="REGIONS",
        help="The region (`-`: none); many: a list, or all.",
        show_default=False,
    ),
    pipeline: str = typer.Option(
        None, "-c", metavar="PIPELINE", help="Run this text in bash, with pipefail.", show_default=False
    ),
    quiet: bool = typer.Option(False, "-q", "--quiet", help="Do not say what was removed from the environment."),
    keys: bool = typer.Option(False, "--keys", help="Pass the profile's keys and region, not its name."),
    lock: bool = typer.Option(False, "--lock", help="Grant it that profile, and no other."),
    also: list[str] = typer.Option([], "--also", metavar="GLOB", help="With --lock: grant these too.", show_default=False),
    read_only: bool = typer.Option(False, "--read-only", help="With credentials that only read, by IAM."),
    keep: list[str] = typer.Option(
        [], "--keep", metavar="VARIABLE", help="Leave this variable in the environment.", show_default=False
    ),
    match: list[str] = typer.Option([], "--match", metavar="GLOB", help="All profiles that match.", show_default=False),
    every: bool = typer.Option(False, "--all", help="All profiles."),
    one_per: str = typer.Option(None, "--one-per", metavar="account", help="One profile per account.", show_default=False),
    failed: bool = typer.Option(False, "--failed", help="Repeat what failed or did not run last time."),
    jobs: int = typer.Option(None, "-j", metavar="N", min=1, help="Run N at a time.", show_default=False),
    fail_fast: bool = typer.Option(False, "--fail-fast", help="Start no more after the first failure."),
    out: str = typer.Option(None, "--out", metavar="DIR", help="Write CELL.out and CELL.err there.", show_default=False),
    as_json: bool = typer.Option(False, "--json", help="Print a JSON object for each, one a line."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Print what would be run where."),
    yes: bool = typer.Option(False, "-y", "--yes", help="In guarded profiles too, without asking."),
) -> Result:
    """Run a command with the context in force alone, or in many.

    What overrules the profile is removed from the environment of the command, and named.
    """
    from awsctx.cli import render

    regions = ",".join(region) if region else None  # `-r A -r B` is `-r A,B`
    if match or every or failed:
        from awsctx.cli.progress import Progress
        from awsctx.commands import exec_many

        if profile is not None:
            raise UsageError("-p names one profile", "for many, name them all by --match")
        many = exec_many.Call(
            command=command or [],
            pipeline=pipeline,
            match=match,
            every=every,
            failed=failed,
            regions=regions,
            one_per=one_per,
            jobs=jobs,
            fail_fast=fail_fast,
            out=out,
            as_json=as_json,
            quiet=quiet,
            yes=yes,
            dry_run=dry_run,
            keys=keys,
            keep=keep,
            lock=lock,
            also=also,
            read_only=read_only,
        )
        return exec_many.run(process.world(), many, Progress())
    if fail_fast or as_json or dry_run or any(given is not None for given in (one_per, jobs, out)):
        raise UsageError("that goes with --match, --all or --failed", "for example: awsctx exec --all --dry-run -- COMMAND")
    from awsctx.commands.exec import Call, run

    call = Call()
    call.profile, call.region, call.quiet, call.pipeline = profile, regions, quiet, pipeline
    call.keys, call.keep, call.yes = keys, keep, yes
    call.lock, call.also, call.read_only = lock, also, read_only
    call.command = list(command or [])
    return run(process.world(), call, render.talk, process.person, process.code())


def add_to(app: typer.Typer) -> None:
    examples = (
        "awsctx exec -- aws s3 ls",
        "awsctx exec -p worksso.tester -r eu-west-3 -- aws sts get-caller-identity",
        "awsctx exec -c 'aws ec2 describe-instances | jq .'",
    )
    declare(app, "Running commands", "exec", _exec, *examples, context_settings={"allow_interspersed_args": False})
