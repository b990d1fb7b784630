"""`awsctx whoami`: who a profile really is, compared with what the config says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from awsctx.aws import identity
from awsctx.aws.each import Answer, each
from awsctx.aws.identity import Identity
from awsctx.cells.plan import matching
from awsctx.commands import Result, login
from awsctx.core import environ as env
from awsctx.core.context import Context
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, UsageError
from awsctx.signin.screen import Screen
from awsctx.signin.waiting import Prompt
from awsctx.world import World

NewScreen = Callable[[], Screen]
_COLUMNS = ("profile", "account", "role", "is")


Told = Callable[[int, int], None]


def whoami(
    world: World, name: str = "", *, as_json: bool = False, prompt: Prompt | None = None, screen: NewScreen | None = None
) -> Result:
    """Ask STS about one profile: ``name``, or the context in force. Exit code 1 where account or role differ from the
    config, or AWS could not be asked. ``screen`` shows a sign-in, where one is needed (None: nobody is there)."""
    context = world.meant(name).context
    try:
        left = identity.refresh_first(world, [context.profile])
        who = login.renewing(world, context.profile, lambda: identity.identify(world, context, prompt, left), screen)
        answer = Answer(who)
    except AwsctxError as e:
        answer = Answer(error=e)
    found = _object(world, context.profile, answer)
    status = 0 if found["ok"] else 1
    notes = [] if name else _overridden(world, context)
    if as_json:
        notes += login.damaged_of(world, [context.profile])
        return Result(_json(found), *notes, status=status)
    if answer.error is not None:
        raise AwsctxError(f"{visible(context.profile)}: {answer.error.message}", *answer.error.hints)
    return Result(_lines(found), *notes, *([f"awsctx: {_difference(found)}"] if status else []), status=status)


def whoami_many(world: World, globs: Sequence[str], *, as_json: bool = False, told: Told = lambda done, of: None) -> Result:
    """Ask about all profiles that match one of ``globs``, several at a time. ``told`` gets (done, of all) after each."""
    names = matching(world.profiles(), globs)
    left, troubles = identity.refresh_each(world, names)

    def ask(name: str) -> Identity:
        if name in troubles:
            raise troubles[name]
        return identity.identify(world, Context(name), seconds=left)

    answers = each(names, ask, told, left)
    found = [_object(world, name, answer) for name, answer in zip(names, answers, strict=True)]
    status = 0 if all(item["ok"] for item in found) else 1
    damaged = login.damaged_of(world, names)
    if as_json:
        return Result(_json(found), *damaged, status=status)
    wrong = sum(not item["ok"] for item in found)
    talk = [f"awsctx: {wrong} of {len(found)} profiles are not what the config says, or could not be asked"] if wrong else []
    from awsctx.core.table import table

    return Result(table(_COLUMNS, map(_row, found)), *damaged, *talk, status=status)


def check_call(name: str, globs: Sequence[str], every: bool) -> None:
    """Raise UsageError where a call names profiles in two ways."""
    if (name and (globs or every)) or (globs and every):
        raise UsageError("NAME, --match and --all do not go together", "for example: awsctx whoami --match '*.tester'")


def _object(world: World, profile: str, answer: Answer[Identity]) -> dict[str, Any]:
    account, role = world.files.account_and_role(profile)
    who = answer.value
    same = who is not None and (not account or who.account_id == account) and (not role or who.role == role)
    return {
        "profile": profile,
        "account_id": who.account_id if who else None,
        "role_name": (who.role or None) if who else None,
        "arn": who.arn if who else None,
        "expected_account_id": account or None,
        "expected_role_name": role or None,
        "ok": same,
        "error": _sentence(answer.error) if answer.error else None,
    }


def _sentence(error: AwsctxError) -> str:
    """An error as one line: what is wrong, then what to do."""
    return ": ".join([error.message, *error.hints[:1]])


def _difference(found: dict[str, Any]) -> str:
    expected = [
        f"{word} {visible(found[f'expected_{key}'])}"
        for word, key in (("account", "account_id"), ("role", "role_name"))
        if found[f"expected_{key}"] and found[f"expected_{key}"] != found[key]
    ]
    return f"{visible(found['profile'])} is not what the config says: {', '.join(expected)}"


def _overridden(world: World, context: Context) -> list[str]:
    """The note that aws in this shell would be somebody else."""
    names = env.overriding(world.environ, context.profile, (facts.kinds if (facts := world.facts(context.profile)) else ()))
    return [f"note: aws in this shell uses something else ({', '.join(names)} is set); see: awsctx doctor"] if names else []


def _lines(found: dict[str, Any]) -> str:
    rows = {"profile": found["profile"], "account": found["account_id"], "role": found["role_name"], "arn": found["arn"]}
    return "".join(f"{name:<8} {visible(str(value))}\n" for name, value in rows.items() if value)


def _row(item: dict[str, Any]) -> list[object]:
    verdict = item["error"] or ("ok" if item["ok"] else _difference(item).partition(" is ")[2])
    return [item["profile"], item["account_id"], item["role_name"], verdict]


def _json(value: object) -> str:
    from json import dumps

    return dumps(value, indent=2) + "\n"
