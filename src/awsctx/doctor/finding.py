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
    it. ``fix`` is a command that fixes it, or empty; ``advice`` is what to do where no command does it. No field ever holds
    a secret.
    """

    id: str
    severity: str
    where: str
    what: str
    fix: str = ""
    advice: str = ""

    @property
    def told(self) -> str:
        """``what`` and ``advice``, in one."""
        return f"{self.what}; {self.advice}" if self.advice else self.what

    def as_json(self) -> dict[str, str]:
        found = {**asdict(self), "what": self.told}
        del found["advice"]
        return found


Findings = Iterator[Finding]
