"""Each check of `awsctx doctor` by what it finds: id, severity, where; and what it leaves alone."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest
from tests.doctor.conftest import Ask
from tests.support import AWSCTX, TESTER, Home
from tests.tools import locate

from awsctx import __version__
from awsctx.core.environ import PROTOCOL
from awsctx.doctor import Finding
from awsctx.signin import aws_login, tokens

HEALTHY = """\
[default]
region = eu-west-1
[sso-session s]
sso_start_url = https://s.awsapps.com/start
sso_region = eu-west-1
[profile a]
sso_session = s
sso_account_id = 111111111111
sso_role_name = r
region = eu-west-1
s3 =
    max_concurrent_requests = 20
[profile role]
role_arn = arn:aws:iam::222222222222:role/x
source_profile = a
region = eu-west-1
[profile machine]
role_arn = arn:aws:iam::222222222222:role/x
credential_source = Ec2InstanceMetadata
[profile web]
role_arn = arn:aws:iam::222222222222:role/x
web_identity_token_file = /t
[profile process]
credential_process = /bin/false
[services local]
s3 =
    endpoint_url = http://localhost:4566
[plugins]
cli_legacy_plugin_path = /p
"""
ROLE = "role_arn = arn:aws:iam::222222222222:role/x"
HOOKED = {"AWSCTX_HOOK": __version__, "AWSCTX_ANSWER": f"bash {PROTOCOL} 1 /s/shells/1-a"}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "hush-hush", "AWS_SESSION_TOKEN": "hush"}
WEB = {"AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn:aws:iam::333333333333:role/ci"}


@pytest.fixture
def healthy(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    home.config.write_text(HEALTHY)
    tools = home.folder / "bin"
    tools.mkdir()
    for name in ("aws", "jq"):
        (tools / name).touch(mode=0o755)
    home.environ |= {**HOOKED, "PATH": str(tools)}
    with monkeypatch.context() as patched:
        patched.setenv("HOME", str(home.folder))
        write_token(token("2099-01-01T00:00:00Z"))
    return home


def ids(found: list[Finding], *severities: str) -> list[str]:
    return [finding.id for finding in found if not severities or finding.severity in severities]


def only(found: list[Finding], id: str) -> Finding:
    matching = [finding for finding in found if finding.id == id]
    assert len(matching) == 1, found
    return matching[0]


def test_nothing_is_wrong_with_a_healthy_home(healthy: Home, ask: Ask) -> None:
    assert ask() == []
    assert ask(person=True, AWS_PROFILE="role") == []


def test_a_script_needs_no_hook_no_aws_and_no_profile(healthy: Home, ask: Ask) -> None:
    for name in (*HOOKED, "PATH"):
        healthy.environ.pop(name)
    healthy.environ["PATH"] = "/nonexistent"
    assert ids(ask(**KEYS), "error", "warning") == []
    assert ids(ask(person=True), "warning") == ["hook-missing", "command-missing"]


# --- variables --------------------------------------------------------------------------------------------------------


def test_keys_in_the_environment(healthy: Home, ask: Ask) -> None:
    found = ask(AWS_PROFILE="a", **KEYS)
    assert [(f.id, f.severity, f.where) for f in found] == [("environment-keys", "warning", name) for name in KEYS]
    assert found[0].what == (
        "aws will use the keys in the environment, account unknown, not a (account 111111111111, role r); "
        "AWS SDK for JavaScript v3 will use it"
    )
    assert found[0].fix == "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
    assert "hush" not in json.dumps([f.as_json() for f in found])


def test_the_fix_is_for_the_users_shell(healthy: Home, ask: Ask) -> None:
    found = ask(
        AWS_PROFILE="a",
        AWS_ACCESS_KEY_ID="A",
        AWS_SECRET_ACCESS_KEY="s",
        AWSCTX_HOOK="1",
        AWSCTX_ANSWER=f"fish {PROTOCOL} 1 /s/shells/1-a",
    )
    assert found[0].fix == "set -e AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"


def test_half_a_key_is_an_error_and_an_old_one_is_called_so(healthy: Home, ask: Ask) -> None:
    assert only(ask(AWS_PROFILE="a", AWS_ACCESS_KEY_ID="AKIA"), "environment-keys").severity == "error"
    ended = ask(AWS_PROFILE="a", AWS_CREDENTIAL_EXPIRATION="2020-01-01T00:00:00Z", **KEYS)
    assert "they ended at 2020-01-01T00:00:00Z" in ended[0].what


def test_keys_beside_a_profile_that_has_none_are_no_fault(healthy: Home, ask: Ask) -> None:
    found = ask(AWS_PROFILE="default", **KEYS)
    assert set(ids(found)) == set(ids(found, "info")) == {"environment-keys"}


def test_web_identity_in_the_environment(healthy: Home, ask: Ask) -> None:
    found = ask(AWS_PROFILE="a", **WEB)
    assert {(f.id, f.severity, f.where) for f in found} == {("environment-web-identity", "warning", name) for name in WEB}
    assert "role arn:aws:iam::333333333333:role/ci" in found[0].what
    assert ask(AWS_PROFILE="role", **WEB) == []  # botocore assumes the profile's role
    alone = ask(AWS_PROFILE="web", AWS_ROLE_ARN="arn:aws:iam::333333333333:role/ci")
    assert only(alone, "environment-web-identity").where == "AWS_ROLE_ARN"
    no_role = ask(AWS_PROFILE="a", AWS_WEB_IDENTITY_TOKEN_FILE="/t")
    assert only(no_role, "environment-web-identity").severity == "error"


def test_default_profile_overrides(healthy: Home, ask: Ask) -> None:
    found = only(ask(AWS_PROFILE="a", AWS_DEFAULT_PROFILE="role"), "environment-default-profile")
    assert (found.severity, found.where, found.fix) == ("warning", "AWS_DEFAULT_PROFILE", "unset AWS_DEFAULT_PROFILE")
    assert ask(AWS_PROFILE="a", AWS_DEFAULT_PROFILE="a") == []


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_a_variable_that_names_no_profile_or_nothing(variable: str, healthy: Home, ask: Ask) -> None:
    found = only(ask(**{variable: "prozess"}), "unknown-profile")
    assert (found.severity, found.where, found.fix) == ("error", variable, f"unset {variable}")
    assert "did you mean process" in found.what
    assert only(ask(**{variable: ""}), "empty-variable").where == variable


@pytest.mark.parametrize("bad", ["nosuch", ""])
def test_which_tools_fail_where_the_other_variable_names_a_profile(bad: str, healthy: Home, ask: Ask) -> None:
    """As the tools themselves say."""
    healthy.config.write_text(healthy.config.read_text().partition("[plugins]")[0])
    for variable, other, says in (
        ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS CLI v2 fails; boto3 and AWS CLI v1 go by AWS_DEFAULT_PROFILE"),
        ("AWS_DEFAULT_PROFILE", "AWS_PROFILE", "boto3 and AWS CLI v1 fail; AWS CLI v2 goes by AWS_PROFILE"),
    ):
        found = [one for one in ask(**{variable: bad, other: "a"}) if one.severity == "error"]
        assert [one.where for one in found] == [variable] and found[0].what.endswith(f": {says}")
        environ = {**healthy.environ, variable: bad, other: "a"}
        for program, fails in (("aws", variable == "AWS_PROFILE"), ("aws1", variable != "AWS_PROFILE")):
            command = [locate.tool(program), "configure", "get", "region"]
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
            assert (done.returncode != 0) is fails, done
        every = [one for one in ask(**{variable: bad, other: "none"}) if one.severity == "error"]
        assert len(every) == 2 and "every aws call" not in str(every)


def test_keys_win_where_only_the_other_tools_miss_the_profile(healthy: Home, ask: Ask) -> None:
    found = [one for one in ask(AWS_PROFILE="a", AWS_DEFAULT_PROFILE="nosuch", **KEYS) if one.id == "environment-keys"]
    assert found and all("aws will use the keys in the environment" in one.what for one in found)


def test_a_profile_set_by_hand_is_a_choice_in_a_script_or_a_hooked_shell(healthy: Home, ask: Ask) -> None:
    healthy.state.parent.mkdir(parents=True, mode=0o700)
    healthy.state.write_text("role\n")
    healthy.state.chmod(0o600)
    here = {"AWS_PROFILE": "a", "AWSCTX_STATE_FILE": str(healthy.state)}
    assert only(ask(person=True, **here), "profile-set-by-hand").severity == "info"
    assert ask(AWSCTX_EXPORTED="shell:a", **here) == ask(**{**here, "AWS_PROFILE": "role"}) == []
    healthy.environ.pop("AWSCTX_HOOK")
    assert only(ask(**here), "profile-set-by-hand").severity == "info"
    found = only(ask(person=True, **here), "profile-set-by-hand")
    assert (found.severity, found.where, found.fix) == ("warning", "AWS_PROFILE", "unset AWS_PROFILE")


def test_files_and_regions_in_variables(healthy: Home, ask: Ask) -> None:
    assert only(ask(AWS_CONFIG_FILE="/nowhere/config"), "files-elsewhere").where == "AWS_CONFIG_FILE"
    assert only(ask(AWS_SHARED_CREDENTIALS_FILE="/nowhere/credentials"), "files-elsewhere").severity == "info"
    assert ask(AWS_SHARED_CREDENTIALS_FILE="/dev/null") == []
    found = ask(AWS_PROFILE="a", AWS_REGION="eu-west-1", AWS_DEFAULT_REGION="us-east-1")
    assert only(found, "regions-differ").where == "AWS_DEFAULT_REGION"
    assert only(ask(AWS_PROFILE="process"), "no-region").severity == "info"
    assert ask(AWS_PROFILE="process", AWS_REGION="eu-west-1") == []


# --- the AWS files ----------------------------------------------------------------------------------------------------

BAD_LINES = [  # (added to the healthy file, the id, severity, line in what was added)
    ("[profile a]\noutput = json\n", "duplicate-section", "error", 1),
    ("[profile b]\nregion = eu-west-1\nRegion = eu-west-2\n", "duplicate-key", "error", 3),
    ("[profile b]\nnonsense\n", "stray-line", "error", 2),
    ("[profile b]\ns3 =\n  nonsense\n", "nested-line", "error", 3),
    ("[profile b]\nregion = \udcff\n", "file-encoding", "error", 2),
    ("[staging]\nregion = eu-west-1\n", "section-ignored", "warning", 1),
    ("[Profile b]\nregion = eu-west-1\n", "section-ignored", "warning", 1),
    ("[profile a b]\nregion = eu-west-1\n", "section-ignored", "warning", 1),
    ('[profile "web"]\nregion = eu-west-1\n', "duplicate-profile", "warning", -20),
    ("[profile b]\nregion = eu-west-1\n  output = json\n", "swallowed-line", "warning", 3),
    ("[profile b]\nregion = eu-west-1 # here\n", "comment-in-value", "warning", 2),
    ("[sso-session t]\nsso_region = eu-west-1\n", "session-incomplete", "error", 1),
    ("[profile b]\nsso_session = t\nsso_account_id = 111111111111\nsso_role_name = r\n", "session-unknown", "error", 2),
    ("[profile b]\nsso_session = s\nsso_account_id = 111111111111\n", "sso-incomplete", "error", 1),
    ("[profile b]\nsso_session = s\n", "sso-incomplete", "info", 1),
    ("[profile b]\nsso_account_id = 111111111111\nsso_role_name = r\nsso_region = eu-west-1\n", "sso-incomplete", "error", 1),
    (
        "[profile b]\nsso_session = s\nsso_account_id = 111111111111\nsso_role_name = r\nsso_region = eu-west-2\n",
        "sso-disagrees",
        "error",
        5,
    ),
    ("[profile b]\nsso_session = s\nsso_account_id = 43214321\nsso_role_name = r\n", "account-id", "warning", 3),
    ("[profile b]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = a\n", "account-id", "warning", 2),
    ("[profile a@eu-west-1]\nregion = us-east-1\n", "profile-like-context", "warning", 1),
    (f"[profile b]\n{ROLE}\n", "role-source", "error", 2),
    (
        f"[profile b]\n{ROLE}\nsource_profile = a\ncredential_source = Environment\n",
        "role-source",
        "error",
        4,
    ),
    (f"[profile b]\n{ROLE}\ncredential_source = ec2\n", "role-source", "error", 3),
    (f"[profile b]\n{ROLE}\nsource_profile = c\n", "source-unknown", "error", 3),
    (f"[profile b]\n{ROLE}\nsource_profile = b\n", "source-circular", "error", 3),
    (
        f"[profile b]\n{ROLE}\nsource_profile = default\n",
        "source-empty",
        "error",
        3,
    ),
    ("[profile b]\naws_access_key_id = A\n", "keys-incomplete", "error", 2),
    ("[profile b]\nweb_identity_token_file = /t\n", "role-missing", "error", 2),
]


@pytest.mark.parametrize(("text", "id", "severity", "line"), BAD_LINES, ids=[f"{b[1]}-{n}" for n, b in enumerate(BAD_LINES)])
def test_a_fault_in_the_config_file(text: str, id: str, severity: str, line: int, healthy: Home, ask: Ask) -> None:
    healthy.config.write_bytes((HEALTHY + text).encode("utf-8", "surrogateescape"))
    found = ask()
    assert ids(found) == [id]
    at = len(HEALTHY.splitlines()) + line if line > 0 else -line
    assert (found[0].severity, found[0].where) == (severity, f"{healthy.config}:{at}")
    assert found[0].what and found[0].advice and not found[0].fix


@pytest.mark.parametrize(
    ("header", "why", "advice"),
    [
        ("profile a b", "a name with a blank needs quotes", 'write: [profile "a b"]'),
        ('profile "b', "a quote in it has no other that ends it", "write: [profile b]"),
        ("profile b'c", "a quote in it has no other that ends it", "write: [profile bc]"),
        ("sso-session a b", "a name with a blank needs quotes", 'write: [sso-session "a b"]'),
        ("profile", "it has no name", "write: [profile profile]"),
        ("staging", "in this file a profile's section is [profile NAME]", "write: [profile staging]"),
        ("SSO-Session x", "a session's section is [sso-session NAME]", "write: [sso-session x]"),
    ],
)
def test_why_a_section_is_ignored(header: str, why: str, advice: str, healthy: Home, ask: Ask) -> None:
    healthy.config.write_text(f"{HEALTHY}[{header}]\nregion = eu-west-1\n")
    found = only(ask(), "section-ignored")
    assert (found.what, found.advice) == (f"aws ignores [{header}]: {why}", advice)


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_variable_with_a_region_that_is_none(variable: str, healthy: Home, ask: Ask) -> None:
    (found,) = ask(AWS_PROFILE="a", **{variable: "prod"})
    assert (found.id, found.severity, found.where, found.fix) == ("region-unknown", "warning", variable, f"unset {variable}")
    assert found.what == f"{variable}, prod, is not a region: aws calls with it find no service"
    assert {one.severity for one in ask(AWS_PROFILE="a", **{variable: "eu-southwest-7"})} == {"info"}


def test_what_is_no_command_is_no_fix(home: Home, ask: Ask) -> None:
    """Of all that a home with many faults tells."""
    home.config.write_text("".join(text for text, id, *_ in BAD_LINES if "key" not in id and "encoding" not in id))
    home.configure("folow = 1\n")
    home.state.parent.mkdir(parents=True)
    home.state.write_text("gone\n")
    commands = ("awsctx ", "unset ", "chmod ", "rm ", "mv ", "export ", "eval ", "sudo ", "apt", "snap ")
    told = ask(AWS_PROFILE="", AWS_REGION="prod", AWSCTX_STATE_FILE=str(home.state))
    assert len(told) > 15
    for found in told:
        assert found.fix.startswith(commands) if found.fix else found.advice, found
        assert "NAME" not in found.fix and found.as_json()["what"] == found.told


def test_a_name_with_an_at_that_looks_like_no_context(healthy: Home, ask: Ask) -> None:
    names = ("a@home", "other@eu-west-1", "@eu-west-1", "a@eu-west-1@x")
    healthy.config.write_text(HEALTHY + "".join(f"[profile {name}]\nregion = us-east-1\n" for name in names))
    assert ids(ask()) == []


def test_a_byte_order_mark_and_a_line_before_any_section(healthy: Home, ask: Ask) -> None:
    healthy.config.write_bytes(b"\xef\xbb\xbf" + HEALTHY.encode())
    assert [(f.id, f.where) for f in ask()] == [("file-encoding", f"{healthy.config}:1")]
    healthy.config.write_text("region = eu-west-1\n" + HEALTHY)
    assert [(f.id, f.where) for f in ask()] == [("stray-line", f"{healthy.config}:1")]


def test_faults_in_the_credentials_file(healthy: Home, ask: Ask) -> None:
    healthy.credentials.touch(mode=0o600)
    healthy.credentials.write_text(
        "[profile b]\naws_access_key_id = A\naws_secret_access_key = hush\n"
        "[a]\naws_access_key_id = A\naws_secret_access_key = hush\n"
    )
    found = ask()
    assert [(f.id, f.severity, f.where) for f in found] == [
        ("section-prefixed", "warning", f"{healthy.credentials}:1"),
        ("keys-unused", "info", f"{healthy.credentials}:5"),
    ]
    assert "hush" not in repr(found)


def test_a_circle_names_its_way_and_only_those_in_it(healthy: Home, ask: Ask) -> None:
    role = "role_arn = arn:aws:iam::222222222222:role/x\nsource_profile = "
    healthy.config.write_text(f"[profile x]\n{role}y\n[profile y]\n{role}x\n[profile into]\n{role}x\n")
    found = ask()
    assert [(f.id, f.where) for f in found] == [("source-circular", f"{healthy.config}:{line}") for line in (3, 6)]
    assert "x -> y -> x" in found[0].what


def test_a_profile_may_be_its_own_source_if_it_has_keys(healthy: Home, ask: Ask) -> None:
    keys = "aws_access_key_id = A\naws_secret_access_key = s\n"
    healthy.config.chmod(0o600)
    healthy.config.write_text(f"[profile b]\n{ROLE}\nsource_profile = b\n{keys}")
    assert ask() == []


# --- sign-ins ---------------------------------------------------------------------------------------------------------


def write_token(text: str) -> Path:
    path = Path(tokens.token_path("s"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def token(end: str, **more: str) -> str:
    return json.dumps({"accessToken": "hush", "expiresAt": end, **more})


def test_a_torn_token(healthy: Home, ask: Ask) -> None:
    path = write_token('{"accessTok')
    stray = path.with_name("stray.json")
    stray.touch(mode=0o600)
    registration = path.with_name("registration.json")
    registration.touch(mode=0o600)
    registration.write_text('{"clientId": "c", "expiresAt": "2099-01-01T00:00:00Z"}')
    found = ask()
    assert [(f.id, f.severity) for f in found] == [("token-torn", "warning")] * 2
    assert {f.where: f.fix for f in found} == {str(path): "awsctx login s", str(stray): f"rm {stray}"}


def test_an_ended_sign_in_is_a_note_where_no_context_is_in_force(healthy: Home, ask: Ask) -> None:
    healthy.config.write_text(healthy.config.read_text().replace("[default]\nregion = eu-west-1\n", ""))
    write_token(token("2020-01-01T00:00:00Z"))
    assert only(ask(), "token-expired").severity == "info"


def test_an_ended_sign_in_counts_where_it_is_the_one_in_force(healthy: Home, ask: Ask) -> None:
    path = write_token(token("2020-01-01T00:00:00Z"))
    found = only(ask(AWS_PROFILE="a"), "token-expired")
    assert (found.severity, found.where, found.fix) == ("warning", str(path), "awsctx login s")
    assert only(ask(AWS_PROFILE="process", AWS_REGION="x"), "token-expired").severity == "info"
    write_token(token("2020-01-01T00:00:00Z", refreshToken="r", registrationExpiresAt="2099-01-01T00:00:00Z"))
    assert ask(AWS_PROFILE="a") == []
    write_token(token("2099-01-01T00:00:00Z"))
    assert ask(AWS_PROFILE="a") == []


def test_no_sign_in_yet_is_only_told(healthy: Home, ask: Ask) -> None:
    Path(tokens.token_path("s")).unlink()
    found = only(ask(AWS_PROFILE="role"), "token-missing")
    assert (found.severity, found.fix) == ("info", "awsctx login s")


def test_a_sign_in_by_aws_login(healthy: Home, ask: Ask) -> None:
    who = "arn:aws:iam::111111111111:user/ada"
    more = f"[profile mine]\nlogin_session = {who}\nregion = eu-west-1\n"
    more += f"[profile on]\n{ROLE}\nsource_profile = mine\nregion = eu-west-1\n"
    healthy.config.write_text(HEALTHY + more)
    path = Path(aws_login.token_path(who, {}))
    race = only([f for f in ask() if f.id != "token-missing"], "login-race")
    assert (race.severity, race.where) == ("info", f"{healthy.config}:{HEALTHY.count(chr(10)) + 2}")
    assert "end the sign-in for all" in race.what
    for profile in ("mine", "on"):
        missing = only([f for f in ask(AWS_PROFILE=profile) if f.id != "login-race"], "token-missing")
        assert (missing.severity, missing.where, missing.fix) == ("info", str(path), "awsctx login mine")
    path.parent.mkdir(parents=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"accessToken": {"expiresAt": "2020-01-01T00:00:00Z"}}))
    ended = only([f for f in ask(AWS_PROFILE="mine") if f.id != "login-race"], "token-expired")
    assert (ended.severity, ended.fix) == ("warning", "awsctx login mine")
    path.write_text(json.dumps({"accessToken": {"expiresAt": "2099-01-01T00:00:00Z"}}))
    assert [f.id for f in ask(AWS_PROFILE="mine")] == ["login-race"]


def test_a_token_that_others_can_read(healthy: Home, ask: Ask) -> None:
    path = write_token(token("2099-01-01T00:00:00Z"))
    path.chmod(0o644)
    found = only(ask(), "token-mode")
    assert (found.severity, found.where, found.fix) == ("warning", str(path), f"chmod 600 {path}")


# --- the machine ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "secret", "fix"),
    [(0o644, True, "chmod 600"), (0o666, True, "chmod 600"), (0o664, False, "chmod go-w"), (0o644, False, "")],
)
def test_modes_of_the_aws_files(mode: int, secret: bool, fix: str, healthy: Home, ask: Ask) -> None:
    key = "aws_secret_access_key = hush\n" if secret else ""
    healthy.credentials.write_text(f"[keys]\naws_access_key_id = A\n{key}" if secret else "[keys]\nregion = eu-west-1\n")
    healthy.credentials.chmod(mode)
    found = ask()
    assert [(f.id, f.where, f.fix) for f in found] == (
        [("file-mode", str(healthy.credentials), f"{fix} {healthy.credentials}")] if fix else []
    )


def test_a_file_that_cannot_be_read(healthy: Home, ask: Ask) -> None:
    healthy.config.unlink()
    healthy.config.mkdir()
    found = only(ask(), "file-unreadable")
    assert (found.where, found.fix) == (str(healthy.config), "")
    assert found.told.endswith("; make it a file, or name another in AWS_CONFIG_FILE")


def test_the_own_files(healthy: Home, ask: Ask) -> None:
    healthy.state.parent.mkdir(parents=True)
    healthy.state.write_text("gone\n")
    assert only(ask(AWSCTX_STATE_FILE=str(healthy.state)), "state-unknown-profile").where == str(healthy.state)
    healthy.state.write_text("torn\nhalf")
    assert only(ask(AWSCTX_STATE_FILE=str(healthy.state)), "state-damaged").severity == "error"
    healthy.configure("folow = 1\n")
    found = only(ask(AWSCTX_CONFIG=str(healthy.settings)), "own-config")
    assert (found.severity, found.where) == ("error", str(healthy.settings))
    assert "folow" in found.what


def test_the_hook(healthy: Home, ask: Ask) -> None:
    assert only(ask(AWSCTX_HOOK="0.0.9"), "hook-outdated").fix == 'eval "$(awsctx init bash)"'
    fish = {"AWSCTX_HOOK": "0.0.1", "AWSCTX_ANSWER": f"fish {PROTOCOL} 1 /s/shells/1-a"}
    assert only(ask(**fish), "hook-outdated").fix == "awsctx init fish | source"
    healthy.environ.pop("AWSCTX_HOOK")
    assert only(ask(person=True), "hook-missing").severity == "warning"
    assert only(ask(person=True, AWS_PROFILE="role", AWSCTX_EXPORTED="state:role"), "hook-missing").severity == "info"


def test_the_hook_that_a_start_up_file_loads(healthy: Home, ask: Ask) -> None:
    del healthy.environ["AWSCTX_HOOK"]
    healthy.environ["SHELL"] = "/bin/bash"
    startup = healthy.folder / ".bashrc"
    assert "put the line into ~/.bashrc" in only(ask(), "hook-missing").what
    startup.write_text('eval "$(awsctx init bash)"\n')
    assert "~/.bashrc loads it in each new shell" in only(ask(), "hook-missing").what
    startup.write_text(healthy.run("init", "bash", "--save").stderr.splitlines()[-1].strip() + "\n")
    assert "~/.bashrc loads it in each new shell" in only(ask(), "hook-missing").what
    (healthy.folder / ".local/share/awsctx/hook.bash").unlink()
    assert only(ask(), "hook-missing").fix == "awsctx init bash --save"


def test_a_rendered_hook_of_another_version(healthy: Home, ask: Ask) -> None:
    healthy.ok("init", "zsh", "--save", "--prompt")
    hook = healthy.folder / ".local/share/awsctx/hook.zsh"
    assert "hook-stale" not in [found.id for found in ask()]
    first, rest = hook.read_text().split("\n", 1)
    hook.write_text(first.replace("# awsctx 0.", "# awsctx 9.") + "\n" + rest)
    found = only(ask(), "hook-stale")
    assert (found.severity, found.where, found.fix) == ("warning", str(hook), "awsctx init zsh --save --prompt")
    healthy.ok(*found.fix.split()[1:])
    assert "hook-stale" not in [found.id for found in ask()]


def test_commands(healthy: Home, ask: Ask) -> None:
    (healthy.folder / "bin" / "aws").unlink()
    assert only(ask(person=True), "command-missing").severity == "warning"
    assert only(ask(), "command-missing").severity == "info"


def test_the_walkthroughs_second_account_has_eight_digits(home: Home, ask: Ask) -> None:
    found = only(ask(AWS_PROFILE=TESTER, **HOOKED), "account-id")
    assert (found.severity, found.where) == ("warning", f"{home.config}:13")


def test_the_modes_of_the_state(healthy: Home, ask: Ask) -> None:
    healthy.state.parent.mkdir(parents=True, mode=0o700)
    healthy.state.write_text("role\n")
    healthy.state.chmod(0o600)
    assert "state-mode" not in {finding.id for finding in ask()}
    healthy.state.chmod(0o644)
    assert only(ask(), "state-mode").where == str(healthy.state)
    healthy.state.chmod(0o600)
    healthy.state.parent.chmod(0o777)
    assert only(ask(), "state-mode").fix.startswith("chmod 700 ")


def test_a_region_variable_that_wins_over_the_profiles_own(healthy: Home, ask: Ask) -> None:
    healthy.config.write_text("[profile a]\nregion = eu-west-1\nrole_arn = r\nsource_profile = a\n")
    finding = only(ask(AWS_PROFILE="a", AWS_REGION="us-east-1"), "environment-region")
    assert (finding.severity, finding.where) == ("info", "AWS_REGION")
    assert "environment-region" not in {one.id for one in ask(AWS_PROFILE="a", AWS_REGION="eu-west-1")}


# --- values, SDKs, what is around -------------------------------------------------------------------------------------


def with_profile(healthy: Home, *lines: str, name: str = "p") -> int:
    """Add a profile of ``lines``; the line of the first of them."""
    text = healthy.config.read_text()
    healthy.config.write_text(text + "\n".join([f"[profile {name}]", *lines, ""]))
    return text.count("\n") + 2


@pytest.mark.parametrize(
    ("region", "severity", "advice"),
    [
        ("eu-wset-1", "warning", "write: region = eu-west-1"),
        ("prod", "warning", None),
        ("aws-global", "warning", None),
        ("eu-southwest-7", "info", None),
    ],
)
def test_a_region_that_is_none(region: str, severity: str, advice: str | None, healthy: Home, ask: Ask) -> None:
    line = with_profile(healthy, f"region = {region}", "credential_process = /bin/false")
    found = only(ask(), "region-unknown")
    assert (found.severity, found.where) == (severity, f"{healthy.config}:{line}")
    assert found.fix == "" and (advice is None or found.advice == advice)


def test_a_name_like_a_context_with_a_region_that_is_none(healthy: Home, ask: Ask) -> None:
    line = with_profile(
        healthy, "region = moon-1", "credential_process = /bin/false", "[profile p@moon-1]", "region = us-east-1"
    )
    found = ask()
    assert only(found, "region-unknown").where == f"{healthy.config}:{line}"
    assert only(found, "profile-like-context").where == f"{healthy.config}:{line + 2}"


def test_a_sessions_region_that_is_none(healthy: Home, ask: Ask) -> None:
    healthy.config.write_text(HEALTHY.replace("sso_region = eu-west-1", "sso_region = ireland"))
    assert only(ask(), "region-unknown").where == f"{healthy.config}:5"


def test_a_session_in_several_regions_is_no_fault(healthy: Home, ask: Ask) -> None:
    """Identity Center may be in more than one region; each has its own session of the same start URL."""
    url = "sso_start_url = https://s.awsapps.com/start"
    healthy.config.write_text(HEALTHY + f"[sso-session there]\n{url}\nsso_region = us-east-1\n")
    assert ask() == []


def test_an_output_that_aws_does_not_know(healthy: Home, ask: Ask) -> None:
    for good in ("json", "yaml-stream", "off"):
        with_profile(healthy, f"output = {good}", "region = eu-west-1", name=good)
    assert ask() == []
    line = with_profile(healthy, "output = jsno", "region = eu-west-1")
    found = only(ask(), "output-unknown")
    assert (found.severity, found.where) == ("warning", f"{healthy.config}:{line}")


def test_a_credential_process_whose_program_is_not_there(healthy: Home, ask: Ask) -> None:
    for name, program in (("there", "/bin/false"), ("onpath", "jq --x"), ("quoted", f'"{healthy.folder}/bin/aws" x')):
        with_profile(healthy, f"credential_process = {program}", name=name)
    assert ask() == []
    line = with_profile(healthy, "credential_process = '/opt/a tool' --x")
    found = only(ask(), "process-missing")
    assert (found.severity, found.where) == ("warning", f"{healthy.config}:{line}")
    assert "/opt/a tool" in found.what


def test_bedrocks_token_and_the_mcp_proxys_list(healthy: Home, ask: Ask) -> None:
    for variable, id in (("AWS_BEARER_TOKEN_BEDROCK", "environment-bedrock"), ("AWS_MCP_PROXY_PROFILES", "environment-mcp")):
        found = ask(AWS_PROFILE="a", **{variable: "hush-hush"})
        assert [(f.id, f.severity, f.where, f.fix) for f in found] == [(id, "warning", variable, f"unset {variable}")]
    assert "hush" not in repr(ask(AWS_PROFILE="a", AWS_BEARER_TOKEN_BEDROCK="hush-hush"))


def test_the_locks_own_list_for_the_mcp_proxy_is_right(healthy: Home) -> None:
    both = f"printenv AWS_MCP_PROXY_PROFILES; {AWSCTX} doctor"
    told = healthy.ok("exec", "--lock", "-p", "a", "-c", both, env={"PATH": os.environ["PATH"]})
    assert told.startswith("a\n") and "environment-mcp" not in told


def test_keys_beside_a_profile_that_is_not_there(healthy: Home, ask: Ask) -> None:
    found = [f for f in ask(AWS_PROFILE="ghost", **KEYS) if f.id == "environment-keys"]
    assert {f.severity for f in found} == {"warning"}
    assert all("aws will use" not in f.what and "every aws call fails" in f.what for f in found)


def test_who_reads_which_region_variable(healthy: Home, ask: Ask) -> None:
    first = only(ask(AWS_PROFILE="a", AWS_REGION="us-east-1"), "environment-region").what
    assert first.startswith(
        "AWS CLI v2 and AWS SDK for JavaScript v3 will work in us-east-1; boto3 and AWS CLI v1 in eu-west-1"
    )
    second = only(ask(AWS_PROFILE="a", AWS_DEFAULT_REGION="us-east-1"), "environment-region").what
    assert second.startswith("aws and boto3 will work in us-east-1; AWS SDK for JavaScript v3 in eu-west-1")
    found = ask(AWS_PROFILE="a", AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-2")
    assert only(found, "regions-differ").what == (
        "AWS CLI v2 and AWS SDK for JavaScript v3 work in us-east-1 (AWS_REGION), "
        "boto3 and AWS CLI v1 in us-east-2 (AWS_DEFAULT_REGION)"
    )
    assert {one.where: one.what for one in found if one.id == "environment-region"} == {
        "AWS_REGION": "AWS CLI v2 and AWS SDK for JavaScript v3 will work in us-east-1, not in eu-west-1, the region of a",
        "AWS_DEFAULT_REGION": "boto3 and AWS CLI v1 will work in us-east-2, not in eu-west-1, the region of a",
    }
    both = ask(AWS_PROFILE="a", AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1")
    assert {one.what for one in both if one.id == "environment-region"} == {
        "aws will work in us-east-1, not in eu-west-1, the region of a"
    }


@pytest.mark.parametrize(
    ("shell", "file", "line", "found"),
    [
        ("bash", ".bashrc", "export AWS_PROFILE=a", True),
        ("bash", ".profile", "  AWS_PROFILE='a b' # mine", True),
        ("bash", ".bashrc", "alias x='AWS_PROFILE=a'", False),
        ("bash", ".bashrc", "AWS_PROFILE=a aws s3 ls", False),
        ("bash", ".bashrc", "# export AWS_PROFILE=a", False),
        ("zsh", ".zshenv", "typeset -x AWS_DEFAULT_PROFILE=a", True),
        ("zsh", ".bashrc", "export AWS_PROFILE=a", False),
        ("fish", ".config/fish/conf.d/x.fish", "set -gx AWS_PROFILE a", True),
        ("fish", ".config/fish/config.fish", "set -l AWS_PROFILE a", False),
        ("nu", ".config/nushell/env.nu", "$env.AWS_PROFILE = 'a'", True),
    ],
)
def test_a_start_up_file_that_sets_the_profile(shell: str, file: str, line: str, found: bool, healthy: Home, ask: Ask) -> None:
    """Also in a hooked shell that has had its first prompt, where the variable is the hook's by now."""
    path = healthy.folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# mine\n{line}\n")
    hooked = {"AWSCTX_ANSWER": f"{shell} {PROTOCOL} 1 /s/shells/1-a", "AWS_PROFILE": "role", "AWSCTX_EXPORTED": "state:role"}
    told = [f for f in ask(**hooked) if f.id == "profile-set-by-hand"]
    assert [(f.severity, f.where) for f in told] == ([("warning", f"{path}:2")] if found else [])


def test_no_profile_at_all(healthy: Home, ask: Ask) -> None:
    healthy.config.unlink()
    assert only(ask(), "no-profile").severity == "info"
    found = only(ask(person=True), "no-profile")
    assert (found.severity, found.where, found.fix) == ("warning", str(healthy.config), "awsctx setup")


def test_a_state_that_cannot_be_used(healthy: Home, ask: Ask) -> None:
    healthy.state.mkdir(parents=True)
    assert (only(ask(), "state-unusable").severity, only(ask(), "state-unusable").where) == ("error", str(healthy.state))
    healthy.state.rmdir()
    healthy.state.parent.rmdir()
    healthy.state.parent.write_text("")
    assert only(ask(), "state-unusable").where == str(healthy.state)


def test_a_config_of_awsctx_that_nobody_reads(healthy: Home, ask: Ask) -> None:
    healthy.configure("follow = 'never'\n")
    assert ask() == []
    found = only(ask(XDG_CONFIG_HOME=str(healthy.folder / "other")), "own-config-unread")
    assert (found.severity, found.where) == ("warning", str(healthy.settings))
    assert only(ask(AWSCTX_CONFIG="/dev/null"), "own-config-unread").where == str(healthy.settings)


def test_torn_files_of_keys(healthy: Home, ask: Ask) -> None:
    for cache in ("cli", "login"):
        torn = healthy.aws / cache / "cache" / "x.json"
        torn.parent.mkdir(parents=True)
        torn.touch(mode=0o600)
        torn.write_text('{"Credentials": {')
        found = only(ask(), "token-torn")
        assert (found.severity, found.where, found.fix) == (
            "warning",
            str(torn),
            f"rm '{torn}'" if "'" in found.fix else f"rm {torn}",
        )
        torn.unlink()


def test_the_old_aws_is_told_from_the_new_without_running_it(healthy: Home, ask: Ask) -> None:
    program = healthy.folder / "bin" / "aws"
    program.unlink()
    program.symlink_to(locate.aws1())
    found = only(ask(), "aws-cli-old")
    assert (found.severity, found.where) == ("info", str(program))
    assert "15 July 2027" in found.what
    program.unlink()
    program.symlink_to(locate.aws2())
    assert ask() == []


def test_a_name_that_javascript_does_not_find(healthy: Home, ask: Ask) -> None:
    line = with_profile(healthy, "credential_process = /bin/false", name='"two words"') - 1
    found = only(ask(), "sdk-name")
    assert (found.severity, found.where) == ("info", f"{healthy.config}:{line}")
    assert found.fix == "awsctx rename 'two words' two-words"


@pytest.mark.parametrize(("name", "free"), [("→ünï", "uni"), ("→", "profile"), ("a!", "a-2"), ("b→@x", "b-@x")])
def test_the_other_name_that_is_offered_can_be_had(healthy: Home, ask: Ask, name: str, free: str) -> None:
    with_profile(healthy, "credential_process = /bin/false", name=f'"{name}"')
    fix = only(ask(), "sdk-name").fix
    assert shlex.split(fix) == ["awsctx", "rename", name, free]
    healthy.ok(*shlex.split(fix)[1:])
    assert not ask()


def test_two_kinds_of_credentials_in_one_profile(healthy: Home, ask: Ask) -> None:
    sso = ("sso_session = s", "sso_account_id = 111111111111", "sso_role_name = r")
    line = with_profile(healthy, *sso, "credential_process = /bin/false") + 3
    found = only(ask(), "sdks-differ")
    assert (found.severity, found.where) == ("info", f"{healthy.config}:{line}")
    assert found.what == "aws takes its sign-in of p, AWS SDK for JavaScript v3 its credential_process"


def test_a_region_that_is_a_block_is_shown_nowhere(healthy: Home, ask: Ask) -> None:
    """An indented header after `region =` is a part of its value."""
    with_profile(healthy, "region =", "  x = y", "  [profile q]")
    for call in (("use", "p"), ("list", "-l"), ("list", "--json"), ("current",), ("current", "--json"), ("doctor",)):
        done = healthy.run(*call, env={"PATH": "/usr/bin:/bin"})
        assert "{'" not in done.stdout + done.stderr, call
    assert "{'" not in repr(ask(AWS_PROFILE="p"))
