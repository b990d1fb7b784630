"""The wire to the two services behind a sign-in, `sso-oidc` and `sso` (the portal): botocore's clients, unsigned,
with an end to every wait. Both are asked without credentials: whoever holds the token is answered.
"""

from __future__ import annotations

import time
from typing import Any

from awsctx import trace
from awsctx.errors import AwsctxError
from awsctx.signin.waiting import Allowance, each

# Seconds that one call may take, retries included: a silent service is given up within 30 (awsctx(1), SIGNING IN).
CALL_SECONDS = 25.0
_CONNECT_SECONDS = 5
_READ_SECONDS = 10
_ATTEMPTS = 3
# Seconds before a call is made again; doubled each time.
_PAUSE = 0.5


# What to say of an answer that no service of AWS's gives.
UNUSABLE = "the answer is not one of AWS's: is there a proxy or a captive portal in between?"


class Refused(Exception):
    """The service has said no, in its own words: ``code`` is the exception's name in the service's model."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class NoAnswer(AwsctxError):
    """The service could not be asked, or its answer is of no use. ``again``: whether another try may help."""

    again = False


class NotNow(NoAnswer):
    """The service gets too many calls, or is down for the moment. ``retry_after`` is the number of seconds that it asks to
    wait (None: it names none)."""

    again = True
    retry_after: float | None = None


class Service:
    """One of the two services in one region. ``profile`` lends its network settings (`ca_bundle`, `endpoint_url`);
    ``attempts`` is how often a call is made before it has failed; ``allowance`` is the time that all calls have together
    (None: no end)."""

    def __init__(
        self, name: str, region: str, profile: str = "", attempts: int = _ATTEMPTS, allowance: Allowance | None = None
    ) -> None:
        self.name = name
        self.region = region
        self._attempts = attempts
        self.allowance = allowance or Allowance()
        self._client = _client(name, region, profile)

    @property
    def endpoint(self) -> str:
        """The URL that the service is at, without a `/` at its end."""
        return str(self._client.meta.endpoint_url).rstrip("/")

    def call(self, operation: str, /, seconds: float = CALL_SECONDS, **parameters: Any) -> dict[str, Any]:
        """The answer to ``operation`` (botocore's name for its method). Raises Refused where the service says no,
        NoAnswer where none comes within ``seconds``, or what comes is none.

        The retries are made here: botocore's do not know that this service words a 429 as SlowDownException.
        """
        began = time.monotonic()
        if self.allowance.left(seconds) < seconds:
            began, seconds = self.allowance.began, self.allowance.seconds or 0
        end = began + seconds
        pause = _PAUSE
        for _ in range(self._attempts - 1):
            try:
                return self._once(operation, parameters, end, seconds)
            except NoAnswer as e:
                wait = max(pause, getattr(e, "retry_after", None) or 0)
                if not e.again or time.monotonic() + wait >= end:
                    raise
            time.sleep(wait)
            pause *= 2
        return self._once(operation, parameters, end, seconds)

    def _once(self, operation: str, parameters: dict[str, Any], end: float, seconds: float) -> dict[str, Any]:
        """One call, until ``end`` (monotonic) of the ``seconds`` that there were."""
        trace.tell("call", f"{self.name} {operation} at {self.endpoint}")
        call = getattr(self._client, operation)
        found = next(each([parameters], lambda given: dict(call(**given)), at_once=1, tick=max(end - time.monotonic(), 0)))
        if found is None:
            raise self._no_answer(f"no answer within {in_words(seconds)}")
        answer = found[1]
        if isinstance(answer, BaseException):
            raise self._translated(answer) from None
        kind = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("content-type", "")
        if kind.startswith("text/html"):  # `logout` has no field by which the page of a captive portal would be known
            raise self.unusable(operation)
        return answer

    def unusable(self, operation: str) -> NoAnswer:
        """The error for an answer that lacks what ``operation`` gives. Mostly it is the page of a proxy."""
        trace.tell("answer without the expected fields", operation)
        return self._no_answer(UNUSABLE)

    def _translated(self, error: BaseException) -> BaseException:
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, SSLError
        from botocore.parsers import ResponseParserError

        if isinstance(error, ClientError):
            status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
            code = str(error.response.get("Error", {}).get("Code", ""))
            trace.tell("refused", f"{status} {code}")
            headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
            if status == 429 or code == "TooManyRequestsException":
                return self._not_now(f"too many requests (HTTP {status})", headers)
            if status == 503:
                return self._not_now("the service is not available at the moment (HTTP 503)", headers)
            if status >= 500 or status < 400:
                what = "a redirect" if 300 <= status < 400 else "an error of the service"
                return self._no_answer(f"the answer is {what} (HTTP {status})", again=status >= 500)
            return Refused(code, status)
        if isinstance(error, SSLError):
            return self._no_answer(
                "its certificate could not be checked", hint="behind a proxy that reads along, name its CA in AWS_CA_BUNDLE"
            )
        if isinstance(error, ResponseParserError):
            return self.unusable("parse")
        if isinstance(error, BotoCoreError):
            return self._no_answer(type(error).__name__, again=isinstance(error, HTTPClientError))
        return error

    def _not_now(self, why: str, headers: dict[str, str]) -> NotNow:
        error = NotNow(self._no_answer(why).message, "try again later")
        try:
            error.retry_after = float(headers.get("retry-after", ""))
        except ValueError:  # none, or a date, which nobody sends here
            pass
        return error

    def _no_answer(self, why: str, *, hint: str = "", again: bool = False) -> NoAnswer:
        what = "the SSO portal" if self.name == "sso" else "AWS SSO (sso-oidc)"
        error = NoAnswer(
            f"could not reach {what} in {self.region} at {self.endpoint}: {why}",
            hint or "check the network and the SSO region, and try again",
        )
        error.again = again
        return error


def in_words(seconds: float) -> str:
    """A short time, for a user: `1 second`, `22 seconds`."""
    whole = max(round(seconds), 1)
    return f"{whole} second{'s' if whole > 1 else ''}"


def network(profile: str) -> Any:
    """A botocore session with the network settings of ``profile``, if there is such a one. Raises AwsctxError where botocore
    refuses the config file."""
    import botocore.session
    from botocore.configprovider import ConstantProvider
    from botocore.exceptions import ConfigParseError, ProfileNotFound

    session = botocore.session.Session()
    store = session.get_component("config_store")
    # What AWS_PROFILE names need not exist: nothing of it is needed.
    store.set_config_provider("profile", ConstantProvider(profile or None))
    try:
        session.get_scoped_config()
    except ProfileNotFound:
        store.set_config_provider("profile", ConstantProvider(None))
    except ConfigParseError as e:
        path = str(e.kwargs.get("path", "the config file"))
        raise AwsctxError(f"botocore cannot read {path}, so no AWS tool works with it", "see: awsctx doctor") from None
    return session


def _client(name: str, region: str, profile: str) -> Any:
    """A client that signs nothing. Raises AwsctxError where the region is none, or botocore refuses the config file."""
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, InvalidConfigError

    config = Config(
        signature_version=UNSIGNED,
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"total_max_attempts": 1, "mode": "standard"},
    )
    try:
        try:
            return network(profile).create_client(name, region_name=region, config=config)
        except InvalidConfigError:
            return network("").create_client(name, region_name=region, config=config)
    except (BotoCoreError, ValueError) as e:
        raise AwsctxError(f"could not make a client for {name} in {region}: {type(e).__name__}") from None
