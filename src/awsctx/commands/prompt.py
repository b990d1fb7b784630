"""`awsctx prompt`: what the prompt shows, and the record that the hook asks for."""

from awsctx.commands import Result
from awsctx.core import environ as env
from awsctx.core.context import Context
from awsctx.core.text import duration, visible
from awsctx.signin import tokens
from awsctx.world import World


def prompt(world: World) -> Result:
    """The text of AWSCTX_PROMPT: `NAME[@REGION]`, the time to the sign-in's end or `expired`, `!` when overridden; nothing
    where no context is chosen."""
    found = world.found()
    if found is None or found.source == "default":
        return Result()
    return Result(_prompt_text(world, found.context) + "\n")


def _prompt_text(world: World, context: Context) -> str:
    record = world.record(context)
    words = [visible(str(context))]
    if record.token:
        sign_in = tokens.sign_in(record.token, world.now)
        if sign_in.status == tokens.VALID and sign_in.expires_at is not None and "no-time" not in record.facts:
            words.append(duration(sign_in.expires_at - world.now))
        elif sign_in.status in (tokens.EXPIRED, tokens.NONE):
            words.append("expired")
    if env.overriding(world.environ, context.profile, record.facts):
        words.append("!")
    return " ".join(words)


def record(world: World, name: str) -> Result:
    """The record of the profile ``name`` (not of a context: a `@` is part of the name), for the hook."""
    return Result("\n".join([*world.record(Context(name)).lines(), ""]))
