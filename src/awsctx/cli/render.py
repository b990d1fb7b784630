"""What a user or a script sees: the only place, with the front door, that writes to stdout and stderr.

Hot path: imports nothing that the interpreter has not loaded already.
"""

import os

from awsctx.commands import Result
from awsctx.core.text import visible
from awsctx.errors import AwsctxError


def write(fd: int, text: str) -> None:
    """All of ``text`` to ``fd``, in UTF-8 whatever the locale: names come from a UTF-8 file and go out as they were."""
    data = text.encode("utf-8", "surrogateescape")
    while data:
        try:
            data = data[os.write(fd, data) :]
        except BlockingIOError:  # someone left the stream non-blocking, and its reader is slow
            import select

            select.select([], [fd], [])


def moves(fd: int) -> bool:
    """Whether file descriptor ``fd`` is a terminal that can move its cursor."""
    return os.isatty(fd) and os.environ.get("TERM", "dumb") not in ("", "dumb")


def coloured(fd: int) -> bool:
    """Whether file descriptor ``fd`` is a terminal that is to show colours."""
    return moves(fd) and not os.environ.get("NO_COLOR")


def columns(fd: int) -> int:
    """The width of the terminal behind ``fd``; 80 where it does not say."""
    try:
        return max(os.get_terminal_size(fd).columns, 2)
    except OSError:
        return 80


def talk(line: str) -> None:
    """One line on stderr. Nobody to hear it is no error."""
    try:
        write(2, line + "\n")
    except OSError:
        pass


def finish(result: Result) -> int:
    """Print a result: talk first, so that a reader who stops at the data has seen it. The exit code is returned."""
    for line in result.talk:
        talk(line)
    out = result.out
    if not isinstance(out, str):
        from awsctx.cli.styled import drawn

        out = drawn(out, colours=coloured(1))
    if out:
        try:
            write(1, out)
        except BrokenPipeError:
            return 0
        except OSError as e:
            return fail(AwsctxError(f"could not write to standard output: {e.strerror}"))
    return result.status


def fail(error: AwsctxError) -> int:
    """Print an error: one line of what is wrong, then what to do, whatever names and texts of others are in it. The exit code
    is returned."""
    talk(f"awsctx: {visible(error.message)}")
    for hint in error.hints:
        talk(f"  {visible(hint)}")
    return error.exit_code


def ask(question: str, default: bool = False) -> bool:
    """Put a yes-or-no question to the user at the terminal; only `y` and `yes` are yes, and Enter is ``default``. Ctrl-C
    passes through."""
    import sys

    write(2, f"{visible(question)} {'[Y/n]' if default else '[y/N]'} ")
    answer = sys.stdin.readline() if sys.stdin else ""
    if not answer.endswith("\n"):
        write(2, "\n")
    return default if answer == "\n" else answer.strip().lower() in ("y", "yes")
