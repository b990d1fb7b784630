"""The environments and profiles of which it is asked what botocore and AWS SDK for JavaScript v3 take, and a stand-in of the
services behind them, whose keys say where they come from. `python -m tests.scenarios.sdks.combinations` writes the table."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.support import Home
from tests.tools import locate

from awsctx.demo.sandbox import write_token

HERE = Path(__file__).parent
TABLE = HERE / "taken.tsv"
END = "2099-01-01T00:00:00Z"
REGION, OTHERS, DEFAULTS = "eu-west-1", "eu-west-3", "eu-central-1"
UNNAMED = "-"  # AWS_PROFILE is not set

ENVIRONMENTS: dict[str, dict[str, str]] = {
    "nothing": {},
    "keys": {"AWS_ACCESS_KEY_ID": "variables", "AWS_SECRET_ACCESS_KEY": "s"},
    "keys and token": {"AWS_ACCESS_KEY_ID": "variables", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"},
    "half keys": {"AWS_ACCESS_KEY_ID": "variables"},
    "web identity": {"AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/web", "AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/variables"},
    "role alone": {"AWS_ROLE_ARN": "arn:aws:iam::111111111111:role/variables"},
    "container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{address}/container"},
    "bearer token": {"AWS_BEARER_TOKEN_BEDROCK": "b"},
    "default profile": {"AWS_DEFAULT_PROFILE": "other"},
    "keys, default profile": {"AWS_ACCESS_KEY_ID": "variables", "AWS_SECRET_ACCESS_KEY": "s", "AWS_DEFAULT_PROFILE": "other"},
    "region": {"AWS_REGION": "eu-north-1"},
    "default region": {"AWS_DEFAULT_REGION": "us-east-2"},
    "both regions": {"AWS_REGION": "eu-north-1", "AWS_DEFAULT_REGION": "us-east-2"},
}
_SSO = "sso_session = s\nsso_account_id = 111111111111\nsso_role_name = {name}.sso"
_KEYS = "aws_access_key_id = {name}.keys\naws_secret_access_key = s"
_PROCESS = "credential_process = cat {home}/{name}.json"
# Their sections in the config file. `both` ones have two kinds of credentials.
PROFILES = {
    "sso": _SSO,
    "role": "role_arn = arn:aws:iam::111111111111:role/role.role\nsource_profile = other",
    "keys": _KEYS,
    "shared": "",  # its keys are in the credentials file
    "process": _PROCESS,
    "login": "login_session = arn:aws:iam::111111111111:user/login",
    "web": "role_arn = arn:aws:iam::111111111111:role/web.web\nweb_identity_token_file = {home}/web",
    "empty": "",
    "both-sso-keys": f"{_SSO}\n{_KEYS}",
    "both-sso-process": f"{_SSO}\n{_PROCESS}",
    "both-process-keys": f"{_PROCESS}\n{_KEYS}",
    "two words": _KEYS,
}
# What is a profile's own and the same to both: exec has them take it, whatever is set.
PLAIN = ("sso", "role", "keys", "shared", "process", "login", "web")

Taken = tuple[str, str]  # credentials, region


@dataclass(frozen=True)
class Answer:
    """What both take in an environment with AWS_PROFILE set to a profile."""

    environment: str
    profile: str
    botocore: Taken
    javascript: Taken


@dataclass(frozen=True)
class Place:
    """A home with all the profiles, and the address of what stands in for AWS."""

    home: Home
    address: str

    def environ(self, environment: str, profile: str) -> dict[str, str]:
        """The variables of one combination."""
        filled = {
            name: value.format(home=self.home.folder, address=self.address) for name, value in ENVIRONMENTS[environment].items()
        }
        return {**self.home.environ, **filled, **({} if profile == UNNAMED else {"AWS_PROFILE": profile})}


def combinations() -> list[tuple[str, str]]:
    """Each environment with each profile."""
    return [(environment, profile) for environment in ENVIRONMENTS for profile in (*PROFILES, UNNAMED)]


@contextlib.contextmanager
def place(folder: Path) -> Iterator[Place]:
    """Lay out the home in ``folder``, and stand in for AWS while it is open."""
    home = Home(folder)
    sections = [
        f"[default]\nregion = {DEFAULTS}\naws_access_key_id = default.keys\naws_secret_access_key = s\n",
        f"[profile other]\nregion = {OTHERS}\naws_access_key_id = other.keys\naws_secret_access_key = s\n",
        "[sso-session s]\nsso_start_url = https://s.awsapps.com/start\nsso_region = eu-west-1\n",
    ]
    for name, body in PROFILES.items():
        header = f'[profile "{name}"]' if " " in name else f"[profile {name}]"
        sections.append(f"{header}\nregion = {REGION}\n{body.format(name=name, home=folder)}\n")
        keys = {"Version": 1, "AccessKeyId": f"{name}.process", "SecretAccessKey": "s"}
        (folder / f"{name}.json").write_text(json.dumps(keys))
    home.config.write_text("".join(sections))
    home.credentials.write_text("[shared]\naws_access_key_id = shared.keys\naws_secret_access_key = s\n")
    (folder / "web").write_text("a.web.token")
    end = 4070908800
    token = {"accessToken": "t", "refreshToken": "", "clientId": "c", "clientSecret": "s"}
    write_token(folder, "s", {**token, "expires": end, "registrationExpires": end}, "https://s.awsapps.com/start")
    _write_login(folder)
    with _services() as address:
        endpoints = {f"AWS_ENDPOINT_URL_{service}": address for service in ("SSO", "STS", "SSO_OIDC")}
        home.environ |= {"AWS_ENDPOINT_URL": address, **endpoints, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        yield Place(home, address)


def ask_both(environs: Sequence[Mapping[str, str]], here: Place) -> list[tuple[Taken, Taken]]:
    """What botocore and JavaScript take in each of ``environs``: one process each."""
    botocore = _asked([sys.executable, str(HERE / "by_botocore.py")], environs, here)
    javascript = _asked(["node", str(HERE / "by_javascript.js")], environs, here)
    return list(zip(botocore, javascript, strict=True))


def _asked(command: list[str], environs: Sequence[Mapping[str, str]], here: Place) -> list[Taken]:
    done = subprocess.run(
        command,
        env=here.home.environ,
        cwd=locate.sdk_js(),
        input=json.dumps(environs),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [(keys, region) for keys, region in json.loads(done.stdout)]


def taken(folder: Path) -> list[Answer]:
    """What both take in all the combinations."""
    with place(folder) as here:
        wanted = combinations()
        both = ask_both([here.environ(*combination) for combination in wanted], here)
        return [Answer(*combination, *answers) for combination, answers in zip(wanted, both, strict=True)]


def rows(answers: list[Answer]) -> str:
    """The table's text."""
    head = "\t".join(["environment", "AWS_PROFILE", "botocore", "its region", "JavaScript", "its region"])
    lines = ["\t".join([a.environment, a.profile, *a.botocore, *a.javascript]) for a in answers]
    return "\n".join([head, *lines, ""])


def recorded() -> list[Answer]:
    """The committed table."""
    found = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    return [Answer(e, p, (keys, region), (js_keys, js_region)) for e, p, keys, region, js_keys, js_region in found]


def _write_login(home: Path) -> None:
    """The sign-in of the profile `login`, with keys that have not ended."""
    keys = {
        "accessKeyId": "login.login",
        "secretAccessKey": "s",
        "sessionToken": "t",
        "accountId": "111111111111",
        "expiresAt": END,
    }
    token = {
        "accessToken": keys,
        "tokenType": "aws_sigv4",
        "refreshToken": "r",
        "idToken": "i",
        "clientId": "c",
        "dpopKey": "k",
    }
    cache = home / ".aws" / "login" / "cache"
    cache.mkdir(parents=True)
    name = hashlib.sha256(b"arn:aws:iam::111111111111:user/login").hexdigest()
    (cache / f"{name}.json").write_text(json.dumps(token))


class _Service(BaseHTTPRequestHandler):
    """The portal, STS and a container's endpoint: the access key id that each gives is the name of the role, or `container`."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/container":
            self._send({"AccessKeyId": "container", "SecretAccessKey": "s", "Token": "t", "Expiration": END})
        else:
            role = parse_qs(url.query)["role_name"][0]
            keys = {"accessKeyId": role, "secretAccessKey": "s", "sessionToken": "t", "expiration": 4070908800000}
            self._send({"roleCredentials": keys})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        action, role = form["Action"][0], form["RoleArn"][0].rpartition("/")[2]
        keys = f"<AccessKeyId>{role}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        body = f"<Credentials>{keys}<Expiration>{END}</Expiration></Credentials>"
        self._send(f"<{action}Response><{action}Result>{body}</{action}Result></{action}Response>")

    def _send(self, value: object) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        self.send_response(200)
        self.send_header("Content-Type", "text/xml" if isinstance(value, str) else "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def _services() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[variable]
    with tempfile.TemporaryDirectory() as temporary:
        TABLE.write_text(rows(taken(Path(temporary))), encoding="utf-8")
