"""Which context is in force, and which source says so (awsctx(1), DESCRIPTION). Pure: everything it looks
at is handed in.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.core import environ as env
from awsctx.core.context import Context, dot, named_region, parse
from awsctx.core.text import refuse_control_characters, visible
from awsctx.errors import AwsctxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsctx.core.facts import Pin

# How an error names each source, also for a value that a hook has exported.
_SOURCES = {"state": "the state", "shell": "this shell"}


class NoSuchProfile(AwsctxError):
    """The ``source`` (the state, AWS_PROFILE, `-p`) names the profile ``name``, which does not exist. ``variable`` is the
    name of the variable, where the user has set one; else empty."""

    def __init__(self, source: str, name: str, *hints: str, variable: str = "") -> None:
        super().__init__(f"{source} names the profile '{visible(name)}', which does not exist", *hints)
        self.source = source
        self.name = name
        self.variable = variable


class InForce(tuple[Context, str]):
    """The context in force and the source that won: `flag`, `environment`, `shell`, `directory`, `state`, `default`."""

    __slots__ = ()

    def __new__(cls, context: Context, source: str) -> "InForce":
        return super().__new__(cls, (context, source))

    @property
    def context(self) -> Context:
        return self[0]

    @property
    def source(self) -> str:
        return self[1]


def in_force(
    flag: str,
    environ: "Mapping[str, str]",
    active: "Callable[[], Context | None]",
    exists: "Callable[[str], bool]",
    pinned: "Callable[[], Pin | None]" = lambda: None,
    region_of: "Callable[[str], str]" = named_region,
) -> InForce | None:
    """The context in force and its source; None when nothing is in force.

    ``flag`` is the value of `-p`: empty where it is not given, `.` for the context that is in force without it. ``active``
    reads the state. ``pinned`` looks for the folder's pin. ``region_of`` checks a region and returns it. A source that
    names a profile that does not exist raises NoSuchProfile; the next source is not tried.
    """
    if flag:

        def here() -> InForce | None:
            return in_force("", environ, active, exists, pinned)

        return _checked(dot(flag, here, region_of) or parse(flag, exists, region_of), "flag", "-p", exists)
    for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        name = environ.get(variable)
        if name:
            source = env.exported_source(environ) if variable == "AWS_PROFILE" else ""
            region = env.exported_region(environ) if source else ""
            what = _pin(pinned()) if source == "directory" and not exists(name) else variable
            return _checked(Context(name, region), source or "environment", what, exists)
    pin = pinned()
    if pin is not None:
        return _checked(pin.context, "directory", _pin(pin), exists)
    chosen = active()
    if chosen is not None:
        return _checked(chosen, "state", "the state", exists)
    if exists("default"):
        return InForce(Context("default"), "default")
    return None


def _pin(pin: "Pin | None") -> str:
    return f"the pin {visible(pin.path)}" if pin is not None else "the folder's pin"


def _checked(context: Context, source: str, what: str, exists: "Callable[[str], bool]") -> InForce:
    there = exists(context.profile)
    if there or source != "environment":
        refuse_control_characters(context.profile)
    if there:
        return InForce(context, source)
    if source == "directory":
        fix = "choose another for that folder, there, with: awsctx pin NAME"
    elif source in _SOURCES:
        fix = "choose another with: awsctx NAME"
    elif source == "environment":
        raise NoSuchProfile(what, context.profile, variable=what)
    else:
        fix = "list the profiles with: awsctx list"
    raise NoSuchProfile(_SOURCES.get(source, what), context.profile, fix)
