"""Addresses that a browser may be sent to, or keys may go to. Pure."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from awsctx.core.text import has_control_characters


def is_safe(url: str) -> bool:
    """Whether ``url`` is an `https` address, or an `http` address of this machine's loopback. It keeps out `file:`,
    `javascript:`, words that a program would take for an option, and `http` that a network could read."""
    if has_control_characters(url) or " " in url:  # urlsplit drops some of them silently
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine's loopback, by name or by number."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


# AWS's own hosts of access portals: those of AWS CLI 2.38 (customizations/sso/resolve.py), and of the partitions since.
_PORTALS = (
    ".app.aws",
    ".portal.amazonaws.com",
    ".portal.amazonaws.com.cn",
    ".awsapps.com",
    ".awsapps.cn",
    ".app.amazonwebservices.com.cn",
    ".portal.amazonaws.eu",
    ".api.amazonwebservices.eu",
)
_PORTAL_HOSTS = (
    "identitycenter.amazonaws.com",
    "identitycenter.amazonaws.com.cn",
    "identitycenter.amazonaws.eu",
    "identitycenter.us-gov.amazonaws.com",
)


def is_portal(url: str) -> bool:
    """Whether ``url`` is on one of AWS's own hosts of access portals."""
    host = _host(url)
    return host in _PORTAL_HOSTS or f".{host}".endswith(_PORTALS)


def portal_region(url: str) -> str:
    """The region in the host name of an access portal: `ID.portal.REGION.app.aws` or `ID.REGION.portal.amazonaws.com`.
    Empty where the name has none."""
    words = _host(url).split(".")
    if len(words) == 5 and words[1] == "portal" and words[3:] == ["app", "aws"]:
        return words[2]
    return words[1] if words[2:] in (["portal", "amazonaws", "com"], ["portal", "amazonaws", "com", "cn"]) else ""


def plain(url: str) -> str:
    """``url`` as AWS SSO compares it: without user, query, fragment, default port and final slashes. Raises ValueError."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) != ("https", 443) else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path.rstrip('/')}"


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
