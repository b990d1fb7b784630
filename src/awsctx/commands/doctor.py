"""`awsctx doctor`: the findings, as a report or as JSON."""

from awsctx.commands import Result
from awsctx.world import World


def doctor(world: World, *, as_json: bool = False, person: bool = False, width: int | None = None) -> Result:
    """What is wrong here; exit code 1 where there is an error or a warning. ``person``: somebody sits at a terminal;
    ``width`` is the terminal's, in columns (None: no terminal is to show it)."""
    from awsctx.doctor import Subject, examine
    from awsctx.doctor.finding import INFO

    subject = Subject(World(world.environ, now=world.now), person=person)  # which asks and says nothing: the findings do
    findings = examine(subject)
    status = 1 if any(finding.severity != INFO for finding in findings) else 0
    if as_json:
        from json import dumps

        return Result(dumps([finding.as_json() for finding in findings], indent=2) + "\n", status=status)
    from awsctx.doctor.report import report

    return Result(report(subject, findings, width=width), status=status)
