"""`awsctx login`, as a user calls it (awsctx(1), SIGNING IN)."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import time

import pytest
from tests.signin.helpers import FIELDS, SignIns, command_lines, ended, no_secret, plain
from tests.support import AWSCTX, DEVELOPER

from awsctx.demo.sandbox import START_URL
from awsctx.signin import flow


@pytest.mark.parametrize("flag", ["--browser", "--device-code"])
def test_signs_in_tells_no_secret_and_leaves_the_aws_clis_files(site: SignIns, flag: str) -> None:
    done = site.run("login", "worksso", flag, env={"AWSCTX_DEBUG": "1"})
    assert done.returncode == 0, done
    assert done.stdout == ""
    assert "signed in to session 'worksso' for 8h0m" in done.stderr
    assert list(site.token()) == FIELDS
    assert (site.token()["startUrl"], site.token()["region"]) == (START_URL, "eu-west-1")
    for path in site.cache.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert site.sessions()["worksso"]["sign_in"] == "valid"
    no_secret(site.stand_in, done.stderr, *site.opened())
    assert [path.suffix for path in site.cache.iterdir() if path.suffix != ".json"] == [".lock"]
    if flag == "--browser":
        assert "<h1>signed in</h1>" in site.page()

    # The registration is used again.
    assert site.run("login", "worksso", flag, "--force").returncode == 0
    assert site.stand_in.count("RegisterClient") == 1
    assert site.stand_in.count("CreateToken") >= 2


def test_a_valid_sign_in_is_left_alone_without_a_network_and_with_few_modules(site: SignIns) -> None:
    token = site.sign_in()
    child = (
        "import sys; before = set(sys.modules)\nfrom awsctx.__main__ import main\n"
        "status = main(['login', *sys.argv[1:]])\nprint(*sorted(set(sys.modules) - before)); sys.exit(status)"
    )
    for name in ("worksso", DEVELOPER):
        done = site.run(name, command=[str(AWSCTX.parent / "python"), "-c", child])
        assert done.returncode == 0
        assert done.stderr == "already signed in to session 'worksso' for 8h0m\n"
        heavy = {"json", "re", "typing", "dataclasses", "pathlib", "filelock", "typer", "botocore", "subprocess", "hashlib"}
        assert not heavy & set(done.stdout.split())
    assert site.token() == token
    assert site.stand_in.count() == 0


def test_a_sign_in_that_has_ended_is_refreshed_without_browser_or_terminal(site: SignIns) -> None:
    token = site.sign_in(seconds=-60)
    done = site.run("login", DEVELOPER, env={"AWSCTX_DEBUG": "1"})
    assert done.returncode == 0, done
    assert "refreshed the sign-in to session 'worksso'" in done.stderr
    new = site.token()
    assert list(new) == FIELDS
    assert new["refreshToken"] != token["refreshToken"]
    assert new["clientId"] == token["clientId"]
    assert [call["grant_type"] for call in site.stand_in.calls("CreateToken")] == ["refresh_token"]
    assert not site.opened()
    no_secret(site.stand_in, done.stderr)


def test_both_doors_say_the_same(site: SignIns) -> None:
    for more in ({}, {"seconds": 3600.0}):
        if more:
            site.sign_in(**more)
        for name in ("worksso", DEVELOPER, "nosuch"):
            front, typer = site.run("login", name), site.run("--debug", "login", name)
            assert front.returncode == typer.returncode
            said = "".join(line for line in typer.stderr.splitlines(True) if not line.startswith("awsctx: debug: "))
            assert front.stderr == said


def test_without_a_terminal_it_ends_at_once_with_3(site: SignIns) -> None:
    for call in (["login", "worksso"], ["login", "worksso", "--force"], ["login", "--no-browser", "worksso"]):
        done = site.run(*call)
        assert done.returncode == 3, done
        assert done.stderr.startswith("awsctx: session 'worksso' needs a sign-in, and there is no terminal")
        assert "awsctx login worksso" in done.stderr
    assert site.stand_in.count() == 0
    site.stand_in.control(end_refreshes=True)
    site.sign_in(seconds=-60, refreshToken="spent")
    assert site.run("login", "worksso").returncode == 3
    assert site.token()["refreshToken"] == "spent"
    assert site.run("login", "worksso", "--device-code").returncode == 0


def test_of_twenty_started_together_one_signs_in(site: SignIns) -> None:
    site.stand_in.control(latency=0.3)
    started = [
        subprocess.Popen(
            [AWSCTX, "login", "worksso", "--browser"],
            env=site.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(20)
    ]  # fmt: skip
    ends = [(process.communicate(timeout=90)[1], process.returncode) for process in started]
    assert [status for _, status in ends] == [0] * 20
    assert site.stand_in.count("RegisterClient") == site.stand_in.count("Authorize") == site.stand_in.count("CreateToken") == 1
    assert len(site.opened()) == 1
    assert sum("another process signed in" in said or "already signed in" in said for said, _ in ends) == 19


def test_ctrl_c_leaves_no_lock_and_no_half_file(site: SignIns) -> None:
    site.stand_in.control(authorize="never", device="never")
    for flag in ("--browser", "--device-code"):
        child = site.at_terminal("login", "worksso", flag)
        child.expect("waiting for the .* 10:00|waiting for the .* 9:")
        no_secret(site.stand_in, command_lines())
        child.sendintr()
        assert ended(child) == 130
        assert not site.path().exists()
        assert not list(site.cache.glob("*new*"))
    site.stand_in.control(authorize="auto")
    assert site.run("login", "worksso", "--browser", "--timeout", "10").returncode == 0


def test_ctrl_c_while_another_signs_in(site: SignIns) -> None:
    site.stand_in.control(authorize="never")
    first = site.at_terminal("login", "worksso", "--browser")
    first.expect("waiting for the")
    second = site.at_terminal("login", "worksso", "--browser")
    second.expect("another awsctx is signing in to session 'worksso': waiting for it")
    second.sendintr()
    assert ended(second) == 130
    first.sendintr()
    assert ended(first) == 130


def test_a_killed_one_blocks_nobody(site: SignIns) -> None:
    site.stand_in.control(authorize="never")
    child = site.at_terminal("login", "worksso", "--browser")
    child.expect("waiting for the")
    child.kill(signal.SIGKILL)
    assert ended(child) == 128 + signal.SIGKILL
    site.stand_in.control(authorize="auto")
    assert site.run("login", "worksso", "--browser", "--timeout", "10").returncode == 0


def test_a_registration_that_the_service_has_forgotten_is_made_anew(site: SignIns) -> None:
    assert site.run("login", "worksso", "--device-code").returncode == 0
    site.stand_in.reset()
    assert site.run("login", "worksso", "--device-code", "--force").returncode == 0
    assert site.run("login", "worksso", "--browser", "--force").returncode == 0
    site.stand_in.reset()
    assert site.run("login", "worksso", "--browser", "--force", "--timeout", "1").returncode == 1
    assert site.run("login", "worksso", "--browser", "--force").returncode == 0


@pytest.mark.parametrize(
    ("knobs", "flag", "said"),
    [
        ({"authorize": "denied"}, "--browser", "was denied in the browser"),
        ({"authorize": "state"}, "--browser", "nobody signed in to session 'worksso' in the browser in time"),
        ({"authorize": "never"}, "--browser", "nobody signed in to session 'worksso' in the browser in time"),
        ({"device": "denied"}, "--device-code", "was denied in the browser"),
        ({"device": "never"}, "--device-code", "nobody approved the sign-in to session 'worksso' in time (4 seconds)"),
        ({"device": "never", "device_seconds": 2}, "--device-code", "nobody approved the sign-in"),
    ],
)
def test_what_the_person_may_do_otherwise(site: SignIns, knobs: dict[str, object], flag: str, said: str) -> None:
    site.stand_in.control(**knobs)
    timeout = "4" if said.startswith("nobody") and "device_seconds" not in knobs else "60"  # else it ends by itself
    start = time.monotonic()
    done = site.run("login", "worksso", flag, "--timeout", timeout)
    assert time.monotonic() - start < 15
    assert done.returncode == 1
    error = next(line for line in done.stderr.splitlines() if line.startswith("awsctx: "))
    assert said in error
    assert f"try again: awsctx login worksso {flag} --timeout {timeout}" in done.stderr
    assert not site.path().exists()
    no_secret(site.stand_in, done.stderr)
    if knobs.get("authorize") in ("denied", "state"):
        assert "HTTP Error 400" in site.page()


def test_no_browser_opens_nothing_and_the_flow_stays(site: SignIns) -> None:
    child = site.at_terminal("login", "worksso", "--no-browser", "--device-code")
    child.expect(r"(http://\S+/device\?user_code=\S+)")
    url = child.match[1]
    child.expect("waiting for the approval")
    assert not site.opened()
    site.stand_in.control(approve=url.rpartition("=")[2])
    assert ended(child) == 0
    assert site.sessions()["worksso"]["sign_in"] == "valid"

    child = site.at_terminal("login", "worksso", "--no-browser", "--browser", "--force")
    child.expect(r"(http://\S+/authorize\?\S+)")
    assert "redirect_uri=http%3A%2F%2F127.0.0.1%3A" in child.match[1]
    subprocess.run(["curl", "-sL", child.match[1]], check=True, capture_output=True)
    assert ended(child) == 0
    assert not site.opened()


def test_at_a_terminal_the_flow_is_chosen(site: SignIns) -> None:
    child = site.at_terminal("login", "worksso")  # BROWSER is set
    child.expect("/authorize")
    assert ended(child) == 0
    child = site.at_terminal("login", "worksso", "--force", env={"SSH_CONNECTION": "1 2 3 4"})
    child.expect("/device")
    child.expect(r"shows the code \w{4}-\w{4}")
    assert ended(child) == 0
    assert "signed in to session 'worksso' for 8h0m" in plain(child.before)


@pytest.mark.parametrize(
    ("environ", "container", "display", "chosen"),
    [
        ({}, False, True, flow.BROWSER),
        ({}, False, False, flow.DEVICE_CODE),
        ({}, True, True, flow.DEVICE_CODE),
        ({"BROWSER": "x"}, True, False, flow.BROWSER),
        ({"BROWSER": ""}, True, False, flow.DEVICE_CODE),
        ({"BROWSER": "x", "SSH_CONNECTION": "1 2 3 4"}, False, True, flow.DEVICE_CODE),
    ],
)
def test_the_flow_for_where_we_are(environ: dict[str, str], container: bool, display: bool, chosen: str) -> None:
    assert flow.choose(environ, container=container, display=display) == chosen


def test_both_flows_forced_is_a_mistake(site: SignIns) -> None:
    assert site.run("login", "worksso", "--browser", "--device-code").returncode == 2


def test_the_prompt_knows_at_once(site: SignIns) -> None:
    site.ok(DEVELOPER)
    assert site.ok("prompt") == f"{DEVELOPER} expired\n"
    assert site.run("login", "--device-code").returncode == 0
    assert site.ok("prompt") in (f"{DEVELOPER} 7h59m\n", f"{DEVELOPER} 8h0m\n")
    assert site.run("logout").returncode == 0
    assert site.ok("prompt") == f"{DEVELOPER} expired\n"
    assert json.loads(site.ok("list", "--json"))[0]["sign_in"] == "none"
