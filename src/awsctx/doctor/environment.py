"""Checks of the environment: which variables override the profile, and which credentials are used then."""

from awsctx.awsfiles.grammar import text_of
from awsctx.core import credentials
from awsctx.core import environ as env
from awsctx.core.regions import REGIONS, is_like_one
from awsctx.core.text import near, visible
from awsctx.doctor.finding import ERROR, INFO, WARNING, Finding, Findings
from awsctx.doctor.subject import JAVASCRIPT, Subject
from awsctx.errors import AwsctxError

_PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")


def keys(subject: Subject) -> Findings:
    """environment-keys: AWS_ACCESS_KEY_ID wins over every profile that is not named by `--profile`."""
    names = [name for name in _overriding(subject) if name in env.KEYS]
    if not names:
        return
    fix = subject.unset(*names)
    if not subject.environ.get("AWS_SECRET_ACCESS_KEY"):
        what = "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not: every aws call fails on half a key"
        what += _keys_in_javascript(subject)
        yield from (Finding("environment-keys", ERROR, name, what, fix) for name in names)
        return
    what = f"aws will use the keys in the environment, account unknown, {_instead(subject)}{_expired(subject)}"
    what += _keys_in_javascript(subject)
    if _names_no_profile(subject):  # unknown_profile and empty_variable report why
        what = "every aws call fails for want of the profile; where it is there, these keys win over it, account unknown"
    yield from (Finding("environment-keys", _severity(subject), name, what, fix) for name in names)


def web_identity(subject: Subject) -> Findings:
    """environment-web-identity: AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN win over every profile but one that
    assumes a role; AWS_ROLE_ARN alone replaces the role of a web identity profile."""
    names = [name for name in _overriding(subject) if name in env.WEB_IDENTITY]
    if not names:
        return
    role = subject.environ.get("AWS_ROLE_ARN", "")
    fix = subject.unset(*names)
    if not role and "role_arn" not in subject.profiles.get(subject.profile, {}):
        what = "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not: every aws call fails for want of a role"
        what += _in_javascript(subject)
        yield from (Finding("environment-web-identity", ERROR, name, what, fix) for name in names)
        return
    first = "once those keys are gone, " if subject.environ.get("AWS_ACCESS_KEY_ID") else ""
    role = f"role {visible(role)}" if role else "with the profile's own role"
    what = f"{first}aws will use the web identity in the environment, {role}, {_instead(subject)}{_in_javascript(subject)}"
    if _names_no_profile(subject):
        what = "every aws call fails for want of the profile; where it is there, this web identity wins over it"
    yield from (Finding("environment-web-identity", _severity(subject), name, what, fix) for name in names)


def default_profile(subject: Subject) -> Findings:
    """environment-default-profile: boto3 and AWS CLI v1 read it before AWS_PROFILE, AWS CLI v2 after, JavaScript never."""
    name = subject.environ.get("AWS_DEFAULT_PROFILE")
    if not name or name not in subject.profiles or not subject.profile:
        return
    fix = subject.unset("AWS_DEFAULT_PROFILE")
    own = subject.environ.get("AWS_PROFILE")
    if name != subject.profile:
        what = f"boto3 and AWS CLI v1 will use the profile {visible(name)}, AWS CLI v2 {subject.described(subject.profile)}"
        what += f" as {JAVASCRIPT}" if subject.javascript == subject.profile else f", {JAVASCRIPT} neither"
        yield Finding("environment-default-profile", WARNING, "AWS_DEFAULT_PROFILE", what, fix)
    elif not own and name != "default":
        taken = f"uses the profile {visible(subject.javascript)}" if subject.javascript else "goes without a profile"
        what = f"it names {visible(name)} to aws; {JAVASCRIPT} does not read it, and {taken}"
        advice = f"name it in AWS_PROFILE; {fix}"
        yield Finding("environment-default-profile", INFO, "AWS_DEFAULT_PROFILE", what, advice=advice)


def bearer_token(subject: Subject) -> Findings:
    """environment-bedrock: in calls of Bedrock, AWS_BEARER_TOKEN_BEDROCK wins over every profile, even one in `--profile`."""
    if subject.environ.get("AWS_BEARER_TOKEN_BEDROCK"):
        what = "calls of Bedrock go by this token, account unknown, and not by a profile, not even by one that is named"
        severity = WARNING if subject.profile else INFO
        fix = subject.unset("AWS_BEARER_TOKEN_BEDROCK")
        yield Finding("environment-bedrock", severity, "AWS_BEARER_TOKEN_BEDROCK", what, fix)


def mcp_profiles(subject: Subject) -> Findings:
    """environment-mcp: AWS_MCP_PROXY_PROFILES names profiles for AWS's MCP proxy, which then ignores AWS_PROFILE."""
    names = subject.environ.get("AWS_MCP_PROXY_PROFILES")
    if names and subject.world.lock is None:  # which names those that it grants
        what = f"AWS's MCP proxy goes by the profiles that it names ({visible(names)}), not by AWS_PROFILE"
        fix = subject.unset("AWS_MCP_PROXY_PROFILES")
        yield Finding("environment-mcp", WARNING if subject.profile else INFO, "AWS_MCP_PROXY_PROFILES", what, fix)


def unknown_profile(subject: Subject) -> Findings:
    """unknown-profile: a variable names a profile that does not exist; every call fails that goes by this variable."""
    for variable in _PROFILES:
        name = subject.environ.get(variable)
        if not name or name in subject.profiles:
            continue
        close = near(name, list(subject.profiles))
        meant = f" (did you mean {', '.join(map(visible, close))}?)" if close else ""
        nowhere = "does not exist" if subject.world.lock is None else "the lock does not grant"
        what = f"it names the profile '{visible(name)}', which {nowhere}{meant}: {_failing(subject, variable)}"
        yield Finding("unknown-profile", ERROR, variable, what, subject.unset(variable))


def set_by_hand(subject: Subject) -> Findings:
    """profile-set-by-hand: AWS_PROFILE is neither what a hook exported nor the active profile. In a hooked shell, and for a
    script, that is a choice. A user without the hook may have forgotten it."""
    name = subject.environ.get("AWS_PROFILE")
    try:
        active = subject.world.active()
    except AwsctxError:  # machine.own_state reports it
        return
    if not name or active is None or name == active.profile or env.exported_source(subject.environ):
        return
    what = f"it is {visible(name)}, while the active context is {visible(str(active))}: no switch elsewhere reaches this shell"
    severity = WARNING if subject.person and not subject.world.hooked else INFO
    yield Finding("profile-set-by-hand", severity, "AWS_PROFILE", what, subject.unset("AWS_PROFILE"))


def empty_variable(subject: Subject) -> Findings:
    """empty-variable: a variable is set but empty. That is not the same as unset: aws looks for a profile without a name,
    and fails."""
    for variable in _PROFILES:
        if subject.environ.get(variable) == "":
            what = f"it is set, but empty, and no profile has an empty name: {_failing(subject, variable)}"
            yield Finding("empty-variable", ERROR, variable, what, subject.unset(variable))


def regions(subject: Subject) -> Findings:
    """regions-differ: AWS CLI v2 and JavaScript read AWS_REGION first, boto3 reads only AWS_DEFAULT_REGION."""
    first, second = subject.environ.get("AWS_REGION"), subject.environ.get("AWS_DEFAULT_REGION")
    if first and second and first != second:
        what = f"{_READERS['AWS_REGION'][0]} work in {visible(first)} (AWS_REGION), "
        what += f"{_READERS['AWS_REGION'][1]} in {visible(second)} (AWS_DEFAULT_REGION)"
        yield Finding("regions-differ", WARNING, "AWS_DEFAULT_REGION", what, subject.unset("AWS_DEFAULT_REGION"))


# For each of the two region variables: which tools read it where the other is not set, and which do not.
_READERS = {
    "AWS_REGION": (f"AWS CLI v2 and {JAVASCRIPT}", "boto3 and AWS CLI v1"),
    "AWS_DEFAULT_REGION": ("aws and boto3", JAVASCRIPT),
}


def region_overridden(subject: Subject) -> Findings:
    """environment-region: a region variable wins over the region of the profile in force."""
    found = subject.in_force
    if subject.profile and found and not found.context.region:
        own = text_of(subject.profiles[subject.profile], "region")
        names = env.overriding_region(subject.environ, own)
        for name in names:
            if subject.environ[name] not in REGIONS and not is_like_one(
                subject.environ[name]
            ):  # values.region_variables reports it
                continue
            region = visible(subject.environ[name])
            what = f"aws will work in {region}, not in {visible(own)}, the region of {visible(subject.profile)}"
            both = [subject.environ.get(variable) for variable in _READERS]
            if all(both) and both[0] != both[1]:  # each has readers of its own
                who = _READERS["AWS_REGION"][list(_READERS).index(name)]
                what = f"{who} will work in {region}, not in {visible(own)}, the region of {visible(subject.profile)}"
            elif not all(both):
                who, others = _READERS[name]
                what = f"{who} will work in {region}; {others} in {visible(own)}, the region of {visible(subject.profile)}"
            yield Finding("environment-region", INFO, name, what, subject.unset(name))


def no_region(subject: Subject) -> Findings:
    """no-region: the profile in force has none, and no variable names one."""
    if subject.profile and not any(subject.environ.get(name) for name in ("AWS_REGION", "AWS_DEFAULT_REGION")):
        found = subject.in_force
        if found and not found.context.region and not text_of(subject.profiles[subject.profile], "region"):
            what = f"{visible(subject.profile)} has no region: most aws calls ask for one"
            yield Finding("no-region", INFO, subject.where(subject.profile), what, advice="write below it: region = eu-west-1")


def elsewhere(subject: Subject) -> Findings:
    """files-elsewhere: AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE names a file that is not there."""
    for variable, file, severity in (
        ("AWS_CONFIG_FILE", subject.config, WARNING),
        ("AWS_SHARED_CREDENTIALS_FILE", subject.credentials, INFO),  # a user who signs in does not need that file
    ):
        if subject.environ.get(variable) and not file.exists:
            what = f"it names {visible(file.path)}, which does not exist: aws sees none of its profiles"
            yield Finding("files-elsewhere", severity, variable, what, subject.unset(variable))


def _overriding(subject: Subject) -> list[str]:
    """The variables that override the profile, as the switch's warning and the prompt's `!` see them."""
    if not subject.profile:  # nothing is overridden, but the user should know what aws uses
        return [name for name in env.overriding(subject.environ, "") if name not in _PROFILES]
    return env.overriding(subject.environ, subject.profile, env.kinds(subject.profiles[subject.profile]))


def _names_no_profile(subject: Subject) -> bool:
    """Whether the variables name no profile that exists, so that every aws call fails."""
    named = [subject.environ[variable] for variable in _PROFILES if variable in subject.environ]
    return bool(named) and all(name not in subject.profiles for name in named)


def _failing(subject: Subject, variable: str) -> str:
    """What fails where ``variable`` names no profile: AWS CLI v2 takes AWS_PROFILE where both are set, boto3 and AWS CLI v1
    AWS_DEFAULT_PROFILE."""
    if not all(name in subject.environ for name in _PROFILES):
        return "every aws call fails"
    if variable == "AWS_PROFILE":
        return "AWS CLI v2 fails; boto3 and AWS CLI v1 go by AWS_DEFAULT_PROFILE"
    return "boto3 and AWS CLI v1 fail; AWS CLI v2 goes by AWS_PROFILE"


def _in_javascript(subject: Subject) -> str:
    """What AWS SDK for JavaScript v3 uses instead, where it ignores the variable; empty where it does not."""
    taken = subject.javascript
    return f"; {JAVASCRIPT} will use {'it' if taken == subject.profile else f'the profile {visible(taken)}'}" if taken else ""


def _keys_in_javascript(subject: Subject) -> str:
    """As ``_in_javascript``, for keys. Where AWS_PROFILE is set and its profile has nothing, that SDK falls back on a web
    identity in the environment, but not on keys."""
    nothing = f"; {JAVASCRIPT} looks for credentials in AWS_PROFILE alone" if subject.environ.get("AWS_PROFILE") else ""
    return _in_javascript(subject) or nothing


def _severity(subject: Subject) -> str:
    """The severity for a variable that wins over the profile. Where no profile is in force, or the profile has no
    credentials, it overrides nothing: in CI, keys beside a profile with a region are usual."""
    if _names_no_profile(subject):
        return WARNING
    return WARNING if subject.profile and subject.method(subject.profile) != credentials.NONE else INFO


def _instead(subject: Subject) -> str:
    if not subject.profile:
        return "since no profile is in force"
    if _severity(subject) == INFO:
        return f"since {visible(subject.profile)} has no credentials of its own"
    return f"not {subject.described(subject.profile)}"


def _expired(subject: Subject) -> str:
    from awsctx.signin import tokens

    end = tokens.epoch(subject.environ.get("AWS_CREDENTIAL_EXPIRATION"))
    return f"; they ended at {tokens.iso(end)}" if end is not None and end <= subject.world.now else ""
