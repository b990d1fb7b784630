"""`awsctx exec`: one command, or one pipeline, with the context in force."""

from awsctx import exec as execution
from awsctx.context import Context, check_region
from awsctx.errors import UsageError
from awsctx.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from awsctx.signin.screen import Screen


class Call:
    """What was asked for: ``pipeline`` is the text of `-c`, and ``command`` its arguments then."""

    __slots__ = ("command", "pipeline", "profile", "quiet", "region")

    def __init__(self) -> None:
        self.profile: str | None = None
        self.region: str | None = None
        self.quiet = False
        self.pipeline: str | None = None
        self.command: list[str] = []


def run(world: World, call: Call, talk: "Callable[[str], None]", screen: "Callable[[], Screen]") -> "NoReturn":
    """Become the command of ``call``. ``talk`` takes the one line that names what was removed from the environment.
    Where a person is there and the sign-in has ended, they are asked whether to sign in first, on the ``screen``.

    Raises AwsctxError before anything has run: no context, no such profile, no such command.
    """
    if call.pipeline is None and not call.command:
        raise UsageError("exec needs a command", "for example: awsctx exec -- aws sts get-caller-identity")
    found = world.in_force(call.profile)
    context = found.context
    if call.region is not None:
        context = Context(context.profile, "" if call.region == "-" else check_region(call.region))
    environ, removed = execution.environment(world.environ, context)
    command = call.command
    if call.pipeline is not None:
        command = execution.pipeline(call.pipeline, call.command, environ)
    path = execution.find(command[0], environ)
    if world.ask is not None:
        from awsctx.commands.login import offer

        offer(world, context.profile, screen)
    if removed and not call.quiet:
        talk(f"awsctx: removed from the environment: {', '.join(removed)}")
    execution.replace_process(path, command, environ)
