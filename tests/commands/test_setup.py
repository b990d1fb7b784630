"""`awsctx setup`: steps 2 and 3 of the walkthrough, typed at the real prompts."""

from __future__ import annotations

import re
import shlex
import time

import pexpect
import pytest
from tests.commands.setting_up import OPTIONS, ROLE, SESSION, STANZA
from tests.signin.helpers import SignIns, ended, no_secret, plain
from tests.support import DEVELOPER, WALKTHROUGH
from tests.tools import locate

from awsctx.demo.sandbox import START_URL

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


def test_a_denied_sign_in_to_a_new_session_is_tried_again_by_setup(empty: SignIns) -> None:
    """No other command knows that session yet."""
    empty.stand_in.control(device="denied")
    done = empty.run("setup", *OPTIONS, *ROLE, "--device-code")
    assert done.returncode == 1 and "was denied in the browser" in done.stderr
    again = shlex.join(["awsctx", "setup", *OPTIONS, *ROLE, "--device-code"])
    assert done.stderr.endswith(f"\n  to try again: {again}\n")
    assert not empty.config.exists()
