"""AWS files with a profile for each way to get credentials, or to fail in it."""

from __future__ import annotations

CONFIG = """\
[sso-session s]
sso_start_url = https://s.awsapps.com/start
sso_region = eu-west-1
[sso-session incomplete]
sso_start_url = https://s.awsapps.com/start
[profile empty]
region = eu-west-1
[profile sso]
sso_session = s
sso_account_id = 111111111111
sso_role_name = r
[profile sso-inline]
sso_start_url = https://i.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111111111111
sso_role_name = r
[profile sso-both]
sso_session = s
sso_start_url = https://s.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111111111111
sso_role_name = r
[profile sso-inconsistent]
sso_session = s
sso_region = us-east-1
sso_account_id = 111111111111
sso_role_name = r
[profile sso-no-role]
sso_session = s
sso_account_id = 111111111111
[profile sso-only-session]
sso_session = s
[profile sso-missing-session]
sso_session = nowhere
sso_account_id = 111111111111
sso_role_name = r
[profile sso-incomplete-session]
sso_session = incomplete
sso_account_id = 111111111111
sso_role_name = r
[profile sso-and-keys]
sso_session = s
sso_account_id = 111111111111
sso_role_name = r
aws_access_key_id = AKIA
aws_secret_access_key = s
[profile config-keys]
aws_access_key_id = AKIA
aws_secret_access_key = s
[profile config-half]
aws_access_key_id = AKIA
[profile config-secret]
aws_secret_access_key = s
[profile process]
credential_process = /bin/false
[profile process-and-keys]
credential_process = /bin/false
aws_access_key_id = AKIA
aws_secret_access_key = s
[profile login]
login_session = arn:aws:iam::111111111111:user/u
credential_process = /bin/false
[profile web]
role_arn = arn:aws:iam::111111111111:role/w
web_identity_token_file = /t
[profile web-no-role]
web_identity_token_file = /t
[profile web-and-source]
role_arn = arn:aws:iam::111111111111:role/w
web_identity_token_file = /t
source_profile = keys
[profile web-empty]
role_arn = arn:aws:iam::111111111111:role/w
web_identity_token_file =
[profile role-keys]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = keys
[profile role-sso]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = sso
[profile role-sso-inconsistent]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = sso-inconsistent
[profile role-process]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = process
[profile role-login]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = login
[profile role-web]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = web
[profile role-empty]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = empty
[profile role-half]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = config-half
[profile role-unknown]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = nowhere
[profile role-chain]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = role-keys
[profile role-chain-chain]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = role-chain
[profile role-self]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = role-self
[profile role-self-keys]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = role-self-keys
aws_access_key_id = AKIA
aws_secret_access_key = s
[profile role-of-self-keys]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = role-self-keys
[profile role-loop-a]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = role-loop-b
[profile role-loop-b]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = role-loop-a
[profile role-loop-keys-a]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = role-loop-keys-b
aws_access_key_id = AKIA
aws_secret_access_key = s
[profile role-loop-keys-b]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = role-loop-keys-a
[profile role-neither]
role_arn = arn:aws:iam::111111111111:role/r
[profile role-both]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = keys
credential_source = Environment
[profile role-environment]
role_arn = arn:aws:iam::111111111111:role/r
credential_source = Environment
[profile role-container]
role_arn = arn:aws:iam::111111111111:role/r
credential_source = EcsContainer
[profile role-instance]
role_arn = arn:aws:iam::111111111111:role/r
credential_source = Ec2InstanceMetadata
[profile role-nonsense]
role_arn = arn:aws:iam::111111111111:role/r
credential_source = environment
[profile role-of-environment]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = role-environment
[profile keys]
region = eu-west-1
"""
CREDENTIALS = """\
[keys]
aws_access_key_id = AKIA
aws_secret_access_key = s
[only-here]
aws_access_key_id = AKIA
aws_secret_access_key = s
aws_session_token = t
[half]
aws_access_key_id = AKIA
[half-secret]
aws_secret_access_key = s
[sso]
aws_access_key_id = AKIA
aws_secret_access_key = s
[login]
aws_access_key_id = AKIA
aws_secret_access_key = s
[role-here]
role_arn = arn:aws:iam::111111111111:role/r
source_profile = keys
[process]
region = eu-west-1
"""
