"""Requests, responses and errors in the form that the AWS SDKs read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Request:
    """One HTTP request: header names in lower case, of repeated query parameters the last."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises `Refused` (InvalidRequestException) where it is none."""
        try:
            value = json.loads(self.body or b"{}")
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise Refused("InvalidRequestException", "the body is not a JSON object")
        return value

    def form(self) -> dict[str, str]:
        """The body of the query protocol (EC2, STS) as a dictionary."""
        return {name: values[-1] for name, values in parse_qs(self.body.decode("utf-8", "replace")).items()}


@dataclass(frozen=True)
class Response:
    """One HTTP answer; `detail` goes to the log of calls only, so it holds no secret."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """The service says no: `code` is the exception's name in the service's model."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


STATUS = {
    "UnauthorizedException": 401,
    "InvalidClientException": 401,
    "ForbiddenException": 403,
    "ResourceNotFoundException": 404,
    "TooManyRequestsException": 429,
    "InternalServerException": 500,
}
"""The HTTP status of each exception; those not named have 400."""


def answer(value: Mapping[str, Any], **detail: Any) -> Response:
    """A successful JSON answer."""
    return Response(body=json.dumps(value).encode(), detail=detail)


def page(title: str, content: str = "", status: int = 200) -> Response:
    """A page for a browser; `content` is HTML."""
    text = f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{content}\n"
    return Response(status, text.encode(), "text/html; charset=utf-8")


def redirect(location: str) -> Response:
    """A 302 to `location`."""
    return Response(302, b"", "text/html", {"Location": location})


def error(service: str, code: str, message: str, status: int = 0, retry_after: float | None = None) -> Response:
    """An error as `service` ("sso", "sso-oidc", "sts" or "ec2") words it."""
    status = status or STATUS.get(code, 400)
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    if service in ("sts", "ec2"):
        return Response(status, _xml_error(service, code, message), "text/xml", headers)
    if service == "sso-oidc":
        body = {"error": _oauth_name(code), "error_description": message}
    else:
        body = {"message": message, "__type": f"com.amazonaws.switchboard.portal#{code}"}
    return Response(status, json.dumps(body).encode(), headers={"x-amzn-ErrorType": code, **headers})


def _oauth_name(code: str) -> str:
    """AuthorizationPendingException -> authorization_pending, as RFC 6749 and RFC 8628 name the errors."""
    if code == "InternalServerException":
        return "server_error"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", code.removesuffix("Exception")).lower()


def _xml_error(service: str, code: str, message: str) -> bytes:
    text = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    if service == "ec2":
        return f"<Response><Errors>{text}</Errors><RequestID>stand-in</RequestID></Response>".encode()
    return f"<ErrorResponse>{text}<RequestId>stand-in</RequestId></ErrorResponse>".encode()
