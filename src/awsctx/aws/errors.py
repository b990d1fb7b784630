"""botocore's exceptions, in words that tell the user what to do. An exception's own text is passed on only where it cannot
hold a secret: a credential_process writes what it likes."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from awsctx import trace
from awsctx.aws import sessions
from awsctx.awsfiles.grammar import text_of
from awsctx.core.text import visible
from awsctx.errors import AwsctxError, SignInNeeded
from awsctx.profiles.following import is_following
from awsctx.shells import typed
from awsctx.signin import aws_login, tokens
from awsctx.signin.portal import TokenRefused
from awsctx.signin.service import UNUSABLE, NoAnswer
from awsctx.signin.session import Session, damage, login_command
from awsctx.store import paths
from awsctx.world import World

_SEE_DOCTOR = "see: awsctx doctor"
_CHECK_NETWORK = "check the network and the proxy"
# The codes by which AWS says that keys are invalid or expired.
_BAD_KEYS = {
    "ExpiredToken": "its keys have expired",
    "ExpiredTokenException": "its keys have expired",
    "RequestExpired": "its keys have expired",
    "InvalidClientTokenId": "AWS does not know its keys",
    "UnrecognizedClientException": "AWS does not know its keys",
    "InvalidAccessKeyId": "AWS does not know its keys",
    "SignatureDoesNotMatch": "its secret key is not the right one",
}


class NeedsCode(Exception):
    """The role takes a code from the user's MFA device, and there is nobody to ask."""


def translated(error: Exception, world: World, profile: str) -> AwsctxError:
    """The AwsctxError for ``error``, which came while asking for the identity or credentials of ``profile``: one line and
    hints."""
    from botocore import exceptions as boto
    from botocore.parsers import ResponseParserError

    trace.tell("botocore", type(error).__name__)
    if isinstance(error, AwsctxError):
        return error
    if isinstance(error, NeedsCode):
        return AwsctxError(
            "its role takes an MFA code, and nobody can be asked for it here", "ask for one profile, on a terminal"
        )
    if isinstance(error, boto.ClientError):
        return _refused(error, world, profile)
    if isinstance(error, boto.UnauthorizedSSOTokenError):
        return _refused_token(world, profile)
    ended = (boto.SSOTokenLoadError, boto.TokenRetrievalError)
    if isinstance(error, ended) or (isinstance(error, boto.SSOError) and not isinstance(error, boto.InvalidConfigError)):
        return signed_out(world, profile)
    if type(error).__name__.startswith("Login"):
        return _signed_out_of_login(world, profile)
    if isinstance(error, boto.MissingDependencyException):
        return AwsctxError("keys by `aws login` need awscrt, which is not installed here", "pip install 'botocore[crt]'")
    by_process = _of_process(error, world, profile)
    if by_process is not None:
        return by_process
    if isinstance(error, boto.CredentialRetrievalError):
        provider = str(error.kwargs.get("provider", ""))
        return AwsctxError(f"could not get its credentials ({provider} failed)", _fix(world, profile))
    if isinstance(error, (boto.HTTPClientError, boto.ConnectionError)):
        return _no_route(error)
    if isinstance(error, (boto.NoCredentialsError, boto.PartialCredentialsError)):
        return AwsctxError("it has no credentials", _SEE_DOCTOR)
    if isinstance(error, (boto.InvalidConfigError, boto.InfiniteLoopConfigError, boto.ConfigParseError, boto.ProfileNotFound)):
        return AwsctxError("aws refuses its configuration", _SEE_DOCTOR)
    if isinstance(error, (boto.NoRegionError, boto.InvalidRegionError, boto.EndpointProviderError)):
        return AwsctxError("its region is not one that AWS has", _SEE_DOCTOR)
    by_damage = _of_damaged_token(world, profile)
    if by_damage is not None:
        return by_damage
    # The answer is a page of a proxy: botocore's parsers fail on it, or botocore misses a field in it.
    if isinstance(error, (ResponseParserError, KeyError)):
        return NoAnswer(UNUSABLE, _CHECK_NETWORK)
    if isinstance(error, RuntimeError) and "still expired" in str(error):  # raised by RefreshableCredentials about new keys
        found = "its credential_process and " if "credential_process" in (world.files.profile(profile) or {}) else ""
        return AwsctxError("its new keys have expired already", f"check {found}this machine's clock")
    if isinstance(error, OSError) and isinstance(error.filename, str):  # the token of a web identity, say
        what = f"could not read {visible(paths.short(error.filename))}: {error.strerror}"
        return AwsctxError(what, "correct the file, or what names it")
    return AwsctxError(f"the request failed: {type(error).__name__}", "see more with AWSCTX_DEBUG=1")


def _of_process(error: Exception, world: World, profile: str) -> AwsctxError | None:
    """The error where a credential_process is what failed; None where it is not. What it has written is passed on where
    awsctx itself has written it: an error of any other program may hold a secret."""
    from json import JSONDecodeError

    from botocore.exceptions import CredentialRetrievalError

    found = next(((name, values) for name, values in sessions.chain(world, profile) if "credential_process" in values), None)
    if found is None:
        return None
    name, values = found
    program = _first_word(text_of(values, "credential_process"))
    what = f"its credential_process, {visible(program)},"
    hint = f"run it by hand to see why; print it with: {typed('awsctx show', name, world.shell)}"
    if isinstance(error, CredentialRetrievalError) and error.kwargs.get("provider") == "custom-process":
        text = str(error.kwargs.get("error_msg", ""))
        reason = text.strip().rpartition("\n")[2]
        if is_following(values) and reason.startswith("awsctx: "):
            return AwsctxError(f"it follows the active context: {visible(reason.removeprefix('awsctx: '))}")
        if text.startswith(("Unsupported version", "Missing required key")):
            return AwsctxError(f"{what} gives an answer that aws does not take", hint)
        return AwsctxError(f"{what} has failed", hint)
    if isinstance(error, JSONDecodeError):
        return AwsctxError(f"{what} gives an answer that aws does not take", hint)
    if isinstance(error, (FileNotFoundError, PermissionError)) and error.filename == program:
        return AwsctxError(f"{what} could not be run: {error.strerror}", "install it, or name it by its whole path")
    return None


def _first_word(command: str) -> str:
    from botocore.compat import compat_shell_split

    try:
        return next(iter(compat_shell_split(command)), "")
    except ValueError:  # a quote without its pair, which botocore refuses too
        return command.partition(" ")[0]


def _refused(error: Any, world: World, profile: str) -> AwsctxError:
    """The error for a refusal by an AWS service."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    operation = str(error.operation_name)
    account, role = (visible(word) for word in world.files.account_and_role(profile))
    if operation == "GetRoleCredentials":
        if status == 401 or code == "UnauthorizedException":
            return _refused_token(world, profile)
        if status in (403, 404) or code in ("ForbiddenException", "ResourceNotFoundException"):
            return AwsctxError(
                f"the sign-in does not grant the role {role} in account {account}", "ask who grants it, or see: awsctx sync"
            )
    if operation.startswith("AssumeRole") and code in ("AccessDenied", "AccessDeniedException"):
        return AwsctxError(f"it may not assume the role {role} in account {account}", "ask for the right, or correct role_arn")
    if code in _BAD_KEYS:
        return AwsctxError(_BAD_KEYS[code], _fix(world, profile))
    if status == 429 or code in ("TooManyRequestsException", "Throttling", "ThrottlingException"):
        return AwsctxError("AWS has had too many requests", "try again in a moment")
    if 300 <= status < 400:
        return NoAnswer(f"the answer is a redirect (HTTP {status}): {UNUSABLE.partition(': ')[2]}", _CHECK_NETWORK)
    if status >= 500:
        return AwsctxError(f"AWS answers with an error of its own (HTTP {status})", "try again in a moment")
    return AwsctxError(f"AWS refuses {operation}: {visible(code)}")


def _refused_token(world: World, profile: str) -> AwsctxError:
    """The error for a 401 of the portal. If the token still looks valid, the hint has `--force`, since `login` alone would
    do nothing."""
    session = _session(world, profile)
    if session is None or tokens.sign_in(session.token_path, time.time()).status != tokens.VALID:
        return signed_out(world, profile)
    return TokenRefused("the SSO portal does not take its sign-in any more", login_command(session.name, force=True))


def signed_out(world: World, profile: str) -> SignInNeeded:
    """The error where the profile's sign-in has ended for good, or never was."""
    session = _session(world, profile)
    hints = [login_command(session.name), damage(session)] if session else [login_command(profile)]
    return SignInNeeded("its sign-in has ended, or there is none", *filter(None, hints))


def _of_damaged_token(world: World, profile: str) -> AwsctxError | None:
    """The error where the profile's token file is damaged, on which botocore fails in many ways; None where it is not."""
    session = _session(world, profile)
    if session is not None:
        return signed_out(world, profile) if damage(session) else None
    return _signed_out_of_login(world, profile) if _damage_of_login(world, profile) else None


def _signed_out_of_login(world: World, profile: str) -> SignInNeeded:
    what = "its sign-in by `aws login` has ended, or there is none"
    return SignInNeeded(what, *filter(None, [login_command(profile), _damage_of_login(world, profile)]))


def _damage_of_login(world: World, profile: str) -> str:
    """As ``damage``, for a profile that signs in by `aws login`, itself or through its source_profile."""
    name = sessions.login_profile(world, profile)
    if not name:
        return ""
    path = aws_login.token_path(text_of(world.files.profile(name) or {}, "login_session"), world.environ)
    if not aws_login.sign_in(path, time.time()).torn:
        return ""
    return f"the sign-in file of '{visible(name)}' is damaged: {visible(paths.short(path))}"


def _fix(world: World, profile: str) -> str:
    session = _session(world, profile)
    return login_command(session.name) if session else "renew its keys"


def _session(world: World, profile: str) -> Session | None:
    """The session that ``profile`` signs in with, itself or through its source_profile; None where there is none."""
    try:
        return sessions.find_for_profile(world, profile)
    except AwsctxError:
        return None


def unanswered(url: str) -> NoAnswer:
    """The error where the service at ``url`` takes too long."""
    return NoAnswer(f"no answer from {visible(urlsplit(url).netloc) or 'AWS'} in time", _CHECK_NETWORK)


def _no_route(error: Any) -> AwsctxError:
    from botocore import exceptions as boto

    host = urlsplit(str(error.kwargs.get("endpoint_url", ""))).netloc
    to = f" to {visible(host)}" if host else " to AWS"
    if isinstance(error, (boto.ReadTimeoutError, boto.ConnectTimeoutError)):
        return unanswered(str(error.kwargs.get("endpoint_url", "")))
    if isinstance(error, boto.SSLError):
        return AwsctxError(f"no trusted connection{to}", "behind a proxy that decrypts the traffic, set AWS_CA_BUNDLE")
    return AwsctxError(f"no route{to}", _CHECK_NETWORK)
