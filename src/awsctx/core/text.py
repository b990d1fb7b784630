"""Text that people and terminals see. Pure.

Hot path: imports nothing that the interpreter has not loaded already.
"""

from awsctx.errors import AwsctxError

# What to do about a name that no command takes.
RENAME_BY_HAND = "rename it in the AWS config file"


def has_control_characters(text: str) -> bool:
    """Whether a terminal could act on ``text``, or a line-based file break on it (C0, DEL, C1, U+2028/9)."""
    return not text.isprintable() and any(c < " " or "\x7f" <= c <= "\x9f" or c in "\u2028\u2029" for c in text)


def visible(text: str) -> str:
    """``text`` with each control character as an escape, so that no name can drive a terminal."""
    if not has_control_characters(text):
        return text
    return "".join(ascii(c)[1:-1] if has_control_characters(c) else c for c in text)


def in_brackets(**facts: str) -> str:
    """` (account 1234, role r)`: the facts that are not empty; nothing where all are."""
    known = ", ".join(f"{name} {visible(value)}" for name, value in facts.items() if value)
    return f" ({known})" if known else ""


def refuse_control_characters(name: str) -> None:
    """Raise AwsctxError for a name with control characters: neither a line of a file nor a terminal could hold it."""
    if has_control_characters(name):
        raise AwsctxError(f"'{visible(name)}' holds control characters: awsctx does not take such a name", RENAME_BY_HAND)


def duration(seconds: float) -> str:
    """A time span as the prompt shows it: `3h12m`, `12m`; rounded down to the minute."""
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours}h{minutes}m" if hours else f"{minutes}m"


def without_accents(text: str) -> str:
    """``text`` with letters in place of those with accents."""
    from unicodedata import combining, normalize

    return "".join(letter for letter in normalize("NFKD", text) if not combining(letter))


def near(name: str, known: list[str]) -> list[str]:
    """At most three of ``known`` that the user may have meant by ``name``: names that contain it or that it contains, else
    similar ones."""
    lower = name.lower()
    inside = [other for other in known if lower in other.lower()] if len(lower) > 1 else []
    if inside:
        return inside[:3]
    from difflib import get_close_matches

    return get_close_matches(name, known, n=3, cutoff=0.6)


def misspelt(word: str) -> str:
    """The subcommand that ``word`` is with a letter or two wrong; empty where there is none, or ``word`` is a subcommand
    itself."""
    from difflib import get_close_matches

    from awsctx.core.words import NAMES

    known = [] if word in NAMES else sorted(name for name in NAMES if name[0] != "_")
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.75)), "")
