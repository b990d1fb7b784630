"""Where the SDKs disagree: botocore and AWS SDK for JavaScript v3 in each environment with each kind of profile, as the table
beside says (awsctx(1), WHERE SDKS DISAGREE); what awsctx says of it; and that under `exec` both take the profile."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.scenarios.sdks import combinations as all_of
from tests.scenarios.sdks.combinations import ENVIRONMENTS, PLAIN, Place
from tests.support import AWSCTX


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with all_of.place(tmp_path_factory.mktemp("sdks")) as here:
        yield here


def test_what_each_takes_is_what_the_table_says(tmp_path: Path) -> None:
    assert len(all_of.recorded()) == len(all_of.combinations()) >= 60
    assert all_of.rows(all_of.taken(tmp_path)) == all_of.TABLE.read_text(encoding="utf-8")


def test_under_exec_both_take_the_profile(here: Place) -> None:
    """The environment is the one that a command gets from exec, in each of them."""
    wanted = [(environment, profile) for environment in ENVIRONMENTS for profile in PLAIN]
    environs = [_under_exec(here, environment, profile) for environment, profile in wanted]
    for (environment, profile), (botocore, javascript) in zip(wanted, all_of.ask_both(environs, here), strict=True):
        assert botocore == javascript == (f"{profile}.{_kind(profile)}", "eu-west-2"), environment


def _kind(profile: str) -> str:
    return "keys" if profile == "shared" else profile


def _under_exec(here: Place, environment: str, profile: str) -> dict[str, str]:
    """What a command sees that `awsctx exec` runs in that environment, with a region in the context."""
    caller = here.environ(environment, all_of.UNNAMED)
    command = [AWSCTX, "exec", "-q", "-p", f"{profile}@eu-west-2", "--", "env", "-0"]
    seen = subprocess.run(command, env=caller, capture_output=True, text=True, check=True, timeout=60).stdout
    return dict(variable.split("=", 1) for variable in seen.split("\0") if variable)
