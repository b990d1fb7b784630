"""Addresses that a browser may be sent to, or keys may go to. Pure."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from awsctx.core.text import has_control_characters


def is_safe(url: str) -> bool:
    """Whether ``url`` is an `https` address, or an `http` one of this machine's loopback: no option of a program, no `file:`,
    no `javascript:`, nothing that a network in between reads along."""
    if has_control_characters(url) or " " in url:  # urlsplit would drop some of them without a word
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
