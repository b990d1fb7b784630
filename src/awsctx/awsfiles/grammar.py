"""How botocore reads its two files: the lines by configparser's grammar, the section names by its own.

No other module knows this grammar: `names` gets its sections from `cut`, and `names`, `read` and `edit` get their lines
from `scan`. Sources: the standard library's configparser (`RawConfigParser._read`; 3.11 to 3.13 agree) and
botocore/configloader.py. Hot path: imports nothing that the interpreter has not loaded already.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# A profile's or session's values: an indented block under an empty option (`s3 =`) is a dict.
Values = dict[str, str | dict[str, str]]

# What a line is.
BLANK = "blank"
COMMENT = "comment"
HEADER = "header"
OPTION = "option"
MORE = "more"  # belongs to the value of the option above
STRAY = "stray"  # botocore refuses the file: neither header nor option, or before any header

# The section whose keys count in every other section of the file too.
DEFAULTS = "DEFAULT"

# awsctx's own keys in a lock's file: the account and role whose credentials awsctx gets there. AWS tools ignore them.
ACCOUNT, ROLE = "awsctx_account_id", "awsctx_role_name"

# The kinds of sections in the config file, by the first letters of the header.
PROFILE = "profile"
SESSION = "sso-session"
SERVICES = "services"
KINDS = (PROFILE, SESSION, SERVICES)


def scan(lines: "Iterable[str]") -> "Iterator[tuple[str, str, str]]":
    """What each line is, as (kind, name, text). ``name`` is the section's name or the option's key (lower case), ``text``
    the value.

    One section can be scanned without the lines above it, since a header in the first column ends whatever came before.
    """
    inside = False
    key = ""
    floor = 0
    for line in lines:
        text = line.strip()
        if not text:
            yield BLANK, "", ""
            continue
        if text[0] in "#;":
            yield COMMENT, "", text
            continue
        indent = line.index(text[0])
        if key and indent > floor:
            yield MORE, key, text
            continue
        floor = indent
        # The last bracket ends the name, whatever follows it; `[]` is no header.
        end = text.rfind("]") if text[0] == "[" else 0
        if end > 1:
            inside = True
            key = ""
            yield HEADER, text[1:end], ""
            continue
        at = delimiter(text)
        if not inside or at < 1:
            yield STRAY, "", text
            continue
        key = text[:at].rstrip().lower()
        yield OPTION, key, text[at + 1 :].lstrip()


def is_refused(lines: "Iterable[str]") -> bool:
    """Whether botocore refuses a file of these lines: for a stray line, a section or a key that comes twice, or a line
    without `=` in a block."""
    headers: set[str] = set()
    keys: set[str] = set()
    block = False
    for kind, name, text in scan(lines):
        if kind is HEADER:
            if name in headers and name != DEFAULTS:
                return True
            headers.add(name)
            keys = set()
        elif kind is OPTION:
            if name in keys:
                return True
            keys.add(name)
            block = not text
        elif kind is STRAY or (kind is MORE and block and "=" not in text):
            return True
    return False


def delimiter(text: str) -> int:
    """The position of the first `=` or `:`; -1 where there is none."""
    equals, colon = text.find("="), text.find(":")
    return max(equals, colon) if equals < 0 or colon < 0 else min(equals, colon)


def raw_options(text: str) -> dict[str, str]:
    """The options of one section; of two with one key the later counts. The lines of a value are joined by newlines, as
    configparser does."""
    options: dict[str, list[str]] = {}
    parts: list[str] | None = None
    for kind, key, value in scan(text.split("\n")):
        if kind is OPTION:
            parts = options[key] = [value]
        elif kind is HEADER:
            parts = None
        elif parts is not None and (kind is MORE or kind is BLANK):
            parts.append(value)
    return {key: "\n".join(parts).rstrip() for key, parts in options.items()}


def nested(raw: str) -> str | dict[str, str]:
    """The value as botocore gives it: a block is a dict. Lines without `=` are left out; botocore refuses a file that has
    them."""
    if not raw.startswith("\n"):
        return raw
    block = {}
    for line in raw.splitlines():
        key, equals, value = line.partition("=")
        if equals:
            block[key.strip()] = value.strip()
    return block


def text_of(values: "Mapping[str, object]", key: str) -> str:
    """The value of a key that only takes text; '' where it is missing, or is a block (lines indented below `region =`)."""
    value = values.get(key, "")
    return value if isinstance(value, str) else ""


def account_and_role(values: "Mapping[str, object]") -> tuple[str, str]:
    """The account id and the name of the role in a profile's values; '' for what they do not say."""
    account, role = text_of(values, "sso_account_id"), text_of(values, "sso_role_name")
    if not (account or role):
        parts = text_of(values, "role_arn").split(":", 5)
        if len(parts) == 6 and parts[5].startswith("role/"):
            account, role = parts[4], parts[5].rpartition("/")[2]
    if not (account or role):  # of a profile in a lock's file
        account, role = text_of(values, ACCOUNT), text_of(values, ROLE)
    if not (account or role):  # of a profile by `aws login`: the identity that has signed in
        parts = text_of(values, "login_session").split(":", 5)
        if len(parts) == 6:
            kind, _, name = parts[5].partition("/")
            account, role = parts[4], name.partition("/")[0] if kind == "assumed-role" else ""
    return account, role


def name_of(header: str) -> str | None:
    """The second of a header's two words (`a` of `profile a`), unquoted as by a shell; None unless there are two."""
    if '"' in header or "'" in header or "\\" in header:
        import shlex

        try:
            words = shlex.split(header)
        except ValueError:
            return None
    else:
        words = [word for word in header.replace("\t", " ").split(" ") if word]
    return words[1] if len(words) == 2 else None


def quoted(name: str) -> str:
    """``name`` as the second word of a header, within double quotes where a shell would need quotes."""
    if not any(character in name for character in " \t\"'\\"):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def meaning(header: str) -> "tuple[str, str] | None":
    """What the section stands for in the config file, as (PROFILE or SESSION or SERVICES, name); None: nothing.

    By the first letters alone: `[profilefoo bar]` is profile `bar`.
    """
    if header == "default":
        return PROFILE, header
    for kind in KINDS:
        if header.startswith(kind):
            name = name_of(header)
            return None if name is None else (kind, name)
    return None


def cut(text: str) -> dict[str, str]:
    """The sections of a text: {header: the section's text, less the first bracket}.

    A bracket in the first column always starts a header. Only a section with an indented bracket needs a scan to tell
    whether that is a header too.
    """
    pieces = text.split("[")
    inner = len(pieces) - 1 - text.count("\n[") - text.startswith("[")
    sections = None if inner else _cut_plain(pieces)
    if sections is None:
        sections = _cut_odd(("\n" + text).split("\n["))
    if inner:
        sections = _cut_finer(sections)
    del sections[""]
    return sections


def _cut_plain(pieces: list[str]) -> dict[str, str] | None:
    """The sections, if each header ends with its only closing bracket and comes once; None otherwise."""
    if len(pieces) > 1 and not pieces[-1].endswith("\n"):
        pieces[-1] += "\n"
    headers = [piece.partition("]\n")[0] for piece in pieces[1:]]
    # A header that lacks its bracket contains a line end. One search in the joined text is faster than one in each header.
    sections = dict(zip(["", *headers], pieces, strict=True))
    lines = "\n".join(headers)
    plain = lines.count("\n") == max(len(headers) - 1, 0) and len(sections) == len(pieces)
    return sections if plain else None


def _cut_odd(pieces: list[str]) -> dict[str, str]:
    """The sections, for headers of any form."""
    sections = {"": pieces[0]}
    header = ""
    for piece in pieces[1:]:
        line = piece.partition("\n")[0]
        name = line[: max(line.rfind("]"), 0)]
        if name:
            header = name
            _add(sections, header, piece)
        else:  # not a header, but a line of the section above
            sections[header] += "\n[" + piece
    return sections


def _cut_finer(sections: dict[str, str]) -> dict[str, str]:
    """The sections, cut at indented headers too."""
    finer = {"": ""}
    for header, section in sections.items():
        if not _has_indented_bracket(section):
            _add(finer, header, section)
            continue
        lines = ("[" + section if header else section).split("\n")
        starts = [(at, name) for at, (kind, name, _) in enumerate(scan(lines)) if kind is HEADER]
        ends = [*(at for at, _ in starts[1:]), len(lines)]
        for (start, name), end in zip(starts, ends, strict=False):  # where there is no start, there is one end too many
            _add(finer, name, "\n".join([lines[start].lstrip()[1:], *lines[start + 1 : end]]))
    return finer


def _add(sections: dict[str, str], header: str, section: str) -> None:
    """Add a section. A header that comes again ([DEFAULT] may) adds to its section."""
    sections[header] = f"{sections[header]}\n[{section}" if header in sections else section


def _has_indented_bracket(section: str) -> bool:
    at = section.find("[")
    while at >= 0:
        start = section.rfind("\n", 0, at) + 1
        if section[start:at].isspace():
            return True
        at = section.find("[", at + 1)
    return False
