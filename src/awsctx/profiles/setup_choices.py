"""What the user of `awsctx setup` chooses among what the sign-in grants: an account, and a role in it."""

from __future__ import annotations

from awsctx.core.text import near, visible
from awsctx.errors import AwsctxError
from awsctx.profiles.setup_questions import Questions
from awsctx.signin.portal import Account
from awsctx.signin.screen import Person


class Choices:
    """Lets ``person`` choose, where ``asking`` allows a question. ``given`` is the account and the role that an option gives
    (None: it does not). ``all_too``: a profile for each may be chosen too."""

    def __init__(self, person: Person, asking: Questions, given: tuple[str | None, str | None], *, all_too: bool) -> None:
        self._person = person
        self._asking = asking
        self._given_account, self._given_role = given
        self._all_too = all_too

    def account(self, accounts: list[Account]) -> Account | None:
        """The account that the user gave or chose; None: the user wants a profile for each account."""
        given = self._given_account
        if given is not None:
            fitting = [account for account in accounts if given == account.id] or [
                account for account in accounts if given == account.name
            ]
            if len(fitting) == 1:
                return fitting[0]
            raise _not_granted("account", given, [account.id for account in accounts], several=len(fitting) > 1)
        if len(accounts) == 1:
            self._person.say(f"The only AWS account available to you is: {accounts[0].id}")
            return accounts[0]
        self._asking.needs("--account")
        self._person.say(f"There are {len(accounts)} AWS accounts available to you.")
        also = f"all {len(accounts)}: a profile for each role (awsctx sync)" if self._all_too else ""
        place = self._person.pick("account", [_row(account) for account in accounts], also)
        return accounts[place] if place >= 0 else None

    def role(self, roles: list[str], *, only_account: bool) -> str | None:
        """The role that the user gave or chose; None: the user wants a profile for each role. That choice is offered only
        where there is one account (``only_account``)."""
        given = self._given_role
        if given is not None:
            if given in roles:
                return given
            raise _not_granted("role", given, roles)
        if len(roles) == 1:
            self._person.say(f"The only role available to you is: {visible(roles[0])}")
            return roles[0]
        self._asking.needs("--role")
        self._person.say(f"There are {len(roles)} roles available to you.")
        also = f"all {len(roles)}: a profile for each (awsctx sync)" if only_account and self._all_too else ""
        place = self._person.pick("role", roles, also)
        return roles[place] if place >= 0 else None


def _row(account: Account) -> str:
    """An account as `aws configure sso` shows it."""
    named = ", ".join(text for text in (account.name, account.email) if text)
    return f"{named} ({account.id})" if named else account.id


def _not_granted(what: str, given: str, granted: list[str], *, several: bool = False) -> AwsctxError:
    if several:
        return AwsctxError(f"there are several accounts named '{visible(given)}'", "give its id")
    close = near(given, granted) or granted[:3]
    return AwsctxError(
        f"this sign-in does not grant you the {what} '{visible(given)}'", f"it grants: {', '.join(map(visible, close))}"
    )
