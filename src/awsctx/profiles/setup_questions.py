"""The questions of `awsctx setup`, required and optional ones. Each answer is checked at once. A wrong one is asked again;
a wrong option is an error."""

from collections.abc import Callable, Sequence

from awsctx.errors import AwsctxError
from awsctx.signin.screen import Person

# Returns what is wrong with an answer; empty: nothing.
Check = Callable[[str], str]


class Questions:
    """Puts questions to ``person``. Where ``asks`` is false, nobody is there, and ``nobody`` makes the error, from the
    option that would answer."""

    def __init__(self, person: Person, nobody: Callable[[str], AwsctxError], *, asks: bool) -> None:
        self.person = person
        self.nobody = nobody
        self.asks = asks

    def required(
        self,
        question: str,
        given: str | None,
        option: str,
        problem: Check,
        completions: Sequence[str] = (),
        default: str | None = None,
    ) -> str:
        """The answer to a question that needs one. ``default`` is shown with the question, unless it is None."""
        if given is not None:
            return _checked(given, problem, option)
        self.needs(option)
        shown = "" if default is None else f" [{default or None}]"
        while True:
            answer = self.person.ask(f"{question}{shown}: ", completions) or default or ""
            wrong = problem(answer) if answer else "a value is required"
            if not wrong:
                return answer
            self.person.say(wrong)

    def optional(self, question: str, given: str | None, problem: Check, completions: Sequence[str], default: str) -> str:
        """The answer to an optional question. The ``default`` is not checked."""
        if given is not None or not self.asks:
            return given or ""
        while True:
            answer = self.person.ask(f"{question} [{default or None}]: ", completions)
            wrong = problem(answer) if answer else ""
            if not wrong:
                return answer or default
            self.person.say(wrong)

    def needs(self, option: str) -> None:
        """Raise the error of ``nobody`` where there is nobody to ask for the value of ``option``."""
        if not self.asks:
            raise self.nobody(option)


def _checked(given: str, problem: Check, option: str) -> str:
    """An option's value, if it is valid. Raises AwsctxError."""
    wrong = problem(given) if given else f"{option} needs a value"
    if wrong:
        raise AwsctxError(wrong)
    return given
