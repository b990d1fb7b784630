"""A start URL on a company's own domain leads to an access portal of AWS's, as AWS CLI 2.38 follows it
(customizations/sso/resolve.py): one redirect, asked for anew at each sign-in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from awsctx import trace
from awsctx.core.addresses import is_portal, is_safe, plain, portal_region
from awsctx.core.regions import check_host_label
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.signin.service import NoAnswer, in_words, network
from awsctx.signin.session import Session
from awsctx.signin.waiting import Allowance, TooLong, Wire, within

_SECONDS = 10.0
_REDIRECTS = (301, 302, 303, 307, 308)
_NO_HEAD = (405, 501)


def resolved(session: Session, profile: str, allowance: Allowance) -> Session:
    """``session`` with the portal that its start URL leads to and that one's region; one of AWS's own hosts stays as it is.
    ``profile`` lends its network settings. Raises AwsctxError."""
    url = session.start_url
    if not (is_safe(url) and url.lower().startswith("https:")):
        raise AwsctxError(f"the start URL of {session} is no https address: {visible(url)}", "correct its sso_start_url")
    if is_portal(url):
        return session
    seconds = allowance.left(_SECONDS)
    wire = Wire(seconds)
    try:
        status, location = within(wire, lambda _: _ask(url, profile, seconds, wire), None)
    except TooLong:
        raise NoAnswer(
            f"the start URL {url} has not answered within {in_words(seconds)}", "check the network, and the start URL"
        ) from None
    if status not in _REDIRECTS or not location:
        raise AwsctxError(f"the start URL {url} leads to no access portal: it redirects nowhere (HTTP {status})", _WHO)
    target = urljoin(url, location)
    trace.tell("the start URL leads to", visible(target))
    if not (is_safe(target) and is_portal(target) and target.startswith("https:")):
        raise AwsctxError(f"the start URL {url} leads to {visible(target)[:200]}, which is no access portal of AWS's", _WHO)
    region = portal_region(target) or session.region
    if not region:
        raise AwsctxError(f"the start URL {url} does not tell the region of its portal", "add sso_region to the config")
    return Session(session.name, url, check_host_label(region), session.scopes, inline=session.inline, portal_url=plain(target))


_WHO = "ask whoever runs your IAM Identity Center for the start URL"


def _ask(url: str, profile: str, seconds: float, wire: Wire) -> tuple[int, str]:
    """The status, and where it redirects to. Raises AwsctxError."""
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import HTTPClientError, SSLError
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    def send(method: str) -> Any:
        request = AWSRequest(method, url).prepare()
        wire.sent(request)
        answer = http.send(request)
        wire.answered()
        return answer

    trace.tell("asking the start URL", url)
    ca_bundle = network(profile).get_config_variable("ca_bundle")
    http = URLLib3Session(verify=ca_bundle or True, timeout=seconds, proxies=get_environ_proxies(url))
    try:
        answer = send("HEAD")
        if answer.status_code in _NO_HEAD:
            answer = send("GET")
    except SSLError:
        what = f"could not reach the start URL {url}: its certificate could not be checked"
        raise NoAnswer(what, "behind a proxy that reads along, name its CA in AWS_CA_BUNDLE") from None
    except HTTPClientError as e:
        what = f"could not reach the start URL {url}: {type(e).__name__}"
        raise NoAnswer(what, "check the network, and the start URL") from None
    return int(answer.status_code), str(answer.headers.get("Location", ""))
