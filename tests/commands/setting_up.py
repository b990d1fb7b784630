"""What `awsctx setup` is given and what it writes, in step 2 and 3 of the walkthrough."""

from __future__ import annotations

from tests.support import WALKTHROUGH

from awsctx.demo.sandbox import START_URL

SESSION = WALKTHROUGH.partition("[profile")[0]
STANZA = """\
[profile worksso.developer]
sso_session = worksso
sso_account_id = 123412341234
sso_role_name = developer
region = eu-west-1
output = json
"""
OPTIONS = ["--session", "worksso", "--start-url", START_URL, "--sso-region", "eu-west-1"]
ROLE = ["--account", "123412341234", "--role", "developer", "--region", "eu-west-1", "--output", "json"]
