"""`awsctx setup`: from a start URL to a profile, by the questions of `aws configure sso` (AWS CLI 2.38), in its words and
its order.

Each question is an option too. An answer is checked at once: a wrong one is asked again, a wrong option is an error.
Existing sections are never changed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import partial

from awsctx.aws import sessions
from awsctx.awsfiles import grammar, names, ops, read
from awsctx.awsfiles.headers import CONFIG
from awsctx.awsfiles.write import Edit
from awsctx.commands import Result, login, sync
from awsctx.core.outputs import OUTPUTS
from awsctx.core.regions import REGIONS
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, Cancelled, SignInNeeded, UsageError
from awsctx.profiles import edits
from awsctx.profiles import setup_answers as answers
from awsctx.profiles.both_files import change_together
from awsctx.profiles.setup_choices import Choices
from awsctx.profiles.setup_defaults import defaults
from awsctx.profiles.setup_questions import Check, Questions
from awsctx.profiles.sync_template import filled
from awsctx.shells import switch_command, typed, with_options
from awsctx.signin import cache, portal
from awsctx.signin.cache import Token
from awsctx.signin.request import Request
from awsctx.signin.screen import Person
from awsctx.signin.session import Session, parse_scopes
from awsctx.store import paths
from awsctx.world import World


@dataclass(frozen=True)
class Options:
    """The answers given as options; None: not given."""

    session: str | None = None
    start_url: str | None = None
    sso_region: str | None = None
    scopes: str | None = None
    account: str | None = None
    role: str | None = None
    region: str | None = None
    output: str | None = None
    profile: str | None = None


def setup(world: World, options: Options, request: Request, person: Person) -> Result:
    """Ask the questions (where ``request.person`` says that the user is there), sign in, and write the profile, and the
    session if it is new. Raises AwsctxError; the config is unchanged then. One exception: where the sign-in grants nothing,
    the session is written all the same."""
    read.load(world.environ)  # check the files before the user signs in
    return _Setup(world, options, request, person).run()


class _Setup:
    def __init__(self, world: World, options: Options, request: Request, person: Person) -> None:
        self.world = world
        self.options = options
        self.request = request
        self.person = person
        self.signed_in = False
        self.new: Session | None = None  # the session, while it is not written yet
        self.led = ""  # the line about another region than the one that was given, once it is written
        self.defaults = defaults(world)
        self.asking = Questions(person, self._nobody, asks=request.person)
        # A profile for each is offered where no option asks for one, and the user is there to look at what `sync` would write.
        all_too = world.ask is not None and (options.account, options.role, options.profile) == (None, None, None)
        self.choices = Choices(person, self.asking, (options.account, options.role), all_too=all_too)
        self.region_problem = partial(answers.problem, world.region)

    def run(self) -> Result:
        self._check_options()
        session, is_new = self._session()
        self.new = session if is_new else None
        try:
            return self._chosen(session, *self._granted(session, is_new))
        except (Cancelled, KeyboardInterrupt) as e:
            if self.new is None or not self.signed_in:
                raise
            if isinstance(e, KeyboardInterrupt):
                self.person.say("")  # end the line of the question
            self._write_session()
        again = self._again(session=session.name, start_url=None, sso_region=None, scopes=None)
        raise Cancelled(f"cancelled: the session '{visible(session.name)}' is kept, no profile is made", f"to go on: {again}")

    def _chosen(self, session: Session, granted: portal.Portal, accounts: list[portal.Account]) -> Result:
        """What the person makes of what the sign-in grants."""
        if not accounts:
            raise self._nothing_granted(session, "any AWS account")
        account = self.choices.account(accounts)
        if account is None:
            return self._every_role(session)
        self.person.say(f"Using the account ID {visible(account.id)}")
        roles = granted.roles(account.id)
        if not roles:
            raise self._nothing_granted(session, f"any role in the account {visible(account.id)}")
        role = self.choices.role(roles, only_account=len(accounts) == 1)
        if role is None:
            return self._every_role(session)
        self.person.say(f'Using the role name "{visible(role)}"')
        region, output = self._region_and_output()
        profile = self._profile(session, account.id, role)
        values = {"sso_session": session.name, "sso_account_id": account.id, "sso_role_name": role}
        values |= {key: value for key, value in (("region", region), ("output", output)) if value}
        self._write(profile, values)
        shell = self.world.shell
        lines = [f"made the profile '{visible(profile)}'; switch to it with: {switch_command(profile, shell)}"]
        if len(accounts) > 1 or len(roles) > 1:
            sync_all = typed("awsctx sync", session.name, shell)
            lines.append(f"a profile for each account and role that this sign-in grants: {sync_all}")
        return Result("", *lines)

    def _every_role(self, session: Session) -> Result:
        """A profile for each account and role, as `awsctx sync` makes them."""
        region, output = self._region_and_output()
        if self.new is not None:
            self._write_session()
        call = sync.Call(session=session.name, region=region, output=output or None)
        done = sync.sync(World(self.world.environ, ask=self.world.ask), call, self.person)
        return Result(done.out, *done.talk, "choose one with: awsctx", status=done.status)

    def _region_and_output(self) -> tuple[str, str]:
        question = "Default client Region"
        default = self.defaults.get("region", "")
        region = self.asking.optional(question, self.options.region, self.region_problem, tuple(REGIONS), default)
        question = "CLI default output format (json if not specified)"
        default = self.defaults.get("output", "")
        output = self.asking.optional(question, self.options.output, answers.output_problem, OUTPUTS, default)
        return region, output

    def _session(self) -> tuple[Session, bool]:
        """The session to sign in to, and whether it is a new one."""
        known = self.world.files.sessions()
        if known and self.options.session is None and self.request.person:
            self.person.say(f"sessions that there are: {', '.join(map(visible, known))} (name one to use it)")
        problem: Check = answers.session_problem
        its = self.defaults.get("sso_session", "")
        name = self.asking.required("SSO session name", self.options.session, "--session", problem, known, its or None)
        if name in known:
            return self._existing(name), False
        urls, problem, its = self._start_urls(), answers.url_problem, self.defaults.get("sso_start_url", "")
        url = answers.full_url(self.asking.required("SSO start URL", self.options.start_url, "--start-url", problem, urls, its))
        problem, its = self.region_problem, self.defaults.get("sso_region", "")
        region = self.asking.required("SSO region", self.options.sso_region, "--sso-region", problem, tuple(REGIONS), its)
        default = answers.SCOPES
        given = self.options.scopes if self.options.scopes is not None or self.request.person else default
        problem = answers.scopes_problem
        scopes = self.asking.required("SSO registration scopes", given, "--scopes", problem, (default,), default)
        return Session(name, url, region, parse_scopes(scopes)), True

    def _existing(self, name: str) -> Session:
        """The session of that name. Raises AwsctxError where an option differs from it, since nothing is overwritten."""
        session = sessions.of_session(self.world, name)
        scopes = None if self.options.scopes is None else parse_scopes(self.options.scopes)
        url = None if self.options.start_url is None else answers.full_url(self.options.start_url)
        for option, given, has in (
            ("--start-url", url, session.start_url),
            ("--sso-region", self.options.sso_region, session.region),
            ("--scopes", scopes, session.scopes),
        ):
            if given is not None and given != has:
                raise AwsctxError(
                    f"there is a session '{visible(name)}' already, and {option} gives another value: not overwritten",
                    f"leave {option} out, or take another name with: --session",
                )
        return session

    def _check_options(self) -> None:
        """Check all options that can be checked before a question."""
        for given, problem in (
            (self.options.session, answers.session_problem),
            (self.options.start_url, answers.url_problem),
            (self.options.sso_region, self.region_problem),
            (self.options.scopes, answers.scopes_problem),
            (self.options.region, self.region_problem),
            (self.options.output, answers.output_problem),
            (self.options.profile, self._profile_problem),
        ):
            if given and (wrong := problem(given)):
                raise AwsctxError(wrong)
        if self.options.profile == "":
            raise AwsctxError("--profile needs a value")

    def _granted(self, session: Session, is_new: bool) -> tuple[portal.Portal, list[portal.Account]]:
        """The portal, and the accounts that the sign-in grants. Where the portal refuses the token, sign in anew once."""
        profile = self.world.environ.get("AWS_PROFILE", "")
        granted = portal.Portal(self._token(session, is_new), profile)
        try:
            return granted, granted.accounts()
        except portal.TokenRefused:
            self.request = self.request.but(force=True)
        granted = portal.Portal(self._token(session, is_new), profile)
        return granted, granted.accounts()

    def _token(self, session: Session, is_new: bool) -> Token:
        """Sign in to ``session``. An old token of the same name but of another portal does not count."""
        before = cache.read_token(session.token_path)
        if is_new and before and (before.start_url, before.region) != (session.start_url, session.region):
            self.request = self.request.but(force=True)
        try:
            outcome = login.ensure(self.world, session, self.request, self.person)
        except SignInNeeded as e:
            raise SignInNeeded(e.message, "run it on a terminal, or choose a flow: --device-code or --browser") from None
        except AwsctxError as e:
            if is_new:  # `awsctx login` does not know the session yet
                e.hints = tuple(f"to try again: {self._again()}" if "awsctx login" in hint else hint for hint in e.hints)
            raise
        self.request = self.request.but(force=False)
        self.signed_in = True
        if is_new and outcome.token.region != session.region:  # a start URL on a company's own domain leads to another region
            self.led = login.region_written(session, outcome.token.region)
        session.region = outcome.token.region
        self.person.say(login.said(session, outcome))
        return outcome.token

    def _profile(self, session: Session, account: str, role: str) -> str:
        fields = {"session": session.name, "account_id": account, "role": role}
        default = filled("{session}.{role}", fields)
        if self.world.files.exists(default) and self.request.person:
            default = filled("{session}.{account_id}.{role}", fields)
        given = self.options.profile
        if given is None and not self.request.person:
            given = default
        return self.asking.required("Profile name", given, "--profile", self._profile_problem, default=default)

    def _profile_problem(self, name: str) -> str:
        if self.world.files.exists(name):
            return f"there is a profile '{visible(name)}' already: nothing is overwritten"
        return answers.problem(edits.can_be_new, name)

    def _start_urls(self) -> list[str]:
        return list(dict.fromkeys(session.start_url for session, _ in sessions.every(self.world) if session.start_url))

    def _again(self, **changes: str | None) -> str:
        """The call, to be typed once more, with ``changes`` of its answers."""
        given = asdict(replace(self.options, **changes))
        call = with_options(
            "awsctx setup", [(f"--{name.replace('_', '-')}", value) for name, value in given.items()], self.world.shell
        )
        return f"{call} {self.request.options}".rstrip()

    def _nobody(self, option: str) -> AwsctxError:
        """The error where there is nobody to ask for the value of ``option``."""
        if not self.signed_in and not self.request.flow:
            return SignInNeeded(
                "setup needs a sign-in, and there is no terminal to do it on",
                f"on a terminal: {self._again()}; here it takes {option}, and --device-code or --browser",
            )
        return UsageError(f"setup needs {option} where nobody can be asked", "see: awsctx setup --help")

    def _nothing_granted(self, session: Session, what: str) -> AwsctxError:
        """The error for a sign-in that grants nothing. It writes the session, since the sign-in itself is valid."""
        hints = ["ask whoever runs your IAM Identity Center to grant you an account and a role"]
        if self.new is not None:
            self._write_session()
            hints.insert(0, f"the session '{visible(session.name)}' is written, no profile is")
        return AwsctxError(f"this sign-in does not grant you {what}", *hints)

    def _write_session(self) -> None:
        self._write("", {})

    def _write(self, profile: str, values: dict[str, str]) -> None:
        """Add the profile's section, and the session's if it is new. Raises AwsctxError where another program has added one
        meanwhile."""
        wanted: list[ops.Add] = []
        session, self.new = self.new, None
        if session is not None:
            its = {
                "sso_start_url": session.start_url,
                "sso_region": session.region,
                "sso_registration_scopes": ",".join(session.scopes or ()),
            }
            wanted.append(ops.Add((grammar.SESSION, session.name), its))
        if profile:
            wanted.append(ops.Add((grammar.PROFILE, profile), values))
        path = names.config_path(self.world.environ)
        change_together(self.world.environ, [Edit(path, CONFIG, lambda _: wanted)])
        written = " and ".join(f"[{kind} {visible(name)}]" for kind, name in (add.title for add in wanted))
        self.person.say(f"wrote {written} to {paths.short(path)}")
        if session is not None and self.led:
            self.person.say(self.led)
