"""Many profiles asked at once: how many, in which order, and what becomes of those that fail or never answer."""

from __future__ import annotations

import threading
import time

from awsctx.aws import identity
from awsctx.core.context import Context
from awsctx.errors import AwsctxError
from awsctx.signin.service import NoAnswer

CONTEXTS = [Context(f"p{number}") for number in range(30)]


def test_not_more_than_some_at_a_time_and_the_answers_in_order() -> None:
    lock, now, most = threading.Lock(), 0, 0

    def ask(context: Context) -> str:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return context.profile.upper()

    told: list[int] = []
    answers = identity.each(CONTEXTS, ask, told.append)
    assert [(answer.profile, answer.value) for answer in answers] == [(c.profile, c.profile.upper()) for c in CONTEXTS]
    assert 1 < most <= identity.AT_ONCE
    assert told == list(range(1, 31))


def test_one_that_fails_harms_no_other() -> None:
    def ask(context: Context) -> str:
        if context.profile == "p1":
            raise AwsctxError("no", "do something")
        if context.profile == "p2":
            raise ValueError("hush")
        return "ok"

    answers = identity.each(CONTEXTS[:4], ask)
    assert [answer.value for answer in answers] == ["ok", None, None, "ok"]
    assert answers[1].error is not None and answers[1].error.hints == ("do something",)
    assert answers[2].error is not None and answers[2].error.message == "asking failed: ValueError"


def test_what_never_answers_is_given_up() -> None:
    forever = threading.Event()
    answers = identity.each(
        CONTEXTS[:2], lambda context: "ok" if context.profile == "p0" else str(forever.wait(5)), seconds=0.2
    )
    forever.set()
    assert answers[0].value == "ok"
    assert answers[1].error is not None and answers[1].error.message == "no answer in time"


def test_a_service_that_answers_none_is_given_up_for_all() -> None:
    """Thirty profiles, eight at a time: not thirty eighths of the wait for one."""

    def ask(context: Context) -> str:
        time.sleep(0.15)
        raise NoAnswer("no answer from x in time")

    began = time.monotonic()
    answers = identity.each(CONTEXTS, ask, seconds=0.2)
    assert time.monotonic() - began < 0.4
    assert [answer.error.message[:9] for answer in answers if answer.error] == ["no answer"] * 30


def test_nobody_is_asked_where_there_is_nobody() -> None:
    assert identity.each([], lambda context: "ok") == []
