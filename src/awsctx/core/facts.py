"""What a decision has to know, as values: what a call asks for, the profile, its sign-in, the folder's pin. Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsctx.core.context import Context

VALID, REFRESHABLE, EXPIRED, NONE = "valid", "refreshable", "expired", "none"
SWITCH, PIN, FOLLOW, FOLDER = "switch", "pin", "follow", "folder"


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
    ``environ.kinds``). ``token`` is the path of its sign-in's token; empty where it is no SSO profile."""

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


class Asked:
    """What a call of `awsctx` in this shell asks for. SWITCH: the state has ``context`` now. PIN: this shell alone goes to
    ``context``. FOLLOW: this shell's pin ends. FOLDER: the folder's pin counts again, even where the user chose another
    context there."""

    __slots__ = ("context", "kind")

    def __init__(self, kind: str, context: "Context | None" = None) -> None:
        self.kind = kind
        self.context = context


class Known:
    """What a decision may look up. ``facts`` takes a profile's name (None: no such profile), ``sign_in`` a token's path.
    ``follow`` and ``show_time`` are settings of the own config. ``pin`` is the folder's pin, if one counts. ``notes`` maps
    a word to a line that each shell says once. ``terminal`` is empty where it is unknown. ``now`` is in epoch seconds."""

    __slots__ = ("facts", "follow", "notes", "now", "pin", "show_time", "sign_in", "terminal")

    def __init__(
        self,
        *,
        facts: "Callable[[str], Facts | None]",
        sign_in: "Callable[[str], SignIn]",
        now: float,
        follow: str = "unguarded",
        show_time: bool = True,
        pin: Pin | None = None,
        notes: "Mapping[str, str] | None" = None,
        terminal: str = "",
    ) -> None:
        self.facts = facts
        self.sign_in = sign_in
        self.now = now
        self.follow = follow
        self.show_time = show_time
        self.pin = pin
        self.notes = notes or {}
        self.terminal = terminal

    def guarded(self, context: "Context") -> bool:
        facts = self.facts(context.profile)
        return facts is not None and facts.guarded
