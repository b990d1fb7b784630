"""STS, and EC2 by moto, both seen as the account that the caller's access key belongs to.

STS is answered here: moto takes an account id only where it has twelve digits, and the walkthrough's second one has
eight. EC2 is moto's, asked for the same number written with twelve digits. Keys that the stand-in did not hand out are
refused as AWS refuses them, so a test can see whose keys a program really used.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

from awsctx.demo.ledger import Key, Ledger
from awsctx.demo.wire import Request, Response, error

CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d+/([^/]+)/([^/]+)/aws4_request")
ROLE_ARN = re.compile(r"arn:(aws[a-z-]*):iam::(\d+):role/(?:.*/)?([^/]+)")
OWNER_TAG = "aws:cloud9:owner"


def service_of(request: Request) -> tuple[str, str]:
    """The service and the operation that a request of the query protocol is about."""
    signed = CREDENTIAL.search(request.headers.get("authorization", ""))
    return (signed[3] if signed else "sts"), request.form().get("Action", "")


def call(ledger: Ledger, request: Request) -> Response:
    """The answer to an STS or EC2 call, signed or (AssumeRoleWithWebIdentity) not."""
    service, action = service_of(request)
    if service not in ("sts", "ec2"):
        return error("sts", "UnknownService", f"the stand-in has no {escape(service)}", 501)
    if (service, action) == ("sts", "AssumeRoleWithWebIdentity"):
        return _assume_role(ledger, request, action)
    key = _caller(ledger, request)
    if key is None:
        return _stranger(service)
    if key.expires <= time.time():
        return error(service, "RequestExpired" if service == "ec2" else "ExpiredToken", "the keys have expired")
    if service == "ec2":
        return _ec2(key, request)
    if action == "GetCallerIdentity":
        return _identity(key)
    if action == "AssumeRole":
        return _assume_role(ledger, request, action)
    if action == "GetFederationToken":
        return _federation_token(ledger, request, key)
    return error("sts", "InvalidAction", f"the stand-in has no {escape(action)}")


def _caller(ledger: Ledger, request: Request) -> Key | None:
    signed = CREDENTIAL.search(request.headers.get("authorization", ""))
    key = ledger.keys.get(signed[1]) if signed else None
    if key is None or key.session_token != request.headers.get("x-amz-security-token", ""):
        return None
    return key


def _stranger(service: str) -> Response:
    if service == "ec2":
        return error("ec2", "AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    return error("sts", "InvalidClientTokenId", "The security token included in the request is invalid.", 403)


def _identity(key: Key) -> Response:
    user = f"{key.id}:{key.arn.rpartition('/')[2]}"
    content = f"<Arn>{escape(key.arn)}</Arn><UserId>{escape(user)}</UserId><Account>{key.account}</Account>"
    return _xml("GetCallerIdentity", content, account_id=key.account, arn=key.arn)


def _assume_role(ledger: Ledger, request: Request, action: str) -> Response:
    form = request.form()
    role = ROLE_ARN.fullmatch(form.get("RoleArn", ""))
    if role is None:
        return error("sts", "ValidationError", "RoleArn is not the ARN of a role")
    name = form.get("RoleSessionName", "session")
    partition, account = role[1], role[2]
    arn = f"arn:{partition}:sts::{account}:assumed-role/{role[3]}/{name}"
    key = ledger.key(account, arn)
    content = (
        f"{_credentials(key)}<AssumedRoleUser><Arn>{escape(arn)}</Arn><AssumedRoleId>{key.id}:{escape(name)}</AssumedRoleId>"
        "</AssumedRoleUser>"
    )
    return _xml(action, content, account_id=account, arn=arn, policies=_policies(form))


def _federation_token(ledger: Ledger, request: Request, caller: Key) -> Response:
    """For an IAM user's long-lived keys alone."""
    form = request.form()
    if caller.session_token:
        return error("sts", "AccessDenied", "Cannot call GetFederationToken with session credentials", 403)
    arn = f"arn:aws:sts::{caller.account}:federated-user/{form.get('Name', '')}"
    key = ledger.key(caller.account, arn)
    user = f"<Arn>{escape(arn)}</Arn><FederatedUserId>{escape(arn.rpartition(':')[2])}</FederatedUserId>"
    content = f"{_credentials(key)}<FederatedUser>{user}</FederatedUser>"
    return _xml("GetFederationToken", content, account_id=caller.account, arn=arn, policies=_policies(form))


def _credentials(key: Key) -> str:
    ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(key.expires))
    return (
        f"<Credentials><AccessKeyId>{key.id}</AccessKeyId><SecretAccessKey>{key.secret}</SecretAccessKey>"
        f"<SessionToken>{key.session_token}</SessionToken><Expiration>{ends}</Expiration></Credentials>"
    )


def _policies(form: Mapping[str, str]) -> list[str]:
    """The session policies by their ARNs, in order."""
    return [value for name, value in sorted(form.items()) if name.startswith("PolicyArns.member.")]


def _xml(action: str, content: str, **detail: Any) -> Response:
    text = (
        f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>{content}</{action}Result>'
        f"<ResponseMetadata><RequestId>stand-in</RequestId></ResponseMetadata></{action}Response>"
    )
    return Response(200, text.encode(), "text/xml", detail=detail)


class Machines:
    """moto's EC2, started at the first call that needs it, with machines in each account and region asked for."""

    def __init__(self) -> None:
        # One call at a time: moto's backends are dictionaries that grow while others are being read.
        self._lock = threading.Lock()
        self._app: Any = None
        self._seeded: set[tuple[str, str]] = set()

    def warm(self) -> None:
        """Import moto (about two seconds), so that the first call need not."""
        with self._lock:
            self._start()

    def ask(self, account: str, region: str, request: Request) -> Response:
        """moto's answer to `request` for `account` (written with twelve digits for moto) and `region`."""
        with self._lock:
            self._start()
            if (account, region) not in self._seeded:
                for parameters in seeds(account):
                    self._open(account, region, urlencode(parameters).encode())
                self._seeded.add((account, region))
            return self._open(account, region, request.body)

    def _start(self) -> None:
        if self._app is None:
            from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
            from werkzeug.test import Client

            self._app = Client(DomainDispatcherApplication(create_backend_app))

    def _open(self, account: str, region: str, body: bytes) -> Response:
        scope = f"STANDIN/20200101/{region}/ec2/aws4_request"
        signed = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=x"
        headers = {"Authorization": signed, "x-moto-account-id": account.zfill(12)}
        kind = "application/x-www-form-urlencoded"
        answered = self._app.post("/", data=body, content_type=kind, headers=headers)
        return Response(answered.status_code, answered.get_data(), "text/xml")


def seeds(account: str) -> list[dict[str, str]]:
    """RunInstances for an account's machines: two with a Cloud9 owner, two without. One whose id ends in 3 has an old t2, too:
    something to look for in many.

    None is without any tag: EC2 leaves `Tags` out of such an instance, and the walkthrough's jq line, like any other
    that says `.Tags[]`, ends at the first one. (A test that wants one starts it, with RunInstances.)
    """
    owner = f"arn:aws:sts::{account}:assumed-role/"
    machines = [
        ("t3.micro", {OWNER_TAG: owner + "developer/ada"}),
        ("m5.large", {"Name": "web"}),
        ("t3.small", {OWNER_TAG: owner + "tester/grace", "Name": "ide"}),
        ("c5.large", {"Name": "batch"}),
        *([("t2.micro", {"Name": "legacy"})] if account.endswith("3") else ()),
    ]
    return [_run_instances(kind, tags) for kind, tags in machines]


def _run_instances(kind: str, tags: dict[str, str]) -> dict[str, str]:
    parameters = {"Action": "RunInstances", "Version": "2016-11-15", "ImageId": "ami-12c6146b", "InstanceType": kind}
    parameters |= {"MinCount": "1", "MaxCount": "1", "TagSpecification.1.ResourceType": "instance"}
    for number, (name, value) in enumerate(tags.items(), 1):
        parameters[f"TagSpecification.1.Tag.{number}.Key"] = name
        parameters[f"TagSpecification.1.Tag.{number}.Value"] = value
    return parameters


MACHINES = Machines()


def _ec2(key: Key, request: Request) -> Response:
    signed = CREDENTIAL.search(request.headers["authorization"])
    region = signed[2] if signed else "us-east-1"
    answered = MACHINES.ask(key.account, region, request)
    detail = {"account_id": key.account, "arn": key.arn, "region": region}
    return Response(answered.status, answered.body, answered.content_type, detail=detail)
