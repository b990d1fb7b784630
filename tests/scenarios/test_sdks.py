"""Where the SDKs disagree: botocore and AWS SDK for JavaScript v3 in each environment with each kind of profile, as the table
beside says (awsctx(1), WHERE SDKS DISAGREE); what awsctx says of it; and that under `exec` both take the profile."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.scenarios.sdks import combinations as all_of
from tests.scenarios.sdks.combinations import ENVIRONMENTS, PLAIN, Place
from tests.support import AWSCTX

from awsctx import __version__
from awsctx.commands.use import use
from awsctx.doctor import Subject, examine
from awsctx.doctor.subject import JAVASCRIPT
from awsctx.world import World


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


def test_awsctx_says_so_wherever_they_differ(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """doctor names JavaScript's SDK where what the two take differs, and only there; a switch does where it is by variables."""
    monkeypatch.setenv("HOME", str(here.home.folder))  # where the token cache is
    for row in all_of.recorded():
        here.home.state.unlink(missing_ok=True)
        environ = here.environ(row.environment, row.profile)
        findings = examine(Subject(World(environ)))
        its = re.compile(rf"(?:of|find) {re.escape(row.profile)}[:,]")
        named = [found for found in findings if JAVASCRIPT in found.what]
        told = [found for found in named if found.id.startswith(("environment", "regions")) or its.search(found.what)]
        assert bool(told) == (row.botocore != row.javascript), (row, told)
        for found in named:
            if found.id in ("environment-keys", "environment-web-identity"):
                assert (f"{JAVASCRIPT} will use" in found.what) == (row.javascript[0] != "none"), (row, found)
        if row.profile in PLAIN:
            talk = use(World({**environ, "AWSCTX_HOOK": __version__}), row.profile).talk
            noted = any("JavaScript" in line for line in talk)
            assert noted == (row.botocore[0] != row.javascript[0]), (row, talk)


BEDROCK = """\
import sys, botocore.session
client = botocore.session.Session().create_client("bedrock", region_name="eu-west-1", endpoint_url="https://127.0.0.1:9")
client.meta.events.register("before-send", lambda request, **_: sys.exit(str(request.headers["Authorization"])))
client.list_foundation_models()
"""


def test_bedrock_is_signed_by_the_profile_under_exec(here: Place) -> None:
    """And, as long as the token is there, by nothing else: `--keep` leaves it."""
    environ = {**here.environ("bearer token", all_of.UNNAMED), "AWS_MCP_PROXY_PROFILES": "x"}

    def signed(*options: str) -> str:
        command = [AWSCTX, "exec", *options, "-p", "keys", "--", sys.executable, "-c", BEDROCK]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60).stderr

    named, signature = signed().splitlines()
    assert "AWS_BEARER_TOKEN_BEDROCK" in named and "AWS_MCP_PROXY_PROFILES" in named
    assert signature.startswith("b'AWS4-HMAC-SHA256 Credential=keys.keys/")
    assert signed("-q", "--keep", "AWS_BEARER_TOKEN_BEDROCK") == "b'Bearer b'\n"
