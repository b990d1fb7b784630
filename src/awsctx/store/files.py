"""Replace a file whole or not at all: the one way in which awsctx writes state, config and tokens.

Hot path: imports nothing that the interpreter has not loaded already.
"""

import os
import stat

MOST = 1 << 24  # bytes; a file of awsctx's own, or a token, that is longer is none
_MOST_LINKS = 40  # in a row, as in Linux


def read(path: str, most: int = MOST, *, own: bool = False) -> bytes:
    """The content of a regular file of at most ``most`` bytes; nothing for `/dev/null`. awsctx reads every file by this
    function. An ``own`` file (``replace``) is not read through a symlink.

    Raises OSError. It does so for any other kind of file, too, since a reader of a FIFO may wait for ever.
    """
    if path == os.devnull:
        return b""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (os.O_NOFOLLOW if own else 0))
    try:
        return read_open(fd, path, most)
    finally:
        os.close(fd)


def read_open(fd: int, path: str, most: int = MOST) -> bytes:
    """As ``read``, of the file that ``fd`` has open, from its beginning; ``path`` is for the error."""
    found = os.fstat(fd)
    if stat.S_ISDIR(found.st_mode):
        raise _error("EISDIR", path)
    if not stat.S_ISREG(found.st_mode):
        raise _error("EINVAL", path, "it is no regular file")
    data = b""
    while len(data) <= most and found.st_size <= most:
        # A file of /proc has no size, and one that grows has another by now.
        piece = os.pread(fd, max(found.st_size - len(data), 1 << 16), len(data))
        if not piece:
            return data
        data += piece
    raise _error("EFBIG", path)


def _error(name: str, path: str, why: str = "") -> OSError:
    """The error called ``name`` about ``path``, in the system's words where ``why`` says none."""
    import errno  # few calls need it

    number: int = getattr(errno, name)
    return OSError(number, why or os.strerror(number), path)


def make_folder(folder: str) -> None:
    """Make a folder, and each one above it that is missing: 0700 whatever the umask, so that nobody else can put files of
    their own into it. Those that root makes belong to whom the folder around them belongs. Raises OSError."""
    missing = []
    while folder and not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for path in reversed(missing):
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            if not os.path.isdir(path):
                raise
            continue  # another process was faster
        os.chmod(path, 0o700)  # a umask may have taken the owner's rights
        owner = _owner_in(os.path.dirname(path))
        if owner is not None:
            os.chown(path, *owner, follow_symlinks=False)


def _owner_in(folder: str) -> "tuple[int, int] | None":
    """The owner that a new file in ``folder`` gets instead of root: the folder's, so that the user can use what `sudo awsctx`
    has made. None: whoever runs this."""
    if os.geteuid() != 0:
        return None
    around = os.stat(folder or ".")
    return (around.st_uid, around.st_gid) if around.st_uid != 0 else None


def create(path: str, *, ordinary: bool = False) -> int:
    """Make a file that is not there yet, 0600 whatever the umask (an ``ordinary`` one: by the umask), and open it for writing.
    Made by root, it belongs to the owner of its folder. Raises OSError."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666 if ordinary else 0o600)
    try:
        if not ordinary:
            os.fchmod(fd, 0o600)
        owner = _owner_in(os.path.dirname(path))
        if owner is not None:
            os.fchown(fd, *owner)
    except BaseException:
        os.close(fd)
        os.unlink(path)
        raise
    return fd


def open_lock(path: str) -> int:
    """Open a lock file for the caller to close. A missing one is made as by ``create``. A symlink is refused: to replace it
    would give two processes a lock each. Raises OSError, with the lock's path as its filename."""
    try:
        return create(path)
    except FileExistsError:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError:
            if os.path.islink(path):
                raise _error("ELOOP", path, "it is a symlink") from None
            raise


def target(path: str) -> str:
    """The path of the file that a write to ``path`` replaces or makes: where its symlinks lead. Root follows no symlink of
    another user, who could have it overwrite any file. Raises OSError."""
    return _target(path)[0]


def _target(path: str) -> "tuple[str, os.stat_result | None]":
    """As ``target``, and what is there (None: nothing)."""
    link = path
    for _ in range(_MOST_LINKS):
        found = _there(path)
        if found is None or not stat.S_ISLNK(found.st_mode):
            return path, found
        if os.geteuid() == 0 and found.st_uid != 0:
            raise _error("ELOOP", link, "it is another user's symlink, which root does not follow: call awsctx without sudo")
        folder, name = os.path.split(os.path.join(os.path.dirname(path), os.readlink(path)))
        path = os.path.join(os.path.realpath(folder), name)
    raise _error("ELOOP", link)


def _there(path: str) -> "os.stat_result | None":
    """What stands at ``path``, a symlink itself included (None: nothing)."""
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def replace(
    path: str,
    data: bytes,
    *,
    private: bool = False,
    own: bool = False,
    ordinary: bool = False,
    durable: bool = True,
    last_look: "Callable[[], bool] | None" = None,
) -> bool:
    """Make ``data`` the whole content of the file at ``path``, atomically.

    A reader sees the old content or the new, never a part, whatever kills the writer. A symlink stays: its ``target`` is
    replaced, or made where there is none. An existing file keeps its mode (but with ``private``), its access control list,
    its other extended attributes and, where the system allows it, its owner. A new file gets 0600. Made by root, it belongs
    to the owner of its folder. An ``own`` file is awsctx's alone, and nobody has a reason to link it: it is ``private``,
    and takes the place of a symlink. An ``ordinary`` file is the user's and may be shared: a new one gets its mode by the
    umask, and a symlink is refused.

    The caller holds the lock that belongs to ``path``. The unfinished file stands next to the target and has a fixed name: a
    killed writer leaves at most one, and the next writer removes it.

    ``durable`` waits until the content is on the disk, which may take long. The state does not need it: a power cut that loses
    the last switch harms nobody. ``last_look`` is called after that, right before the file is replaced; where it gives False,
    the file stays as it is. Returns whether the file was replaced.

    Raises OSError; the file is then unchanged. Anything but a regular file (`/dev/null`, say) is never replaced.
    """
    target, old = (path, _there(path)) if ordinary or own else _target(path)
    if old is not None and own and stat.S_ISLNK(old.st_mode):
        old = None
    if old is not None and not stat.S_ISREG(old.st_mode):
        raise _error("EINVAL", path, "it is no regular file")
    unfinished = os.path.join(os.path.dirname(target), f".{os.path.basename(target)}.awsctx-new")
    try:
        os.unlink(unfinished)
    except FileNotFoundError:
        pass
    fd = create(unfinished, ordinary=ordinary)
    try:
        _fill(fd, target, old, data, private=private or own, durable=durable)
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


def _fill(fd: int, target: str, old: "os.stat_result | None", data: bytes, *, private: bool, durable: bool) -> None:
    """Write ``data`` to the new file ``fd``, give it what the ``old`` one has, and close it. Raises OSError."""
    try:
        if old is not None:
            _keep(fd, target, old, private)
        written = 0
        while written < len(data):
            written += os.write(fd, data[written:])
        if durable:
            os.fsync(fd)
    finally:
        os.close(fd)


def _keep(fd: int, target: str, old: os.stat_result, private: bool) -> None:
    """Give the new file what the old one has: owner, extended attributes, mode. A ``private`` one keeps its owner alone."""
    new = os.fstat(fd)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        _keep_owner(fd, old)
    if private:
        return
    mode = stat.S_IMODE(old.st_mode)
    if not _keep_attributes(fd, target):
        mode &= ~stat.S_IRWXG  # with a list, the group's bits are its mask, and not the group's own rights
    os.fchmod(fd, mode)


def _keep_owner(fd: int, old: os.stat_result) -> None:
    """Give the new file the old one's owner and group. Where that is not permitted, give it the group alone; else neither."""
    for uid, gid in ((old.st_uid, old.st_gid), (-1, old.st_gid)):
        try:
            os.fchown(fd, uid, gid)
        except PermissionError:
            continue
        return


def _keep_attributes(fd: int, target: str) -> bool:
    """Give the new file the extended attributes of the one at ``target`` (SELinux label, `user.*`), and its access control
    list: that one alone, not what the folder gives to new files. False where a list could not be carried over."""
    if not hasattr(os, "listxattr"):  # macOS
        return True
    old, inherited = _attributes(target), _attributes(fd)
    whole = True
    for name in inherited.keys() - old.keys():
        if name.startswith(_LISTS):
            os.removexattr(fd, name)
    for name, value in old.items():
        if value == inherited.get(name):
            continue
        try:
            os.setxattr(fd, name, value)
        except OSError:
            whole = whole and not name.startswith(_LISTS)
    return whole


# The extended attributes that hold access control lists (POSIX, NFS version 4).
_LISTS = ("system.posix_acl_", "system.nfs4_acl")


def _attributes(file: "int | str") -> dict[str, bytes]:
    """The extended attributes, those that can be read; none where the file system has none."""
    found: dict[str, bytes] = {}
    try:
        names = os.listxattr(file)
    except OSError:
        return found
    for name in names:
        try:
            found[name] = os.getxattr(file, name)
        except OSError:
            if name.startswith(_LISTS):
                found[name] = b""  # which cannot be set either
    return found
