"""The stand-in's HTTP: which operation is meant, latency and faults, the log of calls, the control endpoint::

POST /_control   {"latency": 0.02, "faults": […]}   turn knobs (see `Scenario`)
                 {"reset": true}                     back to the first scenario; nothing handed out, nothing logged
                 {"end_tokens": true}                every access token ends; refresh tokens stay
                 {"end_refreshes": true}             every refresh token ends
                 {"approve": USER_CODE}, {"deny": USER_CODE}
                 {"sign_in": {"person", "scopes"}}   a sign-in without a browser; answers what a token file needs
GET  /_log       the calls so far, as a list of {operation, service, status, fault, at, …}
GET  /_secrets   every secret handed out so far, as a list
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from awsctx.demo import cloud, federation, login, oidc, portal
from awsctx.demo.ledger import Ledger
from awsctx.demo.scenario import Fault, Scenario
from awsctx.demo.wire import Refused, Request, Response, error, page, redirect
from awsctx.signin.loopback import Gate

CODES = {
    "sso": {400: "InvalidRequestException", 401: "UnauthorizedException", 403: "ForbiddenException",
            404: "ResourceNotFoundException", 429: "TooManyRequestsException"},
    "sso-oidc": {400: "InvalidRequestException", 401: "InvalidClientException", 403: "AccessDeniedException",
                 429: "SlowDownException"},
}  # fmt: skip
"""The exception that a fault with a bare status stands for; any other is InternalServerException."""

SERVICES = (
    ("sso-oidc", oidc.ROUTES),
    ("sso", portal.ROUTES),
    ("signin", federation.ROUTES),
    ("signin", login.ROUTES),
)
ROUTES = {at: route for _, routes in SERVICES for at, route in routes.items()}


class Server(ThreadingHTTPServer):
    """The stand-in's server: 127.0.0.1 only, for this user only (where the system tells who asks), a thread a connection."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, scenario: Scenario, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.first = scenario
        self.ledger = Ledger(scenario)
        self.gate = Gate(self.socket)
        self.stopping = threading.Event()

    @property
    def address(self) -> str:
        """The URL that everything is at."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def respond(self, request: Request) -> tuple[Response, Fault | None]:
        """The answer to one request, and the fault to treat it with."""
        if request.path.startswith("/_"):
            return self._own(request), None
        service, operation = _meant(request)
        with self.ledger.lock:
            fault = self._fault(service, operation)
            latency = self.ledger.scenario.latency
        if latency:
            self.stopping.wait(latency)
        response = _spoilt(fault, service, self.address) if fault else None
        if response is None:
            response = self._perform(service, operation, request)
        entry = {"operation": operation, "service": service, "status": response.status, "at": time.time()}
        with self.ledger.lock:
            self.ledger.calls.append({**entry, "fault": fault.kind if fault else None, **response.detail})
        return response, fault

    def _perform(self, service: str, operation: str, request: Request) -> Response:
        at = (request.method, request.path)
        route = ROUTES.get(at)
        if route is None and request.method == "POST" and request.path == "/":
            return cloud.call(self.ledger, request)
        if route is None:
            return page("Not found", status=404)
        try:
            with self.ledger.lock:
                return route[1](self.ledger, request)
        except Refused as refusal:
            return error(service, refusal.code, refusal.message)

    def _fault(self, service: str, operation: str) -> Fault | None:
        """The first fault that is due for this call; counts it."""
        for number, fault in enumerate(self.ledger.scenario.faults):
            if not fault.concerns(service, operation):
                continue
            seen = self.ledger.fault_hits[number] = self.ledger.fault_hits.get(number, 0) + 1
            if seen > fault.skip and (fault.times is None or seen <= fault.skip + fault.times):
                return fault
        return None

    def _own(self, request: Request) -> Response:
        with self.ledger.lock:
            if request.path == "/_control" and request.method == "POST":
                return _json(self._control(request.json()))
            if request.path == "/_log":
                return _json(self.ledger.calls)
            if request.path == "/_secrets":
                return _json(self.ledger.secrets)
            if request.path == "/_captive":
                return page("Welcome to the hotel", "<p>Please accept the terms of use.")
        return page("Not found", status=404)

    def _control(self, wanted: dict[str, Any]) -> dict[str, Any]:
        ledger = self.ledger
        if wanted.pop("reset", False):
            # In place: threads that wait out a fault still hold this ledger and its lock.
            fresh = Ledger(self.first)
            for name in vars(fresh).keys() - {"lock"}:
                setattr(ledger, name, getattr(fresh, name))
        if wanted.pop("end_tokens", False):
            ledger.signins.clear()
        if wanted.pop("end_refreshes", False):
            ledger.refreshes.clear()
        for verb, decision in (("approve", "approved"), ("deny", "denied")):
            user_code = wanted.pop(verb, None)
            for device in ledger.devices.values():
                if device.user_code == user_code:
                    device.decision = decision
        asked = wanted.pop("sign_in", None)
        if wanted:
            ledger.scenario = ledger.scenario.changed(wanted)
            if "faults" in wanted:
                ledger.fault_hits.clear()
        return self._sign_in(**asked) if asked is not None else {}

    def _sign_in(self, person: str = "", scopes: tuple[str, ...] = ("sso:account:access",)) -> dict[str, Any]:
        grants = ("authorization_code", "refresh_token")
        client = self.ledger.register(tuple(scopes), grants, ("http://127.0.0.1/oauth/callback",))
        signin = self.ledger.sign_in(client, person or self.ledger.scenario.person)
        return {
            "accessToken": signin.access_token,
            "refreshToken": signin.refresh_token,
            "expires": signin.expires,
            "clientId": client.id,
            "clientSecret": client.secret,
            "registrationExpires": client.expires,
        }


def _meant(request: Request) -> tuple[str, str]:
    """The service and the operation of a request."""
    at = (request.method, request.path)
    service = next((service for service, routes in SERVICES if at in routes), "")
    if service:
        return service, ROUTES[at][0]
    return cloud.service_of(request) if at == ("POST", "/") else ("", request.path)


def _spoilt(fault: Fault, service: str, address: str) -> Response | None:
    """What a fault answers instead; None where the right answer is due (late) or where none comes."""
    if fault.kind == "status":
        code = fault.code or CODES.get(service, {}).get(fault.status, "InternalServerException")
        return error(service, code, fault.message, fault.status, fault.retry_after)
    if fault.kind == "html":
        return page("Welcome to the hotel", "<p>Please accept the terms of use.", fault.status or 200)
    if fault.kind == "redirect":
        return redirect(fault.location or f"{address}/_captive")
    if fault.kind == "garbage":
        return Response(body=b'{"accessTok')
    # Nothing is handed out where no answer will come: the caller will ask again, as if it had never asked.
    return Response() if fault.kind in ("empty", "close", "hang") else None


def _json(value: Any) -> Response:
    return Response(body=json.dumps(value).encode())


class Handler(BaseHTTPRequestHandler):
    """Reads a request, writes the answer; keeps the connection (HTTP/1.1)."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # otherwise each call costs 40 ms, waiting for an ACK
    wbufsize = -1  # head and body in one packet
    server: Server

    def setup(self) -> None:
        super().setup()
        self._admitted = self.server.gate.admits(self.client_address)

    def _serve(self) -> None:
        if not self._admitted:  # its secrets open nothing, but a scanner would take them for real ones
            self.close_connection = True
            self._write(page("This is somebody else's", status=403), None)
            return
        split = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(split.query, keep_blank_values=True))
        request = Request(self.command, split.path, query, headers, body)
        try:
            response, fault = self.server.respond(request)
        except (Refused, ValueError, TypeError) as wrong:  # the control endpoint was asked for what there is not
            response, fault = Response(400, f"{wrong}\n".encode(), "text/plain"), None
        self._write(response, fault)

    def _write(self, response: Response, fault: Fault | None) -> None:
        kind = fault.kind if fault else ""
        if kind == "hang" and fault is not None:
            self.server.stopping.wait(fault.seconds or None)
        if kind in ("hang", "close"):
            self.close_connection = True
            return
        if kind == "slow" and fault is not None:
            self.server.stopping.wait(fault.seconds)
        with contextlib.suppress(ConnectionError):  # the caller may have given up meanwhile
            self._head(response)
            self._body(response.body, fault.seconds if fault and kind == "drip" else 0)

    def _head(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _body(self, body: bytes, seconds: float) -> None:
        if not seconds or not body:
            self.wfile.write(body)
            return
        for byte in body:
            self.wfile.write(bytes((byte,)))
            self.wfile.flush()
            if self.server.stopping.wait(seconds / len(body)):
                return

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve

    def handle(self) -> None:
        """Serve the connection until its end, which may come at any time."""
        with contextlib.suppress(ConnectionError, socket.timeout):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr: what was called is at /_log."""
