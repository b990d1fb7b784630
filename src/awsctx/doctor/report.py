"""doctor's report for a person: what is in force, then each finding with what to do, the worst first."""

from collections.abc import Callable
from textwrap import wrap

from awsctx.core.text import visible
from awsctx.doctor.case import Case
from awsctx.doctor.finding import ERROR, INFO, SEVERITIES, WARNING, Finding
from awsctx.store import paths

Paint = Callable[[str, str], str]

_COLOURS = {ERROR: "1;31", WARNING: "1;33", INFO: "1;36"}
_INDENT = " " * 9


def report(case: Case, findings: list[Finding], *, colour: bool = False, width: int = 100) -> str:
    """The report as text. ``colour``: with ANSI colours; ``width``: of the terminal, in columns."""
    paint = _painted if colour else _plain
    blocks = [_in_force(case, paint)]
    blocks += [_block(places, paint, max(width, 40)) for places in _merged(findings)]
    blocks.append(_count(findings, paint))
    return "\n\n".join(blocks) + "\n"


def _in_force(case: Case, paint: Paint) -> str:
    found = case.in_force
    if found is None:
        return "no context is in force"
    described = case.described(case.profile).replace(visible(case.profile), visible(str(found.context)), 1)
    return f"{paint('1', described)} is in force ({found.source}); aws here would use: {case.world.method(found)}"


def _merged(findings: list[Finding]) -> list[list[Finding]]:
    """Findings that differ only in where they are (the variables of one set of keys) are told together."""
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.id, finding.severity, finding.what, finding.fix), []).append(finding)
    return list(groups.values())


def _block(places: list[Finding], paint: Paint, width: int) -> str:
    finding = places[0]
    where = ", ".join(visible(paths.short(place.where)) for place in places)
    head = f"{paint(_COLOURS[finding.severity], finding.severity.ljust(8))} {paint('1', where)}  {paint('2', finding.id)}"
    lines = wrap(finding.what, width - len(_INDENT), break_long_words=False, break_on_hyphens=False)
    return "\n".join([head, *(_INDENT + line for line in lines), f"{_INDENT}{paint('32', 'fix:')} {visible(finding.fix)}"])


def _count(findings: list[Finding], paint: Paint) -> str:
    counts = {severity: len(_merged([f for f in findings if f.severity == severity])) for severity in SEVERITIES}
    words = {ERROR: "error", WARNING: "warning", INFO: "note"}
    told = [f"{n} {words[severity]}{'s' if n > 1 else ''}" for severity, n in counts.items() if n]
    return ", ".join(told) if told else paint("32", "nothing is wrong")


def _painted(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _plain(_: str, text: str) -> str:
    return text
