"""Which values of the AWS files are secrets, and how they are shown.

Secret are the values that sign or authenticate: `aws_access_key_id`, `aws_secret_access_key`, `aws_session_token`, and what
other tools keep beside them (`aws_security_token`, `…_password`, `client_secret`). Paths (`web_identity_token_file`), times
and commands (`credential_process`) are not secret.
"""

from awsctx.awsfiles.grammar import Values

MASK = "****"

_ENDINGS = ("access_key_id", "access_key", "accesskey", "api_key", "private_key", "token", "password", "passwd")


def is_secret(key: str) -> bool:
    """Whether the value of that key (in upper or lower case) must never be shown."""
    key = key.lower()
    return "secret" in key or key.endswith(_ENDINGS)


def masked(values: Values) -> Values:
    """The values with `****` for each secret, also inside blocks."""
    return {
        key: MASK if is_secret(key) else value if isinstance(value, str) else _masked_block(value)
        for key, value in values.items()
    }


def _masked_block(block: dict[str, str]) -> dict[str, str]:
    return {key: MASK if is_secret(key) else value for key, value in block.items()}
