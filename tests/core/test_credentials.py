"""`credentials` against botocore's own resolver: each combination of environment and files has one answer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.every_method import CONFIG, CREDENTIALS
from tests.core.oracle import Oracle

from awsctx.awsfiles.grammar import Values
from awsctx.core import credentials
from awsctx.core import environ as env
from awsctx.world import World

ENVIRONMENT_KEYS: tuple[dict[str, str], ...] = (
    {},
    {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"},
    {"AWS_ACCESS_KEY_ID": "AKIA"},
    {"AWS_SECRET_ACCESS_KEY": "s"},
    {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
    {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": ""},
)
WEB_IDENTITY: tuple[dict[str, str], ...] = (
    {},
    {"AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/e"},
    {"AWS_WEB_IDENTITY_TOKEN_FILE": "/t"},
    {"AWS_WEB_IDENTITY_TOKEN_FILE": "", "AWS_ROLE_ARN": ""},
    {"AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/e"},
)
CONTAINER: tuple[dict[str, str], ...] = ({}, {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"})
NO_INSTANCE = {"AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables that lead to the two files above, and to a HOME with nothing else."""
    folder = tmp_path_factory.mktemp("home")
    return _write(folder, CONFIG, CREDENTIALS)


def _write(folder: Path, config: str, shared: str) -> dict[str, str]:
    (folder / "config").write_text(config, encoding="utf-8")
    (folder / "credentials").write_text(shared, encoding="utf-8")
    own = {"AWS_CONFIG_FILE": str(folder / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials")}
    return {"HOME": str(folder), "BOTO_CONFIG": "/nonexistent", **own}


def _awsctx(environ: dict[str, str], explicit: str | None = None) -> str:
    world = World(environ)
    return credentials.here(environ, world.files.layers, world.files.session, explicit=explicit or "")


def _profiles(environ: dict[str, str]) -> list[str]:
    return [*World(environ).files.names(), "nowhere"]


def _combinations(files: dict[str, str]) -> Iterator[tuple[dict[str, str], str | None]]:
    """Each profile, named in each way, under each set of variables."""
    for profile, keys, web in itertools.product(_profiles(files), ENVIRONMENT_KEYS, WEB_IDENTITY):
        environ = {**files, **NO_INSTANCE, **keys, **web}
        if keys in ENVIRONMENT_KEYS[:2] or web in WEB_IDENTITY[:1]:  # half a key ends it, whatever else there is
            yield {**environ, "AWS_PROFILE": profile}, None
        if keys in ENVIRONMENT_KEYS[:2] and web in WEB_IDENTITY[:2]:
            yield environ, profile
    for profile, keys, container in itertools.product(_profiles(files), ENVIRONMENT_KEYS[:2], CONTAINER):
        environ = {**files, **keys, **container}
        yield {**environ, "AWS_DEFAULT_PROFILE": profile, "AWS_PROFILE": "keys"}, None
        if not keys:
            yield {**environ, "AWS_PROFILE": profile, **NO_INSTANCE}, None


def test_agrees_with_botocore_over_the_table(files: dict[str, str]) -> None:
    compared, disagreements = 0, []
    with Oracle(same_files=True) as oracle:
        for environ, explicit in _combinations(files):
            compared += 1
            expected, found = oracle.method(environ, explicit), _awsctx(environ, explicit)
            # An instance's metadata service is the one place that awsctx cannot know without asking.
            if found != ("none" if expected == "iam-role" else expected):
                disagreements.append(({k: v for k, v in environ.items() if k not in files}, explicit, expected, found))
    print(f"{compared} combinations compared, {len(disagreements)} disagreements")
    assert not disagreements
    assert compared > 1200


def test_what_overrides_a_profile_is_what_changes_botocores_choice(files: dict[str, str]) -> None:
    """Where `environ.overriding` (the prompt, the warning of a switch) names nothing, the variables change nothing."""
    for environ, explicit in _combinations({**files}):
        name = environ.get("AWS_DEFAULT_PROFILE", environ.get("AWS_PROFILE", ""))
        world = World(environ)
        values = world.files.profile(name)
        if explicit or values is None or "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" in environ:
            continue
        alone = {k: v for k, v in environ.items() if k in files or k in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")}
        overriding = env.overriding({k: v for k, v in environ.items() if v}, name, env.kinds(values))
        if not overriding and not _source_is_the_environment(values):
            assert _awsctx({k: v for k, v in environ.items() if v}) == _awsctx(alone), (name, environ)
        elif "AWS_ACCESS_KEY_ID" in overriding:
            assert _awsctx(environ) in (credentials.ENV, credentials.ERROR)
        elif "AWS_WEB_IDENTITY_TOKEN_FILE" in overriding:
            assert _awsctx(environ) in (credentials.WEB_IDENTITY, credentials.ERROR)


def _source_is_the_environment(values: Values) -> bool:
    return "credential_source" in values or values.get("source_profile") == "role-environment"


@pytest.mark.parametrize("default", ["", "[default]\naws_access_key_id = A\naws_secret_access_key = s\n"])
def test_agrees_with_botocore_where_no_profile_is_named(tmp_path: Path, default: str) -> None:
    environ = {**_write(tmp_path, default, ""), **NO_INSTANCE}
    with Oracle() as oracle:
        for keys, web, container in itertools.product(ENVIRONMENT_KEYS, WEB_IDENTITY, CONTAINER):
            for named in ({}, {"AWS_PROFILE": "default"}, {"AWS_PROFILE": ""}, {"AWS_DEFAULT_PROFILE": ""}):
                combination = {**environ, **keys, **web, **container, **named}
                assert _awsctx(combination) == oracle.method(combination), (keys, web, container, named)


VALUES = {
    "role_arn": st.just("arn:aws:iam::111111111111:role/r"),
    "source_profile": st.sampled_from(["a", "b", "c", "nowhere"]),
    "credential_source": st.sampled_from(["Environment", "EcsContainer", "Ec2InstanceMetadata", "environment"]),
    "web_identity_token_file": st.sampled_from(["/t", ""]),
    "sso_session": st.sampled_from(["s", "incomplete", "nowhere", ""]),
    "sso_start_url": st.sampled_from(["https://s.awsapps.com/start", "https://other"]),
    "sso_region": st.sampled_from(["eu-west-1", "us-east-1"]),
    "sso_account_id": st.just("111111111111"),
    "sso_role_name": st.just("r"),
    "aws_access_key_id": st.just("AKIA"),
    "aws_secret_access_key": st.just("s"),
    "login_session": st.just("l"),
    "credential_process": st.just("/bin/false"),
}
SECTION = st.fixed_dictionaries({}, optional=VALUES)  # type: ignore[arg-type]
SESSION = st.fixed_dictionaries(
    {}, optional={key: VALUES[key] for key in ("sso_start_url", "sso_region", "sso_account_id", "role_arn")}
)
VARIABLES = st.fixed_dictionaries(
    {},
    optional={
        "AWS_ACCESS_KEY_ID": st.sampled_from(["AKIA", ""]),
        "AWS_SECRET_ACCESS_KEY": st.sampled_from(["s", ""]),
        "AWS_WEB_IDENTITY_TOKEN_FILE": st.sampled_from(["/t", ""]),
        "AWS_ROLE_ARN": st.sampled_from(["arn:aws:iam::111111111111:role/e", ""]),
        "AWS_PROFILE": st.sampled_from(["a", "b", "c", "nowhere", ""]),
        "AWS_DEFAULT_PROFILE": st.sampled_from(["a", "b"]),
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": st.just("http://127.0.0.1/c"),
        "AWS_EC2_METADATA_DISABLED": st.sampled_from(["true", "TRUE", "false"]),
    },
)


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    config=st.dictionaries(st.sampled_from(["default", "profile a", "profile b", "profile c"]), SECTION),
    session=st.dictionaries(st.sampled_from(["sso-session s", "sso-session incomplete"]), SESSION),
    shared=st.dictionaries(st.sampled_from(["a", "b", "c"]), SECTION, max_size=2),
    variables=VARIABLES,
    explicit=st.sampled_from([None, None, "a", "c"]),
)
def test_agrees_with_botocore_on_any_files(
    tmp_path_factory: pytest.TempPathFactory,
    config: dict[str, dict[str, str]],
    session: dict[str, dict[str, str]],
    shared: dict[str, dict[str, str]],
    variables: dict[str, str],
    explicit: str | None,
) -> None:
    folder = tmp_path_factory.getbasetemp()
    environ = {**_write(folder, _text({**config, **session}), _text(shared)), **variables}
    with Oracle() as oracle:
        expected, found = oracle.method(environ, explicit), _awsctx(environ, explicit)
    assert found == ("none" if expected == "iam-role" else expected)


def _text(sections: dict[str, dict[str, str]]) -> str:
    return "".join(
        f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items()) for name, values in sections.items()
    )
