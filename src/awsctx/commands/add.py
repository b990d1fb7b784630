"""`awsctx add`: a new profile, from its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from awsctx.awsfiles import names
from awsctx.awsfiles.grammar import PROFILE
from awsctx.awsfiles.ops import Add, Op, Sections
from awsctx.awsfiles.write import Plan
from awsctx.commands import Result
from awsctx.core.outputs import check_output
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.profiles import edits, following
from awsctx.store import paths
from awsctx.world import World


@dataclass(frozen=True)
class Wanted:
    """A profile to add."""

    name: str
    session: str
    account: str
    role: str
    region: str = ""
    output: str = ""

    def values(self) -> dict[str, str]:
        """Its keys, in the order of `aws configure sso`."""
        values = {
            "sso_session": self.session,
            "sso_account_id": self.account,
            "sso_role_name": self.role,
            "region": self.region,
            "output": self.output,
        }
        return {key: value for key, value in values.items() if value}


def add(world: World, wanted: Wanted, *, dry_run: bool = False) -> Result:
    """Add a profile. Raises AwsctxError where its name is in use or the config lacks its session; nothing is written then."""
    edits.can_be_new(wanted.name)
    for option, value in (("--account", wanted.account), ("--role", wanted.role)):
        if not value:
            raise AwsctxError(f"{option} needs a value", "nothing has been changed")
    if not (wanted.account.isascii() and wanted.account.isdigit()):
        raise AwsctxError(f"'{visible(wanted.account)}' is not an account's id: that is digits", "nothing has been changed")
    if wanted.region:
        world.region(wanted.region)
    if wanted.output:
        check_output(wanted.output)

    def plan(config: Sections) -> Sequence[Op]:
        edits.must_be_free(world, wanted.name, config)
        if ("sso-session", wanted.session) not in dict(config):
            raise _no_session(world, wanted.session)
        return [Add((PROFILE, wanted.name), wanted.values())]

    return _written(world, plan, dry_run, f"added '{visible(wanted.name)}'")


def add_following(
    world: World, name: str, launcher: str, *, region: str = "", output: str = "", dry_run: bool = False
) -> Result:
    """Add a profile that always is the active context. ``launcher`` is the path of the command `awsctx`. Raises AwsctxError
    where the name is in use; nothing is written then."""
    edits.can_be_new(name)
    values = {"credential_process": following.command(launcher), "region": region and world.region(region)}
    values["output"] = output and check_output(output)

    def plan(config: Sections) -> Sequence[Op]:
        edits.must_be_free(world, name, config)
        return [Add((PROFILE, name), {key: value for key, value in values.items() if value})]

    return _written(world, plan, dry_run, f"added '{visible(name)}', which is whatever context is active")


def _written(world: World, plan: Plan, dry_run: bool, done: str) -> Result:
    return Result(*edits.carry_out(world, [edits.in_config(world, plan)], dry_run=dry_run, done=done))


def _no_session(world: World, name: str) -> AwsctxError:
    known = ", ".join(visible(session) for session in world.files.sessions())
    hint = f"sessions that there are: {known}" if known else "make one with: awsctx setup"
    return AwsctxError(f"no session named '{visible(name)}' in {paths.short(names.config_path(world.environ))}", hint)
