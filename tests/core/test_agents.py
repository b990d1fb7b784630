"""Whether a coding agent makes the call."""

from __future__ import annotations

import pytest

from awsctx.core.agents import VARIABLES, agent


@pytest.mark.parametrize("name", VARIABLES)
def test_one_of_its_variables_says_so(name: str) -> None:
    assert agent({"PATH": "/bin", name: "1"}) == name
    assert agent({name: "0"}) == agent({name: ""}) == ""


def test_nobody_says_so() -> None:
    assert agent({}) == ""
