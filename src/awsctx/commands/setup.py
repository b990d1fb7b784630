"""`awsctx setup`: from a start URL to a profile: the questions of `aws configure sso` (AWS CLI 2.38), in its words
and order.

Each question is an option too. An answer is checked as it is given; one that cannot be is asked again, or, given as an
option, an error. Existing sections are never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from awsctx.aws import sessions
from awsctx.awsfiles import grammar, names, ops, read
from awsctx.awsfiles.headers import CONFIG
from awsctx.awsfiles.write import Edit
from awsctx.commands import Result, login
from awsctx.core.regions import REGIONS
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, SignInNeeded, UsageError
from awsctx.profiles import setup_answers as answers
from awsctx.profiles.both_files import change_together
from awsctx.profiles.setup_defaults import defaults
from awsctx.signin import cache, portal
from awsctx.signin.cache import Token
from awsctx.signin.request import Request
from awsctx.signin.screen import Person
from awsctx.signin.session import Session, parse_scopes
from awsctx.store import paths
from awsctx.world import World


@dataclass(frozen=True)
class Options:
    """The answers given beforehand; None: not given."""

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
    """Ask (where ``request.person`` says that somebody is there), sign in, and write the session, if it is new, and the
    profile. Raises AwsctxError; the config is then as it was, but for a sign-in that grants nothing: then the session
    is written."""
    read.load(world.environ)  # what botocore refuses, nobody should sign in for
    return _Setup(world, options, request, person).run()


# What is wrong with an answer; empty: nothing.
_Check = Callable[[str], str]


class _Setup:
    def __init__(self, world: World, options: Options, request: Request, person: Person) -> None:
        self.world = world
        self.options = options
        self.request = request
        self.person = person
        self.signed_in = False
        self.defaults = defaults(world)

    def run(self) -> Result:
        session, is_new = self._session()
        self._check_options()
        granted, accounts = self._granted(session, is_new)
        if not accounts:
            raise self._nothing_granted(session, is_new, "any AWS account")
        account = self._account(accounts)
        self.person.say(f"Using the account ID {visible(account.id)}")
        roles = granted.roles(account.id)
        if not roles:
            raise self._nothing_granted(session, is_new, f"any role in the account {visible(account.id)}")
        role = self._role(roles)
        self.person.say(f'Using the role name "{visible(role)}"')
        question = "Default client Region"
        region = self._optional("region", question, self.options.region, answers.region_problem, tuple(REGIONS))
        question = "CLI default output format (json if not specified)"
        output = self._optional("output", question, self.options.output, answers.output_problem, answers.OUTPUTS)
        profile = self._profile(session, account.id, role)
        values = {"sso_session": session.name, "sso_account_id": account.id, "sso_role_name": role}
        values |= {key: value for key, value in (("region", region), ("output", output)) if value}
        self._write(session if is_new else None, profile, values)
        return Result("", f"made the profile '{visible(profile)}'; switch to it with: awsctx {visible(profile)}")

    def _session(self) -> tuple[Session, bool]:
        """The session to sign in to, and whether it is a new one."""
        known = self.world.files.sessions()
        if known and self.options.session is None and self.request.person:
            self.person.say(f"sessions that there are: {', '.join(map(visible, known))} (name one to use it)")
        problem: _Check = answers.session_problem
        its = self.defaults.get("sso_session", "")
        name = self._required("SSO session name", self.options.session, "--session", problem, known, its or None)
        if name in known:
            return self._existing(name), False
        urls, problem, its = self._start_urls(), answers.url_problem, self.defaults.get("sso_start_url", "")
        url = self._required("SSO start URL", self.options.start_url, "--start-url", problem, urls, its)
        problem, its = answers.region_problem, self.defaults.get("sso_region", "")
        region = self._required("SSO region", self.options.sso_region, "--sso-region", problem, tuple(REGIONS), its)
        default = answers.SCOPES
        given = self.options.scopes if self.options.scopes is not None or self.request.person else default
        problem = answers.scopes_problem
        scopes = self._required("SSO registration scopes", given, "--scopes", problem, (default,), default)
        return Session(name, url, region, parse_scopes(scopes)), True

    def _existing(self, name: str) -> Session:
        """The session of that name, if what the options say of it is what it has: nothing is overwritten."""
        session = sessions.of_session(self.world, name)
        scopes = None if self.options.scopes is None else parse_scopes(self.options.scopes)
        for option, given, has in (
            ("--start-url", self.options.start_url, session.start_url),
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
        """What can be told wrong before anybody has to sign in."""
        for given, problem in (
            (self.options.region, answers.region_problem),
            (self.options.output, answers.output_problem),
            (self.options.profile, self._profile_problem),
        ):
            if given and (wrong := problem(given)):
                raise AwsctxError(wrong)
        if self.options.profile == "":
            raise AwsctxError("--profile needs a value")

    def _granted(self, session: Session, is_new: bool) -> tuple[portal.Portal, list[portal.Account]]:
        """The portal, and the accounts that a sign-in there grants. A token that was ended elsewhere gets a
        successor."""
        profile = self.world.environ.get("AWS_PROFILE", "")
        granted = portal.Portal(self._token(session, is_new), profile)
        try:
            return granted, granted.accounts()
        except portal.TokenRefused:
            self.request = self.request.but(force=True)
        granted = portal.Portal(self._token(session, is_new), profile)
        return granted, granted.accounts()

    def _token(self, session: Session, is_new: bool) -> Token:
        """A sign-in to ``session``; one that is left of another portal, by the same name, does not count."""
        before = cache.read_token(session.token_path)
        if is_new and before and (before.start_url, before.region) != (session.start_url, session.region):
            self.request = self.request.but(force=True)
        try:
            outcome = login.ensure(self.world, session, self.request, self.person)
        except SignInNeeded as e:
            raise SignInNeeded(e.message, "run it on a terminal, or choose a flow: --device-code or --browser") from None
        except AwsctxError as e:
            if is_new:  # no other command knows that session yet
                e.hints = tuple("to try again: awsctx setup" if "awsctx login" in hint else hint for hint in e.hints)
            raise
        self.request = self.request.but(force=False)
        self.signed_in = True
        session.region = outcome.token.region  # where a company's own domain has led
        self.person.say(login.said(session, outcome))
        return outcome.token

    def _account(self, accounts: list[portal.Account]) -> portal.Account:
        given = self.options.account
        if given is not None:
            fitting = [account for account in accounts if given == account.id] or [
                account for account in accounts if given == account.name
            ]
            if len(fitting) == 1:
                return fitting[0]
            raise answers.not_granted("account", given, [account.id for account in accounts], several=len(fitting) > 1)
        if len(accounts) == 1:
            self.person.say(f"The only AWS account available to you is: {accounts[0].id}")
            return accounts[0]
        self._needs_person("--account")
        self.person.say(f"There are {len(accounts)} AWS accounts available to you.")
        return accounts[self.person.pick("account", [answers.row(account) for account in accounts])]

    def _role(self, roles: list[str]) -> str:
        given = self.options.role
        if given is not None:
            if given in roles:
                return given
            raise answers.not_granted("role", given, roles)
        if len(roles) == 1:
            self.person.say(f"The only role available to you is: {visible(roles[0])}")
            return roles[0]
        self._needs_person("--role")
        self.person.say(f"There are {len(roles)} roles available to you.")
        return roles[self.person.pick("role", roles)]

    def _profile(self, session: Session, account: str, role: str) -> str:
        plain = [answers.plain(part) for part in (session.name, role)]
        default = ".".join(plain)
        if self.world.files.exists(default) and self.request.person:
            default = f"{plain[0]}.{account}.{plain[1]}"
        given = self.options.profile
        if given is None and not self.request.person:
            given = default
        return self._required("Profile name", given, "--profile", self._profile_problem, default=default)

    def _profile_problem(self, name: str) -> str:
        if self.world.files.exists(name):
            return f"there is a profile '{visible(name)}' already: nothing is overwritten"
        return answers.name_problem(grammar.PROFILE, name)

    def _start_urls(self) -> list[str]:
        return list(dict.fromkeys(session.start_url for session, _ in sessions.every(self.world) if session.start_url))

    def _required(
        self,
        question: str,
        given: str | None,
        option: str,
        problem: _Check,
        completions: Sequence[str] = (),
        default: str | None = None,
    ) -> str:
        """The answer to a question that needs one. ``default`` is shown with the question, unless it is None."""
        if given is not None:
            return _checked(given, problem, option)
        self._needs_person(option)
        shown = "" if default is None else f" [{default or None}]"
        while True:
            answer = self.person.ask(f"{question}{shown}: ", completions) or default or ""
            wrong = problem(answer) if answer else "a value is required"
            if not wrong:
                return answer
            self.person.say(wrong)

    def _optional(self, key: str, question: str, given: str | None, problem: _Check, completions: Sequence[str]) -> str:
        """The answer to a question that may be left open. What ``key`` is in the profile that aws would use is taken as it
        is."""
        if given is not None or not self.request.person:
            return given or ""
        default = self.defaults.get(key, "")
        while True:
            answer = self.person.ask(f"{question} [{default or None}]: ", completions)
            wrong = problem(answer) if answer else ""
            if not wrong:
                return answer or default
            self.person.say(wrong)

    def _needs_person(self, option: str) -> None:
        """Raises where nobody can be asked for what ``option`` would give."""
        if self.request.person:
            return
        if not self.signed_in and not self.request.flow:
            raise SignInNeeded(
                "setup needs a sign-in, and there is no terminal to do it on",
                f"on a terminal: awsctx setup; here it takes {option}, and --device-code or --browser",
            )
        raise UsageError(f"setup needs {option} where nobody can be asked", "see: awsctx setup --help")

    def _nothing_granted(self, session: Session, is_new: bool, what: str) -> AwsctxError:
        """The error for a sign-in that grants nothing. The session is written: the sign-in itself is good."""
        hints = ["ask whoever runs your IAM Identity Center to grant you an account and a role"]
        if is_new:
            self._write(session, "", {})
            hints.insert(0, f"the session '{visible(session.name)}' is written, no profile is")
        return AwsctxError(f"this sign-in does not grant you {what}", *hints)

    def _write(self, session: Session | None, profile: str, values: dict[str, str]) -> None:
        """Add the sections, if nobody else has added them meanwhile."""
        wanted: list[ops.Add] = []
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


def _checked(given: str, problem: _Check, option: str) -> str:
    """An option's value, if it is good. Raises AwsctxError."""
    wrong = problem(given) if given else f"{option} needs a value"
    if wrong:
        raise AwsctxError(wrong)
    return given
