"""How botocore reads its two files: the lines by configparser's grammar, the section names by its own.

No other module knows this grammar: `names`, `read` and `edit` all get their lines from `scan`. Sources: the standard
library's configparser (`RawConfigParser._read`; 3.11 to 3.13 agree) and botocore/configloader.py. Hot path: imports nothing
that the interpreter has not loaded already.
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
