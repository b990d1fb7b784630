"""What a check finds."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)


@dataclass(frozen=True)
class Finding:
    """``id`` is a stable word. ``severity`` says that calls fail (`error`), that something else happens than a person
    would think, or that something soon fails (`warning`), or that it is only good to know (`info`).

    ``where`` is `FILE:LINE`, `FILE` (absolute) or the name of a variable; ``what`` is what is wrong and what follows
    from it; ``fix`` is the command that mends it, or the line to write. No field ever holds a secret.
    """

    id: str
    severity: str
    where: str
    what: str
    fix: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


Findings = Iterator[Finding]
