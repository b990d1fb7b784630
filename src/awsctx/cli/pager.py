"""The user's pager, for what is longer than their terminal (awsctx(1), ENVIRONMENT)."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess

from awsctx import trace

# As git has it: colours are shown, and the text stays on the screen.
_LESS = "FRX"


def paged(text: str, fd: int) -> bool:
    """Show ``text``, on the terminal ``fd``, in $PAGER (default: less -R); whether that was done: not where it fits, nor where
    there is no pager."""
    if len(text.splitlines()) < os.get_terminal_size(fd).lines:
        return False
    try:
        command = shlex.split(os.environ.get("PAGER", "less -R"))
    except ValueError:
        return False
    if not command or command == ["cat"]:
        return False
    data = text.encode("utf-8", "surrogateescape")
    environ = {"LESS": _LESS, **os.environ}
    before = signal.getsignal(signal.SIGINT)
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=fd, env=environ)  # noqa: S603 (the user's pager)
    except OSError as e:
        trace.tell("could not run the pager", e.strerror)
        return False
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
    try:
        pager.communicate(data)
    finally:
        signal.signal(signal.SIGINT, before)
    return True
