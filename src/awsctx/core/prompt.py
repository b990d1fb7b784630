"""What a prompt shows of the context in force. Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.core import environ as env
from awsctx.core.context import Context
from awsctx.core.facts import EXPIRED, NONE, REFRESHABLE, VALID
from awsctx.core.text import duration, has_control_characters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsctx.core.facts import Known


class Prompt:
    """What the prompt shows: ``head``, then the time left until ``end``, then ``tail``. ``kind`` is the value of
    AWSCTX_PROMPT_CLASS. The hook asks for a new decision at ``ask``. ``end`` and ``ask`` are epoch seconds; 0 means none.
    ``token`` is the path of the file to watch."""

    __slots__ = ("ask", "end", "head", "kind", "tail", "token")

    def __init__(self, head: str = "", tail: str = "", kind: str = "", *, end: int = 0, ask: int = 0, token: str = "") -> None:
        self.head = head
        self.tail = tail
        self.kind = kind
        self.end = end
        self.ask = ask
        self.token = token

    def text(self, now: float) -> str:
        """The text of AWSCTX_PROMPT at ``now``."""
        return f"{self.head}{' ' + duration(max(self.end - now, 0)) if self.end else ''}{self.tail}"


def shown(context: Context, source: str, environ: "Mapping[str, str]", known: "Known", *, until: int = 0) -> Prompt:
    """The prompt of a shell in whose ``environ`` ``context`` is in force. ``until`` is the end of the context's time (epoch
    seconds; 0: none)."""
    facts = known.facts(context.profile)
    kinds = facts.kinds if facts else ()
    tail, end, ask, token, expired = "", 0, 0, "", False
    if facts and facts.token:
        token, sign_in = facts.token, known.sign_in(facts.token)
        expired = sign_in.status in (EXPIRED, NONE)
        tail = " expired" if expired else ""
        if sign_in.status == VALID:
            end = ask = sign_in.expires_at or 0
        elif sign_in.status == REFRESHABLE:
            ask = sign_in.refreshable_until or 0
    if until:
        ask = min(ask or until, until)
        end = 0 if expired else min(end or until, until)
    overridden = bool(env.overriding(environ, context.profile, kinds))
    if overridden:
        kind = "overridden"
    elif facts and facts.guarded:
        kind = "guarded"
    elif source not in ("state", "default"):
        kind = "pinned"
    else:
        kind = "expired" if expired else "ok"
    # Where the user has changed the region since, the prompt shows no region.
    region = context.region if context.region == env.exported_region(environ) else ""
    head = one_line(str(Context(context.profile, region)))
    return Prompt(head, tail + (" !" if overridden else ""), kind, end=end if known.show_time else 0, ask=ask, token=token)


def name(context: Context) -> str:
    """A context, fit to stand in a line for the user."""
    return one_line(str(context))


def one_line(text: str) -> str:
    """``text`` with a `?` in place of each control character."""
    if not has_control_characters(text):
        return text
    return "".join("?" if has_control_characters(c) else c for c in text)
