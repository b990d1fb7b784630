"""Many profiles asked at once: how many, in which order, and what becomes of those that fail or never answer."""

from __future__ import annotations

import threading
import time

from awsctx.aws.each import AT_ONCE, each
from awsctx.errors import AwsctxError
from awsctx.signin.service import NoAnswer

NAMES = [f"p{number}" for number in range(30)]


def test_not_more_than_some_at_a_time_and_the_answers_in_order() -> None:
    lock, now, most = threading.Lock(), 0, 0

    def ask(name: str) -> str:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return name.upper()

    told: list[tuple[int, int]] = []
    answers = each(NAMES, ask, lambda *done: told.append(done))
    assert [answer.value for answer in answers] == [name.upper() for name in NAMES]
    assert 1 < most <= AT_ONCE
    assert told == [(done, 30) for done in range(1, 31)]


def test_one_that_fails_harms_no_other() -> None:
    def ask(name: str) -> str:
        if name == "p1":
            raise AwsctxError("no", "do something")
        if name == "p2":
            raise ValueError("hush")
        return "ok"

    answers = each(NAMES[:4], ask)
    assert [answer.value for answer in answers] == ["ok", None, None, "ok"]
    assert answers[1].error is not None and answers[1].error.hints == ("do something",)
    assert answers[2].error is not None and answers[2].error.message == "the request failed: ValueError"


def test_what_never_answers_is_given_up() -> None:
    forever = threading.Event()
    answers = each(NAMES[:2], lambda name: "ok" if name == "p0" else str(forever.wait(5)), seconds=0.2)
    forever.set()
    assert answers[0].value == "ok"
    assert answers[1].error is not None and answers[1].error.message == "no answer in time"


def test_a_service_that_answers_none_is_given_up_for_all() -> None:
    """Thirty profiles, eight at a time: not thirty eighths of the wait for one."""

    def ask(name: str) -> str:
        time.sleep(0.6)
        raise NoAnswer("no answer from x in time")

    began = time.monotonic()
    answers = each(NAMES, ask, seconds=0.8)
    assert time.monotonic() - began < 1.6
    assert [answer.error.message[:9] for answer in answers if answer.error] == ["no answer"] * 30


def test_nobody_is_asked_where_there_is_nobody() -> None:
    assert each([], lambda name: "ok") == []
