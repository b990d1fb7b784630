"""What `exec --failed` runs again: the cells of the last run that failed or have not run, and their command; no output.

JSON in a file beside the state's, 0600. It is replaced whole, so that of runs at once the last to write is the last run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

from filelock import FileLock

from awsctx.core.context import Context
from awsctx.errors import AwsctxError
from awsctx.store import files, paths

_LOCK_SECONDS = 5.0
_NONE = "there is no last run to take up"
_RUN_ONE = "for example: awsctx exec --match '*.readonly' -- aws sts get-caller-identity"


@dataclass(frozen=True)
class LastRun:
    """``pipeline`` is the text of `-c`, and ``command`` its arguments then; ``keys`` and ``keep`` are the options so called."""

    command: Sequence[str]
    pipeline: str | None = None
    keys: bool = False
    keep: Sequence[str] = ()
    contexts: Sequence[Context] = ()


def path(state_path: str) -> str:
    """Where it is kept."""
    return state_path + ".last-run"


def read(path: str) -> LastRun:
    """The last run. Raises AwsctxError where there is none, or it cannot be read."""
    try:
        values = json.loads(files.read(path))
        contexts = tuple(Context(str(profile), str(region)) for profile, region in values.pop("contexts"))
        return LastRun(**{**values, "contexts": contexts})
    except FileNotFoundError:
        raise AwsctxError(_NONE, _RUN_ONE) from None
    except OSError as e:
        raise AwsctxError(f"could not read {paths.short(path)}: {e.strerror}", "mend that, or run the command anew") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise AwsctxError(f"{paths.short(path)} is not what awsctx wrote", "run the command anew") from None


def write(path: str, run: LastRun) -> None:
    """Keep ``run`` as the last one. Raises OSError, where it stays locked too."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    data = json.dumps(vars(run)).encode()
    with FileLock(path + ".lock", timeout=_LOCK_SECONDS, mode=0o600):
        files.replace(path, data, private=True, durable=False)
