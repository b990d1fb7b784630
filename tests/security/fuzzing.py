"""Calls of awsctx at random: one server process that has imported all of it, and forks for each call."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support import DEVELOPER, TESTER, WALKTHROUGH, Home

from awsctx.core import completions

SECONDS = 60

# --- what a call may be ---------------------------------------------------------------------------------------------

# What is declared, so that a new option is fuzzed from its first day on; the demo would stay.
CALLS = {name: call for name, call in completions.CALLS.items() if name != "demo"}
SUBCOMMANDS = [*CALLS, "_complete", "_hook", "-c", "-d", "-", "-u", "-s", "-r"]
OPTIONS = [*sorted({option for *_, options in CALLS.values() for option in options}), "--no-such-option", "--"]
WORDS = [
    DEVELOPER, TESTER, f"{TESTER}@eu-west-1", "worksso", "x=y", f"new={TESTER}", "new=.", ".", ".@eu-west-1", "-", "", " ", "@",
    "a@", "@eu-west-1", "eu-west-1", "bash", "zsh", "fish", "sh", "json", "process", "true", "false", "*", "[", "1", "-1", "0",
    "9" * 30, "9" * 5000, "1e999", "nan", "x" * 5000, "a\x1b[31mb", "a\nb", "a\u2028b", "\udcff", "ü", "{", "{session}", "{0}",
    "%s", "$(id)", "https://x.awsapps.com/start", "file:///etc/passwd", "http://[", "111122223333", "no-such-command", "/", "=",
]  # fmt: skip
# What options do not get: a folder of this machine's to write to.
TAME = {"--out": ["out", "a/b", "", ".", "\udcff", "config", "x" * 300]}
# Calls that the declarations do not tell; W is any word.
SHAPES = [
    "W", "W -s", "- -y", "-c", "-r W", "-u", "exec -p=W -r=W -q -- true W", "exec -c=true -p=W", "exec --all -- true W",
    "exec --match=* -r=W -j=W --json -- printf W", "exec --match=W --out=out -- true", "exec --failed",
    "exec --failed -j=1 --json",
    "setup --session=W --start-url=W --sso-region=W --scopes=W --account=W --role=W --region=W --device-code",
    "setup --session=W --start-url=W --sso-region=W --output=W --profile=W --browser --no-browser --timeout=1",
    "login W --force --device-code --no-browser --timeout=W", "_complete W W W", "_hook",
]  # fmt: skip
VARIABLES = [
    "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWSCTX_CALL",
    "AWSCTX_HOOK", "AWSCTX_EXPORTED", "AWSCTX_REPLY", "AWSCTX_SHELL_PREVIOUS", "AWSCTX_REGION", "AWSCTX_DEBUG",
    "AWSCTX_ASKING", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWSCTX_STATE_FILE", "AWSCTX_CONFIG",
    "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE", "AWS_CA_BUNDLE", "SHELL", "LANG", "LC_ALL", "COLUMNS", "TERM", "NO_COLOR",
    "HOME", "SSH_CONNECTION", "BROWSER", "XDG_STATE_HOME", "AWSCTX_ANSWER", "AWSCTX_MEMORY", "AWSCTX_PARENT", "AWSCTX_LOCK",
    "AWSCTX_OLD_REGION", "AWSCTX_OLD_DEFAULT_REGION", "AWS_BEARER_TOKEN_BEDROCK", "AWS_MCP_PROXY_PROFILES", "KUBECONFIG",
    "CLAUDECODE",
]  # fmt: skip
# What a hook hands over, more or less.
HANDED = [
    "bash 2 1 {home}/.local/state/awsctx/shells/1-a", "fish 2 x {home}/shells/1-a", "zsh 1 1 /shells/x",
    "bash 2 1 relative", "bash 2",
    "\t" * 14, "a\t\t\t\t\t\ta\t\t\tstate\t\t1\t\t\t", "a\\\\t\t" * 7 + "\t" * 7, "stays:", "state:", "x:y", "1:2 3", "=", "\\",
]  # fmt: skip
AWS_LINES = [
    "[default]", "[profile a]", "[profile a b]", '[profile "a b"]', "[profile 'a]", "[DEFAULT]", "[]", "[", "[sso-session s]",
    "[sso-session worksso]", "[services s]", "region = eu-west-1", "region =", "  x = y", "  [profile z]", "junk", "=", "= x",
    "source_profile = a", "source_profile = " + TESTER, "role_arn = arn:aws:iam::1:role/r", "role_arn = :", "sso_session = s",
    "sso_session = worksso", "sso_start_url = x", "sso_region = " + "x" * 200, "sso_account_id = 1", "sso_role_name = \x1b[31m",
    "credential_process = /no/such", "credential_source = Nothing", "aws_access_key_id = A", "aws_secret_access_key = S",
    "s3 =", "endpoint_url = http://[", "# c", "\ufeff", "\x00", "a\u2028b = c", "output = \x1b]0;x\x07", "%(x)s = %(x)s",
    "duration_seconds = x", "mfa_serial = m", "sso_registration_scopes = ,,", "login_session = x", "awsctx_sync = worksso",
]  # fmt: skip
TOML = [
    'follow = "never"', "follow = 1", 'guard = ["*"]', "guard = [1]", "guard = []", "[prompt]", "time = true", "time = 1",
    "[sync.worksso]", 'name = "{x}"', 'name = "{session"', "match = [1]", "x = " + "9" * 5000, "x = " + "[" * 5000, "[", "=",
    "\x00", "\x1bx = 1", "a.b.c = 1", '"" = 1', "[[sync]]", "sync = 1", "d = 1979-05-27", "f = nan", "\ufeff", 'guard = ["["]',
]  # fmt: skip
STATE = [
    "",
    DEVELOPER,
    "gone",
    "eu-west-1",
    "x y z",
    "-1 -",
    "9" * 5000 + " -",
    "guarded",
    "unguarded",
    "\x1b",
    "awsctx 1",
    "\t",
    "a\tb\tc",
]
PINS = [
    DEVELOPER,
    f"{TESTER}@eu-west-3",
    "gone",
    "",
    " ",
    "\x1b[31m",
    "a\nb",
    "@",
    ".",
    "-",
    "x" * 100_000,
    "\xff",
    "$(id)",
    "../x",
]
LAST_RUNS = [
    {}, [], None, {"command": 1, "contexts": []}, {"command": ["true"], "contexts": [[DEVELOPER, ""]]}, {"contexts": [[1, 2]]},
    {"command": [], "pipeline": 1, "contexts": [["a", "b"]]}, {"command": ["true", 1], "contexts": [[TESTER, "x y"]],
     "keep": "a"},
    {"command": ["\x1b"], "contexts": [["\x1b", "\n"]], "keys": "x"}, {"command": ["true"], "contexts": "ab"},
    {"command": [["a"]]},
]  # fmt: skip
KUBECONFIGS = [
    "users: [{name: u, user: {exec: {env: [{name: AWS_PROFILE, value: " + DEVELOPER + "}]}}}]", "a: &a [*a]",
    "!!python/name:os.system {}",
    "a: &a [x, x]\nb: &b [*a, *a]\nusers: *b", "{" * 3000, "users: &u [*u]", "\x1b", "users: {}",
    "%YAML 9.9\n---\n", "users:\n- 1\n- name: [a]",
    "users: [{user: {exec: {args: [--profile, \"\x1b\"]}}}]", "- &a\n  <<: *a", "? [a, b]\n: c",
]  # fmt: skip
TOKENS: list[Any] = [
    None, 1, [], "x", {}, {"accessToken": 1}, {"accessToken": "a", "expiresAt": 9e99}, {"accessToken": "a", "expiresAt": "x"},
    {"accessToken": "a", "expiresAt": "9999-99-99T99:99:99Z"}, {"accessToken": "a", "expiresAt": "2099-01-01T00:00:00Z"},
    {"accessToken": "\x1b", "expiresAt": "2000-01-01T00:00:00Z", "refreshToken": [], "registrationExpiresAt": {}},
    {"accessToken": "a", "expiresAt": "0000-00-00T00:00:00Z", "region": 1, "startUrl": None, "clientId": {}},
]  # fmt: skip


class Call:
    """One call, and the files that it finds."""

    def __init__(self, chance: random.Random) -> None:
        self.argv = _argv(chance)
        self.environ = {}
        for _ in range(chance.choice((0, 0, 1, 2, 4))):
            name = chance.choice(VARIABLES)
            handed = name.startswith("AWSCTX_") and chance.random() < 0.7
            self.environ[name] = chance.choice(HANDED if handed else WORDS).replace("\0", "")
        if self.environ.get("HOME", "").startswith("/"):
            del self.environ["HOME"]  # root would write there
        self.files = {
            "config": _text(chance, AWS_LINES, WALKTHROUGH),
            "credentials": _text(chance, AWS_LINES, ""),
            "settings": _text(chance, TOML, "") if chance.random() < 0.3 else None,
            "state": _text(chance, STATE, "") if chance.random() < 0.3 else None,
            "token": _token(chance),
            "pin": chance.choice(PINS).encode("utf-8", "surrogateescape") if chance.random() < 0.2 else None,
            "last run": json.dumps(chance.choice(LAST_RUNS)).encode() if chance.random() < 0.2 else None,
            "kubeconfig": chance.choice(KUBECONFIGS).encode() if chance.random() < 0.2 else None,
        }

    def put(self, home: Home, token: Path) -> None:
        for name, path in (
            *((name, getattr(home, name)) for name in ("config", "credentials", "settings", "state")),
            ("token", token),
            ("pin", home.folder / ".awsctx"),
            ("last run", home.state.with_name("state.last-run")),
            ("kubeconfig", home.folder / ".kube" / "config"),
        ):
            content = self.files[name]
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)

    def __repr__(self) -> str:
        return f"argv={self.argv!r}\nenviron={self.environ!r}\nfiles={self.files!r}"


def _argv(chance: random.Random) -> list[str]:
    """Mostly a call that there is, with some of its options; else any words."""
    if chance.random() < 0.3:
        words = [chance.choice(SUBCOMMANDS)] if chance.random() < 0.8 else []
        return words + [
            chance.choice(OPTIONS if chance.random() < 0.4 else WORDS) for _ in range(chance.choice((0, 1, 1, 2, 3, 8)))
        ]
    if chance.random() < 0.7:
        return _declared(chance, chance.choice(list(CALLS)))
    first, *options = chance.choice(SHAPES).split()
    words = [first]
    for option in options:
        if chance.random() < 0.5 or option[0] != "-":
            words += option.split("=")
    return [chance.choice(WORDS if chance.random() < 0.5 else WORDS[:4]) if word == "W" else word for word in words]


def _declared(chance: random.Random, name: str) -> list[str]:
    """A call of that subcommand, as it is declared."""
    _, kinds, repeats, options = CALLS[name]
    words = [name] if name else []
    for option, (kind, _) in options.items():
        if chance.random() < 2 / (len(options) + 2) and option not in ("-h", "--help", "--version"):
            words += [option] if kind == "flag" else [option, _value(chance, option, kind)]
    many = chance.choice((1, 1, 2)) if repeats else 1
    words += [_value(chance, "", kind) for kind in kinds for _ in range(many) if chance.random() < 0.8]
    return words


def _value(chance: random.Random, option: str, kind: str) -> str:
    if option in TAME:
        return chance.choice(TAME[option])
    if "|" in kind and chance.random() < 0.7:
        return chance.choice(kind.split("|"))
    return "true" if kind == "command" else chance.choice(WORDS if chance.random() < 0.5 else WORDS[:4])


def _text(chance: random.Random, lines: list[str], whole: str) -> bytes | None:
    if chance.random() < 0.4:
        return whole.encode() if whole else None
    text = whole + "".join(chance.choice(lines) + chance.choice(("\n", "\n", "\r\n", "")) for _ in range(chance.randrange(12)))
    content = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.1 and content:  # one byte otherwise
        at = chance.randrange(len(content))
        content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
    return content


def _token(chance: random.Random) -> bytes | None:
    if chance.random() < 0.5:
        return None
    if chance.random() < 0.2:
        return chance.choice([b"", b"{", b"\xff", b"[" * 100_000, b'{"accessToken": ' + b"9" * 5000 + b"}"])
    return json.dumps(chance.choice(TOKENS)).encode()


# --- how it is run --------------------------------------------------------------------------------------------------

SERVER = """if True:
    import json, os, signal, sys
    import awsctx.__main__ as front, awsctx.cli.app
    import boto3, botocore.session, botocore.client, tomllib, filelock
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if not child:
            os.setsid()
            os.environ.clear()
            os.environ.update(job["environ"])
            os.chdir(job["folder"])
            for fd, path in ((1, job["out"]), (2, job["err"])):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), fd)
            os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
            signal.alarm(job["seconds"])
            sys.argv = ["awsctx", *job["argv"]]
            try:
                status = front.main()
            except SystemExit as e:
                status = e.code or 0
            sys.stdout.flush()
            os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        print(status, flush=True)
"""


@contextmanager
def server() -> Iterator[subprocess.Popen[str]]:
    environ = {**os.environ, "AWS_EC2_METADATA_DISABLED": "true"}
    pipe: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([sys.executable, "-W", "ignore", "-c", SERVER], env=environ, text=True, **pipe) as process:
        yield process


def run(process: subprocess.Popen[str], home: Home, call: Call) -> str:
    """Make the call. What is wrong with how it ended; empty: nothing."""
    out, err = home.folder / "out", home.folder / "err"
    safe = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ENDPOINT_URL_SIGNIN": "http://127.0.0.1:9"}
    environ = {**home.environ, "BROWSER": "true", "AWS_MAX_ATTEMPTS": "1", **call.environ, **safe}
    environ = {name: value.replace("{home}", str(home.folder)) for name, value in environ.items()}
    job = {
        "argv": call.argv,
        "environ": environ,
        "folder": str(home.folder),
        "seconds": SECONDS,
        "out": str(out),
        "err": str(err),
    }
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps(job) + "\n")
    process.stdin.flush()
    status = int(process.stdout.readline())
    said, told = out.read_bytes(), err.read_bytes()
    if status == -signal.SIGALRM:
        return f"hangs for more than {SECONDS} seconds"
    if status < 0:
        return f"killed by {signal.Signals(-status).name}"
    if b"Traceback" in told or b"error of awsctx itself" in told:
        return told.decode(errors="replace")
    internal = call.argv[:1] in (["_complete"], ["_hook"])
    if status and not (said or told or internal or "false" in call.argv):
        return f"silent, with exit code {status}"
    if b"\x1b" in told and "--debug" not in call.argv and "AWSCTX_DEBUG" not in call.environ:
        return f"an escape reaches the terminal: {told!r}"
    return ""
