"""One sign-in for all that wait for it: also when it fails, and not for longer than each of them wants to wait."""

from __future__ import annotations

import json
import stat
import subprocess
import time
from typing import Any

import pytest
from tests.signin.conftest import Said
from tests.signin.helpers import SignIns, ended
from tests.support import AWSCTX

from awsctx.demo.sandbox import START_URL
from awsctx.errors import AwsctxError
from awsctx.signin import cache, flow, oidc, service
from awsctx.signin.request import Request
from awsctx.signin.session import Session

SESSION = Session("worksso", START_URL, "eu-west-1", ["sso:account:access"])
WAITS = "another awsctx is signing in to session 'worksso': waiting for it"


def start(site: SignIns, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [AWSCTX, "login", "worksso", *arguments],
        env=site.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def waiting(site: SignIns, count: int, *arguments: str) -> list[subprocess.Popen[str]]:
    """So many that wait for the first one's end."""
    found = [start(site, *arguments) for _ in range(count)]
    for process in found:
        assert process.stderr
        assert process.stderr.readline().strip() == WAITS
    return found


def user_code(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    for line in process.stderr:
        if "shows the code" in line:
            return line.partition("shows the code ")[2].split()[0]
    raise AssertionError("it shows no code")


def test_what_is_denied_once_is_not_asked_again(site: SignIns) -> None:
    site.stand_in.control(device="never")
    first = start(site, "--device-code")
    code = user_code(first)
    others = waiting(site, 4, "--device-code")
    site.stand_in.control(deny=code)
    assert "was denied in the browser" in first.communicate(timeout=30)[1]
    for process in others:
        said = process.communicate(timeout=30)[1].splitlines()
        assert process.returncode == 1
        assert said == [
            "awsctx: another awsctx login failed, and this one with it: "
            "the sign-in to session 'worksso' was denied in the browser",
            "  to try again: awsctx login worksso --device-code",
        ]
    assert (site.stand_in.count("StartDeviceAuthorization"), len(site.opened())) == (1, 1)
    note = site.state.with_name(f"sso-login-{site.path().stem}.failed")
    assert {path.suffix for path in site.cache.iterdir()} <= {".json", ".lock"}
    assert stat.S_IMODE(note.stat().st_mode) == 0o600

    # Who comes later starts anew, and what has failed is forgotten then.
    site.stand_in.control(device=0)
    assert site.run("login", "worksso", "--device-code").returncode == 0
    assert not note.exists()


def test_a_sign_in_that_nobody_does_in_time_is_over_for_all_that_wait(site: SignIns) -> None:
    site.stand_in.control(authorize="never")
    first = start(site, "--browser", "--timeout", "4")
    assert first.stderr and "open this page" in first.stderr.readline()
    others = waiting(site, 3, "--browser")
    for process in (first, *others):
        assert "nobody signed in to session 'worksso' in the browser in time" in process.communicate(timeout=30)[1]
        assert process.returncode == 1
    assert len(site.opened()) == 1


def test_the_timeout_bounds_the_wait_for_another(site: SignIns) -> None:
    site.stand_in.control(authorize="never")
    first = site.at_terminal("login", "worksso", "--browser")
    first.expect("waiting for the")
    began = time.monotonic()
    done = site.run("login", "worksso", "--browser", "--timeout", "2")
    assert 2 <= time.monotonic() - began < 6
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [
        "awsctx: nobody signed in to session 'worksso' in time (2 seconds): another awsctx is still waiting for that",
        "  finish that, or end it; to try again: awsctx login worksso --browser --timeout 2",
    ]
    assert len(site.opened()) == 1
    first.sendintr()
    assert ended(first) == 130


def test_after_a_ctrl_c_the_next_one_signs_in(site: SignIns) -> None:
    site.stand_in.control(authorize="never")
    first = site.at_terminal("login", "worksso", "--browser")
    first.expect("waiting for the")
    (second,) = waiting(site, 1, "--browser")
    site.stand_in.control(authorize="auto")
    first.sendintr()
    assert ended(first) == 130
    assert "signed in to session 'worksso'" in second.communicate(timeout=30)[1]
    assert second.returncode == 0


@pytest.mark.parametrize(
    ("attempt", "at", "fails"),
    [("sign-in", 1.0, True), ("sign-in", -1.0, False), ("sign-in", 1e6, False), ("refresh", 1.0, False)],
    ids=["while waiting", "before", "by a clock that was wrong", "another attempt"],
)
def test_whose_failure_is_shared(
    attempt: str, at: float, fails: bool, here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = time.time() - 2
    here.cache.mkdir(parents=True)
    cache.write_failure(flow._note_path(SESSION, here.environ), cache.Failure(since + at, attempt, "why", ("todo",)))
    request = Request(flow=flow.BROWSER, person=False)

    def sign_in() -> flow.Outcome:
        return flow._alone(SESSION, request, None, here.environ, screen, since=since)

    if fails:
        with pytest.raises(AwsctxError, match="this one with it: why") as raised:
            sign_in()
        assert raised.value.hints == ("todo",)
    else:
        assert sign_in().how == "signed in"


def test_a_refresh_without_an_answer_is_not_tried_by_each_in_turn(
    here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = here.sign_in(seconds=-60)
    tries = 0

    def refreshed(*_: Any) -> None:
        nonlocal tries
        tries += 1
        raise service.NoAnswer("could not reach it")

    monkeypatch.setattr(oidc, "refreshed", refreshed)
    before, since = cache.read_token(str(here.path())), time.time()
    request = Request(person=False)
    for began in (None, since, since):
        with pytest.raises(AwsctxError, match="could not reach it"):
            flow._alone(SESSION, request, before, here.environ, screen, since=began)
    assert tries == 1
    assert json.loads(here.path().read_text()) == token
