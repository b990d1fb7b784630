"""`awsctx setup`: steps 2 and 3 of the walkthrough, typed at the real prompts; and by options, without a terminal."""

from __future__ import annotations

import re
import shlex
import time

import botocore.configloader
import pexpect
import pytest
from tests.signin.helpers import SignIns, ended, no_secret, plain
from tests.support import AWSCTX, DEVELOPER, WALKTHROUGH, stanza
from tests.tools import locate

from awsctx.demo.sandbox import START_URL

SESSION = WALKTHROUGH.partition("[profile")[0]
STANZA = """\
[profile worksso.developer]
sso_session = worksso
sso_account_id = 123412341234
sso_role_name = developer
region = eu-west-1
output = json
"""
OPTIONS = ["--session", "worksso", "--start-url", START_URL, "--sso-region", "eu-west-1"]
ROLE = ["--account", "123412341234", "--role", "developer", "--region", "eu-west-1", "--output", "json"]

# What is asked, and what one types; the pattern is a question of either tool's.
TYPED = [
    (r"SSO session name( \(Recommended\))?:", "worksso"),
    (r"SSO start URL \[None\]:", START_URL),
    (r"SSO region \[None\]:", "eu-west-1"),
    (r"SSO registration scopes \[sso:account:access\]:", ""),
    (r"There are 2 AWS accounts available to you\.", ""),
    (r"Default client Region \[None\]:", "eu-west-1"),
    (r"CLI default output format \(json if not specified\) \[None\]:", "json"),
    (r"Profile name \[[\w.-]+\]:", ""),
]


@pytest.fixture
def empty(site: SignIns) -> SignIns:
    """A home without ~/.aws/config."""
    site.config.unlink()
    return site


def test_the_walkthrough_typed(empty: SignIns) -> None:
    child = empty.at_terminal("setup")
    for question, answer in TYPED:
        child.expect(question)
        if "accounts available" in question:
            child.expect("account> ")
            child.send("devel")
            child.expect("1/2")
        child.send(answer + "\r")
    status = ended(child)
    said = plain(child.before)
    assert status == 0, said
    assert empty.config.read_text() == SESSION + STANZA
    assert "switch to it with: awsctx worksso.developer" in said
    shown = empty.ok("show", DEVELOPER)  # step 3
    for line in (SESSION + STANZA).splitlines():
        assert line in shown
    done = empty.run("sts", "get-caller-identity", "--profile", DEVELOPER, command=[locate.aws2()])
    assert "123412341234" in done.stdout
    no_secret(empty.stand_in, said)


def test_aws_configure_sso_asks_the_same_in_the_same_order(empty: SignIns) -> None:
    """The same play, on the real thing (it needs a terminal that answers where the cursor is; this one does not)."""
    environ = {**empty.environ, "COLUMNS": "120", "PROMPT_TOOLKIT_NO_CPR": "1"}
    child = pexpect.spawn(str(locate.aws2()), ["configure", "sso"], env=environ, encoding="utf-8", dimensions=(40, 120))
    for question, answer in TYPED:
        child.expect(question)
        time.sleep(0.3)  # prompt_toolkit discards what comes before it has drawn its prompt
        child.send(answer + "\r")
    assert ended(child) == 0
    # Both write the same but for the profile's name and the order of the two sections.
    theirs = empty.config.read_text()
    assert sections(theirs.replace("developer-123412341234", DEVELOPER)) == sections(SESSION + STANZA)


INLINE = f"sso_start_url = {START_URL}\nsso_region = eu-west-1\n"
SCOPES, REGION, OUTPUT = "SSO registration scopes", "Default client Region", "CLI default output format"
DEFAULTS = {  # the config, AWS_PROFILE and the like, what is typed as the session's name, and each question's default
    "the session of a profile": (
        SESSION + stanza("mine", sso_session="worksso", region="us-west-2", output="text"),
        {"AWS_PROFILE": "mine", "AWS_DEFAULT_PROFILE": "other"},
        "",
        {"SSO session name": "worksso", REGION: "us-west-2", OUTPUT: "text"},
    ),
    "the profile default, in both files": (
        SESSION + stanza("other") + "[default]\nregion = mars-1\noutput = xml\n",
        {},
        "worksso",
        {"SSO session name": None, REGION: "mars-1", OUTPUT: "yaml"},
    ),
    "inline keys": (
        f"[default]\n{INLINE}",
        {},
        "new",
        {"SSO session name": None, "SSO start URL": START_URL, "SSO region": "eu-west-1", SCOPES: "sso:account:access"}
        | {REGION: "None", OUTPUT: "None"},
    ),
    "a session that the config lacks": (
        stanza("mine", sso_session="gone", sso_start_url=START_URL, sso_region="eu-west-1", output="table"),
        {"AWS_DEFAULT_PROFILE": "mine"},
        "",
        {"SSO session name": "gone", "SSO start URL": START_URL, "SSO region": "eu-west-1", SCOPES: "sso:account:access"}
        | {REGION: "None", OUTPUT: "table"},
    ),
    "another session than the profile's": (
        SESSION + stanza("mine", sso_session="gone", region="us-west-2"),
        {"AWS_PROFILE": "mine"},
        "worksso",
        {"SSO session name": "gone", REGION: "us-west-2", OUTPUT: "None"},
    ),
    "a profile that does not exist": (
        SESSION + "[default]\nregion = us-west-2\n",
        {"AWS_PROFILE": "nobody"},
        "worksso",
        {"SSO session name": None, REGION: "None", OUTPUT: "None"},
    ),
}


@pytest.mark.parametrize("case", DEFAULTS)
@pytest.mark.parametrize("tool", ["awsctx", "aws"])
def test_enter_takes_the_defaults_of_aws_configure_sso(site: SignIns, tool: str, case: str) -> None:
    config, env, name, asked = DEFAULTS[case]
    site.stand_in.control(accounts=[{"id": "1", "name": "only", "roles": ["one"]}])
    site.config.write_text(config)
    site.credentials.write_text("[default]\noutput = yaml\n" if "[default]\nregion = mars" in config else "")
    environ = {**site.environ, **env, "COLUMNS": "120", "PROMPT_TOOLKIT_NO_CPR": "1"}
    call = (str(locate.aws2()), ["configure", "sso"]) if tool == "aws" else (str(AWSCTX), ["setup"])
    child = pexpect.spawn(*call, env=environ, encoding="utf-8", dimensions=(40, 120), timeout=20)
    for question, default in asked.items():
        child.expect(question + r"(?: \([\w ]+\))?(?: \[(.*?)\])?:")
        assert child.match[1] == default
        time.sleep(0.3 if tool == "aws" else 0)
        child.send((name if question == "SSO session name" else "") + "\r")
    if tool == "awsctx" or not env:
        child.expect(r"Profile name \[")  # aws takes the profile in force, which awsctx never changes
        time.sleep(0.3 if tool == "aws" else 0)
        child.send("\r")
    assert ended(child) == 0
    made = botocore.configloader.load_config(str(site.config))
    session = name or asked["SSO session name"]
    assert made["sso_sessions"][session]["sso_start_url"] == START_URL
    profile = next(values for values in made["profiles"].values() if values.get("sso_role_name") == "one")
    assert profile["sso_session"] == session
    assert {REGION: profile.get("region", "None"), OUTPUT: profile.get("output", "None")}.items() <= asked.items()


def sections(text: str) -> list[str]:
    return sorted(re.split(r"^(?=\[)", text, flags=re.MULTILINE))


def test_an_answer_that_cannot_be_is_asked_again(site: SignIns) -> None:
    child = site.at_terminal("setup", "--browser")
    for question, answer, said in (
        ("SSO session name: ", "", "a value is required"),
        ("SSO session name: ", "other", None),
        (r"SSO start URL \[None\]: ", "", "a value is required"),
        (r"SSO start URL \[None\]: ", "worksso.awsapps.com", "is not a start URL"),
        (r"SSO start URL \[None\]: ", "ftp://x/start", "is not a start URL"),
        (r"SSO start URL \[None\]: ", START_URL, None),
        (r"SSO region \[None\]: ", "eu-wst-1", "did you mean: eu-west-1"),
        (r"SSO region \[None\]: ", "eu-west-1", None),
        (r"SSO registration scopes \[sso:account:access\]: ", "a b", "scopes are separated by commas"),
        (r"SSO registration scopes \[sso:account:access\]: ", "sso:account:access, codewhisperer:completions", None),
        ("account> ", "tester@", None),
        ("account> tester@", "\x15tes", None),
        (r"Region \[None\]: ", "mars-1", "'mars-1' is not a region"),
        (r"Region \[None\]: ", "", None),
        (r"output format .* \[None\]: ", "xml", "'xml' is not an output format"),
        (r"output format .* \[None\]: ", "", None),
        (r"Profile name \[other.tester\]: ", DEVELOPER, "there is a profile 'worksso.developer' already"),
        (r"Profile name \[other.tester\]: ", "", None),
    ):
        child.expect(question)
        child.send(answer if answer == "tester@" else answer + "\r")
        if said:
            child.expect(re.escape(said))
    assert ended(child) == 0
    assert site.config.read_text() == WALKTHROUGH + (
        f"[sso-session other]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\n"
        "sso_registration_scopes = sso:account:access,codewhisperer:completions\n"
        "[profile other.tester]\nsso_session = other\nsso_account_id = 43214321\nsso_role_name = tester\n"
    )


def test_an_existing_session_is_offered_and_used_as_it_is(site: SignIns) -> None:
    site.config.write_text(SESSION)
    site.sign_in()
    child = site.at_terminal("setup", "--account", "43214321", "--region", "", "--output", "")
    child.expect("sessions that there are: worksso")
    child.expect("SSO session name: ")
    child.send("work\t\r")  # Tab completes
    child.expect("The only role available to you is: tester")
    child.expect(r"Profile name \[worksso.tester\]: ")
    child.send("\r")
    assert ended(child) == 0
    assert site.config.read_text() == SESSION + (
        "[profile worksso.tester]\nsso_session = worksso\nsso_account_id = 43214321\nsso_role_name = tester\n"
    )
    assert not site.opened()


@pytest.mark.parametrize("at", [0, 3])
def test_ctrl_c_before_the_sign_in_writes_nothing(empty: SignIns, at: int) -> None:
    child = empty.at_terminal("setup")
    for question, answer in TYPED[:at]:
        child.expect(question)
        child.send(answer + "\r")
    child.expect(TYPED[at][0])
    child.sendintr()
    assert ended(child) == 130
    assert not empty.config.exists()


def test_ctrl_c_while_the_browser_is_awaited_writes_nothing(empty: SignIns) -> None:
    empty.stand_in.control(authorize="never")
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access")
    child.expect("waiting for the sign-in")
    child.sendintr()
    assert ended(child) == 130
    assert not empty.config.exists()


@pytest.mark.parametrize(
    ("question", "key"),
    [("account> ", "\x03"), ("account> ", "\x1b"), ("account> ", "\x04"), ("Region", "\x03"), ("Profile name", "\x04")],
)
def test_who_cancels_after_the_sign_in_keeps_the_session(empty: SignIns, question: str, key: str) -> None:
    """The sign-in is good, and the next setup goes on from it."""
    chosen = [] if question == "account> " else ROLE[:4] if question == "Region" else ROLE
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", *chosen)
    child.expect(question)
    child.send(key)
    assert ended(child) == 130
    assert empty.config.read_text() == SESSION
    said = plain(child.before)
    if question != "account> ":  # whose lines are taken away
        assert "\nwrote [sso-session worksso] to ~/.aws/config\n" in said
    assert "\nawsctx: cancelled: the session 'worksso' is kept, no profile is made\n" in said
    (again,) = [line.partition("to go on: awsctx ")[2] for line in said.splitlines() if "to go on: " in line]
    empty.ok(*shlex.split(again), *ROLE)
    assert empty.config.read_text() == SESSION + STANZA
    assert len(empty.opened()) == 1, "one sign-in"


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_all_accounts_at_once_are_offered(empty: SignIns, term: str) -> None:
    """As a choice above those of `aws configure sso`: Enter alone takes the first account, as there."""
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", env={"TERM": term})
    child.expect("There are 2 AWS accounts available to you")
    child.expect_exact("all 2: a profile for each role (awsctx sync)")
    child.send("0\r" if term == "dumb" else "\x1b[A\r")
    child.expect(r"Default client Region \[None\]: ")
    child.send("eu-west-1\r")
    child.expect("CLI default output format")
    child.send("\r")
    child.expect_exact("Write this? [y/N] ")
    assert empty.config.read_text() == SESSION
    child.send("y\r")
    assert ended(child) == 0
    assert plain(child.before).endswith("choose one with: awsctx\n")
    made = botocore.configloader.load_config(str(empty.config))["profiles"]
    assert {values["sso_role_name"]: values["region"] for values in made.values()} == dict.fromkeys(
        ("developer", "tester"), "eu-west-1"
    )


def test_enter_takes_the_first_account(empty: SignIns) -> None:
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", "--region", "", "--output", "")
    child.expect("account> ")
    child.expect("2/2")
    child.send("\r")
    child.expect("Using the account ID 123412341234")
    child.sendintr()
    ended(child)


def test_all_roles_of_the_only_account_are_offered(empty: SignIns) -> None:
    empty.stand_in.control(accounts=[{"id": "123412341234", "name": "only", "roles": ["admin", "reader"]}])
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", "--region", "", "--output", "json")
    child.expect("There are 2 roles available to you")
    child.expect_exact("all 2: a profile for each (awsctx sync)")
    child.expect("2/2")
    child.send("all\r")
    child.expect_exact("Write this? [y/N] ")
    child.send("y\r")
    assert ended(child) == 0
    made = botocore.configloader.load_config(str(empty.config))["profiles"]
    assert sorted(made) == ["worksso.only.admin", "worksso.only.reader"]


@pytest.mark.parametrize("options", [["--role", "tester"], ["--profile", "one"]])
def test_who_has_asked_for_one_profile_is_not_offered_all(empty: SignIns, options: list[str]) -> None:
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", *options)
    child.expect("account> ")
    child.expect("2/2")
    assert "awsctx sync" not in child.before
    child.sendintr()
    ended(child)


@pytest.mark.parametrize(("session", "several"), [("worksso", True), ("worksso", False), ("it's q", True), ("-x", True)])
def test_it_ends_with_what_comes_next(empty: SignIns, session: str, several: bool) -> None:
    """Each as a command that works as it stands."""
    if not several:
        empty.stand_in.control(accounts=[{"id": "123412341234", "name": "only", "roles": ["developer"]}])
    done = empty.run("setup", f"--session={session}", *OPTIONS[2:], *ROLE, "--profile=-my list", "--browser")
    assert done.returncode == 0, done
    switch = done.stderr.partition("switch to it with: ")[2].partition("\n")[0]
    sync = done.stderr.partition("that this sign-in grants: ")[2].partition("\n")[0]
    assert bool(sync) == several
    for line in filter(None, (switch, sync)):
        run = empty.run("-c", line, command=["bash"])
        assert run.returncode == 0 or "nobody is there to ask: nothing written" in run.stderr, run
    assert empty.active() == "-my list"


@pytest.mark.parametrize("typed", [True, False])
def test_a_start_url_needs_no_scheme(empty: SignIns, typed: bool) -> None:
    bare = START_URL.removeprefix("https://")
    if typed:
        child = empty.at_terminal(
            "setup", *OPTIONS[:2], *OPTIONS[4:], "--scopes", "sso:account:access", *ROLE, "--profile", "x"
        )
        child.expect("SSO start URL")
        child.send(bare + "\r")
        assert ended(child) == 0
    else:
        empty.ok("setup", *OPTIONS[:3], bare, *OPTIONS[4:], *ROLE, "--browser")
        empty.ok("setup", *OPTIONS[:3], bare, "--account", "43214321")  # the same session's
    assert f"sso_start_url = {START_URL}\n" in empty.config.read_text()


def test_the_end_of_input_is_a_cancel(empty: SignIns) -> None:
    child = empty.at_terminal("setup")
    child.expect("SSO session name: ")
    child.sendeof()
    assert ended(child) == 130


# --- by options, without a terminal -----------------------------------------------------------------------------------


def test_with_all_given_nothing_is_asked(empty: SignIns) -> None:
    done = empty.run("setup", *OPTIONS, *ROLE, "--scopes", "sso:account:access", "--profile", "x.y", "--device-code")
    assert done.returncode == 0, done
    assert done.stdout == ""
    assert empty.config.read_text() == SESSION + STANZA.replace("worksso.developer", "x.y")
    no_secret(empty.stand_in, done.stderr)


def test_what_has_a_default_need_not_be_given(empty: SignIns) -> None:
    assert empty.run("setup", *OPTIONS, "--account", "43214321", "--browser").returncode == 0
    assert empty.config.read_text() == SESSION + (
        "[profile worksso.tester]\nsso_session = worksso\nsso_account_id = 43214321\nsso_role_name = tester\n"
    )
    done = empty.run("setup", "--session", "worksso", "--account", "worksso development")  # signed in already; by its name
    assert done.returncode == 0, done
    assert "[profile worksso.developer]" in empty.config.read_text()


def test_every_other_byte_stays(site: SignIns) -> None:
    before = "# mine\r\n" + SESSION.replace("\n", "\r\n") + "\r\n; and this\r\n[profile  spaced ]\r\nregion=x"
    site.config.write_bytes(before.encode())
    site.sign_in()
    done = site.run("setup", "--session", "worksso", *ROLE)
    assert done.returncode == 0, done
    after = site.config.read_bytes().decode()
    start = next(at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new)
    end = len(after) - len(before) + start
    assert after[:start] + after[end:] == before
    assert (before[:start][-2:] + after[start:end]).strip() == STANZA.replace("\n", "\r\n").strip()


@pytest.mark.parametrize(
    ("call", "status", "said"),
    [
        ([], 3, "setup needs a sign-in, and there is no terminal"),
        ([*OPTIONS, *ROLE], 3, "session 'worksso' needs a sign-in, and there is no terminal"),
        (["--device-code"], 2, "setup needs --session where nobody can be asked"),
        (["--session", "s", "--device-code"], 2, "setup needs --start-url"),
        ([*OPTIONS, "--device-code"], 2, "setup needs --account"),
        (["--session", "a\nb", "--device-code"], 1, "cannot be the name"),
        (["--session", "s", "--start-url", "x", "--device-code"], 1, "'x' is not a start URL"),
        ([*OPTIONS[:-1], "eu-wst-1"], 1, "did you mean: eu-west-1"),
        ([*OPTIONS, "--scopes", "a b"], 1, "scopes are separated"),
        ([*OPTIONS, "--region", "x"], 1, "'x' is not a region"),
        ([*OPTIONS, "--output", "x"], 1, "'x' is not an output format"),
        ([*OPTIONS, "--output", "jsn"], 1, "did you mean: json"),
        ([*OPTIONS, "--profile", " "], 1, "a profile's name cannot be blank"),
        ([*OPTIONS, "--profile", "-"], 1, "'-' cannot be a profile's name"),
        (["--session", " ", "--device-code"], 1, "a session's name cannot be blank"),
        ([*OPTIONS, "--profile", "taken"], 1, "there is a profile 'taken' already"),
        ([*OPTIONS, "--profile", ""], 1, "--profile needs a value"),
        ([*OPTIONS, "--account", "1", "--device-code"], 1, "does not grant you the account '1'"),
        ([*OPTIONS, "--account", "43214321", "--role", "x", "--device-code"], 1, "does not grant you the role 'x'"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(site: SignIns, call: list[str], status: int, said: str) -> None:
    config = stanza("taken")
    site.config.write_text(config)
    done = site.run("setup", *call)
    assert done.returncode == status, done
    error = next(line for line in done.stderr.splitlines() if line.startswith("awsctx: "))
    assert said in error
    assert site.config.read_text() == config
    if "grant" not in said and said != "setup needs --account":
        assert site.stand_in.count() == 0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["--profile", "taken"], "there is a profile 'taken' already"),
        (["--region", "prod"], "'prod' is not a region"),
        (["--sso-region", "prod"], "'prod' is not a region"),
        (["--start-url", "x"], "'x' is not a start URL"),
        (["--output", "x"], "'x' is not an output format"),
    ],
)
def test_a_wrong_option_is_wrong_before_a_question(site: SignIns, call: list[str], said: str) -> None:
    site.config.write_text(stanza("taken"))
    child = site.at_terminal("setup", *call)
    assert ended(child) == 1
    assert said in child.before and "SSO session name" not in child.before
    done = site.run("setup", *call)
    assert done.returncode == 1 and said in done.stderr


def test_a_profile_in_the_credentials_file_is_in_use_too(site: SignIns) -> None:
    site.sign_in()
    site.credentials.write_text("[keys]\naws_access_key_id = a\n")
    done = site.run("setup", "--session", "worksso", *ROLE, "--profile", "keys")
    assert done.returncode == 1
    assert "there is a profile 'keys' already" in done.stderr
    assert site.config.read_text() == WALKTHROUGH


def test_an_existing_session_is_not_changed(site: SignIns) -> None:
    site.sign_in()
    for option, value in (("--start-url", "https://other/start"), ("--sso-region", "us-east-1"), ("--scopes", "a:b")):
        done = site.run("setup", "--session", "worksso", option, value, *ROLE)
        assert done.returncode == 1
        assert f"there is a session 'worksso' already, and {option} gives another value" in done.stderr
    assert site.config.read_text() == WALKTHROUGH


def test_a_sign_in_that_is_left_of_another_portal_does_not_count(empty: SignIns) -> None:
    empty.sign_in(start_url="https://before.awsapps.com/start")
    assert empty.run("setup", *OPTIONS, *ROLE).returncode == 3
    assert empty.run("setup", *OPTIONS, *ROLE, "--browser").returncode == 0
    assert empty.token()["startUrl"] == START_URL


def test_a_sign_in_that_was_ended_elsewhere_gets_a_successor(site: SignIns) -> None:
    site.sign_in()
    site.stand_in.control(end_tokens=True)
    assert site.run("setup", "--session", "worksso", *ROLE, "--profile", "new").returncode == 3
    assert site.run("setup", "--session", "worksso", *ROLE, "--profile", "new", "--device-code").returncode == 0


def test_where_no_account_is_granted_the_session_is_written(empty: SignIns) -> None:
    empty.stand_in.control(people={"user": []})
    done = empty.run("setup", *OPTIONS, "--browser")
    assert done.returncode == 1
    assert "awsctx: this sign-in does not grant you any AWS account" in done.stderr
    assert empty.config.read_text() == SESSION
    empty.stand_in.control(people={}, accounts=[{"id": "1", "name": "bare", "roles": []}])
    done = empty.run("setup", "--session", "worksso")
    assert done.returncode == 1
    assert "any role in the account 1" in done.stderr
    assert empty.config.read_text() == SESSION


def test_a_config_that_botocore_refuses_is_told_before_anything_else(site: SignIns) -> None:
    site.config.write_text("[a]\nx = 1\n[a]\n")
    done = site.run("setup", *OPTIONS, *ROLE, "--device-code")
    assert done.returncode == 1
    assert re.match(r"awsctx: .*/config:3: ", done.stderr)
    assert site.stand_in.count() == 0


def test_hostile_names_are_data(empty: SignIns) -> None:
    empty.stand_in.control(hostile=True)
    for account, role, profile in (
        ("200000000001", "$(id)", "worksso.id"),
        ("200000000003", "ünï.rôle", "worksso.uni.role"),
        ("200000000004", "a=b;c#d", "worksso.a-b-c-d"),
    ):
        new = [] if empty.config.exists() else OPTIONS[2:]
        done = empty.run("setup", *OPTIONS[:2], *new, "--account", account, f"--role={role}", "--browser")
        assert done.returncode == 0, done
        assert botocore.configloader.load_config(str(empty.config))["profiles"][profile]["sso_role_name"] == role
    child = empty.at_terminal("setup", *OPTIONS[:2], "--browser")
    child.expect("account> ")
    child.send("bell")
    child.expect("1/8")
    child.send("\x03")
    assert ended(child) == 130
    assert "\x07" not in child.before


def test_many_accounts_are_filtered(empty: SignIns) -> None:
    empty.stand_in.control(generate=[300, 2])
    child = empty.at_terminal("setup", *OPTIONS, "--scopes", "sso:account:access", "--region", "", "--output", "")
    child.expect("There are 302 AWS accounts available to you")
    child.expect("account> ")
    child.send("account-0217")
    child.expect("1/302")
    child.send("\r")
    child.expect("Using the account ID 300000000217")
    child.expect("There are 2 roles available to you")
    child.expect("role> ")
    child.send("\x1b[B\r")
    child.expect('Using the role name "role-02"')
    child.expect(r"Profile name \[worksso.role-02\]: ")
    child.send("many\r")
    assert ended(child) == 0
    profile = "[profile many]\nsso_session = worksso\nsso_account_id = 300000000217\nsso_role_name = role-02\n"
    assert empty.config.read_text() == SESSION + profile


def test_a_denied_sign_in_to_a_new_session_is_tried_again_by_setup(empty: SignIns) -> None:
    """No other command knows that session yet."""
    empty.stand_in.control(device="denied")
    done = empty.run("setup", *OPTIONS, *ROLE, "--device-code")
    assert done.returncode == 1 and "was denied in the browser" in done.stderr
    again = shlex.join(["awsctx", "setup", *OPTIONS, *ROLE, "--device-code"])
    assert done.stderr.endswith(f"\n  to try again: {again}\n")
    assert not empty.config.exists()
