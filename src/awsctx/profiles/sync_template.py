"""The names that `awsctx sync` gives to profiles: templates, and how text from AWS becomes part of a name. Pure."""

import re
from collections.abc import Mapping
from functools import lru_cache

from awsctx.core.text import has_control_characters, visible, without_accents
from awsctx.errors import UsageError

DEFAULT_TEMPLATE = "{session}.{account}.{role}"
FIELDS = ("session", "account", "account_id", "role", "email")

_FIELD = re.compile(r"\{(\w+)\}")


def check_template(template: str) -> str:
    """``template``, if it can make names. Raises UsageError."""
    rest = _FIELD.sub(lambda found: "" if found[1] in FIELDS else found[0], template)
    if "{" in rest or "}" in rest:
        fields = " ".join(f"{{{name}}}" for name in FIELDS)
        raise UsageError(f"'{visible(template)}' is not a template for names", f"its fields are {fields}")
    if rest == template:
        raise UsageError(f"'{visible(template)}' would give every profile one name", "for example: " + DEFAULT_TEMPLATE)
    if has_control_characters(rest):
        raise UsageError(f"'{visible(template)}' holds control characters")
    return template


def filled(template: str, fields: Mapping[str, str]) -> str:
    """The name that ``template`` makes of ``fields``. A field that has no character for a name becomes the account's id."""
    return _FIELD.sub(lambda found: plain(fields[found[1]]) or plain(fields["account_id"]), template)


@lru_cache(100_000)
def plain(text: str) -> str:
    """``text`` as a part of a name: letters lose their accents, each run of other characters outside [A-Za-z0-9._-] becomes
    one `-`, and none stands at an end."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", without_accents(text)).strip("-")
