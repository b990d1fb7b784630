"""Switching: `awsctx NAME`, `-`, `-r`, `-u`, and the same for one shell with `-s` (awsctx(1), SWITCHING)."""

from awsctx import guard
from awsctx import shell as callers
from awsctx.awsfiles.grammar import account_and_role, text_of
from awsctx.commands import Result
from awsctx.core import environ as env
from awsctx.core.context import Context
from awsctx.core.facts import EXPIRED, FOLLOW, PIN, SWITCH, Asked
from awsctx.core.record import Record
from awsctx.core.text import duration, in_brackets, visible
from awsctx.errors import AwsctxError, UsageError
from awsctx.store import paths, state
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from awsctx.core.facts import Facts

    Choice = Callable[[state.State], Context]

NO_PREVIOUS = AwsctxError("there is no previous context to go back to", "choose one with: awsctx NAME")


def use(
    world: World, name: str = "", *, region: str = "", span: str | None = None, yes: bool = False, shell: bool = False
) -> Result:
    """Make a context active. ``name`` is `NAME`, `NAME@REGION`, `.`, `-` (the previous context), or empty with a ``region``
    (the context in force). ``region`` replaces the region; `-` drops it. ``span`` is the time that the context gets (None:
    no end). ``shell``: for this shell only, without a change of the state. ``yes`` answers the guard's question."""
    world.not_locked("a switch")
    if region not in ("", "-"):
        world.region(region, alone=not name)
    seconds = 0
    if span is not None:
        from awsctx.core.span import seconds_of

        if shell:
            raise UsageError(
                "--for goes with a switch of the active context, not with -s", "for example: awsctx NAME --for 30m"
            )
        seconds = seconds_of(span)
    if shell:
        return _in_shell(world, _with_region(_shell_context(world, name), region), yes)
    return _switch(world, lambda old: _with_region(_named(world, name, old), region), yes, seconds=seconds, keep=not name)


def unset(world: World, *, shell: bool = False, yes: bool = False) -> Result:
    """Make no context active; `awsctx -` undoes that. With ``shell``, this shell follows the state again. Since that may
    lead into a guarded profile, ``yes`` answers the guard's question."""
    world.not_locked("a switch")
    if shell:
        _needs_hook(world)
        there = callers.after(world, Asked(FOLLOW))
        if there is not None and not guard.is_here(world, there.profile):
            guard.ask(world, there.profile, guard.SWITCH, yes=yes)
        status = callers.answer(world, Asked(FOLLOW))
        return Result("", "this shell follows other shells' switches again", status=status)
    before = state.read(world.state_path).active
    after = state.change(world.state_path, lambda old: _to(old, old.record.switched(None, world.now)))
    status = callers.answer(world, Asked(SWITCH), written=after)
    if before is None:
        return Result("", "no context was active", status=status)
    return Result("", "no context is active now; back with: awsctx -", *overrides(world, None), status=status)


def _named(world: World, name: str, old: state.State) -> Context:
    if name == "-":
        previous = old.previous(world.now)
        if previous is None:
            raise NO_PREVIOUS
        return _existing(world, previous, "the previous context")
    return world.meant(name).context


def _existing(world: World, context: Context, source: str) -> Context:
    if not world.files.exists(context.profile):
        raise AwsctxError(
            f"{source} names the profile '{visible(context.profile)}', which does not exist",
            "choose another with: awsctx NAME",
        )
    return context


def _with_region(context: Context, region: str) -> Context:
    return Context(context.profile, "" if region == "-" else region) if region else context


def _switch(world: World, choose: "Choice", yes: bool, *, seconds: int, keep: bool) -> Result:
    """Make the context active that ``choose`` returns for the state, for ``seconds`` (0: no end). ``keep``: keep the time
    that its profile still has."""
    try:
        before = state.read(world.state_path)
    except state.StateDamaged:
        before = state.State(Record())
    context = choose(before)
    # An agent must not lengthen its time.
    longer = bool(before.record.until) and (seconds > 0 or not keep) and not guard.counts(world)
    if longer or not _is_here(world, context.profile):
        guard.ask(world, context.profile, guard.SWITCH, yes=yes)

    def to(old: state.State) -> state.State:
        chosen = choose(old)  # once more, under the lock: `-` depends on the state
        if chosen.profile != context.profile and world.guarded(chosen.profile) and not (yes and guard.counts(world)):
            raise AwsctxError("another shell switched at the same moment", "look where you are with: awsctx -c")
        previous = old.previous(world.now)
        return _to(old, old.record.switched(chosen, world.now, seconds=seconds, keep=keep, previous=previous))

    after = state.change(world.state_path, to)
    status = callers.answer(world, Asked(SWITCH, after.active), written=after)
    already = before.active == after.active and not before.record.is_over(world.now) and _shows(world, after.active)
    said = f"{'already on' if already else 'switched to'} {_described(world, after.active)}"
    return Result("", said + _how_long(world, before.record, after.record), *overrides(world, after.active), status=status)


def _shows(world: World, context: "Context | None") -> bool:
    """Whether the shell of this call is on ``context``: a pinned one may be elsewhere. Without a hook there is no telling."""
    if not world.hooked:
        return True
    try:
        found = world.found()
    except AwsctxError:
        return False
    return found is not None and found.context == context


def _how_long(world: World, before: Record, after: Record) -> str:
    """The words about the time of the active context: how much it has, or that it has no end any more."""
    if after.until:
        from awsctx.core.decide import back_from

        back = back_from(after, world.known())
        return f", for {_time(after.until - int(world.now))}, then {f'back on {back}' if back else 'on none'}"
    lifted = before.until and not before.is_over(world.now) and before.context == after.context
    return ", with no end any more" if lifted else ""


def _time(seconds: int) -> str:
    """`2h0m`, `30m`; below two minutes `90s`, since whole minutes would be too coarse."""
    return duration(seconds) if seconds >= 120 else f"{seconds}s"


def _is_here(world: World, profile: str) -> bool:
    """Whether a switch to ``profile`` needs no question: in a hooked shell it is in force, elsewhere it is active."""
    if world.hooked:
        return guard.is_here(world, profile)
    try:
        active = world.active_here()
    except AwsctxError:  # the time of the context is over, or the state is damaged
        return False
    return active is not None and active.profile == profile


def _to(old: state.State, record: Record) -> state.State:
    """The state with ``record``; its context becomes the newest of the history."""
    history = old.history
    if record.context is not None:
        history = (record.context, *(other for other in history if other != record.context))[: state.HISTORY_LENGTH]
    return state.State(record, history)


def _described(world: World, context: Context | None) -> str:
    """`NAME@REGION (account 1234, role r, region eu-west-1)`, as far as the config knows."""
    if context is None:
        return "no context"
    values = world.files.profile(context.profile) or {}
    account, role = account_and_role(values)
    return str(context) + in_brackets(account=account, role=role, region=context.region or text_of(values, "region"))


def overrides(world: World, context: Context | None) -> list[str]:
    """The lines about what overrides the context in this shell, and how to unset it. A user whose shell has no hook is also
    told that `aws` there does not follow."""
    facts = world.facts(context.profile) if context else None
    names = _overriding(world, context, facts)
    lines = _what_fails(world, context.profile, facts) if context else []
    lines += _unset_lines(world, f"warning: {', '.join(names)} in this shell override{'s' * (len(names) == 1)} it", names)
    # The JavaScript SDK ignores the other variables where AWS_PROFILE names a profile, as it does here or soon will.
    named = world.hooked or (context is not None and world.environ.get("AWS_PROFILE") == context.profile)
    if context and named and not env.IGNORED_BY_JAVASCRIPT.isdisjoint(names):
        lines.append("note: AWS SDK for JavaScript v3 takes the profile all the same, so the tools here do not agree")
    proxied = world.environ.get("AWS_MCP_PROXY_PROFILES", "")
    if context and proxied and proxied.split() != [context.profile]:
        what = "warning: AWS_MCP_PROXY_PROFILES in this shell overrides it for AWS's MCP proxy"
        lines += _unset_lines(world, what, ["AWS_MCP_PROXY_PROFILES"])
    return [*lines, *_about_the_hook(world, context)]


def _overriding(world: World, context: Context | None, facts: "Facts | None") -> list[str]:
    """The variables of this shell that override the context."""
    environ = world.environ
    names = env.overriding(environ, context.profile if context else "", facts.kinds if facts else ())
    if not world.hooked:  # in a hooked shell the hook is about to set AWS_PROFILE; here it stays as it is
        own = environ.get("AWS_PROFILE")
        if own and not (context and own == context.profile and not context.region):
            names.insert(0, "AWS_PROFILE")
        elif not own and context and context.region and environ.get("AWS_DEFAULT_PROFILE") == context.profile:
            names.insert(0, "AWS_DEFAULT_PROFILE")
    if context and not (world.hooked and context.region):  # a hook would export the context's region
        region = context.region or text_of(world.files.profile(context.profile) or {}, "region")
        names += env.overriding_region(environ, region)
    return names


def _unset_lines(world: World, what: str, names: list[str]) -> list[str]:
    """``what``, and the command that unsets ``names``; nothing where there are none."""
    if not names:
        return []
    from awsctx.shells import unset_command

    return [f"{what}; to be rid of that:", f"  {unset_command(world.shell, names)}"]


def _about_the_hook(world: World, context: Context | None) -> list[str]:
    """The lines about an outdated hook, a pin that counts all the same, and a missing hook."""
    lines = []
    if world.hooked and not callers.takes_answers(world):
        lines.append("note: this shell's hook is of another version and ignores this; open a new shell")
    pin = world.pin if _pin_counts(world, context) else None
    if pin is not None and pin.context != context:
        lines.append(f"note: {paths.short(pin.path)} pins this folder to {visible(str(pin.context))}, which counts here")
    if context and not world.hooked and world.ask is not None:
        from awsctx.shells import hook_line

        lines.append("note: this shell has no hook, so a plain `aws` here does not follow; run `awsctx exec -- aws ...`, or:")
        lines.append(f"  {hook_line(world.shell)}")
    return lines


def _pin_counts(world: World, context: Context | None) -> bool:
    """Whether the folder's pin counts here, although the user has just switched to ``context``."""
    if world.hooked:
        return context is None  # a context that the user chooses in a hooked shell wins over the pin
    return not world.environ.get("AWS_PROFILE")


def _what_fails(world: World, profile: str, facts: "Facts | None") -> list[str]:
    """The line about why aws calls with the profile will fail, where that is plain to see."""
    suspects = world.files.suspects()
    if suspects:
        from awsctx.awsfiles import missing

        refused = missing.refused(suspects)
        if refused:
            return [f"warning: every aws call fails on {refused}; see: awsctx doctor"]
    if facts and facts.token and world.sign_in(facts.token).status == EXPIRED:
        from awsctx.shells import typed

        return [f"note: its sign-in has ended; sign in with: {typed('awsctx login', profile, world.shell)}"]
    return []


def _needs_hook(world: World) -> None:
    from awsctx.shells import hook_line

    if not world.hooked:
        raise AwsctxError("-s needs the shell hook, which this shell has not loaded", f"load it with: {hook_line(world.shell)}")
    if not callers.takes_answers(world):
        raise AwsctxError("-s needs the hook of this version, and this shell has loaded that of another", "open a new shell")


def _shell_context(world: World, name: str) -> Context:
    """The context that a `-s` call names; `-` is the previous one of this shell."""
    _needs_hook(world)
    if name == "-":
        before = callers.previous(world)
        if before is None:
            raise AwsctxError("this shell has no previous context to go back to", "choose one with: awsctx -s NAME")
        return _existing(world, before, "the shell's previous context")
    return world.meant(name).context


def _in_shell(world: World, context: Context, yes: bool) -> Result:
    record = world.record()
    longer = record is not None and record.until > 0 and not guard.counts(world)  # a pin has no end
    if longer or not guard.is_here(world, context.profile):
        guard.ask(world, context.profile, guard.SWITCH, yes=yes)
    status = callers.answer(world, Asked(PIN, context))
    return Result(
        "",
        f"this shell is on {_described(world, context)}, whatever others switch to; back with: awsctx -s -u",
        *overrides(world, context),
        status=status,
    )
