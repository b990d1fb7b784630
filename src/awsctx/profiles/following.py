"""A profile that is whatever context is active, for what starts outside a shell: an IDE, a service. Its credential_process is
`awsctx env . --format process --follow`, by the command's whole path, since an IDE has another PATH than a shell."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping

from awsctx.core.text import has_control_characters, visible
from awsctx.errors import AwsctxError

_CALL = "env . --format process --follow"


def command(launcher: str) -> str:
    """The credential_process that runs ``launcher``, the command's path: words for a POSIX shell, as botocore (shlex) and the
    other SDKs (`sh -c`) read them. Raises AwsctxError for a path that not all of them read back."""
    # A value of the config ends at a line's end; JavaScript's reader also at a blank before `#` or `;`.
    if has_control_characters(launcher) or any(f"{blank}{mark}" in launcher for blank in " \t" for mark in "#;"):
        raise AwsctxError(f"the path of awsctx cannot stand in a config: {visible(launcher)}", "install it in another folder")
    return f"{_word(launcher)} {_CALL}"


def is_following(values: Mapping[str, object]) -> bool:
    """Whether a profile of these values is whatever context is active."""
    return str(values.get("credential_process", "")).endswith(f" {_CALL}")


def _word(path: str) -> str:
    return f'"{path}"' if sys.platform == "win32" else shlex.quote(path)
