"""What is generated from the command line's declaration is current, and complete."""

from __future__ import annotations

from pathlib import Path

from tests.tools import declare

from awsctx.core import completions, words

AGAIN = "write it again: python -m tests.tools.declare"


def test_the_words_of_the_front_door_are_current() -> None:
    assert Path(words.__file__).read_text(encoding="utf-8") == declare.words(), AGAIN


def test_the_completions_are_current() -> None:
    assert Path(completions.__file__).read_text(encoding="utf-8") == declare.completions(), AGAIN


def test_each_value_that_an_option_takes_has_a_kind() -> None:
    kinds = {
        kind
        for _, words, _, options in completions.CALLS.values()
        for kind in (*words, *(kind for kind, _ in options.values()))
    }
    choices = {kind for kind in kinds if "|" in kind}
    assert kinds - choices == {*declare.KINDS.values(), "flag", "text"}
