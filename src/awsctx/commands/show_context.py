"""What is in force: `current`, `prompt`, `history`, and the record that the hook asks for."""

from awsctx import environ as env
from awsctx import state
from awsctx.commands import Result
from awsctx.context import Context, visible
from awsctx.signin import tokens
from awsctx.world import World


def current(world: World, *, flag: str | None = None, as_json: bool = False) -> Result:
    """The context in force, as `NAME[@REGION]`, or as JSON with its source and the credentials that botocore would use."""
    world.check_settings()
    found = world.in_force(flag)
    if not as_json:
        return Result(f"{visible(str(found.context))}\n")
    from json import dumps

    value = {
        "profile": found.context.profile,
        "region": found.context.region or None,
        "source": found.source,
        "credentials": world.method(found),
    }
    return Result(dumps(value, indent=2) + "\n")


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


def duration(seconds: float) -> str:
    """A time span as the prompt shows it: `3h12m`, `12m`; rounded down to the minute."""
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours}h{minutes}m" if hours else f"{minutes}m"


def history(world: World, *, as_json: bool = False) -> Result:
    """The contexts that someone switched to, newest first, each once."""
    world.check_settings()
    entries = [str(context) for context in state.read(world.state_path).history]
    if as_json:
        from json import dumps

        return Result(dumps(entries, indent=2) + "\n")
    return Result("".join(f"{visible(entry)}\n" for entry in entries))


def record(world: World, name: str) -> Result:
    """The record of the profile ``name`` (not of a context: a `@` is part of the name), for the hook."""
    return Result("\n".join([*world.record(Context(name)).lines(), ""]))
