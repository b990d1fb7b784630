"""A context: a profile and, if wanted, a region; how one is written (awsctx(1), DESCRIPTION). Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.core.text import refuse_control_characters
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


def named_region(region: str) -> str:
    """``region``, if it is one. Raises AwsctxError."""
    from awsctx.core.regions import check_region  # a large table that few calls need

    return check_region(region)


def parse(text: str, exists: "Callable[[str], bool]", region_of: "Callable[[str], str]" = named_region) -> Context:
    """The context that ``text`` names: `NAME` or `NAME@REGION`. A profile whose own name contains `@` wins over the split.

    The profile need not exist. A name that ``exists`` does not know is split at its last `@` if ``exists`` knows the part
    before it, and is taken whole otherwise. ``region_of`` checks the region and returns it. Raises AwsctxError on control
    characters, on an empty name, and on a region that is none.
    """
    refuse_control_characters(text)
    if not text:
        raise AwsctxError("the profile's name is empty", "list the profiles with: awsctx list")
    if "@" in text and not exists(text):
        name, _, region = text.rpartition("@")
        if name and exists(name):
            return Context(name, region_of(region))
    return Context(text)


def dot(
    text: str, here: "Callable[[], tuple[Context, str] | None]", region_of: "Callable[[str], str]" = named_region
) -> Context | None:
    """The context that `.` or `.@REGION` stands for: the context in force, or its profile with that region. ``here``
    gives that context and its source. None for any other text. Raises AwsctxError where no context is in force."""
    if text != "." and text[:2] != ".@":
        return None
    found = here()
    if found is None:
        raise AwsctxError("`.` is the context in force, and there is none", "choose one with: awsctx NAME")
    context = found[0]
    return context if text == "." else Context(context.profile, region_of(text[2:]))
