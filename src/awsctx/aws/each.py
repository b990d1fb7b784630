"""Many asked at once: the one place where AWS is asked with several threads for one command."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from awsctx.errors import AwsctxError
from awsctx.signin.service import NoAnswer

# Asked at once: the portal answers 429 at about 50.
AT_ONCE = 8
# What one command waits for AWS: a service that does not answer is given up within 30 seconds (awsctx(1), SIGNING IN).
SECONDS = 26.0

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What came of asking: a ``value``, or an ``error``."""

    value: T | None = None
    error: AwsctxError | None = None


def each(
    subjects: Sequence[S],
    ask: Callable[[S], T],
    told: Callable[[int, int], None] = lambda done, of: None,
    seconds: float = SECONDS,
) -> list[Answer[T]]:
    """``ask`` for each of ``subjects``, AT_ONCE at a time; the answers are in their order. ``told`` gets (done, of all) as it
    goes. An AwsctxError is an answer; when none but NoAnswer has come for ``seconds``, the rest is given up. Ctrl-C ends it
    all."""
    waiting: queue.SimpleQueue[tuple[int, S]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Answer[T]]] = queue.SimpleQueue()
    for item in enumerate(subjects):
        waiting.put(item)

    def work() -> None:
        for number, subject in _items(waiting):
            try:
                done.put((number, Answer(ask(subject))))
            except AwsctxError as e:
                done.put((number, Answer(error=e)))
            except Exception as e:
                done.put((number, Answer(error=AwsctxError(f"asking failed: {type(e).__name__}"))))

    for _ in range(min(AT_ONCE, len(subjects))):
        threading.Thread(target=work, daemon=True).start()
    answers: dict[int, Answer[T]] = {}
    end = time.monotonic() + seconds
    while len(answers) < len(subjects):
        try:
            number, answer = done.get(timeout=max(end - time.monotonic(), 0))
        except queue.Empty:
            break
        answers[number] = answer
        if not isinstance(answer.error, NoAnswer):
            end = time.monotonic() + seconds
        told(len(answers), len(subjects))
    late: Answer[T] = Answer(error=NoAnswer("no answer in time", "check the network and the proxy"))
    return [answers.get(number, late) for number in range(len(subjects))]


def _items(items: queue.SimpleQueue[tuple[int, S]]) -> Iterator[tuple[int, S]]:
    while True:
        try:
            yield items.get_nowait()
        except queue.Empty:
            return
