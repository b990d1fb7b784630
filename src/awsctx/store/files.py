"""Replace a file whole or not at all: the one way in which awsctx writes state, config and tokens.

Hot path: imports nothing that the interpreter has not loaded already.
"""

import errno
import os
import stat

MOST = 1 << 24  # bytes; a file of awsctx's own that is longer is none


def read(path: str) -> bytes:
    """The content of a regular file of awsctx's own; nothing for `/dev/null`.

    Raises OSError: also where it is another kind of file, which could keep a reader for ever, or longer than MOST.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        mode = os.fstat(fd).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if not stat.S_ISREG(mode) and path != os.devnull:
            raise OSError(errno.EINVAL, "it is no regular file", path)
        data = b""
        while piece := os.read(fd, MOST):
            data += piece
            if len(data) > MOST:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        return data
    finally:
        os.close(fd)


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def replace(
    path: str,
    data: bytes,
    *,
    private: bool = False,
    durable: bool = True,
    last_look: "Callable[[], bool] | None" = None,
) -> bool:
    """Make ``data`` the whole content of the file at ``path``, atomically.

    A reader sees the old content or the new, never a part, whatever kills the writer. A symlink stays one: its target is
    replaced (made, where it dangles). An existing file keeps its mode (but with ``private``) and, where the system allows
    it, its owner; a new one gets 0600. The caller holds the lock that belongs to ``path``: the unfinished file has a
    fixed name next to the target, so that a killed writer leaves at most one behind, which the next one takes over.

    ``durable`` waits until the disk has it (state need not: losing the last switch in a power cut harms nobody), which may
    take long: ``last_look`` is asked after that, right before the new content takes its place, whether it may. Returns
    whether it has.

    Raises OSError; the file is then unchanged. What is no regular file (`/dev/null`, say) is never replaced.
    """
    target = os.path.realpath(path)
    try:
        old = os.stat(target)
    except FileNotFoundError:
        old = None
    if old is not None and not stat.S_ISREG(old.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", path)
    unfinished = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.awsctx-new")
    try:
        os.unlink(unfinished)
    except FileNotFoundError:
        pass
    fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        try:
            if old is not None and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
                _keep_owner(fd, old)
            os.fchmod(fd, 0o600 if old is None or private else stat.S_IMODE(old.st_mode))
            written = 0
            while written < len(data):
                written += os.write(fd, data[written:])
            if durable:
                os.fsync(fd)
        finally:
            os.close(fd)
        if last_look is not None and not last_look():
            os.unlink(unfinished)
            return False
        os.replace(unfinished, target)
    except BaseException:
        try:
            os.unlink(unfinished)
        except OSError:
            pass
        raise
    return True


def _keep_owner(fd: int, old: os.stat_result) -> None:
    """Give the new file the old one's owner and group; without the right to, the group alone, else neither."""
    for uid, gid in ((old.st_uid, old.st_gid), (-1, old.st_gid)):
        try:
            os.fchown(fd, uid, gid)
        except PermissionError:
            continue
        return
