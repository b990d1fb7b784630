"""Gives a secret link to a browser without the link in any process's arguments. The browser opens a page on loopback that
only this user can read. The page leads to the link, once."""

from __future__ import annotations

import hmac
import secrets
import threading

from awsctx.errors import AwsctxError
from awsctx.signin.loopback import NOT_FOUND, Open, Page, Pages


def hand_over(link: str, open_page: Open, *, seconds: float = 60) -> str:
    """Have ``open_page`` open ``link``. Returns `opened`; `no browser` where there is none; `not fetched` where no browser
    came for the link within ``seconds``. Raises AwsctxError."""
    path = f"/{secrets.token_urlsafe(24)}"
    first, fetched = threading.Lock(), threading.Event()

    def answer(asked: str) -> Page:
        if not hmac.compare_digest(asked.encode(), path.encode()) or not first.acquire(blocking=False):
            return NOT_FOUND
        fetched.set()
        return Page(302, headers={"Location": link})

    try:
        pages = Pages(answer)
    except OSError as e:
        raise AwsctxError(f"could not listen on 127.0.0.1: {e.strerror}", "print the link: awsctx console --print") from None
    with pages:
        if not pages.open(pages.address + path, open_page):
            return "no browser"
        return "opened" if fetched.wait(seconds) else "not fetched"
