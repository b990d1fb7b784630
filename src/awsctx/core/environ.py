"""The environment variables that AWS tools read: which of them override a profile, and how awsctx changes them. Pure.

A change is a value: ``{name: new value, or None to unset}``. awsctx never sets a variable to the empty string, since `aws`
fails on `AWS_PROFILE=`. A variable that is empty counts as unset.

Hot path: imports nothing that the interpreter has not loaded already.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsctx.core.context import Context

    Changes = dict[str, str | None]

# A bearer token wins over even a named profile, for Bedrock; AWS's MCP proxy takes its profiles from a variable of its own.
KEEPABLE = ("AWS_BEARER_TOKEN_BEDROCK", "AWS_MCP_PROXY_PROFILES")

# The variables that win over the profile's own credentials, or mix with them (awsctx(1), RUNNING COMMANDS).
# AWS_DEFAULT_PROFILE is one of them because boto3 and AWS CLI v1 read it before AWS_PROFILE.
OVERRIDING = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_SESSION_NAME",
    *KEEPABLE,
)

# What the hook's function passes to one call of the command. Programs that this call starts do not get it (CONTRIBUTING.md).
OF_ONE_CALL = ("AWSCTX_HOOK", "AWSCTX_ANSWER", "AWSCTX_MEMORY", "AWSCTX_UNSEEN")

# What `exec --read-only` says to its command: the AWS_ACCESS_KEY_ID of keys that only read.
READ_ONLY = "AWSCTX_READ_ONLY"

# The version of the protocol between hook and command. It covers the format of the memory that a shell keeps.
PROTOCOL = "4"

# The variables that a decision reads. The hooks ask for a new decision when one of them changes. Of a secret they read only
# whether it is set.
WATCHED = (
    *("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ROLE_ARN"),
    *("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"),
)
WATCHED_SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_BEARER_TOKEN_BEDROCK")

# Each region variable, and the variable in which a hook keeps its old value (`=VALUE`, or empty where it was unset).
REGIONS = (("AWS_REGION", "AWSCTX_OLD_REGION"), ("AWS_DEFAULT_REGION", "AWSCTX_OLD_DEFAULT_REGION"))

# The variables that make up a set of keys, and those that make up a web identity.
KEYS = OVERRIDING[:5]
WEB_IDENTITY = OVERRIDING[6:9]

# The variables that AWS SDK for JavaScript v3 ignores where AWS_PROFILE names a profile. It never reads AWS_DEFAULT_PROFILE.
IGNORED_BY_JAVASCRIPT = frozenset((*KEYS, *WEB_IDENTITY, "AWS_DEFAULT_PROFILE"))


def unseen(environ: "Mapping[str, str]") -> tuple[dict[str, str], set[str]]:
    """What a hook says of its shell's variables that no command sees: the values of those that are not exported, and the
    names of those that are read-only. AWSCTX_UNSEEN has a line for each, `NAME=VALUE` or `NAME`."""
    lines = environ.get("AWSCTX_UNSEEN", "").split("\n")
    own = {name: value for name, equals, value in (line.partition("=") for line in lines) if equals}
    return own, {line for line in lines if "=" not in line}


def exported_source(environ: "Mapping[str, str]") -> str:
    """The source (`state`, `shell`, `directory`) from which a hook took AWS_PROFILE; empty where the user has set it."""
    source, _, name = environ.get("AWSCTX_EXPORTED", "").partition(":")
    return source if name and name == environ.get("AWS_PROFILE") else ""


def exported_region(environ: "Mapping[str, str]") -> str:
    """The region that a hook exported with the profile; empty where there is none, or the user has changed it since."""
    region = environ.get("AWSCTX_REGION", "")
    return region if region == environ.get("AWS_REGION") else ""


def stays_out(environ: "Mapping[str, str]", serial: int) -> bool:
    """Whether the call belongs to a hooked shell that stays without a context, since nothing should run there. A program that
    was started from such a shell goes by the state again as soon as the state's ``serial`` is another one."""
    stays, _, of = environ.get("AWSCTX_EXPORTED", "").partition(":")
    nothing = stays == "stays" and not environ.get("AWS_PROFILE")
    return nothing and (bool(environ.get("AWSCTX_HOOK")) or of.rstrip("+") == str(serial))


def keys_only_read(environ: "Mapping[str, str]") -> bool:
    """Whether the keys in ``environ`` are those that `exec --read-only` has put there."""
    key = environ.get("AWS_ACCESS_KEY_ID")
    return bool(key) and environ.get(READ_ONLY) == key


def kinds(values: "Mapping[str, object]") -> tuple[str, ...]:
    """How a profile with these values gets its credentials, as far as that decides which variables override it: `assume-role`
    comes before a web identity in botocore's chain, `web-identity` has its role replaced by AWS_ROLE_ARN alone."""
    if "web_identity_token_file" in values:
        return ("web-identity",)
    return ("assume-role",) if assumes_role(values) else ()


def assumes_role(values: "Mapping[str, object]") -> bool:
    """Whether a profile with these values gets its credentials by the role that it names, from another profile or source."""
    return "role_arn" in values and "web_identity_token_file" not in values


def overriding(environ: "Mapping[str, str]", profile: str, facts: tuple[str, ...] = ()) -> list[str]:
    """The variables that make botocore use other credentials than those of ``profile``, which AWS_PROFILE names. ``facts`` are
    the ``kinds`` of the profile."""
    found = []
    if environ.get("AWS_ACCESS_KEY_ID"):
        found += [name for name in KEYS if environ.get(name)]
    web_identity = environ.get("AWS_WEB_IDENTITY_TOKEN_FILE") and "assume-role" not in facts
    if web_identity or ("web-identity" in facts and environ.get("AWS_ROLE_ARN")):
        found += [name for name in WEB_IDENTITY if environ.get(name)]
    if environ.get("AWS_BEARER_TOKEN_BEDROCK"):
        found.append("AWS_BEARER_TOKEN_BEDROCK")
    if environ.get("AWS_DEFAULT_PROFILE") not in (None, "", profile):
        found.append("AWS_DEFAULT_PROFILE")
    return found


def overriding_region(environ: "Mapping[str, str]", region: str) -> list[str]:
    """The variables that make AWS tools use another region than ``region``, the profile's or context's. A value that a hook
    exported for another context does not count, since the hook takes it back."""
    after = apply(environ, _without_hook_region(environ))
    return [name for name in ("AWS_REGION", "AWS_DEFAULT_REGION") if region and after.get(name) not in (None, "", region)]


def for_command(environ: "Mapping[str, str]", context: "Context", keep: "Sequence[str]" = ()) -> tuple["Changes", list[str]]:
    """The changes to ``environ`` that make a command run with ``context`` alone, and the names of the variables that they
    remove. Empty variables are removed too, but not named. The variables of ``keep`` stay."""
    changes: Changes = {name: None for name in OVERRIDING if name in environ and name not in keep}
    removed = [name for name in changes if environ[name]]
    if context.region:
        changes |= {"AWS_REGION": context.region, "AWS_DEFAULT_REGION": context.region}
    else:
        changes |= _without_hook_region(environ)
    changes["AWS_PROFILE"] = context.profile
    return changes, removed


def _without_hook_region(environ: "Mapping[str, str]") -> "Changes":
    """The changes that take back the region which a hook exported for the context of its shell."""
    after = dict(environ)
    leave_region(after)
    return {name: after.get(name) for name, _ in REGIONS if after.get(name) != environ.get(name)}


def leave_region(environ: dict[str, str]) -> None:
    """Restore AWS_REGION and AWS_DEFAULT_REGION to the values that they had before a hook set them, unless the user has
    changed them since."""
    ours = environ.pop("AWSCTX_REGION", "")
    for name, kept in REGIONS:
        before = environ.pop(kept, "")
        if ours and environ.get(name) == ours:
            del environ[name]
            if before[:1] == "=":
                environ[name] = before[1:]


def enter_region(environ: dict[str, str], region: str) -> None:
    """Set both region variables and keep their old values. The caller has called ``leave_region`` before."""
    for name, kept in REGIONS:
        environ[kept] = f"={environ[name]}" if name in environ else ""
        environ[name] = region
    environ["AWSCTX_REGION"] = region


def keep_region(environ: dict[str, str]) -> None:
    """Leave the region to the user where the user has changed either variable: the other one is restored. A variable that
    is only unset is set again."""
    ours = environ.get("AWSCTX_REGION", "")
    if not ours:
        return
    if any(environ.get(name) not in (None, "", ours) for name, _ in REGIONS):
        leave_region(environ)
    else:
        for name, _ in REGIONS:
            environ[name] = ours


def apply(environ: "Mapping[str, str]", changes: "Changes") -> dict[str, str]:
    """``environ`` with ``changes`` made."""
    result = dict(environ)
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result
