"""A folder's pin: the file `.awsctx`, one line that names a context for that folder and those below it (awsctx(1), GUARD
RAILS). It comes with whatever brings the folder, so it is data, and counts only where this user has said so.

What this user has said is in the file `allowed` beside the state: `LINE<TAB>PATH`, one a pin. PATH is that of the real folder.

Hot path: imports nothing that the interpreter has not loaded already.
"""

import errno
import os
import stat

from awsctx.core.context import Context, parse
from awsctx.core.facts import Pin
from awsctx.core.text import has_control_characters, visible
from awsctx.errors import AwsctxError
from awsctx.store import files, paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAME = paths.PIN
MOST = 4096  # bytes; no profile's name is as long

# Why a pin does not count.
UNREADABLE, OF_ANOTHER_USER, NOT_ALLOWED, GUARDED = "unreadable", "of-another-user", "not-allowed", "guarded"
_SECONDS = 10.0
_BOM = b"\xef\xbb\xbf"


class NoPin(AwsctxError):
    """The file at ``path`` is none that awsctx reads as a pin: ``kind`` is UNREADABLE or OF_ANOTHER_USER, ``why`` a clause."""

    def __init__(self, path: str, kind: str, why: str) -> None:
        super().__init__(f"{paths.short(path)} is no pin: {why}")
        self.kind = kind
        self.why = why


class Found:
    """The file at ``path``: its ``line`` (empty where it is no pin) and the ``context`` that this names. ``kind`` and ``why``
    say why it does not count; where it does, ``kind`` is empty, and ``why`` says what is wrong with it all the same."""

    __slots__ = ("context", "kind", "line", "path", "why")

    def __init__(self, path: str, line: str = "", context: Context | None = None, kind: str = "", why: str = "") -> None:
        self.path = path
        self.line = line
        self.context = context
        self.kind = kind
        self.why = why

    @property
    def pin(self) -> Pin | None:
        """What it says, where that counts."""
        return Pin(self.path, self.context) if self.context is not None and not self.kind else None

    @property
    def clause(self) -> str:
        """That it does not count, and why; or what is wrong with it all the same."""
        says = f" (it says {visible(self.line)})" if self.line else ""
        return f"it does not count{says}: {self.why}" if self.kind else self.why

    @property
    def note(self) -> str:
        """The same as a line of its own; empty where it counts and nothing is wrong."""
        return paths.short(self.path) + self.clause.removeprefix("it") if self.why else ""

    @property
    def word(self) -> str:
        """What tells ``note`` from all others, without a space."""
        return f"{self.kind}:{self.line}:{self.path}".replace("%", "%25").replace(" ", "%20")


def find(
    folder: str, environ: "Mapping[str, str]", exists: "Callable[[str], bool]", guarded: "Callable[[str], bool]"
) -> list[Found]:
    """The pins from ``folder`` upwards, up to the first that counts: that one is the last of them, if there is one."""
    found: list[Found] = []
    for path in paths.pin_files(folder):
        found.append(_look(path, environ, exists, guarded))
        if not found[-1].kind:
            break
    return found


def _look(path: str, environ: "Mapping[str, str]", exists: "Callable[[str], bool]", guarded: "Callable[[str], bool]") -> Found:
    try:
        line = read(path)
        if not is_allowed(path, line, environ):
            return Found(path, line, None, NOT_ALLOWED, "it is not allowed yet; if you mean it: awsctx allow")
        context = parse(line, exists)
    except NoPin as e:
        return Found(path, kind=e.kind, why=e.why)
    except AwsctxError as e:
        return Found(path, kind=UNREADABLE, why=e.message)
    if guarded(context.profile):
        return Found(path, line, context, GUARDED, f"'{visible(context.profile)}' is guarded")
    missing = f"it names the profile '{visible(context.profile)}', which does not exist"
    return Found(path, line, context, why="" if exists(context.profile) else missing)


def read(path: str) -> str:
    """The line that the pin at ``path`` is. Its end may be missing, or that of Windows, and a byte order mark may stand before
    it. Raises NoPin."""

    def no_pin(why: str, kind: str = UNREADABLE) -> NoPin:
        return NoPin(path, kind, why)

    if has_control_characters(path):
        raise no_pin("its path holds control characters")
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
        try:
            status = os.fstat(fd)
            if status.st_uid != os.geteuid() and stat.S_ISREG(status.st_mode):
                raise no_pin("it is another user's", OF_ANOTHER_USER)
            data = files.read_open(fd, path, MOST)
        finally:
            os.close(fd)
    except OSError as e:
        raise _unreadable(path, e) from None
    line, why = _line(data)
    if why:
        raise no_pin(why)
    return line


def _line(data: bytes) -> tuple[str, str]:
    """The line that ``data`` is, or why it is none."""
    try:
        line = data.removeprefix(_BOM).decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        return "", "it is not UTF-8"
    if not line:
        return "", "it is empty"
    if "\n" in line:
        return "", "it holds more than one line"
    return line, "it holds control characters" if has_control_characters(line) else ""


def is_line(line: str) -> bool:
    """Whether a pin can say ``line``."""
    data = f"{line}\n".encode("utf-8", "surrogateescape")
    return len(data) <= MOST and _line(data) == (line, "")


def _unreadable(path: str, error: OSError) -> NoPin:
    try:
        status = os.lstat(path)
    except OSError:
        return NoPin(path, UNREADABLE, (error.strerror or str(error)).lower())
    if stat.S_ISLNK(status.st_mode):
        return NoPin(path, UNREADABLE, "it is a symlink, which awsctx does not follow")
    if stat.S_ISDIR(status.st_mode):
        return NoPin(path, UNREADABLE, "it is a folder")
    if not stat.S_ISREG(status.st_mode):
        return NoPin(path, UNREADABLE, "it is no regular file")
    if error.errno == errno.EFBIG:
        return NoPin(path, UNREADABLE, f"it is longer than {MOST} bytes")
    if status.st_uid != os.geteuid():
        return NoPin(path, OF_ANOTHER_USER, "it is another user's")
    return NoPin(path, UNREADABLE, f"it could not be read: {(error.strerror or str(error)).lower()}")


# --- what this user has said of pins ----------------------------------------------------------------------------------


def is_allowed(path: str, line: str, environ: "Mapping[str, str]") -> bool:
    """Whether this user has said that the pin at ``path`` counts, with that very ``line``."""
    return _entry(path, line) in _entries(_allowed(environ))


def remember(path: str, line: str, environ: "Mapping[str, str]") -> None:
    """Let the pin at ``path`` count from now on while it says ``line`` (empty: not any more). Raises AwsctxError."""
    from awsctx.store.lock import Timeout, held

    allowed = _allowed(environ)
    gone = _entry(path, "")
    try:
        with held(f"{allowed}.lock", seconds=_SECONDS):
            entries = [entry for entry in _entries(allowed) if not entry.endswith(gone)]
            entries += [_entry(path, line)] if line else []
            files.replace(allowed, b"".join([entry + b"\n" for entry in entries]), own=True)
    except Timeout:
        raise AwsctxError(f"{allowed} is locked by another process", "try again") from None
    except OSError as e:
        raise AwsctxError(f"could not write {allowed}: {e.strerror or e}", "make that folder yours and writable") from None


def _allowed(environ: "Mapping[str, str]") -> str:
    return paths.beside_state(environ, "allowed")


def _entry(path: str, line: str) -> bytes:
    folder, name = os.path.split(path)
    return b"\t".join([line.encode("utf-8"), os.fsencode(os.path.join(os.path.realpath(folder), name))])


def _entries(path: str) -> list[bytes]:
    try:
        return files.read(path, own=True).split(b"\n")[:-1]
    except OSError:
        return []


# --- the file itself --------------------------------------------------------------------------------------------------


def write(path: str, line: str) -> None:
    """Make ``line`` the pin at ``path``: an ordinary file, by the umask. Raises AwsctxError."""
    try:
        files.replace(path, f"{line}\n".encode(), ordinary=True)
    except OSError as e:
        raise AwsctxError(f"could not write {paths.short(path)}: {(e.strerror or str(e)).lower()}") from None


def remove(path: str) -> None:
    """Remove the pin at ``path``. Raises AwsctxError."""
    try:
        os.unlink(path)
    except OSError as e:
        raise AwsctxError(f"could not remove {paths.short(path)}: {(e.strerror or str(e)).lower()}") from None
