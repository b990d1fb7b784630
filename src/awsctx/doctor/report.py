"""doctor's report for a person: what is in force, then each finding with what to do, the worst first."""

from textwrap import wrap

from rich.text import Text

from awsctx.awsfiles import methods
from awsctx.core.in_force import InForce
from awsctx.core.text import visible
from awsctx.doctor.finding import ERROR, INFO, SEVERITIES, WARNING, Finding
from awsctx.doctor.subject import Subject
from awsctx.store import paths

_STYLES = {ERROR: "bold red", WARNING: "bold yellow", INFO: "bold cyan"}
_INDENT = " " * 9


# The columns of a report that goes to no terminal.
_WIDTH = 100


def report(subject: Subject, findings: list[Finding], *, width: int | None = None) -> Text:
    """The report for a terminal of ``width`` columns (None: no terminal). Lines are at most so long where their words allow
    it. A command to type stays on one line."""
    columns = _WIDTH if width is None else max(width, 40)
    told = [_block(places, columns) for places in _merged(findings)]
    return Text("\n\n").join([_in_force(subject, width and columns), *told, _count(findings)])


def _in_force(subject: Subject, width: int | None) -> Text:
    found = subject.in_force
    if found is None:
        return Text("no context is in force" + (f": {subject.time_over}" if subject.time_over else ""))
    described = subject.described(subject.profile).replace(visible(subject.profile), visible(str(found.context)), 1)
    rest = f" is in force ({found.source}){_used(subject, found)}"
    text = Text(_wrapped(described + rest, width) if width else described + rest)
    text.stylize("bold", 0, len(described))
    return text


def _used(subject: Subject, found: InForce) -> str:
    """What `aws` would use here. AWS CLI v2 reads AWS_PROFILE alone where that is set; findings tell of the others."""
    without = "AWS_DEFAULT_PROFILE" if "AWS_PROFILE" in subject.environ else ""
    environ = {name: value for name, value in subject.environ.items() if name != without}
    if found.source in ("state", "directory") and "AWS_PROFILE" not in environ and not subject.world.hooked:
        used = methods.here(environ, subject.world.files)
        return f" for awsctx alone; aws here goes without a profile, and would use: {used}"
    if "AWS_PROFILE" in environ:
        return f"; aws here would use: {methods.here(environ, subject.world.files)}"
    return f"; aws here would use: {methods.in_force(found, subject.environ, subject.world.files)}"


def _merged(findings: list[Finding]) -> list[list[Finding]]:
    """The findings, with those that differ only in ``where`` (the variables of one set of keys, say) put together."""
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.id, finding.severity, finding.told, finding.fix), []).append(finding)
    return list(groups.values())


def _block(places: list[Finding], width: int) -> Text:
    finding = places[0]
    where = ", ".join(visible(paths.short(place.where)) for place in places)
    style = _STYLES[finding.severity]
    lines = [
        Text.assemble((finding.severity.ljust(8), style), " ", (where, "bold"), "  ", (finding.id, "dim")),
        Text(_wrapped(finding.told, width, _INDENT)),
    ]
    if finding.fix:
        lines.append(Text.assemble(_INDENT, ("fix:", "green"), f" {visible(finding.fix)}"))
    return Text("\n").join(lines)


def _wrapped(text: str, width: int, indent: str = "") -> str:
    """``text`` in lines of at most ``width`` columns, each with ``indent`` before it. A longer word stays whole."""
    lines = wrap(text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)


def _count(findings: list[Finding]) -> Text:
    counts = {severity: len(_merged([f for f in findings if f.severity == severity])) for severity in SEVERITIES}
    words = {ERROR: "error", WARNING: "warning", INFO: "note"}
    told = [f"{n} {words[severity]}{'s' if n > 1 else ''}" for severity, n in counts.items() if n]
    return Text(", ".join(told)) if told else Text("nothing is wrong", "green")
