"""The answers of `awsctx setup`, and which of them are valid. Pure.

Each `…_problem` returns what is wrong with an answer, as a line for the user; empty where it is valid.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from awsctx.awsfiles import grammar
from awsctx.awsfiles.headers import CONFIG
from awsctx.core.outputs import check_output
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.signin.session import parse_scopes

SCOPES = "sso:account:access"
# A host name and a path: a portal's URL without its scheme.
_NO_SCHEME = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?/")


def problem(check: Callable[[str], object], answer: str) -> str:
    """What ``check`` raises an AwsctxError for."""
    try:
        check(answer)
    except AwsctxError as e:
        return "; ".join((e.message, *e.hints))
    return ""


def session_problem(name: str) -> str:
    if not name.strip():
        return "a session's name cannot be blank"
    return problem(lambda name: CONFIG.header((grammar.SESSION, name)), name)


def full_url(url: str) -> str:
    """``url``, with `https://` before it where the user left that out."""
    return f"https://{url}" if _NO_SCHEME.match(url) else url


def url_problem(url: str) -> str:
    url = full_url(url)
    try:
        parts = urlsplit(url)
        good = parts.scheme == "https" and parts.hostname and url.isprintable() and " " not in url
    except ValueError:
        good = False
    return "" if good else f"'{visible(url)}' is not a start URL: it looks like https://my-sso.awsapps.com/start"


def scopes_problem(scopes: str) -> str:
    parsed = parse_scopes(scopes)
    if parsed and all(scope.isprintable() and not any(c.isspace() for c in scope) for scope in parsed):
        return ""
    return "scopes are separated by commas, as in: sso:account:access"


def output_problem(output: str) -> str:
    return problem(check_output, output)
