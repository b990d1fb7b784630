"""`awsctx list`, against the AWS CLI's own list (awsctx(1), SWITCHING)."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pexpect
import pytest
from tests.shells.ptys import token_file
from tests.support import AWSCTX, DEVELOPER, HOSTILE, TESTER, WALKTHROUGH, Home, stanza
from tests.tools import locate

from awsctx.signin import tokens

KEYS = [
    "name", "active", "type", "account_id", "role_name", "region", "output", "sso_session", "guarded", "sign_in", "expires_at",
]  # fmt: skip

ODD = """\
[default]
region = eu-west-1
[profile "a b"]
region = x
[ profile spaced]
[profile a\\b]
[profile]
[profile one two]
[profilefoo bar]
[services s]
s3 =
  endpoint_url = http://x
[profile c]
region = x
  [profile hidden]
[Profile D]
[profile e] trailing
[profile default]
output = json
"""


# The AWS CLI v1 has no such command.
@pytest.mark.parametrize("config", [WALKTHROUGH, ODD, WALKTHROUGH + "".join(map(stanza, HOSTILE)), ""])
def test_the_same_names_in_the_same_order_as_the_aws_cli(home: Home, config: str) -> None:
    home.config.write_text(config, encoding="utf-8")
    home.credentials.write_text("[keys]\naws_access_key_id = a\n[default]\n[profile odd]\n", encoding="utf-8")
    theirs = home.ok("configure", "list-profiles", command=[locate.aws2()])
    assert home.ok("list") == theirs != ""


def test_glob(home: Home) -> None:
    home.config.write_text(WALKTHROUGH + stanza("other"), encoding="utf-8")
    assert home.ok("list", "worksso.*").splitlines() == [DEVELOPER, TESTER]
    assert home.ok("list", "?ther").splitlines() == ["other"]
    done = home.run("list", "x*")
    assert (done.returncode, done.stdout) == (0, "") and "no profile matches 'x*'" in done.stderr


def sign_in(home: Home, **token: object) -> Path:
    path = token_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"accessToken": "secret-token", **token}))
    return path


def test_json(home: Home) -> None:
    home.configure('guard = ["*.tester"]\n')
    home.config.write_text(
        WALKTHROUGH + "[profile role]\nrole_arn = arn:aws:iam::111122223333:role/path/admin\nsource_profile = keys\n"
    )
    home.credentials.write_text("[keys]\naws_access_key_id = AKIA\naws_secret_access_key = secret-key\n", encoding="utf-8")
    home.ok(DEVELOPER)
    end = int(time.time()) + 3600
    sign_in(home, expiresAt=tokens.iso(end))
    out = home.ok("list", "--json")
    developer, tester, role, keys = json.loads(out)
    assert [list(item) for item in (developer, tester, role, keys)] == [KEYS] * 4
    assert developer == {
        "name": DEVELOPER, "active": True, "type": "sso", "account_id": "123412341234", "role_name": "developer",
        "region": "eu-west-1", "output": "json", "sso_session": "worksso", "guarded": False, "sign_in": "valid",
        "expires_at": tokens.iso(end),
    }  # fmt: skip
    assert (tester["active"], tester["guarded"], tester["account_id"]) == (False, True, "43214321")
    assert (role["type"], role["account_id"], role["role_name"], role["sign_in"]) == (
        "assume-role",
        "111122223333",
        "admin",
        None,
    )
    assert (keys["type"], keys["account_id"], keys["region"], keys["expires_at"]) == (
        "shared-credentials-file",
        None,
        None,
        None,
    )
    assert "secret" not in out
    assert [item["name"] for item in json.loads(home.ok("list", "*dev*", "--json"))] == [DEVELOPER]


def test_table(home: Home) -> None:
    sign_in(home, expiresAt=tokens.iso(time.time() + 3 * 3600 + 12 * 60 + 30))
    lines = home.ok("list", "-l").splitlines()
    assert lines[0].split() == ["name", "type", "account", "role", "region", "session", "sign-in"]
    assert lines[1].split() == [DEVELOPER, "sso", "123412341234", "developer", "eu-west-1", "worksso", "valid", "3h12m"]
    for token, word in (({"expiresAt": tokens.iso(1)}, "expired"), ({}, "none")):
        sign_in(home, **token)
        assert home.ok("list", "-l").splitlines()[1].split()[-1] == word


def test_on_a_terminal_the_active_one_is_marked_and_no_name_drives_the_terminal(home: Home) -> None:
    home.config.write_text(WALKTHROUGH + '[profile "a\x1b[31mb"]\nregion = x\n', encoding="utf-8")
    home.ok(TESTER)
    screen = pexpect.run(f"{AWSCTX} list", env=home.environ, cwd=str(home.folder)).decode()
    assert screen.splitlines()[:3] == [f"  {DEVELOPER}", f"* {TESTER}", "  a\\x1b[31mb"]


class Tmux:
    """A real terminal, in which one command runs."""

    def __init__(self, home: Home, command: str) -> None:
        self.home = home
        self.socket = str(home.folder / "tmux")
        self("new-session", "-d", "-x", "80", "-y", "24", command)

    def __call__(self, *arguments: str) -> str:
        return self.home.ok("-S", self.socket, "-f", "/dev/null", *arguments, command=["tmux"])

    def wait(self, text: str) -> str:
        """Until ``text`` is on the screen, which is returned."""
        for _ in range(400):
            screen = self("capture-pane", "-p")
            if text in screen:
                return screen
            time.sleep(0.05)
        raise AssertionError(screen)


def test_bare_awsctx_on_a_terminal_is_fzf(home: Home) -> None:
    home.ok(DEVELOPER)
    tmux = Tmux(home, f"{AWSCTX}; echo status $?; {AWSCTX}; echo status $?; exec cat")
    try:
        assert f"* {DEVELOPER}" in tmux.wait("context>")
        tmux("send-keys", "tester")
        tmux.wait("1/2")
        tmux("send-keys", "Enter")
        assert f"switched to {TESTER}" in tmux.wait("status 0")
        tmux.wait("2/2")
        tmux("send-keys", "Escape")
        tmux.wait("status 130")
        assert home.active() == TESTER
    finally:
        tmux("kill-server")


def test_fzf_answers_in_one_line_whatever_its_users_options_are(home: Home) -> None:
    home.environ["FZF_DEFAULT_OPTS"] = "--multi --print-query --expect=ctrl-x --print0"
    tmux = Tmux(home, f"{AWSCTX}; echo status $?; exec cat")
    try:
        tmux.wait("context>")
        tmux("send-keys", "tester")
        tmux.wait("1/2")
        tmux("send-keys", "Enter")
        assert f"switched to {TESTER}" in tmux.wait("status 0")
    finally:
        tmux("kill-server")


def test_fzf_gets_the_columns_a_preview_and_what_was_typed(home: Home, tmp_path: Path) -> None:
    home.config.write_text(home.config.read_text() + stanza("it's $(touch pwned)", sso_role_name="odd", sso_account_id="999"))
    tmux = Tmux(home, f"tmux -S {home.folder / 'tmux'} resize-window -x 160; sleep 0.5; {AWSCTX} 999; echo status $?; exec cat")
    try:
        shown = tmux.wait("sso_role_name = odd")
        assert "context> 999" in shown and re.search(r"pwned\) +999 +odd ", shown)
        tmux("send-keys", "Enter")
        assert "switched to it's $(touch pwned)" in tmux.wait("status 0")
        assert not (home.folder / "pwned").exists()
    finally:
        tmux("kill-server")


def test_an_fzf_that_cannot_be_run_is_as_good_as_none(home: Home, tmp_path: Path) -> None:
    (tmp_path / "fzf").write_text("#!/no/such/interpreter\n")
    (tmp_path / "fzf").chmod(0o755)
    tmux = Tmux(home, f"PATH={tmp_path}:$PATH {AWSCTX}; echo status $?; exec cat")
    try:
        tmux.wait(f"  {TESTER}")
        tmux("send-keys", "tester")
        tmux("send-keys", "Enter")
        assert f"switched to {TESTER}" in tmux.wait("status 0")
    finally:
        tmux("kill-server")


def test_a_torn_token_is_named(home: Home) -> None:
    token = token_file(home)
    token.parent.mkdir(parents=True, exist_ok=True)
    token.write_text('{"accessToken": "x", "expi')
    for call in (["-l"], ["--json"]):
        done = home.run("list", *call)
        assert done.returncode == 0 and done.stdout
        assert done.stderr.startswith("awsctx: the sign-in file of session 'worksso' is damaged: ~/.aws/sso/cache/"), done
        assert "fix it with: awsctx login worksso" in done.stderr
