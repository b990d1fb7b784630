"""Many things asked at once: how many, what becomes of those that fail or never answer, and what is left when one gives up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from awsctx.signin.waiting import each


def test_no_more_than_some_at_once_and_each_has_its_answer() -> None:
    lock, now, most = threading.Lock(), 0, 0

    def ask(number: int) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        if number == 3:
            raise ValueError(number)
        return number * 2

    found = dict(answer for answer in each(range(20), ask, at_once=4) if answer)
    assert 1 < most <= 4
    assert isinstance(found.pop(3), ValueError)
    assert found == {number: number * 2 for number in range(20) if number != 3}
    assert list(each([], ask, at_once=4)) == []


def test_what_has_been_taken_is_asked_while_more_is_being_taken() -> None:
    asked: list[int] = []

    def items() -> Iterator[int]:
        yield 1
        for _ in range(200):
            if asked:
                break
            time.sleep(0.01)
        yield 2 if asked else 0

    assert sorted(answer[0] for answer in each(items(), lambda item: asked.append(item), at_once=1) if answer) == [1, 2]


def _ended(before: set[threading.Thread]) -> bool:
    """Whether each thread that was not there `before` ends within seconds. A count tells nothing: others may end meanwhile."""
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
    return not set(threading.enumerate()) - before


def test_who_gives_up_waits_for_nothing_and_asks_nothing_more() -> None:
    forever = threading.Event()
    asked: list[int] = []

    def ask(number: int) -> None:
        asked.append(number)
        forever.wait(5)

    before = set(threading.enumerate())
    for answer in each(range(9), ask, at_once=2, tick=0.05):
        assert answer is None
        break
    assert set(threading.enumerate()) - before, "the two that were asked wait still"
    forever.set()
    assert _ended(before)
    assert len(asked) == 2


def test_items_that_cannot_be_had_leave_no_thread() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError

    before = set(threading.enumerate())
    with pytest.raises(LookupError):
        list(each(items(), lambda item: item, at_once=3))
    assert _ended(before)
