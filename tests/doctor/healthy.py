"""The home with which nothing is wrong, and what a test makes of it and asks of the findings."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import Home

from awsctx import __version__
from awsctx.core.environ import PROTOCOL
from awsctx.doctor import Finding
from awsctx.signin import tokens

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


def ids(found: list[Finding], *severities: str) -> list[str]:
    return [finding.id for finding in found if not severities or finding.severity in severities]


def only(found: list[Finding], id: str) -> Finding:
    matching = [finding for finding in found if finding.id == id]
    assert len(matching) == 1, found
    return matching[0]


def write_token(text: str) -> Path:
    path = Path(tokens.token_path("s"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def token(end: str, **more: str) -> str:
    return json.dumps({"accessToken": "hush", "expiresAt": end, **more})


def with_profile(healthy: Home, *lines: str, name: str = "p") -> int:
    """Add a profile of ``lines``; the line of the first of them."""
    text = healthy.config.read_text()
    healthy.config.write_text(text + "\n".join([f"[profile {name}]", *lines, ""]))
    return text.count("\n") + 2
