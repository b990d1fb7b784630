"""Section headers: which section a header means, and how to write the header of a section.

The two files differ in this alone. The config file has `[profile NAME]`, which botocore unquotes as a shell would; the
credentials file has `[NAME]`, which it takes literally.
"""

from collections.abc import Callable
from typing import NamedTuple

from awsctx.awsfiles import grammar
from awsctx.awsfiles.ops import Title
from awsctx.core.text import has_control_characters
from awsctx.errors import AwsctxError


class EditError(AwsctxError):
    """The edit cannot be made, and nothing has been changed."""


class FileFormat(NamedTuple):
    """How one of the two files names its sections."""

    meaning: Callable[[str], Title]
    write: Callable[[Title, str], str]

    def header(self, title: Title, like: str = "") -> str:
        """What to put between the brackets, in the manner of the header ``like``. Raises EditError where botocore would
        not read the name back."""
        kind, name = title
        if not name or cannot_be_written(name):
            raise EditError(f"{name!a} cannot be the name of a {kind}: it is empty or has control characters")
        header = self.write(title, like)
        if self.meaning(header) != title or list(grammar.scan([f"[{header}]"])) != [(grammar.HEADER, header, "")]:
            raise EditError(f"{name!a} cannot be the name of a {kind}: botocore would not read it back")
        return header


def cannot_be_written(text: str) -> bool:
    """Whether the text has control characters, or bytes that are not UTF-8 (surrogates in a `str`). Every command refuses
    such a name."""
    return has_control_characters(text) or any("\ud800" <= character <= "\udfff" for character in text)


def _meaning_in_config(header: str) -> Title:
    return grammar.meaning(header) or ("", header)


def _write_in_config(title: Title, like: str) -> str:
    """The header for a new name. It keeps the keyword, blanks and quotes of ``like`` as far as the name allows, so that a
    rename there and back changes nothing."""
    kind, name = title
    if title == (grammar.PROFILE, "default"):
        return name
    start, quote, end = _frame(like)
    if any(character in name for character in " \t\"'\\"):
        quote = '"' if "'" in name else quote or '"'
    elif any(character in (grammar.name_of(like) or "") for character in " \t\"'\\"):
        quote = ""  # the old name needed them, the new one does not
    header = start + _quoted(name, quote) + end
    return header if grammar.meaning(header) == title else f"{kind} {_quoted(name, quote)}"


def _quoted(name: str, quote: str) -> str:
    if quote == '"':
        name = name.replace("\\", "\\\\").replace('"', '\\"')
    return quote + name + quote


def _frame(header: str) -> tuple[str, str, str]:
    """The text before the name, its quote, and the text behind it; three empty strings where the header is not of that form."""
    name = grammar.name_of(header) or ""
    words = header.rstrip(" \t")
    for quote in ('"', "'", ""):
        token = _quoted(name, quote)
        if token and words.endswith(token):
            return words.removesuffix(token), quote, header[len(words) :]
    return "", "", ""


def _meaning_in_credentials(header: str) -> Title:
    return ("" if header == grammar.DEFAULTS else grammar.PROFILE), header


CONFIG = FileFormat(_meaning_in_config, _write_in_config)
CREDENTIALS = FileFormat(_meaning_in_credentials, lambda title, like: title[1])
