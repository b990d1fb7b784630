"""What all checks of `awsctx doctor` have in common, and a table of the faults that a config can have."""

from __future__ import annotations

import pytest
from tests.doctor.conftest import Ask
from tests.doctor.healthy import HEALTHY, HOOKED, KEYS, ROLE, ids
from tests.support import Home


def test_nothing_is_wrong_with_a_healthy_home(healthy: Home, ask: Ask) -> None:
    assert ask() == []
    assert ask(person=True, AWS_PROFILE="role") == []


def test_a_script_needs_no_hook_no_aws_and_no_profile(healthy: Home, ask: Ask) -> None:
    for name in (*HOOKED, "PATH"):
        healthy.environ.pop(name)
    healthy.environ["PATH"] = "/nonexistent"
    assert ids(ask(**KEYS), "error", "warning") == []
    assert ids(ask(person=True), "warning") == ["hook-missing", "command-missing"]


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
