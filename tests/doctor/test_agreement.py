"""The oldest complaint, "I switched, and something else was used": doctor, the switch's warning, the prompt's `!` and
`current --json` say the same of it."""

from __future__ import annotations

import itertools
import json

import pytest
from tests.doctor.healthy import HEALTHY, KEYS, WEB
from tests.support import Home

from awsctx import __version__
from awsctx.commands.current import current
from awsctx.commands.prompt import prompt
from awsctx.commands.use import use
from awsctx.core import environ as env
from awsctx.doctor import Subject, examine
from awsctx.world import World

KINDS = ({}, KEYS, {"AWS_ACCESS_KEY_ID": ""}), ({}, WEB, {"AWS_ROLE_ARN": "r"}), ({}, {"AWS_DEFAULT_PROFILE": "process"})


@pytest.mark.parametrize("profile", ["a", "role", "web", "process"])
def test_all_say_the_same(profile: str, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home.folder))
    home.config.write_text(HEALTHY)
    for keys, web, default in itertools.product(*KINDS):
        variables: dict[str, str] = {**keys, **web, **default}
        world = World(
            {
                **home.environ,
                "AWSCTX_STATE_FILE": str(home.state),
                "AWSCTX_HOOK": __version__,
                "AWS_PROFILE": profile,
                **variables,
            }
        )
        overriding = set(env.overriding(world.environ, profile, world.facts(profile).kinds))
        told = {found.where for found in examine(Subject(world)) if found.id.startswith("environment-")}
        assert told == overriding, variables
        warned = [line for line in use(world, profile).talk if line.startswith("warning: ")]
        assert bool(warned) == bool(overriding) and all(name in warned[0] for name in overriding)
        assert prompt(world).out.endswith(" !\n") == bool(overriding)
        alone = json.loads(current(World({**home.environ, "AWS_PROFILE": profile}), as_json=True).out)
        here = json.loads(current(world, as_json=True).out)
        if not overriding:
            assert here == alone
        elif keys.get("AWS_ACCESS_KEY_ID"):
            assert here["credentials"] == "env"
