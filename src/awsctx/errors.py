"""What can go wrong, and the exit code that each ends in (awsctx(1), EXIT STATUS).

    AwsctxError            1   the base: one line of what is wrong, then what to do about it
    ├── UnknownProfile     1   no profile has the name that was given
    ├── TimeOver           1   the time of the active context has ended
    ├── UsageError         2   the call itself is not one that awsctx knows
    ├── SignInNeeded       3   a sign-in is needed and nobody is there to do it
    ├── CommandNotRunnable 126 exec: found, but not executable
    ├── CommandNotFound    127 exec: not found
    └── Cancelled          130 the user said stop

The front door and the Typer door print them alike: `awsctx: MESSAGE`, then each hint on a line of its own. Messages are
lower case, without a full stop, and never hold a secret.
"""


class AwsctxError(Exception):
    """Something that the user has to know: ``message`` says what and where, ``hints`` what to do next."""

    exit_code = 1

    def __init__(self, message: str, *hints: str) -> None:
        super().__init__(message)
        self.message = message
        self.hints = hints


class UnknownProfile(AwsctxError):
    """No profile has the ``name`` that was given."""

    def __init__(self, name: str, message: str, *hints: str) -> None:
        super().__init__(message, *hints)
        self.name = name


class TimeOver(AwsctxError):
    """The time of the active context has ended."""


class UsageError(AwsctxError):
    """The call is not one that awsctx knows."""

    exit_code = 2


class SignInNeeded(AwsctxError):
    """A sign-in is needed, and there is nobody to do it."""

    exit_code = 3


class CommandNotRunnable(AwsctxError):
    """exec: the command was found, but cannot be executed."""

    exit_code = 126


class CommandNotFound(AwsctxError):
    """exec: there is no such command."""

    exit_code = 127


class Cancelled(AwsctxError):
    """The user said stop (Ctrl-C, Esc in a picker, end of input at a question)."""

    exit_code = 130
