"""Profiles and roles of which some only read."""

from __future__ import annotations

from awsctx.demo.standin import STALE_KEY, STALE_SECRET, Account

ACCOUNT = "123412341234"
ACCOUNTS = [
    Account(ACCOUNT, "development", ("developer", "Auditor-ViewOnly", "MyReadOnly", "billing")),
    Account("43214321", "test", ("tester",)),
]
MORE = f"""\
[profile worksso.view]
sso_session = worksso
sso_account_id = {ACCOUNT}
sso_role_name = Auditor-ViewOnly
region = us-east-2
[profile elsewhere.MyReadOnly]
sso_session = other
sso_account_id = {ACCOUNT}
sso_role_name = MyReadOnly
[sso-session other]
sso_start_url = https://other.awsapps.com/start
sso_region = eu-west-1
[profile ops]
role_arn = arn:aws:iam::210987654321:role/deep/ops
source_profile = worksso.developer
region = eu-west-1
[profile china]
role_arn = arn:aws-cn:iam::210987654321:role/ops
source_profile = worksso.developer
region = eu-west-1
[profile chained]
role_arn = arn:aws:iam::210987654321:role/top
source_profile = ops
region = eu-west-1
[profile auditor]
role_arn = arn:aws:iam::210987654321:role/TheReadOnlyOne
source_profile = worksso.developer
region = eu-west-1
[profile web]
role_arn = arn:aws:iam::210987654321:role/ci
web_identity_token_file = {{home}}/web-token
region = eu-west-1
[profile user]
aws_access_key_id = {STALE_KEY}
aws_secret_access_key = {STALE_SECRET}
region = eu-west-1
[profile process]
credential_process = false
region = eu-west-1
[profile short]
aws_access_key_id = ASIAX
aws_secret_access_key = x
aws_session_token = y
region = eu-west-1
"""
POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
