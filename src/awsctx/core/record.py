"""What the state says of the active context. Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.core.context import Context
from awsctx.core.text import visible
from awsctx.errors import TimeOver


class Record:
    """``context`` is the active context (None: there is none). ``serial`` counts the writes of the state. ``until`` is the
    end of the context's time (epoch seconds; 0: it has none). ``before`` is the context to return to then."""

    __slots__ = ("before", "context", "serial", "until")

    def __init__(
        self, context: Context | None = None, serial: int = 0, *, until: int = 0, before: Context | None = None
    ) -> None:
        self.context = context
        self.serial = serial
        self.until = until
        self.before = before

    def is_over(self, now: float) -> bool:
        """Whether the context's time has ended at ``now`` (epoch seconds)."""
        return 0 < self.until <= now

    def in_time(self, now: float) -> Context | None:
        """The context, if its time has not ended at ``now`` (epoch seconds). Raises TimeOver."""
        if self.context is not None and self.is_over(now):
            raise time_over(self.context)
        return self.context

    def switched(
        self, context: Context | None, now: float, *, seconds: int = 0, keep: bool = False, previous: Context | None = None
    ) -> "Record":
        """The record after a switch to ``context`` at ``now``. With ``seconds`` the context has so much time; after several
        timed switches in a row, the context before the first of them comes back, and where ``context`` is active already,
        the ``previous`` one. With ``keep`` the same profile keeps the time that it has left. Otherwise the context has no
        end."""
        if seconds:
            before = self.before if self.until else self.context if self.context != context else previous
            return Record(context, self.serial, until=int(now) + seconds, before=before)
        same = context is not None and self.context is not None and self.context.profile == context.profile
        if keep and same and not self.is_over(now):
            before = None if self.before == self.context else self.before  # the same one is none, whatever the region becomes
            return Record(context, self.serial, until=self.until, before=before)
        return Record(context, self.serial)


def time_over(context: Context) -> TimeOver:
    """The error for a ``context`` whose time has ended."""
    return TimeOver(f"the time of '{visible(str(context))}' is over", "choose a context with: awsctx NAME")
