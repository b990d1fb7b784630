"""What `--debug` and AWSCTX_DEBUG=1 tell: what is read, decided and called. Never a secret."""

import os

enabled = False

_SECRET_KEYS = ("secret", "token", "password", "access_key", "accesskey", "credential")


def tell(what: str, value: object = "") -> None:
    """One line on stderr when debugging is on. Callers pass names and decisions; a value that may be a secret goes
    through ``masked`` first."""
    if enabled:
        line = f"awsctx: debug: {what}{': ' if value != '' else ''}{value}\n"
        os.write(2, line.encode("utf-8", "backslashreplace"))


def masked(name: str, value: str) -> str:
    """``value``, or `****` where the name says that it may be a secret."""
    return "****" if any(word in name.lower() for word in _SECRET_KEYS) else value
