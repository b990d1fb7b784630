"""Which credentials botocore would use for a profile, named as botocore names its methods. Pure: it runs nothing and asks
nobody.

The order is that of botocore/credentials.py, `create_credential_resolver`; the tests compare with botocore's own resolver.
It leaves out boto's two old files, AWS_CREDENTIAL_FILE and ~/.boto, which botocore still reads after a profile that has
nothing.
"""

from awsctx.core.environ import assumes_role

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Values = Mapping[str, object]
    # Takes a profile's name. Returns its values as (merged, the config file's, the credentials file's), or None: no such
    # profile.
    Lookup = Callable[[str], "tuple[Values, Values, Values] | None"]
    Sessions = Callable[[str], "Values | None"]

ENV = "env"
ASSUME_ROLE = "assume-role"
WEB_IDENTITY = "assume-role-with-web-identity"
SSO = "sso"
SHARED = "shared-credentials-file"
LOGIN = "login"
PROCESS = "custom-process"
CONFIG = "config-file"
CONTAINER = "container-role"
NONE = "none"
ERROR = "error"

_CONTAINER = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
_EVERY_SOURCE = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", *_CONTAINER), "?")
_NOTHING: "tuple[Values, Values, Values]" = ({}, {}, {})


def here(environ: "Mapping[str, str]", lookup: "Lookup", session: "Sessions", *, explicit: str = "") -> str:
    """The method by which a botocore session without arguments would get credentials in ``environ``. Like botocore it reads
    AWS_DEFAULT_PROFILE before AWS_PROFILE, and takes `default` where neither is set. A name that no profile has is an
    `error`; so is an empty one.

    ``explicit`` is the profile that the call names by `--profile`; empty where it names none.
    """
    named = explicit or environ.get("AWS_DEFAULT_PROFILE")
    if named is None:
        named = environ.get("AWS_PROFILE")
    if named is not None and lookup(named) is None:
        return ERROR
    return method(named or "default", environ, lookup, session, explicit=bool(explicit))


def method(profile: str, environ: "Mapping[str, str]", lookup: "Lookup", session: "Sessions", *, explicit: bool = False) -> str:
    """The method by which botocore would get credentials for ``profile`` in ``environ``; `none` where no provider has
    any (an instance's metadata service is not asked), `error` where botocore would refuse.

    ``explicit``: the profile was named in the call (`--profile`), so that keys in the environment do not count.
    """
    if not explicit and environ.get("AWS_ACCESS_KEY_ID"):
        return ENV if environ.get("AWS_SECRET_ACCESS_KEY") else ERROR
    if assumes_role((lookup(profile) or _NOTHING)[0]):
        return ASSUME_ROLE if _role_works(profile, environ, lookup, session, [profile]) else ERROR
    found = _of_profile(profile, {} if explicit else environ, lookup, session)
    if found != NONE:
        return found
    return CONTAINER if _in_container(environ) else NONE


def of_profile(profile: str, lookup: "Lookup", session: "Sessions") -> str:
    """The method of ``profile`` itself, whatever the environment holds: the type that `list -l` shows. It assumes that a
    `credential_source` finds what it looks for in the environment."""
    found = method(profile, _EVERY_SOURCE, lookup, session, explicit=True)
    return NONE if found == CONTAINER else found


def _of_profile(profile: str, environ: "Mapping[str, str]", lookup: "Lookup", session: "Sessions") -> str:
    """botocore's providers for a profile, in its order."""
    values, config, shared = lookup(profile) or _NOTHING
    token_file = environ.get("AWS_WEB_IDENTITY_TOKEN_FILE", values.get("web_identity_token_file"))
    if token_file:
        return WEB_IDENTITY if environ.get("AWS_ROLE_ARN", values.get("role_arn")) else ERROR
    if "sso_account_id" in values or "sso_role_name" in values:
        return SSO if _sso_works(values, session) else ERROR
    if "aws_access_key_id" in shared:
        return SHARED if "aws_secret_access_key" in shared else ERROR
    if "login_session" in values:
        return LOGIN
    if "credential_process" in values:
        return PROCESS
    if "aws_access_key_id" in config:
        return CONFIG if "aws_secret_access_key" in config else ERROR
    return NONE


def _sso_works(values: "Values", session: "Sessions") -> bool:
    resolved = dict(values)
    name = values.get("sso_session")
    if name is not None:
        shared = session(str(name))
        if shared is None or any(values.get(key, value) != value for key, value in shared.items()):
            return False
        resolved |= shared
    return all(key in resolved for key in ("sso_account_id", "sso_role_name", "sso_start_url", "sso_region"))


def _role_works(profile: str, environ: "Mapping[str, str]", lookup: "Lookup", session: "Sessions", visited: list[str]) -> bool:
    """Whether the chain of source profiles that starts at ``profile`` ends in credentials."""
    values = (lookup(profile) or _NOTHING)[0]
    source, named = values.get("source_profile"), values.get("credential_source")
    if (source is None) == (named is None):
        return False
    if named is not None:
        return _source_has_credentials(str(named), environ)
    source = str(source)
    found = lookup(source)
    if found is None:
        return False
    static = "aws_access_key_id" in found[0] or "aws_secret_access_key" in found[0]
    if source in visited and not (source == profile and static):
        return False
    if static or not assumes_role(found[0]):
        return _of_profile(source, {}, lookup, session) not in (NONE, ERROR)
    return _role_works(source, environ, lookup, session, [*visited, source])


def _source_has_credentials(source: str, environ: "Mapping[str, str]") -> bool:
    """Whether a `credential_source` finds credentials. Its value must be exactly the name of one of botocore's providers
    that need no profile."""
    if source == "Environment":
        return bool(environ.get("AWS_ACCESS_KEY_ID") and environ.get("AWS_SECRET_ACCESS_KEY"))
    if source == "EcsContainer":
        return _in_container(environ)
    return source == "Ec2InstanceMetadata" and environ.get("AWS_EC2_METADATA_DISABLED", "").lower() != "true"


def _in_container(environ: "Mapping[str, str]") -> bool:
    return any(name in environ for name in _CONTAINER)
