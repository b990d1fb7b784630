"""`awsctx exec`: run one command, or one pipeline, with one context (awsctx(1), RUNNING COMMANDS). This process becomes the
command.

Hot path: imports nothing that the interpreter has not loaded already.
"""

import _signal
import errno
import os

from awsctx import guard, trace
from awsctx.core import environ as env
from awsctx.core.context import Context
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, CommandNotFound, CommandNotRunnable, UsageError
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import NoReturn, TypeVar

    from awsctx.signin.screen import Screen
    from awsctx.signin.waiting import Prompt

    T = TypeVar("T")


class Call:
    """The options of a call. ``pipeline`` is the text of `-c`; ``command`` has its arguments then. ``keep`` names variables
    that stay in the environment. With ``keys`` the command gets the profile's keys instead of its name. ``yes`` answers the
    guard's question. ``lock``, ``also`` and ``read_only`` are for ``exec_narrowed``."""

    __slots__ = ("also", "command", "keep", "keys", "lock", "pipeline", "profile", "quiet", "read_only", "region", "yes")

    def __init__(self) -> None:
        self.profile: str | None = None
        self.region: str | None = None
        self.quiet = False
        self.pipeline: str | None = None
        self.command: list[str] = []
        self.keep: Sequence[str] = ()
        self.keys = False
        self.yes = False
        self.lock = False
        self.also: Sequence[str] = ()
        self.read_only = False


def run(
    world: World,
    call: Call,
    talk: "Callable[[str], None]",
    screen: "Callable[[], Screen]",
    prompt: "Prompt | None" = None,
) -> "NoReturn":
    """Become the command of ``call``. ``talk`` gets the line that names the variables removed from the environment. A user
    at a terminal whose sign-in has ended is asked whether to sign in first, on the ``screen``. ``prompt`` asks the user for
    an MFA code, where the keys need one.

    Raises AwsctxError before anything has run: no context, no such profile, no such command, a guard, no keys.
    """
    check(call.command, call.pipeline, call.keep)
    check_also(call.also, lock=call.lock)
    found = world.in_force(call.profile)
    context = found.context
    if call.region is not None:
        context = Context(context.profile, "" if call.region == "-" else _region(world, call.region))
    environ, removed = environment(world.environ, context, call.keep)
    command = call.command
    if call.pipeline is not None:
        command = pipeline(call.pipeline, call.command, environ)
    path = find(command[0], environ)
    guard.admit(world, found, guard.RUN, yes=call.yes)
    if world.ask is not None:
        from awsctx.commands.login import offer

        offer(world, context.profile, screen)
    lines = [f"awsctx: removed from the environment: {', '.join(removed)}"] if removed else []
    if call.keys or call.lock or call.read_only:
        from awsctx.commands import exec_narrowed

        narrowed = exec_narrowed.narrow(
            world, context.profile, call, exec_narrowed.also(world, call, context.profile), prompt, screen, context.region
        )
        environ = narrowed.applied(environment(world.environ, narrowed.context(context), call.keep)[0], context)
        lines += exec_narrowed.said(world, narrowed, context)
    for line in lines if not call.quiet else ():
        talk(line)
    replace_process(path, command, environ)


def check(command: "Sequence[str]", pipeline: str | None, keep: "Sequence[str]") -> None:
    """Raise UsageError where there is nothing to run, or ``keep`` names a variable that `--keep` does not know."""
    if pipeline is None and not command:
        raise UsageError("exec needs a command", "for example: awsctx exec -- aws sts get-caller-identity")
    for name in keep:
        if name not in env.KEEPABLE:
            raise UsageError(f"--keep does not keep {visible(name)}", f"it keeps: {', '.join(env.KEEPABLE)}")


def _region(world: World, region: str) -> str:
    """The one region that is named. Raises AwsctxError where it is none."""
    if region == "all" or "," in region:
        raise AwsctxError(f"'{visible(region)}' is not a region", "for several, name the profiles by --match or --all")
    return world.region(region)


def check_also(also: "Sequence[str]", *, lock: bool) -> None:
    """Raise UsageError where ``also`` is given without a lock."""
    if also and not lock:
        raise UsageError("--also goes with --lock", "for example: awsctx exec --lock --also '*.readonly' -- COMMAND")


def environment(environ: "Mapping[str, str]", context: Context, keep: "Sequence[str]" = ()) -> tuple[dict[str, str], list[str]]:
    """The environment for a command that runs with ``context``, and the names of the variables removed for it. The
    variables of ``keep`` stay; so do those of AWS's MCP proxy under a lock."""
    if environ.get("AWSCTX_LOCK"):
        keep = (*keep, "AWS_MCP_PROXY_PROFILES")
    changes, removed = env.for_command(environ, context, keep)
    result = env.apply(environ, changes)
    for name in (*env.OF_ONE_CALL, env.READ_ONLY):
        result.pop(name, None)
    _restore_locale(result)
    return result, removed


def pipeline(text: str, arguments: "Sequence[str]", environ: "Mapping[str, str]") -> list[str]:
    """The command that runs ``text`` in bash with pipefail, or in sh where there is no bash; ``arguments`` are its `$@`."""
    shell = ["bash", "-o", "pipefail"] if _find("bash", environ)[0] else ["sh"]
    return [*shell, "-c", "--", text, shell[0], *arguments]


def find(command: str, environ: "Mapping[str, str]") -> str:
    """The path of the program ``command``; a name without a slash is searched on the PATH of ``environ``. Raises
    CommandNotFound, CommandNotRunnable."""
    path, found = _find(command, environ)
    if not path:
        raise _not_runnable(command, found)
    return path


def replace_process(path: str, command: "Sequence[str]", environ: "Mapping[str, str]") -> "NoReturn":
    """Become ``command``, whose program is at ``path``. All else of this process stays as it is.

    Raises CommandNotRunnable; nothing has run then.
    """
    # Python ignores these two signals from its start on. The command gets the dispositions that the caller had.
    for signal in (_signal.SIGPIPE, getattr(_signal, "SIGXFSZ", None)):
        if signal is not None:
            _signal.signal(signal, _signal.SIG_DFL)
    trace.tell("exec", path)
    attempt(path, command, lambda path, command: os.execve(path, command, dict(environ)))  # noqa: S606 (no shell is the point)
    raise AssertionError("execve does not return")


def attempt(path: str, command: "Sequence[str]", execute: "Callable[[str, list[str]], T]") -> "T":
    """Call ``execute(path, command)`` as execvp(3) does: `sh` runs a script that names no interpreter. Raises
    CommandNotRunnable, AwsctxError; nothing has run then."""
    try:
        try:
            return execute(path, list(command))
        except OSError as e:
            if e.errno != errno.ENOEXEC or _is_binary(path):
                raise
            return execute("/bin/sh", ["sh", path, *command[1:]])
    except OSError as e:
        if e.errno == errno.ENOENT:  # the file exists, but its interpreter does not
            hint = "install what its first line (#!) names, or fix that line; a binary may be for another system"
            raise CommandNotRunnable(f"could not run {visible(path)}: its interpreter does not exist", hint) from None
        raise CommandNotRunnable(f"could not run {visible(path)}: {e.strerror}", _HINTS.get(e.errno or 0, _ELSE)) from e
    except ValueError as e:
        raise AwsctxError(f"could not run {visible(path)}: {e}") from None


# {error number: what to do about a program that the system does not start}
_HINTS = {
    errno.E2BIG: "give it fewer arguments, or fewer variables",
    errno.EACCES: "check the rights of it and of its interpreter; a disk may be mounted with noexec",
    errno.ENOEXEC: "it may be for another system: get the one for this system",
    errno.ETXTBSY: "another program is writing it: try again when that is done",
}
_ELSE = "try it without awsctx, to see whether it runs at all"


def _is_binary(path: str) -> bool:
    """Whether the first line of the file has a NUL, so that no shell should run it as a script. bash has the same rule."""
    with open(path, "rb", buffering=0) as file:
        return b"\0" in file.read(80).partition(b"\n")[0]


def _find(command: str, environ: "Mapping[str, str]") -> tuple[str, str]:
    """(path of an executable file, ""), else ("", path of a file that is not executable), else ("", "")."""
    if "/" in command:
        candidates = [command]
    else:
        search = environ.get("PATH", os.defpath)
        candidates = [os.path.join(folder or ".", command) for folder in search.split(":")] if command else []
    blocked = ""
    for path in candidates:
        if os.path.isfile(path):
            if os.access(path, os.X_OK):
                return path, ""
            blocked = blocked or path
        elif "/" in command and os.path.isdir(path):
            blocked = path
    return "", blocked


def _not_runnable(command: str, found: str) -> AwsctxError:
    if found:
        if os.path.isdir(found):
            return CommandNotRunnable(f"could not run {visible(found)}: it is a folder", "name a program in it")
        from awsctx.shells import quoted

        hint = f"make it executable with: chmod +x {quoted(visible(found), 'sh')}"
        return CommandNotRunnable(f"could not run {visible(found)}: permission denied", hint)
    if not command:
        return CommandNotFound("command not found: its name is empty", "a variable that is not set may stand for it")
    hint = "give its path, or install it" if "/" not in command else "check the path"
    return CommandNotFound(f"command not found: {visible(command)}", hint)


def _restore_locale(environ: "dict[str, str]") -> None:
    """Give LC_CTYPE in ``environ`` back its value from before this Python started: in the C locale, Python sets it to UTF-8
    (PEP 538). Where that value cannot be known (there is no /proc) LC_CTYPE stays, since the caller may have set it."""
    if environ.get("LC_CTYPE") not in ("C.UTF-8", "C.utf8", "UTF-8") or environ.get("LC_ALL"):
        return
    try:
        with open("/proc/self/environ", "rb", buffering=0) as file:
            entries = file.read().split(b"\0")
    except OSError:
        return
    had = next((entry for entry in entries if entry.startswith(b"LC_CTYPE=")), None)
    if had is None:
        del environ["LC_CTYPE"]
    else:
        environ["LC_CTYPE"] = os.fsdecode(had.partition(b"=")[2])
