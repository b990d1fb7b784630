"""Open a page in the person's browser, which outlives us, and holds neither our terminal nor our pipes."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping

from awsctx import trace
from awsctx.core import environ as env

# Python's `webbrowser` is no help: it waits for BROWSER's command to end, and may start a text browser on our terminal.
_OPENERS = ("xdg-open", "wslview", "x-www-browser", "gnome-open", "kde-open")


def open_page(url: str, environ: Mapping[str, str]) -> bool:
    """Start a browser on ``url``: the first of BROWSER's commands that exists (separated by `:`; `%s` stands for the
    URL), else the system's own opener. False where there is none."""
    for command in _commands(url, environ):
        program = shutil.which(command[0], path=environ.get("PATH"))
        if program is None:
            continue
        trace.tell("browser", program)
        try:
            _start([program, *command[1:]], environ)
        except OSError:
            continue
        return True
    return False


def _commands(url: str, environ: Mapping[str, str]) -> list[list[str]]:
    found = []
    for entry in environ.get("BROWSER", "").split(os.pathsep):
        try:
            words = shlex.split(entry.strip().removesuffix("&"))
        except ValueError:
            continue
        if words:
            page = [word.replace("%s", url) for word in words]
            found.append(page if "%s" in entry else [*page, url])
    if found:
        return found
    return [["open", url]] if sys.platform == "darwin" else [[opener, url] for opener in _OPENERS]


def _start(command: list[str], environ: Mapping[str, str]) -> None:
    """Through a shell that ends at once: the browser is then nobody's child, least of all that of a command which this
    process becomes (`awsctx exec`)."""
    own = {name: value for name, value in environ.items() if name not in env.OF_ONE_CALL}
    subprocess.run(  # noqa: S603  (the person's own browser; the URL is an argument, not a text of the shell's)
        ["/bin/sh", "-c", '"$@" &', "sh", *command],
        env=own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
