"""How botocore would get credentials here: a method's name as botocore has it, `none` or `error` (see `core/credentials.py`).

Not for the hot path: where botocore refuses the files there are no credentials, and finding that out takes reading the
files whole.
"""

from collections.abc import Mapping

from awsctx.awsfiles import read
from awsctx.awsfiles.names import Lookup
from awsctx.core import credentials
from awsctx.core.in_force import InForce


def in_force(found: InForce, environ: Mapping[str, str], files: Lookup) -> str:
    """The method for the context in force in ``environ``."""
    profile = found.context.profile
    if found.source == "flag":
        return here(environ, files, explicit=profile)
    # AWS_DEFAULT_PROFILE stays: botocore reads it before AWS_PROFILE. An empty one counts as unset.
    environ = {name: value for name, value in environ.items() if name != "AWS_DEFAULT_PROFILE" or value}
    return here({**environ, "AWS_PROFILE": profile}, files)


def here(environ: Mapping[str, str], files: Lookup, *, explicit: str = "") -> str:
    """The method for whatever profile the variables of ``environ`` name, or for the profile ``explicit``."""
    try:
        read.load(environ)
    except read.ConfigFileError:
        return credentials.ERROR
    return credentials.here(environ, files.layers, files.session, explicit=explicit)
