"""The files in which a call leaves its answer for the shell that made it. Each shell has one, in the folder `shells` beside
the state. Only that shell reads it, right after the call.

Hot path: imports nothing that the interpreter has not loaded already.
"""

import os
import stat

from awsctx import trace
from awsctx.errors import AwsctxError
from awsctx.store import files

FOLDER = "shells"
_UNUSED = 86400.0  # seconds after which the file of a process that is gone is swept


def write(path: str, data: bytes) -> None:
    """Make ``data`` the content of the answer at ``path``, 0600. A symlink there is replaced, never followed. The shell reads
    it when the call has ended; of a call that was killed there may be a part, which no shell applies.

    Raises AwsctxError where it cannot be written, or where ``path`` is not in a folder of answers that is this user's own.
    """
    folder, name = os.path.split(path)
    try:
        if os.path.basename(folder) != FOLDER or not name.replace("-", "").replace("_", "").isalnum():
            raise PermissionError(1, "it is not a place for answers")
        files.make_folder(folder)
        found = os.lstat(folder)
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise PermissionError(1, "its folder is not yours")
        if found.st_mode & 0o077:  # who can write there, answers this shell
            os.chmod(folder, 0o700)
        # To rename a new file over the old one takes ext4 as long as all the rest of this: it writes the new one to the disk.
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            while data:
                data = data[os.write(fd, data) :]
        finally:
            os.close(fd)
    except OSError as e:
        raise AwsctxError(
            f"could not tell this shell what was decided: {path}: {e.strerror}",
            "make that folder yours and writable, then switch again",
        ) from None


def sweep(path: str, now: float) -> None:
    """Remove the answers beside ``path`` whose shell is gone. In another PID namespace a shell that lives may look gone, so
    only what has not been written for a day at ``now`` (epoch seconds) is removed; the next answer makes it anew. Never
    raises."""
    folder = os.path.dirname(path)
    try:
        names = os.listdir(folder) if os.path.basename(folder) == FOLDER else []
    except OSError:
        return
    for name in names:
        process, other = name.partition("-")[0], os.path.join(folder, name)
        try:
            if os.lstat(other).st_mtime < now - _UNUSED and not (process.isdecimal() and _lives(int(process))):
                os.unlink(other)
                trace.tell("swept", other)
        except (OSError, OverflowError):
            continue


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
