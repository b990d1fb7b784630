"""The stand-in's knobs, as values: who may do what, how long things last, and what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

STALE_KEY = "AKIASTALEKEYOFOLDCI0"
STALE_SECRET = "old-ci-secret-key-that-someone-forgot-to-unset"  # noqa: S105  (opens nothing but the stand-in)
"""Long-lived keys of somebody else, as they lie about in shells: they work, and are not who one means to be."""


@dataclass(frozen=True)
class Account:
    """An AWS account and the roles that a sign-in grants in it."""

    id: str
    name: str
    roles: tuple[str, ...]
    email: str = ""


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong with `operation` (an operation's name, `sso.*`, `sso-oidc.*` or `*`).

    kind      status    an error with `status`, worded by `code` and `message` where given
              html      a page, with status 200 unless given: a captive portal, a proxy's error
              redirect  302 to `location` (a page of the stand-in's unless given)
              garbage   200 and half a JSON document
              empty     200 and no body
              close     the connection ends without an answer
              hang      no answer for `seconds` (0: until the stand-in ends), then the connection ends
              slow      the right answer, `seconds` late
              drip      the right answer, spread over `seconds`
    times     how often (None: always), after `skip` right answers
    """

    operation: str
    kind: str
    times: int | None = None
    skip: int = 0
    status: int = 0
    code: str = ""
    message: str = "the stand-in was told to say so"
    seconds: float = 0
    retry_after: float | None = None
    location: str = ""

    KINDS = ("status", "html", "redirect", "garbage", "empty", "close", "hang", "slow", "drip")

    def __post_init__(self) -> None:
        if self.kind not in self.KINDS:
            raise ValueError(f"fault of unknown kind {self.kind!r}: one of {', '.join(self.KINDS)}")
        if self.kind == "status" and not self.status:
            raise ValueError("a fault of kind 'status' needs a status")

    def concerns(self, service: str, operation: str) -> bool:
        """Whether this fault is about that operation of that service."""
        return self.operation in (operation, f"{service}.*", "*")


MISSION_ACCOUNTS = (
    Account("123412341234", "worksso development", ("developer",), "dev@worksso.example"),
    # Eight digits, as in the walkthrough: nothing but `awsctx doctor` may mind.
    Account("43214321", "worksso test", ("tester",), "test@worksso.example"),
)
HOSTILE_ACCOUNTS = (
    Account("200000000001", "$(touch pwned)", ("$(id)", "`id`")),
    Account("200000000002", "a b\tc", ("-x", "%F{red}")),
    Account("200000000003", "\"q'q]", ("ünï.rôle",)),
    Account("200000000004", "[profile x]\nregion = nowhere", ("a=b;c#d",)),
    Account("200000000005", "", ("r" * 64,)),
    Account("200000000006", "bell\x07 escape\x1b[31m", ("bell\x07", "plain")),
)


@dataclass(frozen=True)
class Scenario:
    """How the stand-in behaves. Times are seconds.

    accounts              what exists; `generate=(1000, 3)` adds a thousand accounts with three roles each, `hostile`
                          adds names that try to be code
    person, people        who approves a sign-in now; the account ids each person is granted (not named: all of them)
    start_urls            the portals that exist (None: every one)
    token_seconds, refresh            a sign-in's life; whether refresh tokens are handed out
    registration_seconds, code_seconds, device_seconds, role_seconds, login_seconds      the lives of the others
    interval              what device authorization asks its pollers to wait
    device                who approves a device code: "visit" (whoever opens its page), "button" (the page asks), a
                          number (by itself, after so many polls), "denied", "never"
    device_page           fields of StartDeviceAuthorization's answer in place of the right ones
    authorize             what /authorize does: "auto" (302 with code and state), "button", "denied" (302 with an
                          error), "state" (302 with a wrong state), "never" (a page without a way on)
    latency, faults       added to each answer; see `Fault`
    rate                  listing calls a second, then 429 (None: no limit)
    page_size             the portal's own limit of entries a page
    """

    accounts: tuple[Account, ...] = MISSION_ACCOUNTS
    generate: tuple[int, int] = (0, 0)
    hostile: bool = False
    person: str = "user"
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    start_urls: tuple[str, ...] | None = None
    token_seconds: float = 8 * 3600
    refresh: bool = True
    registration_seconds: float = 90 * 86400
    code_seconds: float = 600
    device_seconds: float = 600
    role_seconds: float = 3600
    login_seconds: float = 900
    interval: int = 1
    device: str | int = "visit"
    device_page: Mapping[str, str] = field(default_factory=dict)
    authorize: str = "auto"
    latency: float = 0
    faults: tuple[Fault, ...] = ()
    rate: float | None = None
    page_size: int = 100

    @cached_property
    def everything(self) -> tuple[Account, ...]:
        """All accounts: the named, the hostile and the generated ones."""
        count, roles = self.generate
        names = tuple(f"role-{number:02}" for number in range(1, roles + 1))
        generated = (
            Account(f"{300000000000 + n}", f"account-{n:04}", names, f"account-{n:04}@worksso.example")
            for n in range(1, count + 1)
        )
        return (*self.accounts, *(HOSTILE_ACCOUNTS if self.hostile else ()), *generated)

    def changed(self, values: Mapping[str, Any]) -> Scenario:
        """This scenario with `values`, as they come from JSON or from Python. Raises ValueError for what is no knob."""
        known = {knob.name for knob in fields(self)}
        if unknown := sorted(values.keys() - known):
            raise ValueError(f"no such knob: {', '.join(unknown)} (there are {', '.join(sorted(known))})")
        return replace(self, **{name: _typed(name, value) for name, value in values.items()})


def _typed(name: str, value: Any) -> Any:
    """Lists to tuples and objects to records, so that a scenario stays a value."""
    if name == "accounts":
        return tuple(a if isinstance(a, Account) else Account(**{**a, "roles": tuple(a["roles"])}) for a in value)
    if name == "faults":
        return tuple(f if isinstance(f, Fault) else Fault(**f) for f in value)
    if name == "people":
        return {person: tuple(ids) for person, ids in value.items()}
    return tuple(value) if isinstance(value, list) else value
