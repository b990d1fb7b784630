"""Which credentials AWS SDK for JavaScript v3 takes where botocore takes others. Pure.

With AWS_PROFILE set it ignores keys and a web identity in the environment. It never reads AWS_DEFAULT_PROFILE. Within a
profile it has another order. Source: its packages credential-provider-node and credential-provider-ini; the tests run them.
"""

from collections.abc import Callable, Mapping

from awsctx.core import credentials

_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-@+.%:/")


def finds(name: str) -> bool:
    """Whether the SDK finds the profile of that name in the config file. It finds only names of the characters in its
    pattern."""
    return bool(name) and _NAME.issuperset(name)


def method(values: Mapping[str, object]) -> str:
    """How the SDK gets the credentials of a profile with these values of both files, in botocore's words."""
    if "role_arn" in values and ("source_profile" in values) != ("credential_source" in values):
        return credentials.ASSUME_ROLE
    if "aws_access_key_id" in values and "aws_secret_access_key" in values:
        return credentials.CONFIG
    if "role_arn" in values and "web_identity_token_file" in values:
        return credentials.WEB_IDENTITY
    if "credential_process" in values:
        return credentials.PROCESS
    if any(key in values for key in ("sso_start_url", "sso_account_id", "sso_session", "sso_region", "sso_role_name")):
        return credentials.SSO
    return credentials.LOGIN if "login_session" in values else credentials.NONE


def takes(environ: Mapping[str, str], has_credentials: Callable[[str], bool]) -> str:
    """The profile whose credentials the SDK takes in ``environ``; empty where it takes those of a variable, or has none."""
    named = environ.get("AWS_PROFILE")
    if not named and environ.get("AWS_ACCESS_KEY_ID") and environ.get("AWS_SECRET_ACCESS_KEY"):
        return ""
    profile = named or "default"
    return profile if has_credentials(profile) else ""
