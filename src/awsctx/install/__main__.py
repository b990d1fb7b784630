"""The two calls that install.sh makes, `install` and `uninstall`. Errors go to stderr: a line, then what to do. All else goes
to stdout."""

import argparse
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if not __package__:  # install.sh runs this folder with another Python, where the environment's own does not run any more
    sys.path[0] = str(Path(__file__).parents[2])

from awsctx import shells, tools
from awsctx.awsfiles import names
from awsctx.errors import AwsctxError
from awsctx.install import demo, environment, hook
from awsctx.install.environment import Places
from awsctx.install.manifest import Manifest
from awsctx.shells import startup
from awsctx.store import paths


def main(arguments: list[str]) -> int:
    """Do what install.sh asks. Returns the exit code; what could not be done whole has then been taken back."""
    options = _options(arguments)
    manifest = Manifest(options.data / "awsctx" / "installed")
    try:
        if options.action == "uninstall":
            _uninstall(manifest)
            return 0
        places = Places(options.method, Path(sys.prefix), options.environment, options.bin, options.share, options.data)
        return _install(places, manifest, options)
    except AwsctxError as e:
        print("\n  ".join([f"install.sh: {e.message}", *e.hints]), file=sys.stderr)
        return 1
    except OSError as e:
        print(f"install.sh: {e.filename or 'a file'}: {e.strerror or e}\n  fix it, and run again", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -I -m awsctx.install", description="what install.sh leaves to Python")
    parser.add_argument("action", choices=("install", "uninstall"))
    for name in ("data", "environment", "bin", "share"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--method", choices=("uv", "pipx", "venv"))
    parser.add_argument("--hook", choices=("yes", "no", "ask"), default="ask")
    parser.add_argument("--shell", default="", help="the shell that the user has named")
    parser.add_argument("--caller", default="", help="the process that install.sh was started from")
    parser.add_argument("--demo", metavar="SOURCE", help="bring the demo too, from what was installed, and play it")
    return parser.parse_args(arguments)


def _install(places: Places, manifest: Manifest, options: argparse.Namespace) -> int:
    """Ask what there is to ask; then put all in its place at once, or nothing; then say what is missing and what is next.

    Returns the exit code: the demo's, if one is played."""
    version = environment.finish(places)
    shell = hook.choose_shell(options.shell, options.caller, os.environ)
    offered = hook.offer(shell, places, os.environ) if shell else None
    decided = hook.decide(offered, options.hook, _say, _ask if _may_ask() else None) if offered else "nothing"

    with _undivided():
        try:
            said = _place(places, manifest, offered, decided, blocks=options.hook != "no")
        except BaseException:
            manifest.undo()
            raise

    _say(f"installed: {version}, as {paths.short(str(places.bin / 'awsctx'))}")
    for line in said:
        _say(line)
    _tell_of_path(places)
    if offered is None:
        _say(f"the hook: for {', '.join(shells.SHELLS)}; to add it: install.sh --hook --shell SHELL")
    elif offered.loader:
        _say(f"the hook: {paths.short(offered.loader[0])} loads it already")
    if decided == "nothing" and not (offered and offered.loader) and not _on_path(places):
        _say(f"not on PATH: {paths.short(str(places.bin))}; put it there, to have awsctx found")
    for tool in ("aws", "jq"):
        if shutil.which(tool) is None:
            _say(f"missing: {tool}; to get it: {tools.how_to_get(tool, root=os.getuid() == 0)}")
    status = 0
    if options.demo:
        demo.bring(places, options.demo)
        status = demo.play(places)
    else:
        first = "awsctx" if names.open_files(os.environ).names() else "awsctx setup"
        _say(f"\nnext: open a new shell, and type: {first}")
    # A shell that is open has not read what its start-up file says now.
    if status == 0 and not _on_path(places):
        _say(f"here, first: {startup.path_line(shell if shell != 'nu' else '', str(places.bin), os.environ['HOME'])}")
    return status


def _uninstall(manifest: Manifest) -> None:
    """Remove all that `install` has made, and name what belongs to the user and stays."""
    manifest.remove_things()
    hook.remove_rendered(os.environ)
    own = {os.path.dirname(paths.state_path(os.environ)), os.path.dirname(paths.config_path(os.environ))}
    kept = [paths.short(folder) for folder in sorted(own) if os.path.exists(folder)]
    if kept:
        _say(f"kept: {', '.join(kept)}: what is there is yours")


def _place(places: Places, manifest: Manifest, offered: hook.Offer | None, decided: str, *, blocks: bool) -> list[str]:
    """Put everything in its place. Returns what to say of it. Raises AwsctxError, or OSError where a file cannot be
    written."""
    said = list(environment.put_links(places, manifest))
    hook.renew(places, os.environ, manifest, blocks=blocks)
    if offered and decided == "add":
        said += hook.add(offered, manifest, os.environ)
    elif offered and hook.is_awaited(offered, decided):
        hook.render(offered.shell, os.environ, manifest, [])
    if places.method == "venv":
        environment.replace_link(places.environment, places.built.name)
    # A demo from before is an older awsctx's. install.sh removes what no link names.
    (places.home / "demo").unlink(missing_ok=True)
    manifest.record("method", places.method)
    return said


@contextmanager
def _undivided() -> Iterator[None]:
    """Hold signals back, so that none leaves the work half done. The work takes milliseconds."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP, signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _say(line: str) -> None:
    print(line, flush=True)


def _may_ask() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        _say("")
        return "no"


def _on_path(places: Places) -> bool:
    return str(places.bin) in os.environ.get("PATH", "").split(os.pathsep)


def _tell_of_path(places: Places) -> None:
    found = shutil.which("awsctx")
    if found and found != str(places.bin / "awsctx"):
        _say(f"note: another awsctx comes first on PATH: {found}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
