"""`awsctx exec` over many profiles and regions (awsctx(1), MANY AT ONCE)."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from awsctx.aws import identity, sessions
from awsctx.aws.each import each
from awsctx.aws.regions import enabled
from awsctx.awsfiles.grammar import account_and_role
from awsctx.cells import last_run, plan, report
from awsctx.cells.output import Files, JsonLines, Lines, described
from awsctx.cells.plan import Cell
from awsctx.cells.runner import Outcome, Runner, Sink, Spawn
from awsctx.commands import Result, exec, exec_narrowed, login
from awsctx.commands.exec_many_call import Call, as_kept, check, take_up
from awsctx.commands.exec_many_profiles import account, matching, of_last_run
from awsctx.commands.exec_narrowed import Narrowed
from awsctx.core.context import Context
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, SignInNeeded
from awsctx.signin import tokens
from awsctx.signin.request import Request
from awsctx.signin.screen import Screen
from awsctx.signin.session import Session, damage, login_command
from awsctx.store import paths
from awsctx.world import World


class Screens(Screen, Protocol):
    """The user's terminal: a Screen for sign-ins that also shows the progress of a run."""

    width: int
    """The columns of the terminal behind stdout; 0 where stdout is no terminal."""
    coloured: frozenset[int]
    """The streams that take colours."""

    def write(self, stream: int, data: bytes, give_up: Callable[[], bool]) -> None:
        """Write all of ``data`` to stdout (1) or stderr (2). Raises OSError. Raises InterruptedError where the reader does
        not read and ``give_up`` returns true."""

    def progress(self, what: str, done: int, of: int, running: int = 0, failed: int = 0) -> None:
        """Show how much is done."""


def run(world: World, call: Call, screen: Screens) -> Result:
    """Run the command once per cell. Exit code 0 where all succeeded, else 1; 128+N where signal N ended the run.

    Raises before anything has run: UsageError; SignInNeeded, which names the sessions, where nobody is there to sign in;
    AwsctxError where no profile is left, or the command is not there.
    """
    check(world, call)
    record = last_run.path(world.state_path)
    kept = last_run.read(record) if call.failed else None
    environ, whole = dict(world.environ), True
    if kept is None:
        profiles = matching(world, call, screen.say)
    elif kept.contexts:
        environ = take_up(world, call, kept, screen)
        profiles, whole = of_last_run(world, kept, call, screen.say)
    else:
        return Result("", "awsctx: nothing of the last run failed")
    path, command, removed = _program(world, call, profiles[0])
    again = [context for context in kept.contexts if context.profile in profiles] if kept else []
    unasked = [context.profile for context in again if context.region == plan.EVERY_REGION]
    asking = bool(unasked) or call.regions == plan.EVERY_REGION
    aside = [context for context in kept.contexts if context.profile not in profiles] if kept else []
    keeper = last_run.Keeper(record, as_kept(call, aside, paths.folder(environ)))

    def due() -> None:
        if kept is None and not call.dry_run:
            keeper.keep(_as_known(world, call, profiles, screen))

    if asking or not call.dry_run:
        _sign_in(world, profiles, screen, due)
    regions, troubles = _regions(world, unasked or profiles, plan.EVERY_REGION if asking else call.regions, screen)
    contexts = plan.widened(again, regions) if kept else plan.contexts(profiles, regions)
    cells = [_cell(world, context, unasked=context.profile in troubles) for context in contexts]
    if call.dry_run:
        return _listed(cells, troubles, call, whole=whole)
    jobs = call.jobs or _cores()
    if removed and not call.quiet:
        screen.say(f"awsctx: removed from the environment: {', '.join(removed)}")
    screen.say(report.before(cells, jobs))
    narrowed: dict[str, Narrowed] = {}
    if call.keys or call.lock or call.read_only:
        narrowed = _narrowed(world, [profile for profile in profiles if profile not in troubles], call, troubles, screen)

    def start(cell: Cell, spawn: Spawn) -> int:
        if cell.context.profile in troubles:
            raise troubles[cell.context.profile]
        theirs = _environment(environ, cell.context, call, narrowed.get(cell.context.profile))
        return exec.attempt(path, command, lambda path, command: spawn(path, command, theirs))

    return _run(world, call, cells, keeper, start, jobs, screen, whole=whole)


def _environment(environ: Mapping[str, str], context: Context, call: Call, narrowed: Narrowed | None) -> dict[str, str]:
    """The environment of the command in ``context``."""
    if narrowed is None:
        return exec.environment(environ, context, call.keep)[0]
    return narrowed.applied(exec.environment(environ, narrowed.context(context), call.keep)[0], context)


def _cell(world: World, context: Context, *, unasked: bool) -> Cell:
    values = world.files.profile(context.profile) or {}
    return Cell(context, account_and_role(values)[0], context.region or str(values.get("region", "")), unasked)


def _as_known(world: World, call: Call, profiles: list[str], screen: Screens) -> list[Cell]:
    """The cells as far as they are known before AWS is asked for regions."""
    if call.regions == plan.EVERY_REGION:
        return [Cell(Context(profile), unasked=True) for profile in profiles]
    return [Cell(context) for context in plan.contexts(profiles, _regions(world, profiles, call.regions, screen)[0])]


def _program(world: World, call: Call, profile: str) -> tuple[str, Sequence[str], list[str]]:
    """The path of the program, its command line, and the variables removed from its environment. All three are the same in
    every cell."""
    environ, removed = exec.environment(world.environ, Context(profile), call.keep)
    command = call.command if call.pipeline is None else exec.pipeline(call.pipeline, call.command, environ)
    return exec.find(command[0], environ), command, removed


def _sign_in(world: World, profiles: Sequence[str], screen: Screen, due: Callable[[], None]) -> None:
    """Refresh the sign-in of each session once, or offer a new one, after ``due``. Where the user declines, the cells run all
    the same, as with a single command. Raises SignInNeeded, which names the sessions, where nobody is there to ask."""
    users = sessions.used_by(world, profiles)
    identity.refresh_each(world, [profile for _, profile in users])
    ended = _ended(users)
    if ended:
        due()
    if ended and world.ask is None:
        names = " and ".join(str(session) for session in ended)
        raise SignInNeeded(
            f"{names} need{'s' if len(ended) == 1 else ''} a sign-in first",
            *map(_login, ended),
            *filter(None, map(damage, ended)),
        )
    for session in ended:
        if world.ask is not None and world.ask(
            f"the sign-in to {session} has ended, or there is none. Sign in now?", default=True
        ):
            screen.say(login.said(session, login.ensure(world, session, Request(), screen)))


def _ended(users: Iterable[tuple[Session, str]]) -> list[Session]:
    """The sessions without a sign-in that is valid or can be refreshed."""
    good, now = (tokens.VALID, tokens.REFRESHABLE), time.time()
    return [session for session, _ in users if tokens.sign_in(session.token_path, now).status not in good]


def _login(session: Session) -> str:
    return f"sign in with: {login_command(session.name)}"


def _regions(
    world: World, profiles: list[str], wanted: str | None, screen: Screens
) -> tuple[Mapping[str, Sequence[str]], dict[str, AwsctxError]]:
    """{profile: the regions to run it in} (missing: its own), and {profile: error} where the regions of its account could
    not be had."""
    if wanted is None or wanted == "-":
        return {}, {}
    if wanted != plan.EVERY_REGION:
        named: Sequence[str] = plan.named_regions(wanted, world.region)
        return dict.fromkeys(profiles, named), {}
    askers = plan.one_per_account(profiles, lambda profile: account(world, profile))
    try:
        answers = each(
            askers, lambda profile: enabled(world, profile), lambda done, of: screen.progress("asking for regions", done, of)
        )
    finally:
        screen.done_waiting()
    by_account = {account(world, asker) or asker: answer for asker, answer in zip(askers, answers, strict=True)}
    regions: dict[str, Sequence[str]] = {}
    troubles: dict[str, AwsctxError] = {}
    for profile in profiles:
        answer = by_account[account(world, profile) or profile]
        if answer.error is not None:
            what = f"{visible(profile)}: could not ask for its regions: {answer.error.message}"
            troubles[profile] = type(answer.error)(what, *answer.error.hints)
        regions[profile] = answer.value or []
    return regions, troubles


def _narrowed(
    world: World, profiles: Sequence[str], call: Call, troubles: dict[str, AwsctxError], screen: Screens
) -> dict[str, Narrowed]:
    """What `--keys`, `--lock` and `--read-only` give to the command of each profile. Where a profile cannot have that,
    ``troubles`` gets its error."""
    also = exec_narrowed.also(world, call)
    try:
        answers = each(
            profiles,
            lambda profile: exec_narrowed.narrow(world, profile, call, also),
            lambda done, of: screen.progress("asking for keys", done, of),
        )
    finally:
        screen.done_waiting()
    found = dict(zip(profiles, answers, strict=True))
    troubles |= {profile: answer.error for profile, answer in found.items() if answer.error is not None}
    return {profile: answer.value for profile, answer in found.items() if answer.value is not None}


def _listed(cells: Sequence[Cell], troubles: Mapping[str, AwsctxError], call: Call, *, whole: bool) -> Result:
    """The cells of a `--dry-run`."""
    from json import dumps

    lines = [dumps(described(cell)) if call.as_json else visible(cell.name) for cell in cells]
    told = [f"awsctx: {error.message}" for error in troubles.values()]
    return Result("".join(f"{line}\n" for line in lines), *told, status=int(bool(told) or not whole))


def _run(
    world: World,
    call: Call,
    cells: Sequence[Cell],
    keeper: last_run.Keeper,
    start: Callable[[Cell, Spawn], int],
    jobs: int,
    screen: Screens,
    *,
    whole: bool,
) -> Result:
    """Run the cells. ``whole`` is false where the call means more, which could not run."""

    def write(stream: int, data: bytes) -> None:
        screen.write(stream, data, runner.interrupted)

    sink: Sink
    if call.out is not None:
        sink = Files(call.out, write)
    elif call.as_json:
        sink = JsonLines(write)
    else:
        sink = Lines(cells, write, width=screen.width, coloured=screen.coloured)
    runner = Runner(sink, start, jobs=jobs, fail_fast=call.fail_fast)
    keeper.keep(cells)

    def told(runner: Runner) -> None:
        screen.progress("", len(runner.ended), len(cells), len(runner.running), runner.failed)
        keeper.now_and_then(runner)

    try:
        outcome = runner.run(cells, told)
    finally:
        screen.done_waiting()
    place = {cell: at for at, cell in enumerate(cells)}
    outcome.ended.sort(key=lambda ended: place[ended.cell])
    done = {ended.cell for ended in outcome.ended if not ended.status}
    left = [cell for cell in cells if cell not in done]
    keeper.keep(left)
    return Result("", *_said(world, outcome, left, keeper.trouble), status=_status(outcome, bool(left) or not whole))


def _said(world: World, outcome: Outcome, left: Sequence[Cell], trouble: Sequence[str]) -> list[str]:
    """The lines to tell the user after a run; few where the reader of the output has gone."""
    lines = [("  " if number else "awsctx: warning: ") + line for number, line in enumerate(trouble)]
    if outcome.trouble:
        lines.append(f"awsctx: could not write to standard output: {outcome.trouble}")
    if outcome.stopped == signal.SIGPIPE:
        return lines
    guarded = any(world.guarded(cell.context.profile) for cell in left)
    again = "" if trouble else "awsctx exec --failed" + (" --yes" if guarded else "")
    lines += report.after(outcome, again)
    profiles = dict.fromkeys(cell.context.profile for cell in left)
    return lines + [f"  {'first ' if again else ''}{_login(session)}" for session in _ended(sessions.used_by(world, profiles))]


def _status(outcome: Outcome, failed: bool) -> int:
    if outcome.trouble:
        return 1
    return 128 + outcome.stopped if outcome.stopped else int(failed)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
