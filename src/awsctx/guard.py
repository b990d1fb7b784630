"""The guard: whether a call may act as a guarded profile that is not the one in force here (awsctx(1), GUARD RAILS).

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsctx.core.in_force import InForce


class Act:
    """What a call is about to do: the ``question`` to the user, the words for when it is ``not_done``, and the hint
    ``unasked`` on how to do it without the question."""

    __slots__ = ("not_done", "question", "unasked")

    def __init__(self, question: str, not_done: str, unasked: str = "if you mean it, add: --yes") -> None:
        self.question = question
        self.not_done = not_done
        self.unasked = unasked


SWITCH = Act("Switch to it?", "not switched")
RUN = Act("Run the command there?", "nothing has run", "if you mean it, add before the command: --yes")
PRINT = Act("Print its credentials?", "nothing is printed")
GRANT = Act("Grant it too?", "nothing has run", "if you mean it, add before the command: --yes")
OPEN = Act("Open its console?", "no console is opened")


def admit(world: World, found: "InForce", act: Act, *, yes: bool = False) -> None:
    """Let the call act as the context in ``found``. What is in force here is admitted; a guarded profile that the call
    itself names is asked about. Raises AwsctxError where the call must not go on."""
    by_name = found.source == "flag" or (found.source == "environment" and _by_agent(world))
    if by_name and not is_here(world, found.context.profile):
        ask(world, found.context.profile, act, yes=yes)


def admit_weaker(
    world: World, profile: str, weaker: str, role: str, act: Act, *, yes: bool = False, asked: bool = True
) -> None:
    """Let a call for ``profile`` act as the profile ``weaker``, which it has found itself, or with ``role`` as that role of
    ``weaker``'s account, which is no profile. With ``asked`` false nobody is asked. Raises AwsctxError as ``ask`` does."""
    if role or not is_here(world, weaker):
        ask(world, weaker, act, yes=yes, role=role, instead_of=profile, asked=asked)


def is_here(world: World, profile: str) -> bool:
    """Whether ``profile`` is in force here. For an agent, AWS_PROFILE counts only where a hook has set it."""
    try:
        found = world.found()
    except AwsctxError:  # the profile in force does not exist, or its time is over
        return False
    if found is None or found.context.profile != profile:
        return False
    return found.source != "environment" or counts(world)


def counts(world: World) -> bool:
    """Whether the caller's consent counts: the user's does, an agent's only where the own config allows it."""
    return not _by_agent(world) or world.settings.agents == "allow"


def _by_agent(world: World) -> bool:
    from awsctx.core.agents import agent  # few calls come here

    return bool(agent(world.environ))


def ask(world: World, profile: str, act: Act, *, yes: bool, role: str = "", instead_of: str = "", asked: bool = True) -> None:
    """Ask before ``act`` as ``profile``, where that is guarded; ``yes`` is consent given beforehand. With ``role`` it is as
    that role of the profile's account; ``instead_of`` is the profile that the call is for. Raises AwsctxError where the
    answer is no, nobody is there to give one (or ``asked`` is false), or the profile changed while the question waited."""
    if world.lock is not None or not world.guarded(profile, role):
        return  # the question was asked when the lock was made
    guarded = f"'{visible(role or profile)}' is guarded"
    if instead_of:
        guarded += f", and --read-only takes it for '{visible(instead_of)}'"
    if not counts(world):  # the hint does not tell an agent how to get past this
        raise AwsctxError(f"{guarded}: {act.not_done}", "entering it is a person's decision: ask the one you work for")
    if yes:
        return
    if world.ask is None or not asked:
        raise AwsctxError(f"{guarded}: {act.not_done}", act.unasked)
    meant = world.files.profile(profile)
    if not world.ask(f"{guarded}. {act.question}"):
        raise AwsctxError(act.not_done)
    world.read_again()
    if world.files.profile(profile) != meant:
        raise AwsctxError(
            f"'{visible(profile)}' has changed while the question waited: {act.not_done}",
            "look at the profiles with: awsctx list -l",
        )
