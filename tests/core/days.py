"""Random days of several shells that share a state, against one sentence: what the prompt shows is what runs."""

from __future__ import annotations

from collections.abc import Callable

from awsctx.core.context import Context
from awsctx.core.decide import Decision, decide
from awsctx.core.facts import FOLDER, FOLLOW, NONE, PIN, REFRESHABLE, SWITCH, VALID, Asked, Facts, Known, Pin, SignIn
from awsctx.core.memory import Memory
from awsctx.core.record import Record

NAMES = ("a", "b", "prod", "sso", "a@b")
REGIONS = ("", "eu-west-1", "us-east-1")
VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")


class Shell:
    """A hooked shell: its environment, what it remembers, and what a test knows of it."""

    def __init__(self, environ: dict[str, str], terminal: str) -> None:
        self.environ = environ
        self.terminal = terminal
        self.memory = ""
        self.folder: Pin | None = None
        # What the user has chosen here by name, and what the region variables are but for a context's region.
        self.led: set[str] = set()
        self.regions = {name: environ.get(name) for name in VARIABLES}


class Day:
    """Some shells that share a state, and whatever happens to them: each event is one byte of ``program``, or two."""

    def __init__(self, program: bytes) -> None:
        self.bytes = iter(program)
        self.now = 1_000_000.0
        self.record: Record | None = None
        self.serial = 0
        self.previous: Context | None = None
        self.profiles = dict.fromkeys(NAMES, False) | {"prod": True}
        self.follow = ("unguarded", "unguarded", "never", "always")[self.next(4)]
        if self.next(3) == 0:
            self.profiles["default"] = False
        self.token = SignIn(VALID, int(self.now) + 3600)
        self.shells = [Shell({}, "one:1"), Shell({"AWS_REGION": "ap-south-1"}, "two:2")]

    def next(self, many: int) -> int:
        return next(self.bytes) % many

    def play(self) -> None:
        for shell in self.shells:
            self.prompt(shell)
        events: list[Callable[[Shell], None]] = [
            self.switch, self.switch, self.pin, self.pin, self.unpin, self.unset, self.export, self.export, self.unset_variable,
            self.set_region, self.unset_region, self.rename, self.remove, self.pass_time, self.lease, self.sign_in,
            self.start_here, self.start_elsewhere, self.change_folder, self.lose_state, self.prefix, self.default_variable,
            self.visit, self.allow,
        ]  # fmt: skip
        try:
            while True:
                shell = self.shells[self.next(len(self.shells))]
                events[self.next(len(events))](shell)
                for other in self.shells:
                    self.prompt(other)
        except StopIteration:
            pass

    # --- what a shell does ---

    def decide(self, shell: Shell, asked: Asked | None = None) -> Decision:
        known = Known(
            facts=self.facts, sign_in=lambda _: self.token, now=self.now, follow=self.follow, pin=self.pin_of(shell),
            terminal=shell.terminal,
        )  # fmt: skip
        before = dict(shell.environ)
        decision = decide(shell.memory, shell.environ, self.record, known, asked)
        assert shell.environ == before
        shell.memory = decision.memory
        for name, value in decision.changes.items():
            if value is None:
                del shell.environ[name]
            else:
                assert value != shell.environ.get(name)
                shell.environ[name] = value
        return decision

    def prompt(self, shell: Shell) -> None:
        decision = self.decide(shell)
        self.check(shell, decision)
        # Nothing has changed: nothing is to be done, or said. So no event costs a shell more than one call.
        again = self.decide(shell)
        assert (again.changes, again.lines, again.memory) == ({}, [], decision.memory)
        assert again.prompt.text(self.now) == decision.prompt.text(self.now)

    def check(self, shell: Shell, decision: Decision) -> None:
        environ, head = shell.environ, decision.prompt.head
        runs = (
            environ.get("AWS_PROFILE")
            or environ.get("AWS_DEFAULT_PROFILE")
            or ("default" if "default" in self.profiles else "")
        )
        region = environ.get("AWSCTX_REGION", "")
        assert head == (f"{runs}@{region}" if region else runs)
        assert environ.get("AWS_PROFILE") != ""
        if region:
            assert environ["AWS_REGION"] == environ["AWS_DEFAULT_REGION"] == region
        else:
            assert {name: environ.get(name) for name in VARIABLES} == shell.regions
        if self.profiles.get(runs) and self.follow != "always":
            assert runs in shell.led or environ.get("AWS_DEFAULT_PROFILE") == runs
        assert (decision.prompt.kind == "") == (runs == "")
        self.check_that_it_follows(shell)
        assert (decision.prompt.kind == "guarded") == bool(self.profiles.get(runs)) or decision.prompt.kind == "overridden"

    def check_that_it_follows(self, shell: Shell) -> None:
        record = self.record
        if record is None or record.is_over(self.now) or self.follow == "never":
            return
        if not environ_source(shell).startswith(("state", "stays")):
            return
        if record.context is None:
            assert "AWS_PROFILE" not in shell.environ
        elif self.profiles.get(record.context.profile) is False:
            assert shell.environ.get("AWS_PROFILE") == record.context.profile

    def pin_of(self, shell: Shell) -> Pin | None:
        """The folder's pin, which does not count when its profile has come to be guarded."""
        return shell.folder if shell.folder and not self.profiles.get(shell.folder.context.profile) else None

    def facts(self, name: str) -> Facts | None:
        if name not in self.profiles:
            return None
        return Facts(guarded=self.profiles[name], token="/token" if name == "sso" else "")

    # --- what happens ---

    def context(self) -> Context:
        names = list(self.profiles)
        return Context(names[self.next(len(names))], REGIONS[self.next(3)])

    def write(self, context: Context | None, *, seconds: int = 0) -> None:
        self.serial += 1
        self.record = (self.record or Record()).switched(context, self.now, seconds=seconds)
        self.record.serial = self.serial

    def switch(self, shell: Shell, *, seconds: int = 0) -> None:
        context = self.context()
        shell.led.add(context.profile)
        self.write(context, seconds=seconds)
        self.decide(shell, Asked(SWITCH, context))
        assert shell.environ.get("AWS_PROFILE") == context.profile
        assert shell.environ.get("AWSCTX_REGION", "") == context.region
        self.check(shell, self.decide(shell))

    def lease(self, shell: Shell) -> None:
        self.switch(shell, seconds=600)

    def pin(self, shell: Shell) -> None:
        context = self.context()
        shell.led.add(context.profile)
        self.decide(shell, Asked(PIN, context))
        assert shell.environ["AWS_PROFILE"] == context.profile

    def unpin(self, shell: Shell) -> None:
        self.decide(shell, Asked(FOLLOW))

    def unset(self, shell: Shell) -> None:
        self.write(None)
        self.decide(shell, Asked(SWITCH))
        pin = self.pin_of(shell)
        assert shell.environ.get("AWS_PROFILE") == (pin.context.profile if pin else None)

    def export(self, shell: Shell) -> None:
        name = self.context().profile
        shell.environ["AWS_PROFILE"] = name
        shell.led.add(name)

    def unset_variable(self, shell: Shell) -> None:
        shell.environ.pop("AWS_PROFILE", None)

    def default_variable(self, shell: Shell) -> None:
        if self.next(2):
            shell.environ["AWS_DEFAULT_PROFILE"] = self.context().profile
        else:
            shell.environ.pop("AWS_DEFAULT_PROFILE", None)

    def prefix(self, shell: Shell) -> None:
        """`AWS_PROFILE=x awsctx NAME`: behind the call, the shell sets the old one again."""
        old = shell.environ.get("AWS_PROFILE")
        shell.environ["AWS_PROFILE"] = "a" if old != "a" else "b"
        context = self.context()
        shell.led.add(context.profile)
        self.write(context)
        self.decide(shell, Asked(SWITCH, context))
        shell.environ.pop("AWS_PROFILE", None)
        if old is not None:
            shell.environ["AWS_PROFILE"] = old
        self.prompt(shell)
        assert shell.environ["AWS_PROFILE"] == context.profile

    def set_region(self, shell: Shell) -> None:
        """One variable that the user sets is the user's, and takes the other with it."""
        name = VARIABLES[self.next(2)]
        shell.environ[name] = "sa-east-1"
        shell.regions[name] = "sa-east-1"

    def unset_region(self, shell: Shell) -> None:
        name = VARIABLES[self.next(2)]
        shell.environ.pop(name, None)
        if not shell.environ.get("AWSCTX_REGION"):
            shell.regions[name] = None

    def rename(self, shell: Shell) -> None:
        """The name of a profile goes to another; a shell's own call takes that along."""
        old, new = self.context().profile, f"new{self.serial}"
        self.profiles[new] = self.profiles.pop(old)
        if old == "default":
            self.profiles["a"] = False
        if self.record and self.record.context and self.record.context.profile == old:
            self.write(Context(new, self.record.context.region))
            if shell.environ.get("AWSCTX_EXPORTED", "").startswith("state:"):
                shell.led |= {new} if old in shell.led or not self.profiles[new] else set()
                if self.profiles[new] and new not in shell.led:
                    return
                self.decide(shell, Asked(SWITCH, self.record.context))

    def remove(self, shell: Shell) -> None:
        name = self.context().profile
        if len(self.profiles) > 2:
            del self.profiles[name]

    def pass_time(self, shell: Shell) -> None:
        self.now += (30, 400, 4000)[self.next(3)]

    def sign_in(self, shell: Shell) -> None:
        until = int(self.now) + 3600
        self.token = (SignIn(VALID, until), SignIn(REFRESHABLE, 0, until), SignIn(NONE))[self.next(3)]

    def start_here(self, shell: Shell) -> None:
        """A shell started in that one, on its terminal."""
        if len(self.shells) < 4:
            child = Shell(dict(shell.environ), shell.terminal)
            child.led, child.regions = set(shell.led), dict(shell.regions)
            self.shells.append(child)

    def start_elsewhere(self, shell: Shell) -> None:
        """One that inherited that one's environment, on another terminal."""
        if len(self.shells) < 4:
            child = Shell(dict(shell.environ), f"{len(self.shells)}:9")
            child.regions = dict(shell.regions)
            self.shells.append(child)

    def a_pin(self, path: str = "/x/.awsctx") -> Pin | None:
        unguarded = [name for name, guarded in self.profiles.items() if not guarded]
        return Pin(path, Context(unguarded[self.next(len(unguarded))], REGIONS[self.next(3)])) if unguarded else None

    def change_folder(self, shell: Shell) -> None:
        shell.folder = self.a_pin() if self.next(2) else None

    def visit(self, shell: Shell) -> None:
        """Into a folder that is pinned, and out again: what was there before is there again, and nothing is said."""
        self.prompt(shell)
        before, was, memory = shell.folder, dict(shell.environ), Memory.read(shell.memory)
        pin = shell.folder = self.a_pin("/y/.awsctx")
        inside = self.decide(shell)
        own = environ_source(shell) not in ("directory", "state", "shell") and "AWS_PROFILE" in shell.environ
        if pin is not None and not own:
            assert shell.environ["AWS_PROFILE"] == pin.context.profile
            # Between two folders with the same pin, a region that the user has set meanwhile stays the user's.
            same = before is not None and before.context == pin.context and was["AWSCTX_EXPORTED"].startswith("directory:")
            users = same and "AWSCTX_REGION" not in was
            assert shell.environ.get("AWSCTX_REGION", "") == ("" if users else pin.context.region)
            assert inside.prompt.kind in ("pinned", "overridden")
        shell.folder = before
        outside = self.decide(shell)
        assert inside.lines == outside.lines == []
        # What has been chosen beside a pin is over once the folder is left; a context that comes back brings its region.
        regions_own = memory is None or memory.shown is None or memory.shown.region == was.get("AWSCTX_REGION", "")
        if before is None and regions_own:
            assert shell.environ == was

    def allow(self, shell: Shell) -> None:
        """A call of the folder's pin: that counts from now on, whatever has been chosen beside it."""
        shell.folder = self.a_pin()
        self.decide(shell, Asked(FOLDER))
        own = environ_source(shell) == "environment"
        if shell.folder is not None and not own:
            assert (shell.environ["AWS_PROFILE"], environ_source(shell)) == (shell.folder.context.profile, "directory")

    def lose_state(self, shell: Shell) -> None:
        self.record = None


def environ_source(shell: Shell) -> str:
    return shell.environ.get("AWSCTX_EXPORTED", "").partition(":")[0]
