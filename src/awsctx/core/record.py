"""What the state says of the active context. Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.core.context import Context


class Record:
    """``context`` is the active one (None: there is none), ``serial`` counts the writes of the state, ``until`` is the end of
    the context's time (epoch seconds; 0: it has none), ``before`` the context that comes back then."""

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
