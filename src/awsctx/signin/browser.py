"""Open a page in the user's browser. The browser outlives this process, and holds neither its terminal nor its pipes."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from awsctx import trace
from awsctx.core import environ as env
from awsctx.core.addresses import is_safe
from awsctx.core.text import visible
from awsctx.errors import AwsctxError

# Python's `webbrowser` is no help: it waits for BROWSER's command to end, and may start a text browser on our terminal.
_OPENERS = ("xdg-open", "wslview", "x-www-browser", "gnome-open", "kde-open")


def open_page(page: str | Path, environ: Mapping[str, str], command: str = "") -> bool:
    """Start a browser on ``page``, an address or a file of our own making: ``command`` where there is one, else the first of
    BROWSER's commands that exists (separated by `:`), else the system's own opener. `%s` in a command stands for the address,
    which otherwise is its last argument. False where there is no such program.

    The one way to a browser. Raises AwsctxError for an address that is not `https`, or `http` on loopback: portals and config
    files may say anything, and a browser takes `--gpu-launcher=…` for an option.
    """
    url = page.as_uri() if isinstance(page, Path) else checked(page)
    for words in [_words(command, url)] if command else _commands(url, environ):
        program = shutil.which(words[0], path=environ.get("PATH"))
        if program is None:
            continue
        trace.tell("browser", program)
        try:
            _start([program, *words[1:]], environ)
        except OSError:
            continue
        return True
    return False


def missing(command: str, key: str, environ: Mapping[str, str], what: str) -> str:
    """The line that says that ``what`` goes on without ``command``, which the own config has under ``key`` of [browser]: its
    program is not there. Empty where it is, or no command is given."""
    if not command or shutil.which(program := shlex.split(command)[0], path=environ.get("PATH")):
        return ""
    named = f'[browser] in awsctx\'s config has "{visible(key)}" open {visible(program)}'
    return f"awsctx: {named}, which is no program here: {what} goes on without it"


def checked(url: str) -> str:
    """``url``, if a browser may be sent there. Raises AwsctxError."""
    if is_safe(url):
        return url
    raise AwsctxError(
        f"the browser is not sent to '{visible(url)[:200]}': it is no https address",
        "check the start URL (sso_start_url), and who answers for AWS here (AWS_ENDPOINT_URL, a proxy)",
    )


def _commands(url: str, environ: Mapping[str, str]) -> list[list[str]]:
    found = []
    for entry in environ.get("BROWSER", "").split(os.pathsep):
        try:
            words = _words(entry.strip().removesuffix("&"), url)
        except ValueError:
            continue
        if len(words) > 1:
            found.append(words)
    if found:
        return found
    return [["open", url]] if sys.platform == "darwin" else [[opener, url] for opener in _OPENERS]


def _words(command: str, url: str) -> list[str]:
    """The words of a command, as a shell splits them; ``url`` is one argument, whatever is in it. Raises ValueError."""
    words = [word.replace("%s", url) for word in shlex.split(command)]
    return words if "%s" in command else [*words, url]


def _start(command: list[str], environ: Mapping[str, str]) -> None:
    """Start the browser through a shell that ends at once. So the browser is no child of this process, nor of the command that
    this process may become (`awsctx exec`)."""
    own = {name: value for name, value in environ.items() if name not in env.OF_ONE_CALL}
    subprocess.run(  # noqa: S603  (the user's own browser; the URL is an argument, not a text of the shell's)
        ["/bin/sh", "-c", '"$@" &', "sh", *command],
        env=own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
