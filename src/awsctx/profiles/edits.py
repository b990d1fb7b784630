"""What add, copy, rename and remove share: the checks before an edit of the AWS files, and the edit itself."""

from collections.abc import Sequence

from awsctx.awsfiles import names
from awsctx.awsfiles.at_rest import at_rest
from awsctx.awsfiles.grammar import PROFILE
from awsctx.awsfiles.headers import CONFIG, CREDENTIALS, FileFormat
from awsctx.awsfiles.ops import Sections
from awsctx.awsfiles.verify import sections
from awsctx.awsfiles.write import Change, Edit, Plan
from awsctx.core.context import dot
from awsctx.core.in_force import InForce, in_force
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.profiles import references, unfinished
from awsctx.profiles.both_files import change_together, try_out
from awsctx.profiles.follow_names import Names, follow, named_elsewhere
from awsctx.world import World

# Words that stand for a profile, and so cannot be the name of one.
_MEANT = {"-": "the previous context", ".": "the context in force"}


def carry_out(world: World, edits: Sequence[Edit], *, dry_run: bool, done: str, names: Names | None = None) -> tuple[str, ...]:
    """Make the edits, and let the state follow ``names``. Returns the data for stdout (the diff with ``dry_run``, else
    nothing) and the lines to tell the user: ``done`` first, but with ``dry_run`` only what else names these profiles."""
    _ = world.settings  # an error in the own config must show before anything is written
    tried = try_out(edits)
    if dry_run:
        return ("".join(change.diff for change in tried), *named_elsewhere(world, names or {}))
    return ("", done, *change(world, edits, tried, names or {}))


def change(world: World, edits: Sequence[Edit], tried: Sequence[Change], names: Names, by: str = "") -> list[str]:
    """Make the edits and let the state follow ``names``; the lines to tell the user. ``tried`` is the result of `try_out`.
    ``by`` names the call, for a call that would not compute the same names when it is repeated."""
    if not names:
        change_together(world.environ, edits, tried)
        return []
    with unfinished.noted(world, names, by):
        change_together(world.environ, edits, tried)
    said = follow(world, names)
    unfinished.ended(world, names, by)
    return said


def file_paths(world: World) -> tuple[str, str]:
    """Where the config file is, and the credentials file."""
    return names.config_path(world.environ), names.credentials_path(world.environ)


def existing(world: World, name: str) -> str:
    """The profile of exactly that name, or for `.` the one in force; a region is an error. Raises AwsctxError, with near
    misses."""
    context = at_rest(file_paths(world), lambda: World(world.environ, now=world.now).context(name))
    if name == "." or context.profile == name:
        return context.profile
    raise AwsctxError(f"no profile named '{visible(name)}'", "a region has no place here", "list them with: awsctx list")


def named(world: World, name: str) -> str:
    """The name that the user typed, or for `.` the profile in force. Raises AwsctxError where none is in force."""
    here = dot(name, lambda: _here(world)) if name == "." else None
    return here.profile if here else name


def _here(world: World) -> InForce | None:
    """The context in force, whether its profile exists or not: a rename may have been interrupted."""
    return in_force("", world.environ, world.active_here, lambda name: name != "default" or world.files.exists(name))


def can_be_new(name: str) -> None:
    """Raise AwsctxError for a name that no profile should get."""
    if not name.strip():
        blank = "blank" if name else "empty"
        raise AwsctxError(f"a profile's name cannot be {blank}", "give it a name, for example SESSION.ROLE")
    if name in _MEANT:
        raise AwsctxError(f"'{name}' cannot be a profile's name: for awsctx it is {_MEANT[name]}", "give it another name")
    CONFIG.header((PROFILE, name))


def must_be_free(world: World, name: str, sections: Sections) -> None:
    """Raise AwsctxError where a profile of either file has the name. ``sections`` are those that the config file has now."""
    if (PROFILE, name) in dict(sections) or name in references.profile_names(both(world)[1]):
        raise AwsctxError(f"there is a profile named '{visible(name)}' already", "nothing has been changed")


def in_config(world: World, plan: Plan) -> Edit:
    return Edit(names.config_path(world.environ), CONFIG, plan)


def in_credentials(world: World, plan: Plan) -> Edit:
    return Edit(names.credentials_path(world.environ), CREDENTIALS, plan)


def both(world: World) -> tuple[Sections, Sections]:
    """The sections that the config file and the credentials file have now. Raises ConfigFileError where botocore refuses
    one."""
    config, credentials = file_paths(world)
    return at_rest((config, credentials), lambda: (sections_of(config, CONFIG), sections_of(credentials, CREDENTIALS)))


def sections_of(path: str, file_format: FileFormat) -> Sections:
    """The sections that the file at ``path`` has now. Raises ConfigFileError."""
    return sections(path, names.read_bytes(path), file_format)[0]
