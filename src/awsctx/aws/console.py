"""Links into the AWS console: the access portal's shortcut, and the federation sign-in for profiles without SSO."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from awsctx import trace
from awsctx.core.addresses import is_safe
from awsctx.core.keys import Keys
from awsctx.core.text import visible
from awsctx.errors import AwsctxError

_SECONDS = 15
# The first letters of a region -> (the sign-in's host, the console's domain); the first match counts. The hosts are those of
# AWS's own `aws console`. The consoles of the isolated partitions are not public.
_PARTITIONS = (
    ("cn-", "signin.amazonaws.cn", "console.amazonaws.cn"),
    ("us-gov-", "signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"),
    ("eusc-", "{region}.signin.amazonaws-eusc.eu", "console.amazonaws-eusc.eu"),
    ("us-iso", "", ""),
    ("eu-iso", "", ""),
    ("", "signin.aws.amazon.com", "console.aws.amazon.com"),
)


def portal_link(start_url: str, account_id: str, role: str, destination: str = "") -> str:
    """The access portal's shortcut link for an account and a role. It contains no credentials: the browser's own sign-in at
    the portal is used (IAM Identity Center's user guide, "Creating shortcut links")."""
    base = start_url.partition("#")[0].rstrip("/")
    parameters = {"account_id": account_id, "role_name": role} | ({"destination": destination} if destination else {})
    return f"{base}/#/console?{urlencode(parameters, quote_via=quote, errors='surrogateescape')}"


def page(region: str, service: str = "", near: str = "") -> str:
    """The console's page of ``service`` in ``region``; without a service the console's home, without a region the partition
    of the region ``near``. Raises AwsctxError where the address of that console is not known."""
    domain = _partition(region or near)[1]
    path = f"{quote(service, errors='surrogateescape')}/home" if service else "console/home"
    return f"https://{region}.{domain}/{path}?region={region}" if region else f"https://{domain}/{path}"


def federation_link(keys: Keys, destination: str, region: str, environ: Mapping[str, str]) -> str:
    """A link that signs a browser in with ``keys``, which must be short-lived. It works for 15 minutes, for whoever has it
    (IAM user guide, "Enabling custom identity broker access to the AWS console").

    The endpoint is that of the region's partition, or AWS_ENDPOINT_URL_SIGNIN. Raises AwsctxError.
    """
    if not keys.session_token:
        raise AwsctxError(
            "its keys are long-lived, and the console takes only short-lived ones", "use a profile that assumes a role, or SSO"
        )
    session = {
        "sessionId": keys.access_key_id,
        "sessionKey": keys.secret_access_key,
        "sessionToken": keys.session_token,
    }
    endpoint = _endpoint(region, environ)
    token = _signin_token(endpoint, {"Action": "getSigninToken", "Session": json.dumps(session)})
    parameters = {"Action": "login", "Issuer": "awsctx", "Destination": destination, "SigninToken": token}
    return f"{endpoint}?{urlencode(parameters, errors='surrogateescape')}"


def _endpoint(region: str, environ: Mapping[str, str]) -> str:
    """The sign-in's address. AWS_ENDPOINT_URL does not count: a stand-in for other services must not get these keys."""
    given = environ.get("AWS_ENDPOINT_URL_SIGNIN")
    if not given:
        return f"https://{_partition(region)[0]}/federation"
    if not is_safe(given):
        raise AwsctxError(
            f"AWS_ENDPOINT_URL_SIGNIN is no https address: {visible(given)}", "the keys are not sent there; correct or unset it"
        )
    return f"{given.rstrip('/')}/federation"


def _signin_token(endpoint: str, form: Mapping[str, str]) -> str:
    """The token for the link. The keys go in the request's body, as AWS's toolkits send them, since proxies log addresses.
    Raises AwsctxError."""
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import BotoCoreError
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    trace.tell("asking for a sign-in token", endpoint)
    http = URLLib3Session(timeout=_SECONDS, proxies=get_environ_proxies(endpoint))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer = http.send(AWSRequest("POST", endpoint, headers=kind, data=urlencode(form)).prepare())
    except BotoCoreError as e:
        what = f"could not reach the sign-in at {endpoint}: {type(e).__name__}"
        raise AwsctxError(what, "check the network and the proxy") from None
    if answer.status_code != 200:
        raise AwsctxError(f"the sign-in at {endpoint} refuses the keys (HTTP {answer.status_code})")
    try:
        return str(json.loads(answer.content)["SigninToken"])
    except (ValueError, KeyError, TypeError):
        raise AwsctxError(
            f"the answer of {endpoint} is not one of AWS's", "is there a proxy or a captive portal in between?"
        ) from None


def _partition(region: str) -> tuple[str, str]:
    """The sign-in's host and the console's domain. Raises AwsctxError."""
    host, domain = next((host, domain) for begin, host, domain in _PARTITIONS if region.startswith(begin))
    if not domain:
        raise AwsctxError(f"the console of {visible(region)} is in an isolated partition, whose address awsctx does not know")
    return host.format(region=region), domain
