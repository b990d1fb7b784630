"""What an error tells the person to type works when it is typed."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest
from tests.signin.conftest import Said
from tests.signin.helpers import SignIns
from tests.support import stanza
from tests.tools import locate

import awsctx
from awsctx.demo.sandbox import START_URL
from awsctx.errors import AwsctxError
from awsctx.signin import flow, portal
from awsctx.signin.request import Request
from awsctx.signin.session import Session, login_command

ODD = f'[sso-session "a q"]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n'


@pytest.mark.parametrize(
    ("name", "force", "command"),
    [
        ("worksso", False, "awsctx login worksso"),
        ("worksso", True, "awsctx login worksso --force"),
        ("a q", False, "awsctx login 'a q'"),
        ("it's; $x", True, """awsctx login 'it'"'"'s; $x' --force"""),
        (START_URL, False, f"awsctx login {START_URL}"),
        ("-x", True, "awsctx login --force -- -x"),
        ("\x1b[1m", False, "awsctx login PROFILE"),
    ],
)
def test_the_command_to_sign_in(name: str, force: bool, command: str) -> None:
    assert login_command(name, force=force) == command


@pytest.mark.parametrize(
    ("knobs", "arguments"),
    [
        ({"device": "denied"}, ["--device-code"]),
        ({"device": "never"}, ["--device-code", "--timeout", "1"]),
        ({"authorize": "denied"}, ["--browser"]),
        ({"authorize": "state"}, ["--browser", "--timeout", "1"]),
        ({"authorize": "never"}, ["--browser", "--timeout", "1"]),
        ({}, []),
        ({}, ["--force"]),
    ],
)
def test_after_a_sign_in_that_failed(site: SignIns, knobs: dict[str, object], arguments: list[str]) -> None:
    """Two sessions and no context: without the name there would be nothing to sign in to."""
    site.config.write_text(site.config.read_text() + ODD)
    site.stand_in.control(**knobs)
    done = site.run("login", "a q", *arguments)
    assert done.returncode in (1, 3) and "awsctx login" in done.stderr, done
    (hint,) = [line.partition("awsctx login")[2] for line in done.stderr.splitlines() if "awsctx login" in line]
    typed = shlex.split(hint.partition(";")[0])
    assert typed == ["a q", *arguments]
    site.stand_in.control(authorize="auto", device=0)
    flow = [] if {"--browser", "--device-code"} & set(arguments) else ["--browser"]
    assert site.run("login", *typed, *flow, "--timeout", "30").returncode == 0


def test_a_portal_that_refuses_what_looks_good(here: SignIns, screen: Said) -> None:
    here.sign_in("a q")
    token = flow.ensure(Session("a q", START_URL, "eu-west-1"), Request(), here.environ, screen).token
    here.stand_in.control(end_tokens=True)
    with pytest.raises(portal.TokenRefused) as caught:
        portal.Portal(token).accounts()
    assert caught.value.hints == ("sign in anew with: awsctx login 'a q' --force",)
    here.stand_in.control(faults=[{"operation": "ListAccounts", "kind": "status", "status": 403}])
    with pytest.raises(AwsctxError) as raised:
        portal.Portal(token).accounts()
    assert raised.value.hints == ("sign in anew with: awsctx login 'a q' --force",)


# --- every hint, in every shell ---------------------------------------------------------------------------------------

SHELLS = {
    "bash": ["bash", "-c"],
    "zsh": ["zsh", "-fc"],
    "fish": ["fish", "--no-config", "-c"],
    "nu": [str(locate.tool("nu")), "--no-config-file", "-c"],
}
NAME, OTHER, SESSION = "it's q", "-x y", "a q"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s"}
PROVOKING: list[tuple[list[str], dict[str, str]]] = [
    (["nosuch"], {}),
    (["it's"], {}),
    (["-"], {}),
    (["-c"], {}),
    (["-r", "eu-west-1"], {}),
    (["-s", NAME], {}),
    (["use"], {}),
    (["use", "nosuch", "--foo"], {}),
    (["n", "list", "--foo"], {}),
    (["list", "--foo"], {}),
    (["--foo"], {}),
    (["help", "nosuch"], {}),
    (["use", NAME], KEYS),
    (["use", NAME], {"AWS_DEFAULT_PROFILE": "other", "AWS_PROFILE": "other"}),
    (["-c"], {"AWS_PROFILE": "ghost"}),
    (["-c"], {"AWS_DEFAULT_PROFILE": "ghost"}),
    (["exec", "--", "true"], {"AWS_PROFILE": "ghost"}),
    (["exec"], {}),
    (["exec", "-p", NAME, "--", "no-such-command"], {}),
    (["exec", "-p", NAME, "--keys", "--", "true"], {}),
    (["exec", "-p", OTHER, "--keys", "--", "true"], {}),
    (["exec", "--match", "it*", "--", "aws", "sts", "get-caller-identity"], {}),
    (["exec", "--match", "zzz", "--", "true"], {}),
    (["exec", "--failed"], {}),
    (["exec", "--failed", "--match", "x"], {}),
    (["exec", "--dry-run", "--", "true"], {}),
    (["env", NAME], {}),
    (["env", OTHER], {}),
    (["whoami", NAME], {}),
    (["whoami", NAME, "--all"], {}),
    (["console", NAME], {}),
    (["show", "nosuch"], {}),
    (["copy", "nosuch", "new"], {}),
    (["rename", "nosuch", "new"], {}),
    (["remove", NAME], {}),
    (["add", "new", "--session", "nosuch", "--account", "1", "--role", "r"], {}),
    (["login"], {}),
    (["login", SESSION], {}),
    (["login", SESSION, "--force"], {}),
    (["login", NAME], {}),
    (["login", "lost"], {}),
    (["login", "plain"], {}),
    (["login", "--all", "x"], {}),
    (["logout", "nosuch"], {}),
    (["sync"], {}),
    (["sync", SESSION], {}),
    (["sync", "nosuch"], {}),
    (["setup"], {}),
    (["setup", "--session", "nosuch", "--device-code"], {}),
    (["pin"], {}),
    (["alias", "--shell", "csh"], {}),
    (["doctor"], KEYS),
]
# What a hint leaves to the reader is in capitals, or one of several.
LEFT_OPEN = re.compile(r"\b(NAME|SESSION|COMMAND|SUBCOMMAND|PROFILE|SHELL)\b|bash\|zsh")
COMMAND = re.compile(r"(?:^|[a-z]: |or: )((?:awsctx|unset|set -e|hide-env|eval) .*?)(?:; .*)?$")
# What a shell or awsctx says of a command that was none.
WRONG = ("no such option", "no such command", "unexpected extra argument", "not found", "nu::", "syntax error", "parse error")


@pytest.fixture
def odd(site: SignIns) -> SignIns:
    """Two sessions, and profiles whose names have to be quoted, or are taken for options."""
    grant = {"sso_session": SESSION, "sso_account_id": "123412341234", "sso_role_name": "developer", "region": "eu-west-1"}
    site.config.write_text(
        f'[sso-session "{SESSION}"]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n'
        + stanza(NAME, **grant)
        + stanza(OTHER, **grant)
        + stanza("lost", sso_session="gone q", sso_account_id="1", sso_role_name="r")
        + stanza("plain")
        + "[sso-session zzz]\nsso_start_url = https://zzz.awsapps.com/start\nsso_region = eu-west-1\n"
    )
    folder = site.folder / "commands"
    folder.mkdir()
    (folder / "aws").symlink_to(locate.aws2())
    site.environ["PATH"] += f":{folder}"
    return site


def hinted(text: str) -> list[str]:
    """The commands in what was said, but those that leave a word open."""
    found = []
    for line in text.splitlines():
        line = line.strip().removeprefix("fix: ")
        match = COMMAND.search(line)
        if match and not line.startswith("awsctx: ") and not LEFT_OPEN.search(match[1]):
            found.append(match[1])
    return found


@pytest.mark.parametrize("shell", SHELLS)
def test_each_command_in_a_hint_works_as_it_stands(odd: SignIns, shell: str) -> None:
    env = {"SHELL": f"/usr/bin/{shell}", "HOME": str(odd.folder)}
    hints: dict[str, tuple[str, dict[str, str]]] = {}
    for call, more in PROVOKING:
        done = odd.run(*call, env={**env, **more})
        for command in hinted(done.stderr + (done.stdout if call == ["doctor"] else "")):
            hints.setdefault(command, (" ".join(call), more))
    assert len(hints) >= 20, hints
    wrong = []
    for command, (call, more) in hints.items():
        before = odd.config.read_text()
        done = odd.run(command, command=SHELLS[shell], env={**env, **more})
        said = done.stdout + done.stderr
        if (
            done.returncode in (2, 127)
            or any(word in said for word in WRONG)
            or "no profile named" in said
            or "no session" in said
        ):
            wrong.append((call, command, done.returncode, said))
        odd.config.write_text(before)
    assert not wrong, wrong


def test_no_name_is_put_into_a_command_unquoted() -> None:
    """In the source: what follows a command's words in a text that is put together is the work of a function that quotes."""
    quoting = re.compile(
        r"(quoted|typed|switch_command|login_command|unset_command|unset)\(|^(option|dashes|word|wanted|path)$|^'600' if"
    )
    words = re.compile(r"(?:^|: |; |or )(?:awsctx|unset|set -e|fuser|rm|rmdir|chmod)(?: -{1,2}[a-z-]+| [a-z+0-7]+)* $")
    known = {
        "doctor/machine.py": {"subject.world.shell"},
        "commands/env.py": {"' '.join(names)", "' '.join(_left_over(keys, beside))"},
    }
    known |= {"shell.py": {"PROTOCOL"}, "cli/parsing.py": {"__version__"}, "profiles/edits.py": {"_MEANT[name]"}}
    wrong = []
    for path in Path(awsctx.__file__).parent.rglob("*.py"):
        name = str(path.relative_to(Path(awsctx.__file__).parent))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for text, part in zip(node.values, node.values[1:], strict=False) if isinstance(node, ast.JoinedStr) else ():
                if isinstance(text, ast.Constant) and isinstance(part, ast.FormattedValue) and words.search(str(text.value)):
                    value = ast.unparse(part.value)
                    if not quoting.search(value) and value not in known.get(name, set()):
                        wrong.append((name, node.lineno, text.value, value))
    assert wrong == []


def test_a_name_that_no_command_takes_is_in_no_command(site: SignIns) -> None:
    name, session = "c\u2028d", "s\u2028x"
    grant = {"sso_account_id": "123412341234", "sso_role_name": "developer", "region": "eu-west-1"}
    site.config.write_text(
        f"[sso-session {session}]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n"
        + stanza(name, region="eu-west-1")
        + stanza("e", sso_session=session, **grant)
        + stanza("lost", sso_session="g\u2028x", **grant)
    )
    calls: dict[tuple[str, ...], list[str]] = {
        ("-r", name): ["rename it in the AWS config file"],
        ("rename", name, "x"): ["rename it in the AWS config file"],
        ("login", "lost"): ["sessions that there are: s\\u2028x", "rename it in the AWS config file"],
        ("env", "e"): ["awsctx login PROFILE"],
        ("login", session): ["on a terminal: awsctx login PROFILE", "or choose a flow here: --device-code or --browser"],
    }
    for call, hints in calls.items():
        done = site.run(*call)
        assert [line.strip() for line in done.stderr.splitlines()[1:]] == hints, done
    assert site.run("login", "e", "--browser").returncode == 0
    assert site.ok("env", "e", "--format", "json")
