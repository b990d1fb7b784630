"""`awsctx sync`: a profile for every account and role that a sign-in grants (awsctx(1), PROFILES)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from awsctx.aws import sessions
from awsctx.awsfiles import read
from awsctx.awsfiles.headers import CONFIG, CREDENTIALS
from awsctx.awsfiles.ops import Op, Sections
from awsctx.awsfiles.write import Edit
from awsctx.commands import Result, login
from awsctx.core.outputs import check_output
from awsctx.core.regions import REGIONS
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, SignInNeeded
from awsctx.profiles import references, unfinished
from awsctx.profiles.both_files import try_out
from awsctx.profiles.edits import both, change, file_paths, sections_of
from awsctx.profiles.sync_plan import plan as planned
from awsctx.profiles.sync_template import DEFAULT_TEMPLATE, check_template
from awsctx.profiles.sync_values import Account, Options, Plan
from awsctx.shells import typed, with_options
from awsctx.signin.request import Request
from awsctx.signin.screen import Person
from awsctx.signin.session import Session, login_command
from awsctx.store import own_config, paths, sync_names
from awsctx.world import World


@dataclass(frozen=True)
class Call:
    """The options of a call; None: take the value that is remembered for the session. ``forget_region``: no region is
    remembered any more, unless the user is asked for one."""

    session: str = ""
    name: str | None = None
    region: str | None = None
    output: str | None = None
    match: tuple[str, ...] | None = None
    prune: bool = False
    diff: bool = False
    dry_run: bool = False
    yes: bool = False
    forget_region: bool = False

    def again(self, session: str, shell: str) -> str:
        """The call, to be typed once more."""
        options: list[tuple[str, str | bool | None]] = [
            ("--name", self.name),
            ("--region", "" if self.forget_region else self.region),
            ("--output", self.output),
            *(("--match", glob) for glob in self.match or ()),
            ("--prune", self.prune),
            ("--diff", self.diff),
            ("--yes", self.yes),
            ("--dry-run", self.dry_run),
        ]
        return typed(with_options("awsctx sync", options, shell), session, shell)


def sync(world: World, call: Call, person: Person) -> Result:
    """Make the generated profiles of a session match what its sign-in grants. Raises AwsctxError, and SignInNeeded where
    there is no usable token and nobody to sign in; nothing is written then."""
    session = _session(world, call, person)
    again = call.again(session.name, world.shell)
    call = _with_region(world, session, call, person)
    options = _options(world, session.name, call)
    both(world)  # raise for a file that cannot be edited, before AWS is asked
    accounts = _accounts(world, session, person)
    by = f"sync {session.name}"
    said = [] if call.dry_run else _finish_interrupted(world, by)
    plan = planned(accounts, options, *both(world))
    told = [f"note: {note}" for note in plan.notes] + [f"awsctx: {trouble}" for trouble in plan.troubles]
    status = 1 if plan.troubles else 0
    edits = _edits(world, options, accounts, plan, "" if call.yes else again)
    if call.dry_run:
        diff = "".join(change.diff for change in try_out(edits))
        shown = _described(plan, edits[0].path).splitlines() if plan.ops else ["nothing to do"]
        return Result(diff, *told, *shown, status=status)
    if plan.ops:
        tried = try_out(edits) if call.diff or not call.yes else []
        diff = "".join(change.diff for change in tried) if call.diff else ""
        person.show(_described(plan, edits[0].path) + diff, page=not call.yes)
        if not call.yes:
            _ask(world, person, told)
            told = []
        said += [plan.summary(), *change(world, edits, tried, _moved(world, plan), by)]
    said += _remember(world, options, call, plan)
    return Result("", *told, *(said or ["nothing to do"]), status=status)


def _described(plan: Plan, path: str) -> str:
    """The counts, and a line for each profile."""
    return f"{plan.summary()} in {paths.short(path)}:\n{plan.described()}"


def _finish_interrupted(world: World, by: str) -> list[str]:
    """Finish a sync that was killed after it had changed the config file, but before what names the profiles had followed.
    The lines to tell the user."""
    names = unfinished.left(world, by)
    if not names:
        return []
    there = references.profile_names(both(world)[0])
    done = {old: new for old, new in names.items() if old not in there and (new is None or new in there)}
    renamed = {old: new for old, new in done.items() if new is not None}
    said = change(world, [Edit(file_paths(world)[1], CREDENTIALS, partial(references.renamed, renamed))], (), done, by)
    unfinished.ended(world, names, by)
    return said


def _session(world: World, call: Call, person: Person) -> Session:
    name, known = call.session, world.files.sessions()
    if not known or (name and name not in known):
        read.load(world.environ)  # an unreadable file is the more important error
    if name and name not in known:
        session = sessions.of_argument(world, name)
        if session.inline:
            raise AwsctxError(f"'{visible(name)}' signs in by a start URL of its own, not a session", *_MAKE_ONE)
        return session
    if not known:
        raise AwsctxError("there is no session yet", *_MAKE_ONE)
    if not name and len(known) > 1:
        if world.ask is None:
            one = call.again(known[0], world.shell)
            raise AwsctxError(f"there are several sessions: {', '.join(map(visible, known))}", f"name one: {one}")
        name = known[person.pick("session", list(map(visible, known)))]
    return sessions.of_session(world, name or known[0])


_MAKE_ONE = ("make one with: awsctx setup",)


def _with_region(world: World, session: Session, call: Call, person: Person) -> Call:
    """``call`` with the region for the profiles. Where none is remembered for the session, the user is asked."""
    remembered = "region" in world.settings.sync.get(session.name, {}) and not call.forget_region
    if call.region is not None or call.yes or world.ask is None or remembered:
        return call
    default = f" [{session.region}]" if session.region else ""
    while True:
        answer = person.ask(f"Region of the profiles (- for none){default}: ", tuple(REGIONS)) or session.region or "-"
        try:
            return replace(call, region="" if answer == "-" else world.region(answer))
        except AwsctxError as e:
            person.say("; ".join((e.message, *e.hints)))


def _options(world: World, session: str, call: Call) -> Options:
    """The values of the options, or the remembered ones. Raises UsageError, AwsctxError."""
    kept: dict[str, Any] = world.settings.sync.get(session, {})
    previous = str(kept.get("name", DEFAULT_TEMPLATE))
    region, output = call.region, call.output
    if region is None:
        region = "" if call.forget_region else _remembered(world, session, "region", world.region)
    match = tuple(kept.get("match", ())) if call.match is None else call.match
    return Options(
        session,
        check_template(previous if call.name is None else call.name),
        previous,
        region and world.region(region),
        _remembered(world, session, "output", check_output) if output is None else output and check_output(output),
        match,
        call.prune,
        sync_names.read(world.environ, session),
    )


def _remembered(world: World, session: str, key: str, check: Callable[[str], str]) -> str:
    """The value that is remembered for the session; empty where there is none. Raises AwsctxError where ``check`` does."""
    value = str(world.settings.sync.get(session, {}).get(key, ""))
    try:
        return value and check(value)
    except AwsctxError as e:
        where = paths.short(paths.config_path(world.environ))
        raise AwsctxError(f"{where}: [sync.{visible(session)}]: {e.message}", *e.hints) from None


def _accounts(world: World, session: Session, person: Person) -> list[Account]:
    """The accounts that the sign-in grants. A user at a terminal may sign in first."""
    from awsctx.signin.listing import grants
    from awsctx.signin.portal import TokenRefused

    profile = world.environ.get("AWS_PROFILE", "")
    force = False
    while True:
        try:
            token = login.ensure(world, session, Request(person=force, force=force), person).token
            found = grants(token, profile, lambda done, total: person.progress("accounts", done, total))
        except SignInNeeded as e:
            if force or world.ask is None or not world.ask(f"{session} needs a sign-in. Sign in now?", default=True):
                raise _sign_in_first(session, refused=isinstance(e, TokenRefused)) from None
            force = True
        else:
            break
        finally:
            person.done_waiting()
    return [Account(one.account.id, one.account.name, one.account.email, one.roles, one.trouble) for one in found]


def _sign_in_first(session: Session, *, refused: bool) -> SignInNeeded:
    """The error that names the command to sign in. Where the portal has ``refused`` a token that looks valid, that command
    needs --force, since `login` alone would do nothing."""
    command = login_command(session.name, force=refused)
    return SignInNeeded(f"{session} needs a sign-in first", f"sign in with: {command}")


def _edits(world: World, options: Options, accounts: Sequence[Account], plan: Plan, again: str) -> list[Edit]:
    """The edit of the config file, planned anew on the file as it is when it is written. Where profiles are renamed, also
    that of the credentials file. The edit fails where the new plan is not the one that the user has approved by the call
    ``again`` (empty: any is)."""
    config, credentials = file_paths(world)

    def decide(now: Sections) -> Sequence[Op]:
        ops = planned(accounts, options, now, sections_of(credentials, CREDENTIALS)).ops
        if ops != plan.ops and again:
            raise AwsctxError("the profiles changed meanwhile, and the plan with them", f"look at it again: {again}")
        return ops

    edits = [Edit(config, CONFIG, decide)]
    if plan.renamed:
        edits.append(Edit(credentials, CREDENTIALS, partial(references.renamed, plan.renamed)))
    return edits


def _ask(world: World, person: Person, told: Sequence[str]) -> None:
    """Ask the user whether to write what has been shown. Raises AwsctxError where the answer is no, or nobody is there."""
    for line in told:
        person.say(line)
    if world.ask is None:
        raise AwsctxError("nobody is there to ask: nothing written", "if you mean it, add: --yes")
    if not world.ask("Write this?"):
        raise AwsctxError("nothing written")


def _moved(world: World, plan: Plan) -> dict[str, str | None]:
    """{old name: new name, or None where the profile is removed}. A profile that still has keys in the credentials file is
    not removed."""
    stays = references.profile_names(both(world)[1]) if plan.pruned else set()
    return {**plan.renamed, **{name: None for name in plan.pruned if name not in stays}}


def _remember(world: World, options: Options, call: Call, plan: Plan) -> list[str]:
    """Keep the template and the given options in the own config, and the given names beside the state. The lines to tell
    the user."""
    given: dict[str, str | list[str] | None] = {}
    if plan.ops or call.name is not None:
        given["name"] = options.template
    if call.region is not None or call.forget_region:
        given["region"] = None if call.region is None else options.region
    if call.output is not None:
        given["output"] = options.output or None
    if call.match is not None:
        given["match"] = list(options.match)
    path = paths.config_path(world.environ)
    try:
        sync_names.write(world.environ, options.session, plan.given)
        if given and own_config.set_sync_keys(path, options.session, given, paths.beside_state(world.environ, "edit.lock")):
            before = world.settings.sync.get(options.session, {})
            kept = ", ".join(key for key, value in given.items() if value is not None)
            gone = ", ".join(key for key, value in given.items() if value is None and key in before)
            done = (("remembered", kept), ("forgotten", gone))
            return [f"{what} in {paths.short(path)}: {keys}" for what, keys in done if keys]
    except AwsctxError as e:
        return [f"warning: {e.message}", *(f"  {hint}" for hint in e.hints)]
    return []
