"""`awsctx prompt`: what the prompt shows."""

from awsctx.commands import Result
from awsctx.core import environ as env
from awsctx.core.prompt import shown
from awsctx.errors import TimeOver
from awsctx.world import World


def prompt(world: World) -> Result:
    """The text of AWSCTX_PROMPT; empty where no context is in force, or its time is over.

    A status line belongs to no shell. So where no hook makes this call, an AWS_PROFILE that a hook has copied from the
    state counts as the state.
    """
    environ = dict(world.environ)
    of_no_shell = not world.hooked and env.exported_source(environ) == "state"
    if of_no_shell:
        del environ["AWS_PROFILE"]
    world = World(environ, now=world.now)  # a world that says nothing, since a status line calls this again and again
    try:
        found = world.found(pinned=not of_no_shell)
    except TimeOver:
        return Result()
    if found is None:
        return Result()
    if not world.hooked:  # then the region variables are a copy, too
        env.leave_region(environ)
        if found.context.region:
            env.enter_region(environ, found.context.region)
    until = world.until(found)
    return Result(shown(found.context, found.source, environ, world.known(), until=until).text(world.now) + "\n")
