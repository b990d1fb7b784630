"""A profile that always is the active context, for programs that start outside a shell: an IDE, a service.

Its credential_process is `awsctx env . --format process`. It has the whole path of the command, since an IDE has
another PATH than a shell.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from awsctx.core.text import has_control_characters, visible
from awsctx.errors import AwsctxError

_CALL = "env . --format process"


def command(launcher: str) -> str:
    """The credential_process that runs ``launcher``, the path of the command. Its words read back alike in botocore (shlex)
    and in the other SDKs (`sh -c`). Raises AwsctxError for a path for which that is impossible."""
    # A value ends at the end of its line; for JavaScript's reader it also ends at a blank before `#` or `;`.
    if has_control_characters(launcher) or any(f"{blank}{mark}" in launcher for blank in " \t" for mark in "#;"):
        raise AwsctxError(f"the path of awsctx cannot stand in a config: {visible(launcher)}", "install it in another folder")
    return f"{shlex.quote(launcher)} {_CALL}"


def is_following(values: Mapping[str, object]) -> bool:
    """Whether a profile with these values always is the active context."""
    return str(values.get("credential_process", "")).endswith(f" {_CALL}")
