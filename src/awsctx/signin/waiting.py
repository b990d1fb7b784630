"""Ask in threads, some at once, and give up in time.

Where botocore asks AWS, only the time on the wire counts. The time does not count in which a user looks up an MFA code, or a
credential_process runs.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

Item = TypeVar("Item")
T = TypeVar("T")
Prompt = Callable[[str], str]

_TICK = 0.1


class Allowance:
    """The ``seconds`` that several calls may take together, from now on (None: no end)."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self.began = time.monotonic()

    def left(self, most: float) -> float:
        """The seconds that are left, at most ``most``."""
        return most if self.seconds is None else min(most, max(self.began + self.seconds - time.monotonic(), 0))


def each(
    items: Iterable[Item], ask: Callable[[Item], T], *, at_once: int, tick: float | None = None
) -> Iterator[tuple[Item, T | BaseException] | None]:
    """(item, what ``ask`` gives for it, or what it raises), in the order in which they come; ``at_once`` are asked at a time.
    Yields None after each ``tick`` seconds without an answer, so that the caller may stop. Questions that are under way then
    are abandoned (an answer that drips in byte by byte outlasts every socket timeout), and no more are asked.

    ``items`` are taken in the caller's thread, while those that were taken are being asked."""
    waiting: queue.SimpleQueue[tuple[Item] | None] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[Item, T | BaseException]] = queue.SimpleQueue()
    over = threading.Event()

    def work() -> None:
        while (box := waiting.get()) and not over.is_set():
            try:
                answers.put((box[0], ask(box[0])))
            except BaseException as e:
                answers.put((box[0], e))

    asked = 0
    try:
        for item in items:
            waiting.put((item,))
            if asked < at_once:
                threading.Thread(target=work, daemon=True).start()  # a daemon: Ctrl-C does not wait for it
            asked += 1
        for _ in range(asked):
            while (answer := _next(answers, tick)) is None:
                yield None
            yield answer
    finally:
        over.set()
        for _ in range(min(asked, at_once)):
            waiting.put(None)


def _next(answers: queue.SimpleQueue[T], seconds: float | None) -> T | None:
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        return None


class Wire:
    """The seconds that requests may take, all together. ``sent`` and ``answered`` are handlers for botocore's events."""

    def __init__(self, seconds: float) -> None:
        self.url = ""
        self._left = seconds
        self._since: float | None = None

    def listen(self, session: Any) -> None:
        """Count the requests of all clients that a botocore session will make."""
        session.register("before-send", self.sent)
        session.register("response-received", self.answered)

    def sent(self, request: Any, **_: Any) -> None:
        self.url = str(request.url)
        self._since = time.monotonic()

    def answered(self, **_: Any) -> None:
        since, self._since = self._since, None
        self._left -= time.monotonic() - since if since is not None else 0

    def over(self) -> bool:
        """Whether a request is under way that has taken what was left."""
        since = self._since
        return since is not None and time.monotonic() - since >= self._left


class TooLong(Exception):
    """The seconds are over; ``url`` is what has not answered."""

    def __init__(self, url: str) -> None:
        super().__init__("no answer in time")
        self.url = url


def within(wire: Wire, ask: Callable[[Prompt | None], T], prompt: Prompt | None) -> T:
    """What ``ask`` gives, unless ``wire`` is over. ``prompt`` is called in this thread, where a user's Ctrl-C arrives. Raises
    TooLong, and what ``ask`` does."""
    questions: queue.SimpleQueue[str] = queue.SimpleQueue()
    replies: queue.SimpleQueue[str] = queue.SimpleQueue()

    def put(question: str) -> str:
        questions.put(question)
        return replies.get()

    for answer in each([put if prompt else None], ask, at_once=1, tick=_TICK):
        if answer is not None:
            return value(answer[1])
        if prompt and not questions.empty():
            replies.put(prompt(questions.get()))
        elif wire.over():
            raise TooLong(wire.url) from None
    raise AssertionError("each has an answer, or ticks")


def value(outcome: T | BaseException) -> T:
    """An outcome of ``each``, if it is one; raises it where it is an exception."""
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome
