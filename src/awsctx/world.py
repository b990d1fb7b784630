"""What a command may look at: the environment, the clock, the files that they lead to, and the user, who may be asked. Each
is read when it is first needed, since most calls need few of them.

Hot path: imports nothing heavy.
"""

import os
import time

from awsctx import trace
from awsctx.awsfiles import names
from awsctx.awsfiles.grammar import account_and_role
from awsctx.core.context import Context, dot, parse
from awsctx.core.facts import Facts, Known, Pin, SignIn
from awsctx.core.in_force import InForce, NoSuchProfile, in_force
from awsctx.core.record import Record
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, TimeOver
from awsctx.store import paths, settings, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Protocol

    from awsctx.store.pins import Found

    class Ask(Protocol):
        """Puts a yes-or-no question to the user. ``default`` is the answer that Enter gives."""

        def __call__(self, question: str, default: bool = False) -> bool: ...

    from awsctx.awsfiles.lock_config import Lock


class World:
    """``environ`` is the caller's environment. ``ask`` puts a yes-or-no question to the user at the terminal (None: nobody
    is there). ``say`` writes a line to standard error. ``now`` is the time of the call (epoch seconds)."""

    def __init__(
        self,
        environ: "Mapping[str, str]",
        *,
        ask: "Ask | None" = None,
        say: "Callable[[str], None]" = lambda _: None,
        now: float | None = None,
    ) -> None:
        self.environ = environ
        self.ask = ask
        self.say = say
        self.now = time.time() if now is None else now
        self._files: names.Lookup | None = None
        self._lock: Lock | None = None
        self._settings: settings.Settings | None = None
        self._state_path = ""
        self._pins: list[Found] | None = None
        self._sign_ins: dict[str, SignIn] = {}
        self._warned: set[str] = set()

    @property
    def hooked(self) -> bool:
        """Whether the hook's function made this call."""
        return bool(self.environ.get("AWSCTX_HOOK"))

    @property
    def shell(self) -> str:
        """The caller's shell: the one that the hook names, else the parent process, if it is a shell that awsctx knows; else
        the login shell."""
        answer = self.environ.get("AWSCTX_ANSWER", "") if self.hooked else ""
        return answer.partition(" ")[0] or _parent_shell() or os.path.basename(self.environ.get("SHELL", "")) or "sh"

    @property
    def files(self) -> names.Lookup:
        if self._files is None:
            lock = self.lock
            self._files = (
                names.Lookup(lock.path, os.devnull, lock.granted) if lock is not None else names.open_files(self.environ)
            )
        return self._files

    @property
    def lock(self) -> "Lock | None":
        """The lock under which this call runs (`exec --lock`); None without one. Raises AwsctxError where its file does not
        exist or has been changed."""
        path = self.environ.get("AWSCTX_LOCK", "")
        if path and self._lock is None:
            from awsctx.awsfiles import lock_config

            self._lock = lock_config.read(path)
        return self._lock

    def not_locked(self, what: str) -> None:
        """Raise AwsctxError where this call runs under a lock. ``what`` names what the lock does not allow."""
        if self.lock is not None:
            raise AwsctxError(f"this runs under `exec --lock`, which does not allow {what}", self._grants())

    def _grants(self) -> str:
        return f"it grants: {', '.join(map(visible, self.lock.granted if self.lock else ()))}"

    @property
    def settings(self) -> settings.Settings:
        if self._settings is None:
            try:
                self._settings = settings.load(paths.config_path(self.environ))
            except AwsctxError as e:
                from awsctx.core.agents import agent

                if agent(self.environ):  # which is told no way to do without its guards
                    e.hints = ("have the one you work for correct the file",)
                raise
        return self._settings

    def check_settings(self) -> None:
        """Raise AwsctxError where awsctx's own config is wrong. For a call that otherwise does not read it."""
        _ = self.settings

    @property
    def state_path(self) -> str:
        if not self._state_path:
            self._state_path = paths.state_path(self.environ)
        return self._state_path

    def active(self) -> Context | None:
        return state.read(self.state_path).active

    def record(self) -> Record | None:
        """What the state says to a shell that follows it; None where the state is missing, damaged, or empty."""
        try:
            record = state.read(self.state_path, strictly=True).record
        except AwsctxError as e:
            trace.tell("no state to go by", e.message)
            return None
        return record if record.serial or record.context else None

    def read_again(self) -> None:
        """Forget what was read of the files, and read the clock anew. For use after a question, which may have waited long."""
        self._files = self._settings = None
        self._sign_ins = {}
        self.now = time.time()

    def active_here(self) -> Context | None:
        """The active context. None in a hooked shell that stays without one, since nothing should run there. A program that
        was started from such a shell goes by the state again as soon as the state's record is another one. Raises TimeOver."""
        record = state.read(self.state_path).record
        if self._stays_out_of(record):
            return None
        if record.context is not None and record.is_over(self.now):
            raise _time_over(record.context)
        return record.context

    def _stays_out_of(self, record: Record) -> bool:
        stays, _, serial = self.environ.get("AWSCTX_EXPORTED", "").partition(":")
        nothing = stays == "stays" and not self.environ.get("AWS_PROFILE")
        return nothing and (self.hooked or serial.rstrip("+") == str(record.serial))

    def found(self, flag: str | None = None, *, pinned: bool = True) -> InForce | None:
        """The context in force, or None. ``flag`` is the value of `-p`. Without ``pinned`` no folder's pin counts. Raises
        AwsctxError, with near misses, where the source names no profile; TimeOver where the time of the state's context has
        ended."""
        if flag == "":
            raise AwsctxError("-p names no profile: it is empty", "list the profiles with: awsctx list")
        if flag == "." or (flag or "")[:2] == ".@":
            self.found()  # raises TimeOver, as without `-p`
        try:
            pin = self._pin_here if pinned else lambda: None
            found = in_force(flag or "", self.environ, self.active_here, self.files.exists, pin, self.region)
        except NoSuchProfile as e:
            if self.lock is not None:
                what = f"{e.source} names the profile '{visible(e.name)}', which the lock does not grant"
                raise AwsctxError(what, self._grants()) from None
            from awsctx.awsfiles import missing

            raise missing.source(e, self.files, self.environ, self.shell) from None
        if found is not None and self.environ.get("AWS_PROFILE") and 0 < self.until(found) <= self.now:  # over since the export
            raise _time_over(found.context)
        return found

    def until(self, found: InForce) -> int:
        """The end of the time of the context in force (epoch seconds; 0: none). Only the state's context has one."""
        record = self.record() if found.source == "state" else None
        return record.until if record is not None and record.context == found.context else 0

    def in_force(self, flag: str | None = None) -> InForce:
        """The context in force. Raises AwsctxError where there is none, or its source names no profile."""
        found = self.found(flag)
        if found is None:
            from awsctx.awsfiles import missing

            record = state.read(self.state_path).record
            if record.context is not None and self._stays_out_of(record) and self.lock is None:
                name, over = record.context.profile, record.is_over(self.now)
                if over or self.guarded(name):
                    raise missing.context_here(name, self.environ, self.shell, over=over)
            raise missing.context(self.files, self.environ)
        trace.tell("in force", f"{visible(str(found.context))} (source: {found.source})")
        return found

    def here(self) -> Context | None:
        """The context in force, whether its profile exists or not: a rename may have been interrupted."""
        found = in_force("", self.environ, self.active_here, lambda name: name != "default" or self.files.exists(name))
        return found.context if found else None

    def meant(self, name: str) -> InForce:
        """The context that a call names (source `flag`); without a ``name`` the one in force. Raises AwsctxError."""
        return InForce(self.context(name), "flag") if name else self.in_force()

    def context(self, text: str) -> Context:
        """The context that the user typed: `NAME`, `NAME@REGION` or `.`. Raises AwsctxError, with near misses."""
        here = dot(text, self._context_here, self.region)
        if here is not None:
            return here
        context = parse(text, self.files.exists, self.region)
        self.profile_named(context.profile)
        return context

    def profile_named(self, name: str) -> str:
        """``name``, if there is a profile called so. Raises AwsctxError, with near misses."""
        if not self.files.exists(name):
            from awsctx.awsfiles import missing

            if self.lock is not None:
                raise AwsctxError(f"the lock does not grant a profile named '{visible(name)}'", self._grants())
            raise missing.profile(name, self.files, self.environ)
        return name

    def region(self, text: str, *, alone: bool = False) -> str:
        """``text``, if it is a region; ``alone``: as kubectx takes a name, to only read there. One that botocore does not know,
        but AWS may have, gives a warning, once. Raises AwsctxError for any other word."""
        from awsctx.core.regions import REGIONS, check_region, is_like_one  # a large table that few calls need

        if text and not is_like_one(text) and self.files.exists(text):
            from awsctx.shells import quoted, switch_command

            hints = [f"switch to it with: {switch_command(text, self.shell)}"]
            if alone:
                hints.append(f"only read there with: awsctx exec --read-only -p {quoted(visible(text), self.shell)} -- COMMAND")
            raise AwsctxError(f"'{visible(text)}' is not a region: it is a profile", *hints)
        if check_region(text) not in REGIONS and text not in self._warned:
            self._warned.add(text)
            self.say(f"awsctx: warning: botocore knows no region '{visible(text)}'; it is taken for a new one")
        return text

    def _context_here(self) -> Context | None:
        found = self.found()
        return found.context if found else None

    def profiles(self) -> list[str]:
        """The names of all profiles. Raises AwsctxError where there are none."""
        found = self.files.names()
        if not found:
            raise self.nothing_there("profiles")
        return found

    def nothing_there(self, what: str) -> AwsctxError:
        """The error where the AWS files have no profiles at all, or no sessions (``what``): why, and what to do."""
        from awsctx.awsfiles import missing

        return missing.anything(what, self.files, self.environ)

    def method(self, found: InForce) -> str:
        """How botocore would get credentials here for the context in force: a method's name as botocore has it, `none` or
        `error`.

        Not for the hot path: where botocore refuses the files there are no credentials, and finding that out takes reading
        the files whole.
        """
        profile = found.context.profile
        if found.source == "flag":
            return self.method_in(self.environ, explicit=profile)
        # AWS_DEFAULT_PROFILE stays: botocore reads it before AWS_PROFILE. An empty one counts as unset.
        environ = {name: value for name, value in self.environ.items() if name != "AWS_DEFAULT_PROFILE" or value}
        return self.method_in({**environ, "AWS_PROFILE": profile})

    def method_in(self, environ: "Mapping[str, str]", *, explicit: str = "") -> str:
        """As ``method``, for whatever profile the variables of ``environ`` name, or for the profile ``explicit``."""
        from awsctx.awsfiles import read
        from awsctx.core import credentials

        try:
            read.load(self.environ)
        except read.ConfigFileError:
            return credentials.ERROR
        return credentials.here(environ, self.lookup, self.files.session, explicit=explicit)

    def lookup(self, name: str) -> "tuple[Any, Any, Any] | None":
        """The values of a profile as (merged, config file's own, credentials file's own)."""
        merged = self.files.profile(name)
        return None if merged is None else (merged, *self.files.profile_parts(name))

    def guarded(self, profile: str, other_role: str = "") -> bool:
        """Whether the own config guards the profile: by its name, account or role. With ``other_role``: whether it guards
        that role of the profile's account, which is no profile."""
        account, role = account_and_role(self.files.profile(profile) or {})
        return self.settings.guarded("" if other_role else profile, account, other_role or role)

    def facts(self, profile: str) -> Facts | None:
        """What a decision needs to know of a profile; None where there is no profile of that name."""
        values = self.files.profile(profile)
        if values is None:
            return None
        from awsctx.core import credentials
        from awsctx.signin import tokens

        return Facts(
            guarded=self.guarded(profile),
            kinds=credentials.kinds(values),
            token=tokens.path_for_profile(values),
        )

    def sign_in(self, token: str) -> SignIn:
        """How the sign-in stands whose token is at the path ``token``. A call reads it once."""
        if token not in self._sign_ins:
            from awsctx.signin import tokens

            self._sign_ins[token] = tokens.sign_in(token, self.now)
        return self._sign_ins[token]

    @property
    def pins(self) -> "list[Found]":
        """The pins of the folders from here upwards. The list ends with the first one that counts, where there is one."""
        if self._pins is None:
            folder = "" if self.environ.get("AWSCTX_LOCK") else paths.folder(self.environ)
            self._pins = []
            if any(paths.pin_files(folder)):
                from awsctx.store import pins

                self._pins = pins.find(folder, self.environ, self.files.exists, self.guarded)
        return self._pins

    @property
    def pin(self) -> Pin | None:
        """The pin that counts here; None where there is none."""
        return self.pins[-1].pin if self.pins else None

    def _pin_here(self) -> Pin | None:
        """The pin that counts, for a call that names no profile. Without a hook, those that do not count are named on
        stderr, once. In a hooked shell that stays without a context no pin counts."""
        if self.hooked:
            return None if self.environ.get("AWSCTX_EXPORTED", "").startswith("stays:") else self.pin
        if self._pins is None:
            for found in self.pins:
                if found.kind:
                    self.say(f"awsctx: {found.note}")
        return self.pin

    def known(self, terminal: str = "") -> Known:
        """Everything that a decision may look up, for a shell on ``terminal``."""
        return Known(
            facts=self.facts,
            sign_in=self.sign_in,
            now=self.now,
            follow=self.settings.follow,
            show_time=self.settings.prompt_time,
            pin=self.pin,
            notes={found.word: found.note for found in self.pins if found.note},
            terminal=terminal,
        )


def _parent_shell() -> str:
    """The name of the shell that started this process; empty where it is none that awsctx knows, or nothing tells."""
    from awsctx.shells import SHELLS

    try:
        with open(f"/proc/{os.getppid()}/comm", encoding="utf-8", errors="replace") as file:
            name = file.read().strip()
    except OSError:
        return ""
    return name if name in SHELLS else ""


def _time_over(context: Context) -> TimeOver:
    return TimeOver(f"the time of '{visible(str(context))}' is over", "choose a context with: awsctx NAME")
