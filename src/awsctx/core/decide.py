"""What a hooked shell does next. Every shell's decisions are made here and nowhere else (CONTRIBUTING.md, "The hook
notices, the command decides"). Pure: the caller hands in the time, the environment, the state and what is known of
profiles.

One promise holds: what the prompt shows is what runs. Either AWS_PROFILE is set to what the prompt shows, or the prompt
shows what AWS_PROFILE says.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.core import environ as env
from awsctx.core.context import Context
from awsctx.core.facts import FOLDER, FOLLOW, PIN, SWITCH, Asked, Known
from awsctx.core.memory import EXPORTED, Memory
from awsctx.core.prompt import Prompt, name, one_line, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsctx.core.record import Record

# The variables that a decision may set or unset.
_MANAGED = (
    *("AWS_PROFILE", "AWSCTX_EXPORTED", "AWSCTX_PARENT", "AWS_REGION", "AWS_DEFAULT_REGION"),
    *("AWSCTX_REGION", "AWSCTX_OLD_REGION", "AWSCTX_OLD_DEFAULT_REGION"),
)

# The source of a context that AWS_DEFAULT_PROFILE names. AWS_PROFILE stays unset then.
_DEFAULT_VARIABLE = "default-variable"


class Decision:
    """``changes`` to the environment, the new ``memory``, the ``prompt``, and the ``lines`` to tell the user. ``own`` are the
    variables that the shell gets back without an export. ``refused``: a read-only variable keeps the shell where it is."""

    __slots__ = ("changes", "lines", "memory", "own", "prompt", "refused")

    def __init__(
        self, changes: "env.Changes", own: dict[str, str], memory: str, prompt: Prompt, lines: list[str], *, refused: bool
    ) -> None:
        self.changes = changes
        self.own = own
        self.memory = memory
        self.prompt = prompt
        self.lines = lines
        self.refused = refused


def decide(
    text: str, environ: "Mapping[str, str]", record: "Record | None", known: Known, asked: Asked | None = None
) -> Decision:
    """What a shell does whose memory is ``text`` and whose environment is ``environ``. ``record`` is what the state says;
    None where the state says nothing usable. ``asked`` is what a call in this shell asks for; None where the hook has
    noticed a change."""
    if environ.get("AWSCTX_LOCK"):
        record = None  # a shell under `exec --lock` does not follow the state
    own, fixed = env.unseen(environ)
    memory, lines, foreign_pin = _recalled(text, environ, record, known, asked)
    if asked is not None:
        _apply_call(memory, asked, record, known)
    if memory.beside and (known.pin is None or known.pin.path != memory.beside):
        memory.beside = ""
    if "AWS_PROFILE" in fixed:
        memory.own = environ.get("AWS_PROFILE", "")
    held = memory.own or memory.pin or _folder_context(memory, environ, known) or "AWS_PROFILE" in fixed
    if foreign_pin and held:
        memory.serial = ""  # so that the shell reads the state anew when the pin ends
    if record is not None and not held and (asked is None or asked.kind in (FOLLOW, FOLDER)):
        lines += _follow(memory, record, known, foreign_pin=foreign_pin)
    lines += [line for word, line in known.notes.items() if memory.tells(word)]

    context, source = _in_force(memory, environ, known, fixed)
    refused = _refused(environ, context, asked, fixed)
    if refused:
        context = Context(context.profile) if context is not None else None
        if memory.tells(refused) or asked is not None:
            lines.append(f"{refused} is read-only in this shell, which stays as it is")
    after = _environment(memory, environ, context, source, fixed, anew=asked is not None or not text)
    back = memory.regions_back(environ, after, own)
    memory.shown, memory.source = context, source
    prompt = Prompt()
    if context is not None:
        until = record.until if record is not None and source == "state" and record.context == context else 0
        prompt = shown(context, source, after, known, until=until)
    if asked is not None and memory.put_back:
        prompt.ask = 1  # decide again at the next prompt: a value that the shell restores is not a choice of the user
    changes = {name: after.get(name) for name in _MANAGED if after.get(name) != environ.get(name)}
    return Decision(changes, back, memory.text(), prompt, lines, refused=bool(refused))


# --- where the shell is -----------------------------------------------------------------------------------------------


def _recalled(
    text: str, environ: "Mapping[str, str]", record: "Record | None", known: Known, asked: Asked | None
) -> tuple[Memory, list[str], bool]:
    """What this shell remembers, the lines to tell the user, and whether a shell that has just started inherited a pin of
    another terminal."""
    memory, lines, foreign_pin = Memory.read(text), [], False
    if memory is None:
        memory, foreign_pin = _started(environ, known)
        if asked is None and not (memory.base or memory.pin or memory.own or memory.serial):
            lines = _start_in(memory, record, known)
    elif asked is None:
        _note_own_profile(memory, environ)
    else:
        # In `AWS_PROFILE=x awsctx NAME` the assignment is for this call alone. The shell restores the old value afterwards.
        memory.put_back = memory.profile if environ.get("AWS_PROFILE", "") != memory.profile else ""
    memory.terminal = memory.terminal or known.terminal
    return memory, lines, foreign_pin


def _started(environ: "Mapping[str, str]", known: Known) -> tuple[Memory, bool]:
    """The memory of a shell that has just started, and whether it inherited a pin of another terminal. A pin holds on its
    own terminal alone."""
    memory = Memory()
    profile, source = environ.get("AWS_PROFILE", ""), env.exported_source(environ)
    terminal, _, serial = environ.get("AWSCTX_PARENT", "").partition(" ")
    inherited = Context(profile, env.exported_region(environ)) if source else None
    if profile and not source:
        memory.own = profile
    elif inherited and environ.get("AWSCTX_LOCK"):
        memory.pin = inherited
    elif terminal and terminal == known.terminal:
        # The inherited variables do not say which state the pin began with. So this shell reads the state anew when the pin
        # ends.
        if source == "environment":
            memory.own = profile
        elif source == "shell":
            memory.pin = inherited
        elif source == "state" or environ.get("AWSCTX_EXPORTED", "").startswith("stays:"):
            memory.base, memory.serial = inherited, serial
    elif inherited and source != "directory" and _may_enter(inherited, known):
        memory.base, memory.serial = inherited, serial
        return memory, source != "state"
    return memory, False


def _start_in(memory: Memory, record: "Record | None", known: Known) -> list[str]:
    """Take the state's context over silently, unless it is guarded; the one before it, where its time is over. Returns the
    lines to tell the user. Even where there is no state, the shell counts as having seen it, so that it announces the next
    record as a switch."""
    memory.serial = _serial(record, known) if record is not None else "0"
    if record is None or record.context is None:
        return []
    if record.is_over(known.now):
        memory.base = back_from(record, known)
        where = f"on {name(memory.base)}" if memory.base else "without a context"
        return [f"the time of {name(record.context)} is over: this shell starts {where}"]
    if not _may_enter(record.context, known):
        return [f"{name(record.context)} is guarded: this shell starts without a context"]
    memory.base = record.context
    return []


def _note_own_profile(memory: Memory, environ: "Mapping[str, str]") -> None:
    """Note a value of AWS_PROFILE that the user has set: it pins the shell until it is unset."""
    profile = environ.get("AWS_PROFILE", "")
    if not profile:
        memory.own = ""
    elif profile not in (memory.profile, memory.put_back):
        memory.own = profile
    memory.put_back = ""


def _apply_call(memory: Memory, asked: Asked, record: "Record | None", known: Known) -> None:
    """Apply what a call in this shell asks for. A call ends every earlier pin of this shell; one of kind FOLDER only lets
    the folder's pin count again."""
    if asked.kind == FOLDER:
        memory.beside = ""
        return
    if memory.shown is not None and asked.context != memory.shown:
        memory.previous = memory.shown
    memory.own = ""
    memory.pin = asked.context if asked.kind == PIN else None
    if asked.kind == SWITCH:
        memory.base = asked.context
        memory.serial = _serial(record, known) if record is not None else memory.serial
    memory.beside = known.pin.path if known.pin is not None and asked.context is not None else ""


def _follow(memory: Memory, record: "Record", known: Known, *, foreign_pin: bool) -> list[str]:
    """Move this shell to the state's context, if it follows; the lines to tell the user. All rules about following are
    here:

    - A shell that is pinned by AWS_PROFILE, by a folder or by `-s` does not follow. ``decide`` does not call this then.
    - A shell does not move if it is on that context already, if `follow` is `never`, or if it has seen this record before.
      The last does not hold for a shell with a ``foreign_pin``: it inherited a pin that holds on another terminal only.
    - A shell does not move into a guarded profile unless `follow` is `always`.
    - A context whose time is over is always left, for the context before it. The same record does not lead back into it.
    """
    before, memory.serial = memory.serial, _serial(record, known)
    if before == f"{record.serial}+":  # seen by this shell, even if the clock is set back
        memory.serial = before
        return []
    new, held = record.context, memory.base
    if record.is_over(known.now):
        return _leave_in_time(memory, record, known) if memory.serial != before else []
    if new == held or known.follow == "never" or (memory.serial == before and not foreign_pin):
        return []
    switched = bool(before) and memory.serial != before
    if new is not None and not _may_enter(new, known):
        what = f"another shell switched to {name(new)}, which is guarded" if switched else f"{name(new)} is guarded"
        return [f"{what}: this one stays {'on ' + name(held) if held else 'without a context'}"]
    memory.base = new
    if new is None:
        return ["no active context now" + (" (unset in another shell)" if switched else "")]
    if held is not None and known.facts(held.profile) is None:
        return [f"now on {name(new)} ({name(Context(held.profile))} is no more)"]
    return [f"now on {name(new)}" + (" (switched in another shell)" if switched else "")]


def _leave_in_time(memory: Memory, record: "Record", known: Known) -> list[str]:
    """Leave the state's context, whose time is over, for the context before it or for none; the lines to tell the user.
    Does nothing in a shell that is on another context."""
    if memory.base is None or memory.base != record.context:
        return []
    back = back_from(record, known)
    line = f"the time of {name(memory.base)} is over: " + (f"back on {name(back)}" if back else "no context is active now")
    memory.base = back
    return [line]


def back_from(record: "Record", known: Known) -> Context | None:
    """The context that a shell returns to when the time of the state's context is over. None where the context before it is
    guarded, does not exist, or is the same."""
    back = record.before
    if back is None or back == record.context or known.facts(back.profile) is None or known.guarded(back):
        return None
    return back


def _may_enter(context: Context, known: Known) -> bool:
    """Whether a shell may move to ``context`` without a call of the user's in that shell."""
    return known.follow == "always" or not known.guarded(context)


def _serial(record: "Record", known: Known) -> str:
    """The word by which a shell knows the state's record. It changes when the record's time ends."""
    return f"{record.serial}+" if record.is_over(known.now) else str(record.serial)


def _folder_context(memory: Memory, environ: "Mapping[str, str]", known: Known) -> Context | None:
    """The context of the folder's pin; None where no pin counts, or the user chose another context in this folder."""
    return known.pin.context if known.pin is not None and not memory.beside and not environ.get("AWSCTX_LOCK") else None


def _in_force(memory: Memory, environ: "Mapping[str, str]", known: Known, fixed: set[str]) -> tuple[Context | None, str]:
    """The context in force in this shell, and its source. Where AWS_PROFILE is ``fixed``, nothing else can name one."""
    if memory.own:
        return Context(memory.own), "environment"
    if "AWS_PROFILE" not in fixed:
        folders = _folder_context(memory, environ, known)
        if folders is not None:
            return folders, "directory"
        if memory.pin is not None:
            return memory.pin, "shell"
        if memory.base is not None:
            return memory.base, "state"
    if environ.get("AWS_DEFAULT_PROFILE"):
        return Context(environ["AWS_DEFAULT_PROFILE"]), _DEFAULT_VARIABLE
    return (Context("default"), "default") if known.facts("default") is not None else (None, "")


def _refused(environ: "Mapping[str, str]", context: Context | None, asked: Asked | None, fixed: set[str]) -> str:
    """The read-only variable that keeps this shell from the profile ``asked`` for, or from the region of ``context``."""
    if "AWS_PROFILE" in fixed and asked is not None and asked.kind != FOLDER:
        wanted = asked.context.profile if asked.context is not None else ""
        if environ.get("AWS_PROFILE", "") != wanted:
            return "AWS_PROFILE"
    region = context.region if context is not None else ""
    return next((name for name, _ in env.REGIONS if region and name in fixed and environ.get(name) != region), "")


# --- what its environment becomes -------------------------------------------------------------------------------------


def _environment(
    memory: Memory, environ: "Mapping[str, str]", context: Context | None, source: str, fixed: set[str], *, anew: bool
) -> dict[str, str]:
    """The environment with ``context`` in force; the variables in ``fixed`` stay as they are. ``anew``: set its region again,
    even if the context is the same as before."""
    after = dict(environ)
    if context is not None and source in EXPORTED:
        after["AWS_PROFILE"] = context.profile
        after["AWSCTX_EXPORTED"] = f"{source}:{one_line(context.profile)}"
    else:
        after.pop("AWS_PROFILE", None)
        after["AWSCTX_EXPORTED"] = f"stays:{memory.serial}"
    after["AWSCTX_PARENT"] = f"{memory.terminal} {memory.serial}"
    if anew or (memory.shown, memory.source) != (context, source):
        env.leave_region(after)
        if context is not None and context.region:
            env.enter_region(after, context.region)
    else:
        env.keep_region(after)
    return env.apply(after, {name: environ.get(name) for name in fixed})
