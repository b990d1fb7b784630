"""A context: a profile and, if wanted, a region. How one is written, and which one is in force (contract, sections 1
and 3). Pure: everything it looks at is handed in.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx import environ as env
from awsctx.errors import AwsctxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

# How an error names a source, also where a hook has exported what it took from there.
_SOURCES = {"state": "the state", "shell": "this shell", "directory": "the folder's pin"}


class Context(tuple[str, str]):
    """A profile's name and a region; an empty region means that the context names none."""

    __slots__ = ()

    def __new__(cls, profile: str, region: str = "") -> "Self":
        return super().__new__(cls, (profile, region))

    @property
    def profile(self) -> str:
        return self[0]

    @property
    def region(self) -> str:
        return self[1]

    def __str__(self) -> str:
        return f"{self[0]}@{self[1]}" if self[1] else self[0]


class NoSuchProfile(AwsctxError):
    """A source (the state, AWS_PROFILE, `-p`) names the profile ``name``, which does not exist."""

    def __init__(self, source: str, name: str, *hints: str) -> None:
        super().__init__(f"{source} names the profile '{visible(name)}', which does not exist", *hints)
        self.name = name


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


def has_control_characters(text: str) -> bool:
    """Whether a terminal could act on ``text``, or a line-based file break on it (C0, DEL, C1, U+2028/9)."""
    return not text.isprintable() and any(c < " " or "\x7f" <= c <= "\x9f" or c in "\u2028\u2029" for c in text)


def visible(text: str) -> str:
    """``text`` with each control character as an escape, so that no name can drive a terminal."""
    if not has_control_characters(text):
        return text
    return "".join(ascii(c)[1:-1] if has_control_characters(c) else c for c in text)


def refuse_control_characters(name: str) -> None:
    """Raise AwsctxError for a name that no line of a file and no terminal could hold."""
    if has_control_characters(name):
        raise AwsctxError(
            f"'{visible(name)}' holds control characters: awsctx does not take such a name", "rename it in the AWS config file"
        )


def check_region(region: str) -> str:
    """``region``, if botocore takes it for one: letters, digits and hyphens, as in a host name. Raises AwsctxError."""
    plain = region.replace("-", "")
    odd = not (plain.isascii() and plain.isalnum()) or region.isdigit() or len(region) > 63
    if odd or region[0] == "-" or region[-1] == "-":
        raise AwsctxError(f"'{visible(region)}' is not a region", "a region looks like eu-west-1; `-r -` drops the region")
    return region


def parse(text: str, exists: "Callable[[str], bool]") -> Context:
    """The context that ``text`` names: `NAME` or `NAME@REGION`. A profile whose own name contains `@` wins over the split.

    The profile need not exist: a name that ``exists`` does not know is split at its last `@` where the part before is
    known, and taken whole otherwise. Raises AwsctxError on control characters, an empty name and an impossible region.
    """
    refuse_control_characters(text)
    if not text:
        raise AwsctxError("the profile's name is empty", "list the profiles with: awsctx list")
    if "@" in text and not exists(text):
        name, _, region = text.rpartition("@")
        if name and exists(name):
            return Context(name, check_region(region))
    return Context(text)


def dot(text: str, active: "Callable[[], Context | None]") -> Context | None:
    """What `.` or `.@REGION` stands for: the active context, or its profile with that region; None for any other text.
    Raises AwsctxError where no context is active."""
    if text != "." and text[:2] != ".@":
        return None
    context = active()
    if context is None:
        raise AwsctxError("`.` is the active profile, and there is none", "choose one with: awsctx NAME")
    return context if text == "." else Context(context.profile, check_region(text[2:]))


def in_force(
    flag: str,
    environ: "Mapping[str, str]",
    active: "Callable[[], Context | None]",
    exists: "Callable[[str], bool]",
) -> InForce | None:
    """The context in force and why, or None when nothing is.

    ``flag`` is the value of `-p` (empty: not given), ``active`` reads the state. A source that names a profile that does
    not exist raises AwsctxError and names that source; it never falls through to the next.
    """
    if flag:
        context = dot(flag, active) or parse(flag, exists)
        return _checked(context, "flag", "-p", exists)
    for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        name = environ.get(variable)
        if name:
            source = env.exported_source(environ) if variable == "AWS_PROFILE" else ""
            region = env.exported_region(environ) if source else ""
            return _checked(Context(name, region), source or "environment", variable, exists)
    chosen = active()
    if chosen is not None:
        return _checked(chosen, "state", "the state", exists)
    if exists("default"):
        return InForce(Context("default"), "default")
    return None


def _checked(context: Context, source: str, what: str, exists: "Callable[[str], bool]") -> InForce:
    refuse_control_characters(context.profile)
    if exists(context.profile):
        return InForce(context, source)
    if source in _SOURCES:
        cure = "choose another with: awsctx NAME"
    elif source == "environment":
        cure = f"choose another, or: unset {what}"
    else:
        cure = "list the profiles with: awsctx list"
    raise NoSuchProfile(_SOURCES.get(source, what), context.profile, cure)
