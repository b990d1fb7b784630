"""How long AWS is waited for while botocore asks: what counts is the time on the wire, not that of a person who looks up an
MFA code, nor that of a credential_process."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Prompt = Callable[[str], str]

_TICK = 0.1


class Allowance:
    """The ``seconds`` that several things may take together, from now on (None: no end)."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self.began = time.monotonic()

    def left(self, most: float) -> float:
        """The seconds that are left, at most ``most``."""
        return most if self.seconds is None else min(most, max(self.began + self.seconds - time.monotonic(), 0))


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
    """What ``ask`` gives, unless ``wire`` is over. In a thread of its own: an answer that drips in byte by byte outlasts every
    socket timeout. ``prompt`` is called in this one, where a person's Ctrl-C arrives. Raises TooLong, and what ``ask`` does."""
    told: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    answers: queue.SimpleQueue[str] = queue.SimpleQueue()

    def put(question: str) -> str:
        told.put(("question", question))
        return answers.get()

    def work() -> None:
        try:
            told.put(("value", ask(put if prompt else None)))
        except BaseException as e:
            told.put(("error", e))

    threading.Thread(target=work, daemon=True).start()
    while True:
        try:
            kind, what = told.get(timeout=_TICK)
        except queue.Empty:
            if wire.over():
                raise TooLong(wire.url) from None
            continue
        if kind == "error":
            raise what
        if kind == "value":
            return what  # type: ignore[no-any-return]
        if prompt:
            answers.put(prompt(what))
