"""The last run, for `exec --failed`: its command, and the cells that failed or have not run. No output is kept.

It is JSON in a file beside the state's, 0600. The file is replaced whole, so of several runs the last to write counts.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from awsctx.cells.plan import Cell
from awsctx.cells.runner import Runner
from awsctx.core.context import Context
from awsctx.core.text import has_control_characters
from awsctx.errors import AwsctxError
from awsctx.store import files, lock, paths

_LOCK_SECONDS = 5.0
# Seconds between two writes during a run. After a SIGKILL, what happened since the last write is not known.
_EVERY = 1.0
_NONE = "there is no last run to take up"
_RUN_ONE = "for example: awsctx exec --match '*.readonly' -- aws sts get-caller-identity"


@dataclass(frozen=True)
class LastRun:
    """``pipeline`` is the text of `-c`; ``command`` is the command, or the arguments of the pipeline. ``folder`` is where it
    ran, or empty where that is not known. The other fields are options of the same names."""

    command: Sequence[str]
    pipeline: str | None = None
    keys: bool = False
    keep: Sequence[str] = ()
    contexts: Sequence[Context] = ()
    lock: bool = False
    also: Sequence[str] = ()
    read_only: bool = False
    folder: str = ""


def path(state_path: str) -> str:
    """The path of the file, valid in any folder."""
    return os.path.abspath(state_path) + ".last-run"


def read(path: str) -> LastRun:
    """The last run. Raises AwsctxError where there is none, or the file cannot be read."""
    try:
        return _run(json.loads(files.read(path, own=True)))
    except FileNotFoundError:
        raise AwsctxError(_NONE, _RUN_ONE) from None
    except OSError as e:
        raise AwsctxError(f"could not read {paths.short(path)}: {e.strerror}", "fix that, or run the command anew") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise AwsctxError(f"{paths.short(path)} is not what awsctx wrote", "run the command anew") from None


def _run(values: dict[str, Any]) -> LastRun:
    """The run that a file's ``values`` tell. Raises ValueError, TypeError, KeyError, AttributeError on what ``write`` never
    wrote: a person may have edited them."""
    contexts = [_texts(context) for context in values.pop("contexts")]
    run = LastRun(**{**values, "contexts": tuple(Context(profile, region) for profile, region in contexts)})
    _texts([run.pipeline or "", run.folder])
    if not (_texts(run.command) or run.pipeline is not None) or not all(_texts(context)[0] for context in contexts):
        raise ValueError
    if run.folder and not os.path.isabs(run.folder):
        raise ValueError
    for words in (_texts(run.keep), _texts(run.also), *contexts):
        if any(has_control_characters(word) for word in words):
            raise ValueError
    if not all(isinstance(flag, bool) for flag in (run.keys, run.lock, run.read_only)):
        raise TypeError
    return run


def _texts(values: object) -> Sequence[str]:
    """``values``, if they are texts that can be arguments of a program. Raises TypeError, ValueError."""
    if not isinstance(values, (list, tuple)) or not all(
        isinstance(value, str) and b"\0" not in os.fsencode(value) for value in values
    ):
        raise TypeError
    return values


def write(path: str, run: LastRun) -> None:
    """Keep ``run`` as the last run. Raises OSError, also where another process holds the lock for too long."""
    files.make_folder(os.path.dirname(path))
    data = json.dumps(vars(run)).encode()
    with lock.held(path + ".lock", seconds=_LOCK_SECONDS):
        files.replace(path, data, own=True, durable=False)


def forget(path: str) -> bool:
    """Remove the last run; whether none is left."""
    try:
        os.unlink(path)
    except OSError:
        return not os.path.isfile(path)
    return True


class Keeper:
    """Keeps ``run`` at ``path``: the cells that are not done, and behind them those that ``run`` has by itself. Where it could
    not be written, ``trouble`` has the reason, and no other run is left to take up if that can be had."""

    def __init__(self, path: str, run: LastRun) -> None:
        self.trouble: list[str] = []  # lines
        self._path = path
        self._run = run
        self._kept = (0, time.monotonic())  # (cells that had ended, time) at the last write

    def keep(self, left: Iterable[Cell]) -> None:
        """Write the cells in ``left`` as those that are left to run."""
        try:
            write(self._path, replace(self._run, contexts=(*(cell.again for cell in left), *self._run.contexts)))
            self.trouble = []
        except (OSError, AwsctxError) as e:
            why = e.message if isinstance(e, AwsctxError) else e.strerror or str(e)
            self.trouble = [f"could not keep the run for --failed: {why}"]
            if not forget(self._path):
                self.trouble.append(f"remove {paths.short(self._path)}: --failed would repeat the run before this one")

    def now_and_then(self, runner: Runner) -> None:
        """During a run, write what is left of it, if some time has passed."""
        ended, at = self._kept
        now = time.monotonic()
        if len(runner.ended) > ended and now - at > _EVERY:
            failed = [ended.cell for ended in runner.ended if ended.status]
            self.keep([*failed, *(child.cell for child in runner.running.values()), *runner.waiting])
            self._kept = len(runner.ended), now
