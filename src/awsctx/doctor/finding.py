"""The result of a check."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)


@dataclass(frozen=True)
class Finding:
    """``id`` is a stable word. ``severity`` is `error` where calls fail, `warning` where something unexpected happens or
    something will fail soon, and `info` otherwise.

    ``where`` is `FILE:LINE`, `FILE` (absolute) or the name of a variable. ``what`` says what is wrong and what follows from
    it. ``fix`` is a command that mends it; empty where no command does, and ``what`` says what to do. No field ever holds
    a secret.
    """

    id: str
    severity: str
    where: str
    what: str
    fix: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


Findings = Iterator[Finding]
