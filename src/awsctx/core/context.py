"""A context: a profile and, if wanted, a region; how one is written (awsctx(1), DESCRIPTION). Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.core.text import refuse_control_characters, visible
from awsctx.errors import AwsctxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self


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


def dot(text: str, here: "Callable[[], Context | None]") -> Context | None:
    """What `.` or `.@REGION` stands for: the context ``here``, or its profile with that region; None for any other text.
    Raises AwsctxError where there is none."""
    if text != "." and text[:2] != ".@":
        return None
    context = here()
    if context is None:
        raise AwsctxError("`.` is the context in force, and there is none", "choose one with: awsctx NAME")
    return context if text == "." else Context(context.profile, check_region(text[2:]))
