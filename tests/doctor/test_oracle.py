"""doctor against botocore: it names an error wherever botocore would refuse a file or a profile, and only there."""

from __future__ import annotations

import botocore.configloader
import pytest
from botocore.exceptions import ConfigParseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.every_method import CONFIG, CREDENTIALS
from tests.core.test_credentials import SECTION, SESSION
from tests.support import Home

from awsctx.awsfiles import missing
from awsctx.core import credentials
from awsctx.doctor import Finding, Subject, examine
from awsctx.doctor.finding import ERROR
from awsctx.world import World

LINES = st.sampled_from(
    [
        *("[profile a]", "[profile b]", "[a]", "[DEFAULT]", " [profile c]", "[]", "[x"),
        *("region = x", "REGION: y", "  output = z", "s3 =", "nonsense", "  nonsense", "# c", "", "=x", "\ufeff"),
        *("key = [x]", "sso_region = z # c", "\tq=\t"),
    ]
)
REFUSED = {"file-encoding", "duplicate-section", "duplicate-key", "nested-line", "stray-line"}
ANY = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def errors(home: Home) -> list[Finding]:
    return [found for found in examine(Subject(World(home.environ))) if found.severity == ERROR]


@ANY
@given(lines=st.lists(LINES, max_size=9))
def test_names_a_line_where_botocore_refuses_the_file(home: Home, lines: list[str]) -> None:
    home.config.write_text("\n".join(lines))
    try:
        botocore.configloader.load_config(str(home.config))
        refused = False
    except ConfigParseError:
        refused = True
    assert any(found.id in REFUSED for found in errors(home)) == refused, lines
    assert bool(missing.refused(World(home.environ).files.suspects())) == refused, "what a switch says"


@ANY
@given(
    config=st.dictionaries(st.sampled_from(["default", "profile a", "profile b"]), SECTION),
    session=st.dictionaries(st.sampled_from(["sso-session s", "sso-session incomplete"]), SESSION),
    shared=st.dictionaries(st.sampled_from(["a", "b"]), SECTION, max_size=2),
)
def test_names_an_error_where_botocore_refuses_a_profile(
    home: Home, config: dict[str, dict[str, str]], session: dict[str, dict[str, str]], shared: dict[str, dict[str, str]]
) -> None:
    for path, sections in ((home.config, {**config, **session}), (home.credentials, shared)):
        path.write_text(
            "".join(
                f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
                for name, values in sections.items()
            )
        )
    world = World(home.environ)
    refused = [
        name for name in world.files.names() if credentials.of_profile(name, world.files.layers, world.files.session) == "error"
    ]
    found = errors(home)
    assert not refused or found, refused


@pytest.mark.parametrize("name", ["sso-inconsistent", "sso-no-role", "config-half", "web-no-role", "role-loop-a", "half"])
def test_names_the_profile_that_botocore_refuses(name: str, home: Home) -> None:
    home.config.write_text(CONFIG)
    home.credentials.write_text(CREDENTIALS)
    assert any(name in found.what for found in errors(home))
