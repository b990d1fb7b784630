"""The shell that made this call: what its hook passed on, and the answer that the hook applies (CONTRIBUTING.md, "The hook
notices, the command decides").

Hot path: imports nothing that the interpreter has not loaded already, and what decides only where there is a hook.
"""

import os

from awsctx import trace
from awsctx.core.environ import PROTOCOL
from awsctx.store import state
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsctx.core.context import Context
    from awsctx.core.decide import Decision
    from awsctx.core.facts import Asked


def previous(world: World) -> "Context | None":
    """The context that `awsctx -s -` returns to in this shell."""
    from awsctx.core.memory import Memory

    memory = Memory.read(world.environ.get("AWSCTX_MEMORY", ""))
    return memory.previous if memory else None


def after(world: World, asked: "Asked") -> "Context | None":
    """The context that the shell of this call would show after ``asked``. No answer is written."""
    from awsctx.core.decide import decide
    from awsctx.core.memory import Memory

    memory = world.environ.get("AWSCTX_MEMORY", "")
    decision = decide(memory, world.environ, world.record(), world.known(_terminal()), asked)
    found = Memory.read(decision.memory)
    return found.shown if found else None


def shows_the_state(world: World) -> bool:
    """Whether the shell of this call follows the state, and has no pin of its own."""
    return world.hooked and world.environ.get("AWSCTX_EXPORTED", "").startswith("state:")


def takes_answers(world: World) -> bool:
    """Whether the hook of this call's shell speaks this version of the protocol."""
    return _handed_over(world) is not None


def answer(world: World, asked: "Asked | None" = None, *, written: state.State | None = None) -> int:
    """Decide for the shell of this call, and write the answer where its hook reads it. Does nothing without a hook.
    ``asked`` is what this call asks for (None: the hook has noticed a change). ``written`` is the state that this call has
    written (None: the state is read). Returns the call's exit code: 1 where a read-only variable keeps the shell where it is.
    Raises AwsctxError where the answer cannot be written."""
    handed = _handed_over(world)
    if handed is None:
        return 0
    from awsctx.core.decide import decide
    from awsctx.store import answers

    count, path = handed
    text = written.text().encode("utf-8", "surrogateescape") if written else state.text(world.state_path)
    record = written.record if written else world.record()
    memory = world.environ.get("AWSCTX_MEMORY", "")
    if not memory:
        answers.sweep(path, world.now)
    decision = decide(memory, world.environ, record, world.known(_terminal()), asked)
    trace.tell("decided", f"{decision.prompt.head or 'no context'} ({decision.prompt.kind or 'nothing'})")
    head = "\n".join([f"awsctx {PROTOCOL} {count}", *_lines(decision, world), "", ""])
    answers.write(path, head.encode("utf-8", "surrogateescape") + text)
    return int(decision.refused)


def _handed_over(world: World) -> tuple[str, str] | None:
    """The number of this call in its shell, and the path for the answer; None where there is no hook, or one with another
    version of the protocol."""
    words = world.environ.get("AWSCTX_ANSWER", "").split(" ", 3)
    if not world.hooked or len(words) != 4 or words[1] != PROTOCOL or not words[2].isalnum() or words[3][:1] != "/":
        return None
    return words[2], words[3]


def _lines(decision: "Decision", world: World) -> list[str]:
    """The lines of the answer: changes of the environment, then what the hook keeps. A value with a line break is left out."""
    prompt = decision.prompt
    changes = [f"-{name}" if value is None else f"+{name}={value}" for name, value in decision.changes.items()]
    changes += [f"~{name}={value}" for name, value in decision.own.items()]
    private = {
        "memory": decision.memory,
        "head": prompt.head,
        "tail": prompt.tail,
        "class": prompt.kind,
        "end": str(prompt.end),
        "ask": str(prompt.ask),
        "now": str(int(world.now)),
        "token": prompt.token,
    }
    lines = [*changes, *(f"{name}={value}" for name, value in private.items()), *(f"say={line}" for line in decision.lines)]
    return [line for line in lines if "\n" not in line]


def _terminal() -> str:
    """A word that identifies this terminal, from its session and its device; empty where there is no terminal."""
    for fd in (0, 2, 1):
        if os.isatty(fd):
            return f"{os.getsid(0)}:{os.fstat(fd).st_rdev}"
    return ""
