"""Many questions to AWS at once, for one command."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from awsctx.errors import AwsctxError
from awsctx.signin import waiting
from awsctx.signin.service import NoAnswer

# The number of questions at once. At about 50 the portal answers 429.
AT_ONCE = 8
# Seconds that one command waits for AWS: it gives a silent service up within 30 seconds (awsctx(1), SIGNING IN).
SECONDS = 26.0
# Seconds between two looks at the clock.
_TICK = 0.1

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class Answer(Generic[T]):
    """The answer to one question: a ``value``, or an ``error``."""

    value: T | None = None
    error: AwsctxError | None = None


def each(
    subjects: Sequence[S],
    ask: Callable[[S], T],
    told: Callable[[int, int], None] = lambda done, of: None,
    seconds: float = SECONDS,
) -> list[Answer[T]]:
    """``ask`` for each of ``subjects``, AT_ONCE at a time; the answers in the order of the subjects. ``told`` gets (done,
    of all) after each. An AwsctxError counts as an answer. After ``seconds`` in which nothing but NoAnswer has come, the
    rest gets NoAnswer. Ctrl-C ends all."""
    answers: dict[int, Answer[T]] = {}
    end = time.monotonic() + seconds
    numbered = enumerate(subjects)
    for outcome in waiting.each(numbered, lambda item: ask(item[1]), at_once=AT_ONCE, tick=_TICK):
        if outcome is not None:
            (number, _), value = outcome
            answers[number] = _answer(value)
            told(len(answers), len(subjects))
            if not isinstance(answers[number].error, NoAnswer):
                end = time.monotonic() + seconds
        if time.monotonic() >= end:
            break
    late: Answer[T] = Answer(error=NoAnswer("no answer in time", "check the network and the proxy"))
    return [answers.get(number, late) for number in range(len(subjects))]


def _answer(outcome: T | BaseException) -> Answer[T]:
    if isinstance(outcome, AwsctxError):
        return Answer(error=outcome)
    if isinstance(outcome, BaseException):
        return Answer(error=AwsctxError(f"the request failed: {type(outcome).__name__}"))
    return Answer(outcome)
