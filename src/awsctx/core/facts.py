"""What a decision has to know of a profile and of its sign-in, as values. Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

VALID, REFRESHABLE, EXPIRED, NONE = "valid", "refreshable", "expired", "none"


class SignIn:
    """How a sign-in stands. ``status`` is `valid`, `refreshable`, `expired` or `none`. ``expires_at`` and
    ``refreshable_until`` are epoch seconds, UTC; None where unknown. ``torn``: the token's file is damaged."""

    __slots__ = ("expires_at", "refreshable_until", "status", "torn")

    def __init__(
        self, status: str, expires_at: int | None = None, refreshable_until: int | None = None, *, torn: bool = False
    ) -> None:
        self.status = status
        self.expires_at = expires_at
        self.refreshable_until = refreshable_until
        self.torn = torn


class Facts:
    """``kinds`` says how the profile gets its credentials, as far as that decides which variables override it (see
    ``environ.overriding``). ``token`` is the path of its sign-in's token; empty where it is no SSO profile."""

    __slots__ = ("guarded", "kinds", "token")

    def __init__(self, *, guarded: bool = False, kinds: tuple[str, ...] = (), token: str = "") -> None:
        self.guarded = guarded
        self.kinds = kinds
        self.token = token


class Pin:
    """A folder's pin that counts: the file at ``path`` says ``context``."""

    __slots__ = ("context", "path")

    def __init__(self, path: str, context: "Context") -> None:
        self.path = path
        self.context = context


TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsctx.core.context import Context
