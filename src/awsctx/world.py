"""What a command may look at: the environment, the clock, the files that they lead to, and the user, who may be asked. Each
is read, and what reads it imported, when it is first needed: most calls need few of them.
"""

import os
import time

from awsctx import trace
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.store import paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsctx.awsfiles.lock_config import Lock
    from awsctx.awsfiles.missing import Missing
    from awsctx.awsfiles.names import Lookup
    from awsctx.core.context import Context
    from awsctx.core.facts import Facts, Known, Pin, SignIn
    from awsctx.core.in_force import InForce
    from awsctx.core.record import Record
    from awsctx.signin.screen import Ask
    from awsctx.store.pins import Found
    from awsctx.store.settings import Settings


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
        self._files: Lookup | None = None
        self._lock: Lock | None = None
        self._settings: Settings | None = None
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
    def files(self) -> "Lookup":
        if self._files is None:
            from awsctx.awsfiles import names

            lock = self.lock
            self._files = names.open_files(self.environ) if lock is None else lock.files()
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
            raise self.lock.refusal(f"this runs under `exec --lock`, which does not allow {what}")

    @property
    def settings(self) -> "Settings":
        if self._settings is None:
            from awsctx.store import settings

            self._settings = settings.of_call(self.environ)
        return self._settings

    def check_settings(self) -> None:
        """Raise AwsctxError where awsctx's own config is wrong. For a call that otherwise does not read it."""
        _ = self.settings

    @property
    def state_path(self) -> str:
        if not self._state_path:
            self._state_path = paths.state_path(self.environ)
        return self._state_path

    def active(self) -> "Context | None":
        from awsctx.store import state

        return state.read(self.state_path).active

    def record(self) -> "Record | None":
        """What the state says to a shell that follows it; None where the state is missing, damaged, or empty."""
        from awsctx.store import state

        return state.followed(self.state_path)

    def read_again(self) -> None:
        """Forget what was read of the files, and read the clock anew. For use after a question, which may have waited long."""
        self._files = self._settings = None
        self._sign_ins = {}
        self.now = time.time()

    def active_here(self) -> "Context | None":
        """The active context. None for a call of a hooked shell that stays without one. Raises TimeOver."""
        from awsctx.store import state

        return state.here(self.state_path, self.environ, self.now)

    def found(self, flag: str | None = None, *, pinned: bool = True) -> "InForce | None":
        """The context in force, or None. ``flag`` is the value of `-p`. Without ``pinned`` no folder's pin counts. Raises
        AwsctxError, with near misses, where the source names no profile; TimeOver where the time of the state's context has
        ended."""
        if flag == "":
            raise AwsctxError("-p names no profile: it is empty", "list the profiles with: awsctx list")
        if flag == "." or (flag or "")[:2] == ".@":
            self.found()  # raises TimeOver, as without `-p`
        from awsctx.core.in_force import NoSuchProfile, in_force

        try:
            pin = self._pin_here if pinned else lambda: None
            found = in_force(flag or "", self.environ, self.active_here, self.files.exists, pin, self.region)
        except NoSuchProfile as e:
            raise self._missing().source(e) from None
        if found is not None and self.environ.get("AWS_PROFILE") and 0 < self.until(found) <= self.now:  # over since the export
            from awsctx.core.record import time_over

            raise time_over(found.context)
        return found

    def until(self, found: "InForce") -> int:
        """The end of the time of the context in force (epoch seconds; 0: none). Only the state's context has one."""
        record = self.record() if found.source == "state" else None
        return record.until if record is not None and record.context == found.context else 0

    def in_force(self, flag: str | None = None) -> "InForce":
        """The context in force. Raises AwsctxError where there is none, or its source names no profile."""
        found = self.found(flag)
        if found is None:
            raise self._missing().context(self.state_path, self.now, self.guarded)
        trace.tell("in force", f"{visible(str(found.context))} (source: {found.source})")
        return found

    def meant(self, name: str) -> "InForce":
        """The context that a call names (source `flag`); without a ``name`` the one in force. Raises AwsctxError."""
        from awsctx.core.in_force import InForce

        return InForce(self.context(name), "flag") if name else self.in_force()

    def context(self, text: str) -> "Context":
        """The context that the user typed: `NAME`, `NAME@REGION` or `.`. Raises AwsctxError, with near misses."""
        from awsctx.core.context import dot, parse

        here = dot(text, self.found, self.region)
        if here is not None:
            return here
        context = parse(text, self.files.exists, self.region)
        self.profile_named(context.profile)
        return context

    def profile_named(self, name: str) -> str:
        """``name``, if there is a profile called so. Raises AwsctxError, with near misses."""
        if not self.files.exists(name):
            raise self._missing().profile(name)
        return name

    def region(self, text: str, *, alone: bool = False) -> str:
        """``text``, if it is a region; ``alone``: as kubectx takes a name, to only read there. One that botocore does not know,
        but AWS may have, gives a warning, once. Raises AwsctxError for any other word."""
        from awsctx.core.regions import REGIONS, check_region, is_like_one  # a large table that few calls need

        if text and not is_like_one(text) and self.files.exists(text):
            raise self._missing().region(text, alone=alone)
        if check_region(text) not in REGIONS and text not in self._warned:
            self._warned.add(text)
            self.say(f"awsctx: warning: botocore knows no region '{visible(text)}'; it is taken for a new one")
        return text

    def profiles(self) -> list[str]:
        """The names of all profiles. Raises AwsctxError where there are none."""
        found = self.files.names()
        if not found:
            raise self.nothing_there("profiles")
        return found

    def nothing_there(self, what: str) -> AwsctxError:
        """The error where the AWS files have no profiles at all, or no sessions (``what``): why, and what to do."""
        return self._missing().anything(what)

    def _missing(self) -> "Missing":
        from awsctx.awsfiles.missing import Missing

        return Missing(self.files, self.environ, self.shell, self.lock)

    def guarded(self, profile: str, other_role: str = "") -> bool:
        """Whether the own config guards the profile: by its name, account or role. With ``other_role``: whether it guards
        that role of the profile's account, which is no profile."""
        account, role = self.files.account_and_role(profile)
        return self.settings.guarded("" if other_role else profile, account, other_role or role)

    def facts(self, profile: str) -> "Facts | None":
        """What a decision needs to know of a profile; None where there is no profile of that name."""
        values = self.files.profile(profile)
        if values is None:
            return None
        from awsctx.core.environ import kinds
        from awsctx.core.facts import Facts
        from awsctx.signin.tokens import path_for_profile

        return Facts(guarded=self.guarded(profile), kinds=kinds(values), token=path_for_profile(values))

    def sign_in(self, token: str) -> "SignIn":
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
    def pin(self) -> "Pin | None":
        """The pin that counts here; None where there is none."""
        return self.pins[-1].pin if self.pins else None

    def _pin_here(self) -> "Pin | None":
        """The pin that counts, for a call that names no profile. Without a hook, those that do not count are named on
        stderr, once. In a hooked shell that stays without a context no pin counts."""
        if self.hooked:
            return None if self.environ.get("AWSCTX_EXPORTED", "").startswith("stays:") else self.pin
        if self._pins is None:
            for found in self.pins:
                if found.kind:
                    self.say(f"awsctx: {found.note}")
        return self.pin

    def known(self, terminal: str = "") -> "Known":
        """Everything that a decision may look up, for a shell on ``terminal``."""
        from awsctx.core.facts import Known

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
