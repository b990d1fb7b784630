"""`awsctx env`: a profile's credentials as variables, for tools that cannot read a sign-in; and what unsets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from awsctx import guard, shells
from awsctx.aws import identity, sessions
from awsctx.aws.read_only import Weaker, keys_of, weaker_of
from awsctx.awsfiles.grammar import text_of
from awsctx.commands import Result, login
from awsctx.core.context import Context
from awsctx.core.keys import Keys
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, UsageError
from awsctx.profiles.following import is_following
from awsctx.signin import tokens
from awsctx.signin.screen import Screen
from awsctx.signin.waiting import Prompt
from awsctx.store import state
from awsctx.world import World

# The variables that go with the keys in a shell. AWS_PROFILE makes a tool that prefers a profile use the same account.
_BESIDE = ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION")
NAMES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION")
# botocore reads this old name before AWS_SESSION_TOKEN. An old value would not match the new keys.
_OLD_TOKEN = "AWS_SECURITY_TOKEN"  # noqa: S105 (a variable's name)
# The characters that every reader of .env files takes literally. Keys contain no others.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+=:@%,")
# The lifetime of keys that follow the active context. botocore and the JavaScript SDK ask anew at each call, the SDKs for Go
# and Java when this time ends, so it is also how long they may miss a switch.
_FOLLOWED_SECONDS = 60

Values = dict[str, str]


def env(
    world: World,
    name: str = "",
    *,
    region: str = "",
    format: str = "sh",
    yes: bool = False,
    read_only: bool = False,
    person: bool = False,
    prompt: Prompt | None = None,
    screen: Callable[[], Screen] | None = None,
) -> Result:
    """The credentials of ``name``, or of the context in force, in ``format``. In a shell's format its region and
    AWS_PROFILE come along. ``region`` replaces the region; `-` means the profile's own. ``person``: the user reads stderr,
    and is warned that these variables override later switches. ``screen`` offers a sign-in where one is needed (None:
    nobody is there). ``yes`` answers the guard's question. ``read_only``: use weaker credentials that can only read. `.` in the
    format `process` and nothing else is the call of a profile that follows (``_following``); under a lock no profile does.
    Raises UsageError on an unknown format, SignInNeeded, AwsctxError."""
    render = _formats().get(format)
    if render is None:
        raise UsageError(f"no such format: {format}", f"there are: {', '.join(_formats())}")
    if (name, format) == (".", "process") and not (region or yes or read_only or world.lock):
        return _following(world)
    found = world.meant(name)
    guard.admit(world, found, guard.PRINT, yes=yes)
    context = found.context
    if world.ask is not None and screen is not None:
        login.offer(world, context.profile, screen)
    if region:
        context = Context(context.profile, "" if region == "-" else world.region(region))
    left = identity.refresh_first(world, [context.profile])
    weaker = Weaker(context.profile)
    if read_only:
        weaker = weaker_of(world, context.profile)
        if weaker.role or weaker.profile != context.profile:
            guard.admit_weaker(world, context.profile, weaker.profile, weaker.role, guard.PRINT, yes=yes)
    keys = login.renewing(world, context.profile, lambda: keys_of(world, context, weaker, prompt, left), screen)
    if world.lock is not None:
        refuse_long_lived(context.profile, keys, "the profile itself reaches them: awsctx exec -- COMMAND")
    where = context.region or text_of(world.files.profile(context.profile) or {}, "region")
    adds_region = not where and text_of(world.files.profile(weaker.profile) or {}, "region")  # the region stays the context's
    no_profile = weaker.takes_keys or adds_region
    beside = {"AWS_PROFILE": "" if no_profile else weaker.profile, **dict.fromkeys(_BESIDE[1:], where)}
    return Result(render(keys, beside), *(_warning(format) if person else []))


def refuse_long_lived(profile: str, keys: Keys, hint: str) -> None:
    """Raise AwsctxError where ``keys`` are long-lived: no call under a lock hands them out."""
    if not keys.session_token:
        raise AwsctxError(f"the keys of '{visible(profile)}' are long-lived, and a lock hands out no such keys", hint)


def _following(world: World) -> Result:
    """The answer of the credential_process that `awsctx add --follow` writes: the keys of the state's context, whatever
    AWS_PROFILE says. They are valid for a minute, so that a long-lived program follows a switch. Nobody is asked anything.
    An error has one line, since the calling program shows it. Raises SignInNeeded, AwsctxError."""
    try:
        context = _followed(world)
        left = identity.refresh_first(world, [context.profile])
        keys = identity.keys(world, context, None, left)
    except AwsctxError as e:
        e.message, e.hints = "; ".join([e.message, *e.hints]), ()
        raise
    end = int(world.now) + _FOLLOWED_SECONDS
    return Result(_process(replace(keys, expires_at=min(end, keys.expires_at or end)), {}))


def _followed(world: World) -> Context:
    """The state's context. Raises AwsctxError where it may not be followed."""
    record = state.read(world.state_path).record
    context = record.context
    if context is None:
        raise AwsctxError("no context is active", "choose one with: awsctx NAME")
    name = visible(context.profile)
    if record.is_over(world.now):
        raise AwsctxError(f"the time of '{name}' is over", "choose a context with: awsctx NAME")
    facts = world.facts(context.profile)
    if facts is None:
        raise AwsctxError(f"the state names the profile '{name}', which does not exist", "choose another with: awsctx NAME")
    if facts.guarded:
        raise AwsctxError(f"'{name}' is guarded: nothing that follows the active context gets its keys")
    if any(is_following(values) for _, values in sessions.chain(world, context.profile)):
        raise AwsctxError(
            f"'{name}' follows the active context, and is the active one itself", "choose another with: awsctx NAME"
        )
    return context


def unset(*, format: str = "sh") -> Result:
    """The commands that unset the variables. Raises UsageError for a format that has none."""
    names = [*NAMES, _OLD_TOKEN, *_BESIDE]
    if format == "sh":
        return Result(f"unset {' '.join(names)}\n")
    if format == "fish":
        return Result(_fish_unset(names) + "\n")
    if format == "nu":
        return Result(f"hide-env --ignore-errors {' '.join(names)}\n")
    if format == "powershell":
        return Result("".join(_powershell_unset(name) for name in names))
    raise UsageError(
        f"the format {format} sets nothing in a shell, so there is nothing to undo", "for sh, fish, nu and powershell"
    )


def _formats() -> dict[str, Callable[[Keys, Values], str]]:
    return {
        "sh": _sh,
        "fish": _fish,
        "nu": _nu,
        "powershell": _powershell,
        "dotenv": _dotenv,
        "json": _json,
        "process": _process,
    }


def values(keys: Keys) -> Values:
    """The value of each variable; empty where these keys have none."""
    return dict(
        zip(
            NAMES,
            (keys.access_key_id, keys.secret_access_key, keys.session_token, tokens.iso(keys.expires_at) or ""),
            strict=True,
        )
    )


def _sh(keys: Keys, beside: Values) -> str:
    quote = shells.SHELLS["bash"].quote
    lines = [f"export {name}={quote(value)}" for name, value in {**values(keys), **beside}.items() if value]
    return "\n".join([*lines, f"unset {' '.join(_left_over(keys, beside))}", ""])


def _nu(keys: Keys, beside: Values) -> str:
    """A record for `load-env`, in nuon, which includes JSON. nushell does not pass a variable that is null on to commands."""
    from json import dumps

    found = {name: value for name, value in {**values(keys), **beside}.items() if value}
    return dumps(found | dict.fromkeys(_left_over(keys, beside)), ensure_ascii=False) + "\n"


def _fish(keys: Keys, beside: Values) -> str:
    quote = shells.SHELLS["fish"].quote
    lines = [f"set -gx {name} {quote(value)}" for name, value in {**values(keys), **beside}.items() if value]
    return "\n".join([*lines, _fish_unset(_left_over(keys, beside)), ""])


def _fish_unset(names: Sequence[str]) -> str:
    """`set -e` in fish fails for a variable that is not set; that must not stop the commands after it."""
    return f"set -e {' '.join(names)}; or true"


def _powershell(keys: Keys, beside: Values) -> str:
    found = {**values(keys), **beside}
    lines = [f"$env:{name} = {quote_powershell(value)}\n" for name, value in found.items() if value]
    return "".join([*lines, *map(_powershell_unset, _left_over(keys, beside))])


def quote_powershell(text: str) -> str:
    """``text`` as one word of PowerShell. Within single quotes only a single quote has a meaning; doubled, it stands for
    itself. PowerShell takes four typographic quotes for single quotes, too (about_Quoting_Rules; the language
    specification, 2.3.5.2, single-quote-character)."""
    return "'" + "".join(character * 2 if character in "'\u2018\u2019\u201a\u201b" else character for character in text) + "'"


def _powershell_unset(name: str) -> str:
    return f"Remove-Item Env:{name} -ErrorAction SilentlyContinue\n"


def _dotenv(keys: Keys, beside: Values) -> str:
    """The variables without quotes, since `docker --env-file` takes quotes for a part of the value. Raises AwsctxError for
    a value that would need quotes."""
    with_region = {**values(keys), **{name: beside[name] for name in _BESIDE[1:]}}
    found = {name: value for name, value in with_region.items() if value}
    odd = next((name for name, value in found.items() if not _PLAIN.issuperset(value)), None)
    if odd:
        raise AwsctxError(f"the value of {odd} has characters that the readers of .env files disagree on", "use another format")
    return "".join(f"{name}={value}\n" for name, value in found.items())


def _json(keys: Keys, beside: Values) -> str:
    from json import dumps

    return dumps({name: value or None for name, value in values(keys).items()}, indent=2) + "\n"


def _process(keys: Keys, beside: Values) -> str:
    return process(keys)


def process(keys: Keys) -> str:
    """The answer of a credential_process, as botocore's ProcessProvider and every other SDK reads it."""
    from json import dumps

    answer = {
        "Version": 1,
        "AccessKeyId": keys.access_key_id,
        "SecretAccessKey": keys.secret_access_key,
        "SessionToken": keys.session_token,
        "Expiration": tokens.iso(keys.expires_at),
    }
    return dumps({name: value for name, value in answer.items() if value}, indent=2) + "\n"


def _left_over(keys: Keys, beside: Values) -> list[str]:
    """The variables of an earlier set of keys that the new keys do not replace. AWS_PROFILE is one of them where no profile
    gives these keys."""
    return [
        *(name for name, value in values(keys).items() if not value),
        *(["AWS_PROFILE"] if beside.get("AWS_PROFILE") == "" else []),
        _OLD_TOKEN,
    ]


def _warning(format: str) -> list[str]:
    if format in ("json", "process"):
        return []
    undo = {
        "fish": "awsctx env --format fish --unset | source",
        "nu": f"hide-env --ignore-errors {' '.join([*NAMES, *_BESIDE])}",
        "powershell": "awsctx env --format powershell --unset | Out-String | Invoke-Expression",
    }.get(format, 'eval "$(awsctx env --unset)"')
    return [
        "awsctx: warning: where these keys are set, they override every later switch until they are gone",
        f"  {undo}",
        "awsctx: note: after a switch aws still takes these keys, and AWS SDK for JavaScript v3 the profile of AWS_PROFILE",
    ]
