"""All that a sign-in grants, listed with a few calls at once, at the rate that the portal takes.

From some rate on, which AWS does not publish, the portal answers 429. So calls start at any rate. The first 429 sets it: from
then on, as many calls a second start as were answered in the last one.
"""

from __future__ import annotations

import collections
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from awsctx import trace
from awsctx.errors import AwsctxError
from awsctx.signin.cache import Token
from awsctx.signin.portal import Account, Portal, TokenRefused
from awsctx.signin.service import NoAnswer, NotNow, Service, in_words
from awsctx.signin.waiting import each, value

# The portal has been seen to refuse at about 50 accounts asked at once (aws-sso-cli#520).
CONCURRENCY = 8
# Seconds without one good answer after which the service is given up: within 30 of the start (awsctx(1), SIGNING IN), of which
# a refresh may take flow's BRIEFLY.
SILENCE = 22.0
# How often a call is made that gets no answer, and the first pause in between.
_ATTEMPTS = 3
_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
# The longest Retry-After, in seconds, that is waited for.
LONGEST_WAIT = 60.0
# What a rate is learnt from: so many answers in a second; fewer, where the portal keeps refusing.
_ENOUGH = 2 * CONCURRENCY
_ERAS = 3
# What a 429 adds to the time between two calls, and what an answer takes from it: about a fifth in 100 answers, in case the
# portal was only busy.
_SLOW_DOWN = 1.05
_SPEED_UP = 0.998

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Grant:
    """An account and its roles, by the portal's order; ``trouble`` says why they could not be read."""

    account: Account
    roles: tuple[str, ...] = ()
    trouble: str = ""


def grants(token: Token, profile: str, progress: Progress) -> list[Grant]:
    """What the sign-in grants, by the portal's order. ``progress`` is told (accounts read, accounts in all); ``profile`` lends
    its network settings.

    Raises TokenRefused where the portal does not take the token (any more), AwsctxError where the accounts cannot be
    listed, or the roles of none.
    """
    # Paced repeats calls, since it sees all of them. botocore would see one at a time, and ignore Retry-After.
    portal = Portal(token, service=Paced(Service("sso", token.region, profile, attempts=1)))
    accounts: dict[str, Account] = {}

    def listed() -> Iterator[Account]:
        for account in portal.each_account():
            if account.id not in accounts:
                accounts[account.id] = account
                progress(0, len(accounts))
                yield account

    found: dict[str, Grant] = {}
    for answer in each(listed(), lambda account: _roles(portal, account), at_once=CONCURRENCY):
        if answer is not None:
            found[answer[0].id] = value(answer[1])
            progress(len(found), len(accounts))
    granted = [found[id] for id in accounts]
    if granted and all(grant.trouble for grant in granted):
        raise AwsctxError(f"the roles of no account could be read: {granted[0].trouble}", "nothing has been changed")
    return granted


def _roles(portal: Portal, account: Account) -> Grant:
    try:
        return Grant(account, tuple(portal.roles(account.id)))
    except TokenRefused:
        raise
    except AwsctxError as e:
        return Grant(account, trouble=e.message)


class Paced:
    """A Service for all threads. It starts no more calls than the portal takes, and repeats those that failed."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pace = _Pace()

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """As Service.call. A 429 or 503 is no failure, unless nothing is answered for ``SILENCE`` seconds."""
        failed = 0
        while True:
            era = self._pace.start()
            seconds = self._pace.patience()
            if not seconds:
                raise self._silent()
            try:
                answer = self._service.call(operation, seconds, **parameters)
            except NotNow as e:
                if (e.retry_after or 0) > LONGEST_WAIT:
                    raise
                self._pace.refused(era, e.retry_after)
            except NoAnswer as e:
                if not self._pace.patience():  # the last call had only the rest of the time, and its own error would name that
                    raise self._silent() from e
                failed += 1
                if failed == _ATTEMPTS:
                    raise
                time.sleep(_PAUSE * 2**failed)
            else:
                self._pace.answered()
                return answer

    def unusable(self, operation: str) -> NoAnswer:
        """As Service.unusable."""
        return self._service.unusable(operation)

    @staticmethod
    def _silent() -> NoAnswer:
        return NoAnswer(f"the SSO portal has given no good answer for {in_words(SILENCE)}", "try again later")


class _Pace:
    """When the next call may start. An era lasts from one 429 to the next; those refused among the calls of an era count
    once. Times are `time.monotonic`'s."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._era = 0
        self._interval = 0.0  # seconds from one start to the next
        self._next = 0.0  # when the next call may start
        self._pause = _PAUSE
        self._good_until = time.monotonic() + SILENCE
        self._answers: collections.deque[float] = collections.deque()  # of the last second

    def start(self) -> int:
        """Wait for one's turn; gives its era."""
        while True:
            with self._lock:
                era = self._era
                turn = max(time.monotonic(), self._next)
                self._next = turn + self._interval
            time.sleep(max(turn - time.monotonic(), 0))
            if era == self._era:  # else a call was refused meanwhile, and this turn does not count any more
                return era

    def answered(self) -> None:
        with self._lock:
            now = time.monotonic()
            self._answers.append(now)
            self._forget(now)
            self._good_until = max(self._good_until, now + SILENCE)
            self._pause = _PAUSE
            self._interval *= _SPEED_UP

    def refused(self, era: int, retry_after: float | None) -> None:
        """429: pause, then go on at the rate that was answered."""
        with self._lock:
            now = time.monotonic()
            if retry_after is not None:
                self._next = max(self._next, now + retry_after)
                self._good_until = max(self._good_until, self._next + SILENCE)
            if era != self._era:
                return
            self._era += 1
            self._forget(now)
            if self._answers and (len(self._answers) >= _ENOUGH or era >= _ERAS):
                self._interval = max(self._interval * _SLOW_DOWN, 1 / len(self._answers))
            self._next = max(self._next if retry_after is not None else 0, now + self._pause)
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)
            trace.tell("429", f"{len(self._answers)} answers in the last second; pause {self._next - now:.1f} s")

    def patience(self) -> float:
        """Seconds that are left until the service is given up."""
        return max(self._good_until - time.monotonic(), 0)

    def _forget(self, now: float) -> None:
        while self._answers and self._answers[0] < now - 1:
            self._answers.popleft()
