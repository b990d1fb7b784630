"""`add`, `copy`, `rename`, `remove`: a few profiles, by hand (contract, section 9)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from awsctx import paths, references
from awsctx.awsfiles import names, read
from awsctx.awsfiles.grammar import PROFILE
from awsctx.awsfiles.headers import CONFIG, CREDENTIALS
from awsctx.awsfiles.ops import Add, Copy, Op, Sections
from awsctx.awsfiles.together import Edit, change_together, try_out
from awsctx.awsfiles.verify import sections
from awsctx.awsfiles.write import Plan
from awsctx.commands import Result
from awsctx.commands.follow import Names, follow
from awsctx.commands.show import existing
from awsctx.context import visible
from awsctx.errors import AwsctxError
from awsctx.sync import MARK
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
    _can_be_new(wanted.name)
    for option, value in (("--account", wanted.account), ("--role", wanted.role)):
        if not value:
            raise AwsctxError(f"{option} needs a value", "nothing has been changed")

    def plan(config: Sections) -> Sequence[Op]:
        _must_be_free(world, wanted.name, config)
        if ("sso-session", wanted.session) not in dict(config):
            raise _no_session(world, wanted.session)
        return [Add((PROFILE, wanted.name), wanted.values())]

    return _done(world, [_in_config(world, plan)], dry_run, f"added '{visible(wanted.name)}'")


def copy(world: World, old: str, new: str, *, dry_run: bool = False) -> Result:
    """Add a profile with the lines that another has in the config file; it is not sync's, whoever made the original."""
    _can_be_new(new)
    old = existing(world, old)

    def plan(config: Sections) -> Sequence[Op]:
        if (PROFILE, old) not in dict(config):
            where = paths.short(names.credentials_path(world.environ))
            raise AwsctxError(f"'{visible(old)}' has no stanza in the config", f"its keys in {where} are not copied")
        _must_be_free(world, new, config)
        return [Copy((PROFILE, old), new, frozenset({MARK}))]

    return _done(world, [_in_config(world, plan)], dry_run, f"copied '{visible(old)}' to '{visible(new)}'")


def rename(world: World, old: str, new: str, *, dry_run: bool = False) -> Result:
    """Give a profile another name, in both files and wherever they or the state name it."""
    _can_be_new(new)
    old = existing(world, old)
    if old == new:
        return Result("", f"'{visible(old)}' has that name already: nothing to do")

    def plan(sections: Sections) -> Sequence[Op]:
        return references.renamed({old: new}, sections)

    def first(config: Sections) -> Sequence[Op]:
        _must_be_free(world, new, config)
        return plan(config)

    edits = [_in_config(world, first), _in_credentials(world, plan)]
    return _done(world, edits, dry_run, f"renamed '{visible(old)}' to '{visible(new)}'", {old: new})


def rename_by_equation(world: World, text: str, *, dry_run: bool = False) -> Result:
    """`NEW=OLD`, `NEW=.`: cut at the first `=` behind which there is a profile, else at the first."""
    cuts = [at for at, letter in enumerate(text) if letter == "="]
    known = (at for at in cuts if text[at + 1 :] == "." or world.files.exists(text[at + 1 :]))
    at = next(known, cuts[0])
    return rename(world, text[at + 1 :], text[:at], dry_run=dry_run)


def remove(world: World, profiles: Sequence[str], *, yes: bool = False, dry_run: bool = False) -> Result:
    """Remove profiles from both files, all or none; asks, unless ``yes``. Raises AwsctxError where one does not exist, where a
    profile that stays needs one, where nobody is there to ask, and where the answer is no."""
    gone = list(dict.fromkeys(existing(world, name) for name in profiles))

    def plan(sections: Sections) -> Sequence[Op]:
        both = _both(world)
        needed = references.in_need(gone, *both)
        if needed:
            raise _needed(needed, {references.source_of_all(file) for file in both})
        return references.removed(gone, sections)

    edits = [_in_config(world, plan), _in_credentials(world, plan)]
    if not (yes or dry_run):
        try_out(edits)  # what cannot be done is not worth a question
        _ask(world, gone)
    listed = ", ".join(f"'{visible(name)}'" for name in gone)
    return _done(world, edits, dry_run, f"removed {listed}", dict.fromkeys(gone))


def _ask(world: World, gone: Sequence[str]) -> None:
    listed = ", ".join(f"'{visible(name)}'" for name in gone)
    if world.ask is None:
        raise AwsctxError(f"nobody is there to ask: {listed} not removed", "if you mean it, add: --yes")
    with_keys = references.profile_names(_both(world)[1]).intersection(gone)
    credentials = paths.short(names.credentials_path(world.environ))
    keys = f", with the keys in {credentials}" if with_keys else ""
    if not world.ask(f"Remove {listed}{keys}?"):
        raise AwsctxError("nothing removed")


def _needed(needed: Mapping[str, Sequence[str]], everybodys: Collection[str]) -> AwsctxError:
    name, users = next(iter(needed.items()))
    others = ", ".join(f"'{visible(user)}'" for user in users[:5]) + (", …" if len(users) > 5 else "")
    needs = "needs" if len(users) == 1 else "need"
    return AwsctxError(
        f"'{visible(name)}' stays: {others} {needs} it as source_profile" + (", by [DEFAULT]" if name in everybodys else ""),
        "name them too, or give them another source",
    )


def _done(world: World, edits: Sequence[Edit], dry_run: bool, done: str, names: Names | None = None) -> Result:
    """Make the edits, let the state follow ``names``, and say so; with ``dry_run`` give the diff."""
    _ = world.settings  # what makes following impossible is to be said before anything is written
    tried = try_out(edits)
    if dry_run:
        return Result("".join(change.diff for change in tried))
    change_together(edits, tried)
    return Result("", done, *(follow(world, names) if names else ()))


def _can_be_new(name: str) -> None:
    """Raises AwsctxError for a name that no profile should get."""
    if name in ("", "-", "."):
        raise AwsctxError(f"'{name}' cannot be a profile's name", "awsctx reads it otherwise")
    CONFIG.header((PROFILE, name))


def _must_be_free(world: World, name: str, sections: Sections) -> None:
    """Raises AwsctxError where a profile of either file has the name; ``sections`` is one of them, as it is now."""
    if (PROFILE, name) in dict(sections) or any(name in references.profile_names(file) for file in _both(world)):
        raise AwsctxError(f"there is a profile named '{visible(name)}' already", "nothing has been changed")


def _no_session(world: World, name: str) -> AwsctxError:
    known = ", ".join(visible(session) for session in world.files.sessions())
    hint = f"sessions that there are: {known}" if known else "make one with: awsctx setup"
    return AwsctxError(f"no session named '{visible(name)}' in {paths.short(names.config_path(world.environ))}", hint)


def _in_config(world: World, plan: Plan) -> Edit:
    return Edit(names.config_path(world.environ), CONFIG, plan)


def _in_credentials(world: World, plan: Plan) -> Edit:
    return Edit(names.credentials_path(world.environ), CREDENTIALS, plan)


def _both(world: World) -> tuple[Sections, Sections]:
    """The sections of the config file and of the credentials file. Raises ConfigFileError."""
    config, credentials = names.config_path(world.environ), names.credentials_path(world.environ)
    return (
        sections(config, read.read_bytes(config), CONFIG)[0],
        sections(credentials, read.read_bytes(credentials), CREDENTIALS)[0],
    )
