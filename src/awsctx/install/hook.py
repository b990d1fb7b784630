"""The hook: which shell, which start-up file, whether its lines may be added there, and adding them."""

import os
import pwd
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from awsctx import shells
from awsctx.commands import init
from awsctx.install import block
from awsctx.install.environment import Places
from awsctx.install.manifest import Manifest
from awsctx.shells import startup
from awsctx.store import paths
from awsctx.world import World

Say = Callable[[str], None]


@dataclass(frozen=True)
class Offer:
    """What could be done for a shell. ``loader``: the file that loads the hook already, and whether from the file ``hook``;
    nushell needs no start-up file."""

    shell: str
    hook: str
    startup: Path | None
    lines: str
    loader: tuple[str, bool] | None


def choose_shell(named: str, caller: str, environ: Mapping[str, str]) -> str:
    """The shell named; else the one that install.sh was started from, the process ``caller``, where that can tell; else the
    login shell; empty: none that awsctx knows. Raises AwsctxError where one is named that awsctx does not know."""
    if named:
        return shells.find(named).name
    parent = _process_name(caller)
    # These are started by people; bash is started by many a program.
    if parent in shells.SHELLS and parent != "bash":
        return parent
    candidates = (_shell_name(environ.get("SHELL", "")), parent, _shell_name(_login_shell()))
    return next((name for name in candidates if name in shells.SHELLS), "")


def offer(shell: str, places: Places, environ: Mapping[str, str]) -> Offer:
    hook = os.path.abspath(paths.rendered_path(shell, environ))
    if shell == "nu":
        return Offer(shell, hook, None, "", (hook, True) if os.path.exists(hook) else None)
    home = environ["HOME"]
    return Offer(
        shell,
        hook,
        Path(startup.startup_file(shell, environ, sys.platform)),
        startup.lines(shell, hook, str(places.bin), home),
        startup.loader(shell, environ, sys.platform, hook),
    )


def decide(offered: Offer, answer: str, say: Say, ask: Callable[[str], str] | None) -> str:
    """What to do about the hook: `add` it, `tell` of its lines alone, or `nothing`. ``answer``: `yes`, `no`, or `ask`, which
    asks by ``ask`` (None: there is nobody)."""
    if offered.loader is not None or answer == "no":
        return "nothing"
    if answer == "yes":
        return "add"
    place = paths.short(str(offered.startup or offered.hook))
    if offered.startup is None:
        say(f"\nthe hook makes a switch take effect in {offered.shell} at once, from {place}\n")
    else:
        say(f"\nthe hook makes a switch take effect in {offered.shell} at once; its lines for {place}:\n")
        say(_indented(offered.lines))
    if ask is None:
        say("add them, or have them added: install.sh --hook" if offered.startup else "to have it written: install.sh --hook")
        return "tell"
    question = "add them?" if offered.startup else "write it?"
    while True:
        said = ask(f"{question} [Y/n] ").strip().lower()
        if said in ("", "y", "yes"):
            return "add"
        if said in ("n", "no"):
            return "nothing"


def is_awaited(offered: Offer, decided: str) -> bool:
    """Whether the hook's file is missing although lines load it, or will load it when the user has added them."""
    by_file = offered.loader[1] if offered.loader else decided == "tell" and offered.startup is not None
    return by_file and not os.path.exists(offered.hook)


def render(shell: str, environ: Mapping[str, str], manifest: Manifest, options: list[str]) -> None:
    """Write the hook's file. Raises AwsctxError, and OSError where a folder cannot be made."""
    path = Path(paths.rendered_path(shell, environ)).absolute()
    manifest.make_folder(path.parent)
    if not path.exists():
        manifest.record("hook", path)
    init.save(World(environ), shell, prompt="--prompt" in options, aliases="--aliases" in options)


def remove_rendered(environ: Mapping[str, str]) -> None:
    """Remove the hook's files, those too that the user has written by `awsctx init --save`."""
    for shell in shells.SHELLS:
        path = paths.rendered_path(shell, environ)
        if shells.saved(path) is not None:
            os.unlink(path)


def renew(places: Places, environ: Mapping[str, str], manifest: Manifest, *, blocks: bool) -> None:
    """Write each hook's file that is there anew, with its options. ``blocks``: where a block has the lines of version 0.1.0,
    let it load the file instead. Raises AwsctxError or OSError where a file cannot be written."""
    for shell in shells.SHELLS:
        found = shells.saved(paths.rendered_path(shell, environ))
        if found is not None:
            render(shell, environ, manifest, found[1])
    if not blocks:
        return
    for kind, name in manifest.entries():
        shell = block.old_shell(Path(name)) if kind in block.KINDS else ""
        if shell:
            render(shell, environ, manifest, [])
            block.renew(Path(name), os.fsencode(offer(shell, places, environ).lines))


def add(offered: Offer, manifest: Manifest, environ: Mapping[str, str]) -> list[str]:
    """Write the hook's file, and add the lines that load it. Returns what to say of it."""
    render(offered.shell, environ, manifest, [])
    path = offered.startup
    if path is None:  # nushell
        return [f"the hook: {offered.shell} loads {paths.short(offered.hook)}, each new one"]
    try:
        manifest.make_folder(path.parent)
        if not path.exists():
            manifest.record("startup", path.resolve())
        kind = block.kind_for(path)
        manifest.record(kind, path)
        block.add(path, kind, os.fsencode(offered.lines))
    except OSError:
        short = paths.short(str(path))
        return [f"the hook: could not write {short}; add its lines there yourself:\n", _indented(offered.lines)]
    return [f"the hook: added to {paths.short(str(path))}, for each new {offered.shell}"]


def _indented(lines: str) -> str:
    return "".join(f"    {line}\n" for line in lines.splitlines())


def _process_name(number: str) -> str:
    try:
        command = ["ps", "-o", "comm=", "-p", number]
        name = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
    except OSError:
        try:
            name = Path(f"/proc/{number}/comm").read_text(encoding="utf-8", errors="replace")
        except OSError:
            name = ""
    return _shell_name(name)


def _login_shell() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:
        return ""


def _shell_name(command: str) -> str:
    return os.path.basename(command.strip()).lstrip("-")
