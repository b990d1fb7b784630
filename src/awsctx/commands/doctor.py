"""`awsctx doctor`: the findings, as a report or as JSON."""

from awsctx.commands import Result
from awsctx.world import World


def doctor(world: World, *, as_json: bool = False, person: bool = False, width: int | None = None) -> Result:
    """The findings; exit code 1 where one is an error or a warning. ``person``: there is a user at a terminal. ``width`` is
    the terminal's, in columns (None: the report goes elsewhere)."""
    from awsctx.doctor import Subject, examine
    from awsctx.doctor.finding import INFO

    subject = Subject(World(world.environ, now=world.now), person=person)  # this world neither asks nor warns
    findings = examine(subject)
    status = 1 if any(finding.severity != INFO for finding in findings) else 0
    if as_json:
        from json import dumps

        return Result(dumps([finding.as_json() for finding in findings], indent=2) + "\n", status=status)
    from awsctx.doctor.report import report

    return Result(report(subject, findings, width=width), status=status)
