"""What a hooked shell does next: over random days of several shells, and by example."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.days import Day

from awsctx.core.context import Context
from awsctx.core.decide import Decision, decide
from awsctx.core.facts import FOLDER, NONE, PIN, SWITCH, Asked, Facts, Known, Pin, SignIn
from awsctx.core.memory import Memory
from awsctx.core.record import Record


# The same ones in each run, and with AWSCTX_FUZZ new ones (CONTRIBUTING.md, "Set up, and prove it").
@settings(
    max_examples=20_000,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=not os.environ.get("AWSCTX_FUZZ"),
)
@given(st.binary(min_size=8, max_size=64))
def test_what_the_prompt_shows_is_what_runs(program: bytes) -> None:
    Day(program).play()


# --- by example -------------------------------------------------------------------------------------------------------

A, B, PROD = Context("a", "eu-west-1"), Context("b"), Context("prod")


def known(now: float = 1000.0, **more: object) -> Known:
    def facts(name: str) -> Facts | None:
        return Facts(guarded=name == "prod") if name in ("a", "b", "prod") else None

    return Known(facts=facts, sign_in=lambda _: SignIn(NONE), now=now, **{"terminal": "t:1", **more})  # type: ignore[arg-type]


def applied(environ: dict[str, str], decision: Decision) -> dict[str, str]:
    after = {**environ, **decision.changes}
    return {name: value for name, value in after.items() if value is not None}


@pytest.mark.parametrize(
    ("before", "line", "profile"),
    [
        (A, "the time of b is over: back on a@eu-west-1", "a"),
        (PROD, "the time of b is over: no context is active now", None),
        (Context("gone"), "the time of b is over: no context is active now", None),
        (None, "the time of b is over: no context is active now", None),
    ],
)
def test_a_context_for_a_time(before: Context | None, line: str, profile: str | None) -> None:
    record = Record(B, 1, until=1600, before=before)
    first = decide("", {}, record, known())
    assert first.prompt.text(1000) == "b 10m" and (first.prompt.end, first.prompt.ask) == (1600, 1600)
    environ = applied({}, first)
    over = decide(first.memory, environ, record, known(1600))
    assert over.lines == [line] and applied(environ, over).get("AWS_PROFILE") == profile
    again = decide(over.memory, applied(environ, over), record, known(1700))
    assert (again.lines, again.changes) == ([], {})
    # Another switch lifts it; a shell that starts when the time is over starts where the others are.
    lifted = decide(over.memory, applied(environ, over), Record(A, 2), known(1700))
    assert lifted.lines == ([] if before == A else ["now on a@eu-west-1 (switched in another shell)"])
    fresh = decide("", {}, record, known(1700))
    where = "on a@eu-west-1" if before == A else "without a context"
    assert fresh.lines == [f"the time of b is over: this shell starts {where}"]
    assert applied({}, fresh).get("AWS_PROFILE") == profile


def test_a_clock_that_is_set_back_brings_no_time_back() -> None:
    record = Record(B, 1, until=1600)
    over = decide("", {}, record, known(1600))
    assert "AWS_PROFILE" not in applied({}, over)
    back = decide(over.memory, applied({}, over), record, known(1000))
    assert "AWS_PROFILE" not in applied(applied({}, over), back) and back.lines == []
    inside = decide("", {}, record, known(1000))
    for now in (1600, 1000, 1700):  # one that was in it leaves it, and says so, once
        inside_after = decide(inside.memory, applied({}, inside), record, known(now))
        assert (len(inside_after.lines), "AWS_PROFILE" in applied({}, inside_after)) == (1 if now == 1600 else 0, False)
        inside = inside_after


@pytest.mark.parametrize("source", ["state", "shell", "environment"])
def test_a_shell_inside_another_is_where_that_one_is_on_its_terminal_alone(source: str) -> None:
    environ = {"AWS_PROFILE": "prod", "AWSCTX_EXPORTED": f"{source}:prod", "AWSCTX_PARENT": "t:1 1"}
    here = decide("", environ, Record(A if source != "state" else PROD, 1), known())
    assert applied(environ, here)["AWS_PROFILE"] == "prod" and here.lines == []
    elsewhere = decide("", environ, Record(PROD, 1), known(terminal="t:2"))
    assert "AWS_PROFILE" not in applied(environ, elsewhere)
    assert elsewhere.lines == ["prod is guarded: this shell starts without a context"]


def test_another_terminals_pin_is_told_as_what_it_is() -> None:
    """Nobody has switched."""
    environ = {"AWS_PROFILE": "b", "AWSCTX_EXPORTED": "shell:b", "AWSCTX_PARENT": "t:1 1"}
    assert decide("", environ, Record(A, 1), known(terminal="t:2")).lines == ["now on a@eu-west-1"]
    assert decide("", environ, Record(A, 2), known(terminal="t:2")).lines == ["now on a@eu-west-1 (switched in another shell)"]


def test_a_lock_keeps_a_shell_where_it_is() -> None:
    environ = {"AWS_PROFILE": "a", "AWSCTX_EXPORTED": "state:a", "AWSCTX_LOCK": "a"}
    first = decide("", environ, Record(B, 9), known(pin=Pin("/x", B)))
    assert applied(environ, first)["AWS_PROFILE"] == "a" and first.lines == []


def test_a_folders_pin_holds_until_it_is_left_or_another_is_chosen_there() -> None:
    pin = Pin("/x/.awsctx", B)
    first = decide("", {}, Record(A, 1), known())
    environ = applied({}, first)
    inside = decide(first.memory, environ, Record(A, 1), known(pin=pin))
    assert (inside.prompt.head, inside.prompt.kind) == ("b", "pinned")
    environ = applied(environ, inside)
    assert environ["AWSCTX_EXPORTED"] == "directory:b" and "AWS_REGION" not in environ
    chosen = decide(inside.memory, environ, Record(A, 2), known(pin=pin), Asked(SWITCH, A))
    environ = applied(environ, chosen)
    assert environ["AWS_PROFILE"] == "a"
    outside = decide(chosen.memory, environ, Record(A, 2), known())
    back = decide(outside.memory, applied(environ, outside), Record(A, 2), known(pin=pin))
    assert back.prompt.head == "b"


def test_a_shell_does_not_follow_while_a_pin_is_in_force() -> None:
    first = decide("", {}, Record(A, 1), known())
    pin = Pin("/x/.awsctx", B)
    inside = decide(first.memory, applied({}, first), Record(A, 1), known(pin=pin))
    environ = applied(applied({}, first), inside)
    switched = decide(inside.memory, environ, Record(Context("c"), 2), known(pin=pin))
    assert (switched.changes, switched.lines, switched.prompt.head) == ({}, [], "b")
    left = decide(switched.memory, environ, Record(Context("c"), 2), known())
    assert left.lines == ["now on c (switched in another shell)"] and applied(environ, left)["AWS_PROFILE"] == "c"


@pytest.mark.parametrize("terminal", ["t:1", "t:2"])
def test_what_is_inherited_from_a_folders_pin_stays_with_the_folder(terminal: str) -> None:
    environ = {"AWS_PROFILE": "b", "AWSCTX_EXPORTED": "directory:b", "AWSCTX_PARENT": "t:1 1"}
    inside = decide("", environ, None, known(terminal=terminal, pin=Pin("/x/.awsctx", B)))
    environ = applied(environ, inside)
    assert environ["AWS_PROFILE"] == "b"
    outside = decide(inside.memory, environ, None, known(terminal=terminal))
    assert "AWS_PROFILE" not in applied(environ, outside)


def test_another_terminals_pin_does_not_outlast_a_folder() -> None:
    environ = {"AWS_PROFILE": "b", "AWSCTX_EXPORTED": "shell:b", "AWSCTX_PARENT": "t:1 1"}
    inside = decide("", environ, Record(A, 1), known(terminal="t:2", pin=Pin("/x/.awsctx", Context("c"))))
    outside = decide(inside.memory, applied(environ, inside), Record(A, 1), known(terminal="t:2"))
    assert applied(applied(environ, inside), outside)["AWS_PROFILE"] == "a"


def test_a_call_of_the_folders_pin_leaves_the_users_variable_alone() -> None:
    first = decide("", {"AWS_PROFILE": "a"}, None, known(pin=Pin("/x/.awsctx", B)))
    environ = applied({"AWS_PROFILE": "a"}, first)
    asked = decide(first.memory, environ, None, known(pin=Pin("/x/.awsctx", B)), Asked(FOLDER))
    assert (asked.prompt.head, applied(environ, asked)["AWS_PROFILE"]) == ("a", "a")


def test_what_is_said_once_is_said_once() -> None:
    first = decide("", {}, None, known(notes={"pin:1": "not allowed", "pin:2": "nor this"}))
    assert first.lines == ["not allowed", "nor this"]
    assert decide(first.memory, applied({}, first), None, known(notes={"pin:1": "not allowed"})).lines == []


@pytest.mark.parametrize("word", ["", "a", "\t", "\\", "\\t", "a\nb\r", "ü\\\\n"])
def test_a_memory_is_read_back(word: str) -> None:
    memory = Memory()
    memory.own = memory.told = word
    memory.base = Context(word or "x", word)
    text = memory.text()
    assert "\n" not in text and "\r" not in text
    back = Memory.read(text)
    assert back is not None and (back.own, back.told, back.base, back.pin) == (word, word, memory.base, None)


# --- what the shell alone knows of its variables -----------------------------------------------------------------------


@pytest.mark.parametrize("exported", [True, False])
@pytest.mark.parametrize("asked", [Asked(SWITCH, A), Asked(PIN, A), Asked(SWITCH)])
def test_a_read_only_profile_keeps_its_shell_where_it_is(asked: Asked, exported: bool) -> None:
    environ = {"AWSCTX_UNSEEN": "AWS_PROFILE\n"} | ({"AWS_PROFILE": "b"} if exported else {})
    first = decide("", environ, Record(B, 1), known())
    environ = applied(environ, first)
    assert (environ.get("AWS_PROFILE"), first.prompt.head) == (("b", "b") if exported else (None, ""))
    there = decide(first.memory, environ, Record(asked.context, 2), known(), asked)
    wanted = exported or asked.context is not None
    assert there.refused == wanted
    assert there.lines == (["AWS_PROFILE is read-only in this shell, which stays as it is"] if wanted else [])
    assert "AWS_PROFILE" not in there.changes and there.prompt.head == first.prompt.head
    followed = decide(there.memory, applied(environ, there), Record(PROD, 3), known(follow="always"))
    assert (followed.lines, followed.prompt.head) == ([], first.prompt.head) and "AWS_PROFILE" not in followed.changes


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
@pytest.mark.parametrize("value", [None, "us-east-1", "eu-west-1"])
def test_a_read_only_region_keeps_a_contexts_region_out(name: str, value: str | None) -> None:
    environ = {"AWSCTX_UNSEEN": f"{name}\n"} | ({name: value} if value else {})
    first = decide("", environ, Record(A, 1), known())
    assert first.refused == (value != "eu-west-1") == bool(first.lines)
    after = applied(environ, first)
    assert (after["AWS_PROFILE"], after.get(name)) == ("a", value)
    assert first.prompt.head == ("a@eu-west-1" if value == "eu-west-1" else "a")
    assert [other for other in ("AWS_REGION", "AWS_DEFAULT_REGION") if after.get(other) not in (None, value)] == []
    again = decide(first.memory, after, Record(A, 1), known())
    assert (again.lines, again.changes) == ([], {})
    gone = decide(again.memory, after, Record(B, 2), known(), Asked(SWITCH, B))
    assert applied(after, gone).get(name) == value and gone.prompt.head == "b"


def test_a_region_that_is_not_exported_comes_back_as_it_was() -> None:
    environ = {"AWSCTX_UNSEEN": "AWS_REGION=eu-central-1\n"}
    first = decide("", environ, Record(A, 1), known())
    assert first.own == {}
    environ = applied({}, first)
    other = decide(
        first.memory, environ, Record(Context("b", "us-east-1"), 2), known(), Asked(SWITCH, Context("b", "us-east-1"))
    )
    assert other.own == {} and applied(environ, other)["AWS_REGION"] == "us-east-1"
    environ = applied(environ, other)
    back = decide(other.memory, environ, Record(B, 3), known(), Asked(SWITCH, B))
    assert back.own == {"AWS_REGION": "eu-central-1"} and "AWS_REGION" not in applied(environ, back)
    again = decide(back.memory, applied(environ, back), Record(B, 3), known())
    assert again.own == {}
