"""The defaults of `awsctx setup`: those that `aws configure sso` (AWS CLI 2.38) takes from the profile that aws would use
here."""

from awsctx.world import World


def defaults(world: World) -> dict[str, str]:
    """The values of the profile that aws would use: AWS_PROFILE's, else AWS_DEFAULT_PROFILE's, else `default`'s; none where
    it does not exist. The state does not count: in a hooked shell, the hook has put it into AWS_PROFILE."""
    environ = world.environ
    name = environ.get("AWS_PROFILE") or environ.get("AWS_DEFAULT_PROFILE") or "default"
    values = world.files.profile(name) or {}
    return {key: value for key, value in values.items() if isinstance(value, str) and value.isprintable()}
