"""The environment that AWS tools read: what in it overrides a profile, and what awsctx changes in it. Pure.

A change is a value: ``{name: new value, or None for unset}``. An empty variable counts as unset everywhere (`aws` itself
fails on `AWS_PROFILE=`), so nothing here ever blanks one.

Hot path: imports nothing that the interpreter has not loaded already.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsctx.core.context import Context

    Changes = dict[str, str | None]

# A bearer token wins over even a named profile, for Bedrock; AWS's MCP proxy takes its profiles from a variable of its own.
KEEPABLE = ("AWS_BEARER_TOKEN_BEDROCK", "AWS_MCP_PROXY_PROFILES")

# All that would win over, or mix into, the profile's own credentials (awsctx(1), RUNNING COMMANDS). AWS_DEFAULT_PROFILE because
# boto3 and AWS CLI v1 read it before AWS_PROFILE.
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

# What the hook's function gives to one call of the command, and to nothing that it starts (CONTRIBUTING.md).
OF_ONE_CALL = ("AWSCTX_HOOK", "AWSCTX_ANSWER", "AWSCTX_MEMORY")

# The region variables, and where a hook keeps what they were (`=VALUE`, or empty where they were unset).
REGIONS = (("AWS_REGION", "AWSCTX_OLD_REGION"), ("AWS_DEFAULT_REGION", "AWSCTX_OLD_DEFAULT_REGION"))

# What belongs to a set of keys or to a web identity, and goes with it.
KEYS = OVERRIDING[:5]
WEB_IDENTITY = OVERRIDING[6:9]

# What AWS SDK for JavaScript v3 passes over where AWS_PROFILE names a profile; AWS_DEFAULT_PROFILE it never reads.
PASSED_OVER = frozenset((*KEYS, *WEB_IDENTITY, "AWS_DEFAULT_PROFILE"))


def exported_source(environ: "Mapping[str, str]") -> str:
    """The source (`state`, `shell`, `directory`) from which a hook took AWS_PROFILE; empty when it is the user's own."""
    source, _, name = environ.get("AWSCTX_EXPORTED", "").partition(":")
    return source if name and name == environ.get("AWS_PROFILE") else ""


def exported_region(environ: "Mapping[str, str]") -> str:
    """The region that a hook exported with the profile, if the user has not changed it since; else empty."""
    region = environ.get("AWSCTX_REGION", "")
    return region if region == environ.get("AWS_REGION") else ""


def overriding(environ: "Mapping[str, str]", profile: str, facts: tuple[str, ...] = ()) -> list[str]:
    """The variables that make botocore use other credentials than those of ``profile``, which AWS_PROFILE names.

    ``facts`` says how the profile gets its credentials: `assume-role` comes before a web identity in botocore's chain,
    `web-identity` has its role replaced by AWS_ROLE_ARN alone.
    """
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
    """The variables that make the AWS tools use another region than ``region``, which the profile or the context names; what
    a hook exported for another context is not counted, since the hook takes it back."""
    after = apply(environ, _without_hook_region(environ))
    return [name for name in ("AWS_REGION", "AWS_DEFAULT_REGION") if region and after.get(name) not in (None, "", region)]


def for_command(environ: "Mapping[str, str]", context: "Context", keep: "Sequence[str]" = ()) -> tuple["Changes", list[str]]:
    """What to change in ``environ`` so that a command runs with ``context`` and nothing else, and the names of the
    variables that had to go (those that were set; empty ones go without a word). Those of ``keep`` stay."""
    changes: Changes = {name: None for name in OVERRIDING if name in environ and name not in keep}
    removed = [name for name in changes if environ[name]]
    if context.region:
        changes |= {"AWS_REGION": context.region, "AWS_DEFAULT_REGION": context.region}
    else:
        changes |= _without_hook_region(environ)
    changes["AWS_PROFILE"] = context.profile
    return changes, removed


def _without_hook_region(environ: "Mapping[str, str]") -> "Changes":
    """Give back the region that the shell had before a hook exported the one of its own context: that region belongs to
    that context and to no other."""
    after = dict(environ)
    leave_region(after)
    return {name: after.get(name) for name, _ in REGIONS if after.get(name) != environ.get(name)}


def leave_region(environ: dict[str, str]) -> None:
    """Give AWS_REGION and AWS_DEFAULT_REGION back as they were before a hook set them, unless the user has changed them
    since."""
    ours = environ.pop("AWSCTX_REGION", "")
    for name, kept in REGIONS:
        before = environ.pop(kept, "")
        if ours and environ.get(name) == ours:
            del environ[name]
            if before[:1] == "=":
                environ[name] = before[1:]


def enter_region(environ: dict[str, str], region: str) -> None:
    """Set both region variables, and keep what they were; ``leave_region`` has been here before."""
    for name, kept in REGIONS:
        environ[kept] = f"={environ[name]}" if name in environ else ""
        environ[name] = region
    environ["AWSCTX_REGION"] = region


def keep_region(environ: dict[str, str]) -> None:
    """Where the user has changed one region variable, both are the user's, and the other is given back. One that is unset is
    set again."""
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
