"""The token files: torn, old, shared, refreshed by others at the same time."""

from __future__ import annotations

import json
import stat
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.signin.conftest import Said
from tests.signin.helpers import FIELDS, SignIns
from tests.support import AWSCTX, DEVELOPER

from awsctx.demo.sandbox import START_URL
from awsctx.errors import AwsctxError, SignInNeeded
from awsctx.signin import cache, flow, oidc, tokens
from awsctx.signin.request import Request
from awsctx.signin.service import Refused, Service
from awsctx.signin.session import Session

SESSION = Session("worksso", START_URL, "eu-west-1", ["sso:account:access"])
SCRIPT = Request(person=False)

TORN = {
    "empty": b"",
    "cut off": b'{"startUrl": "https://worksso.awsapps.com/start", "region": "eu-w',
    "not JSON": b"hello",
    "a list": b"[]",
    "not UTF-8": b'{"accessToken": "\xff", "expiresAt": "2099-01-01T00:00:00Z"}',
    "no end": b'{"accessToken": "a"}',
    "an end that is none": b'{"accessToken": "a", "expiresAt": "tomorrow"}',
    "wrong types": b'{"accessToken": 1, "expiresAt": 2}',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("content", TORN.values(), ids=TORN)
def test_a_torn_file_is_named_and_login_heals_it(here: SignIns, screen: Said, content: bytes) -> None:
    here.cache.mkdir(parents=True)
    here.path().write_bytes(content)
    done = here.run("sessions", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)[0]["sign_in"] == "none"
    short = f"~/.aws/sso/cache/{here.path().name}"
    assert done.stderr.splitlines()[0] == f"awsctx: the sign-in file of session 'worksso' is damaged: {short}"
    assert "awsctx login worksso" in done.stderr
    assert flow.ensure(SESSION, Request(flow=flow.BROWSER, person=False), here.environ, screen).how == "signed in"
    assert list(here.token()) == FIELDS


def test_login_names_a_torn_file(site: SignIns) -> None:
    site.cache.mkdir(parents=True)
    site.path().write_text("{")
    done = site.run("login", "worksso", "--browser")
    assert done.stderr.startswith("awsctx: the sign-in file of session 'worksso' is damaged: ~/.aws")
    assert done.returncode == 0
    assert site.sessions()["worksso"]["sign_in"] == "valid"


def test_a_file_that_others_could_read_becomes_private(here: SignIns, screen: Said) -> None:
    here.sign_in(seconds=-60)
    for mode in (0o644, 0o444):
        here.path().chmod(mode)
        assert flow.ensure(SESSION, Request(flow=flow.BROWSER, force=True), here.environ, screen).how == "signed in"
        assert stat.S_IMODE(here.path().stat().st_mode) == 0o600


def test_a_symlink_stays_one(here: SignIns, screen: Said, tmp_path: Path) -> None:
    here.cache.mkdir(parents=True)
    here.path().symlink_to(tmp_path / "elsewhere.json")
    assert flow.ensure(SESSION, Request(flow=flow.BROWSER), here.environ, screen).how == "signed in"
    assert here.path().is_symlink()
    assert list(json.loads((tmp_path / "elsewhere.json").read_text())) == FIELDS


def test_where_nothing_can_be_written_nobody_is_sent_to_a_browser(site: SignIns) -> None:
    site.cache.parent.mkdir(parents=True)
    site.cache.write_text("not a folder")
    done = site.run("login", "worksso", "--browser")
    assert done.returncode == 1
    assert done.stderr.startswith("awsctx: could not write the sign-in to ~/.aws/sso/cache: ")
    assert not site.opened()
    assert site.stand_in.count() == 0


def test_a_folder_that_is_missing_is_made_private(here: SignIns, screen: Said) -> None:
    assert not here.cache.exists()
    flow.ensure(SESSION, Request(flow=flow.BROWSER), here.environ, screen)
    assert stat.S_IMODE(here.cache.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("end", "status"),
    [("2099-01-01T00:00:00.123456Z", "valid"), ("2099-01-01T00:00:00UTC", "valid"), ("2099-01-01T00:00:00+02:00", "valid"),
     ("2020-01-01T00:00:00Z", "refreshable")],
)  # fmt: skip
def test_dates_as_others_write_them(site: SignIns, end: str, status: str) -> None:
    site.sign_in(expiresAt=end)
    assert site.sessions()["worksso"]["sign_in"] == status
    assert site.run("login", "worksso").returncode == 0
    assert site.sessions()["worksso"]["sign_in"] == "valid"


def test_a_clock_that_is_wrong_by_minutes_refreshes_and_no_more(site: SignIns) -> None:
    """Five minutes fast: a sign-in that ends in four looks ended. The refresh settles it."""
    site.sign_in(seconds=-60)
    assert site.run("login", "worksso").stderr.startswith("refreshed")
    assert site.stand_in.count("CreateToken") == 1


def test_nothing_shows_a_secret(here: SignIns) -> None:
    here.sign_in()
    token = cache.read_token(str(here.path()))
    assert token is not None
    assert not any(secret in repr(token) for secret in here.stand_in.secrets())
    assert not any(secret in repr(cache.Registration("i", here.stand_in.secrets()[0], 1)) for secret in here.stand_in.secrets())


# --- refreshing while `aws`, which takes no lock, does so too ---------------------------------------------------------


class Meanwhile:
    """Something that happens while awsctx waits for the answer to its refresh."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, happens: Any, *, before: bool = False) -> None:
        real = oidc.refreshed

        def refreshed(service: Service, session: Session, old: cache.Token, *more: Any) -> cache.Token:
            if before:
                happens()
            try:
                return real(service, session, old, *more)
            finally:
                if not before:
                    happens()

        monkeypatch.setattr(oidc, "refreshed", refreshed)


def by_aws(site: SignIns) -> None:
    """`aws` refreshes: the old refresh token is spent, its successor is in the file."""
    session = Session("worksso", START_URL, "eu-west-1")
    old = cache.read_token(str(site.path()))
    assert old is not None
    wanted = cache.Registration(old.client_id, old.client_secret, 0)
    service = Service("sso-oidc", "eu-west-1")
    new = oidc.token(service, session, wanted, grantType="refresh_token", refreshToken=old.refresh_token)
    cache.write_token(str(site.path()), new)


def test_aws_refreshes_first(here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our refresh token is spent: what aws has written is used, not a browser."""
    here.sign_in(seconds=-60)
    Meanwhile(monkeypatch, lambda: by_aws(here), before=True)
    outcome = flow.ensure(SESSION, SCRIPT, here.environ, screen)
    assert outcome.how == "shared"
    works(here, outcome.token)


def test_someone_signs_in_while_we_refresh(here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    """Theirs is the newer sign-in: it stays."""
    here.sign_in(seconds=-60)
    Meanwhile(monkeypatch, lambda: here.sign_in())
    outcome = flow.ensure(SESSION, SCRIPT, here.environ, screen)
    assert outcome.how == "shared"
    assert here.token()["accessToken"] == outcome.token.access_token
    works(here, outcome.token)


def test_someone_signs_out_while_we_refresh(here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    here.sign_in(seconds=-60)
    Meanwhile(monkeypatch, lambda: here.path().unlink())
    with pytest.raises(SignInNeeded):
        flow.ensure(SESSION, SCRIPT, here.environ, screen)
    assert not here.path().exists()


def test_what_someone_tears_while_we_refresh_is_mended(here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    here.sign_in(seconds=-60)
    Meanwhile(monkeypatch, lambda: here.path().write_text("{"))
    outcome = flow.ensure(SESSION, SCRIPT, here.environ, screen)
    assert outcome.how == "refreshed"
    works(here, outcome.token)


@pytest.mark.parametrize("written", ["nothing", "half of it"])
def test_aws_has_the_answer_but_not_yet_written_it(
    here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """Some writers empty the file first."""
    here.sign_in(seconds=-60)
    before = here.path().read_text()
    monkeypatch.setattr(flow, "_GRACE", 20.0)  # a busy machine takes its time

    def spent() -> None:
        by_aws(here)
        theirs = here.path().read_text()
        here.path().write_text(before if written == "nothing" else theirs[:40])
        threading.Timer(0.3, here.path().write_text, [theirs]).start()

    Meanwhile(monkeypatch, spent, before=True)
    outcome = flow.ensure(SESSION, SCRIPT, here.environ, screen)
    assert outcome.how == "shared"
    works(here, outcome.token)


def works(site: SignIns, token: cache.Token) -> None:
    """The token is in the file, the portal takes it, and its refresh token is the one in force."""
    assert cache.read_token(str(site.path())) == token
    by_aws(site)


def test_a_refresh_token_is_kept_where_no_new_one_comes(here: SignIns, screen: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    old = here.sign_in(seconds=-60)
    monkeypatch.setattr(Service, "call", lambda *_, **__: {"accessToken": "new", "expiresIn": 3600})
    assert flow.ensure(SESSION, SCRIPT, here.environ, screen).how == "refreshed"
    assert here.token()["refreshToken"] == old["refreshToken"]
    assert here.token()["accessToken"] == "new"


def test_a_refresh_is_not_tried_with_a_registration_that_has_ended(here: SignIns, screen: Said) -> None:
    here.sign_in(seconds=-60, registrationExpiresAt="2020-01-01T00:00:00Z")
    assert tokens.sign_in(str(here.path()), 2e9).status == "expired"
    with pytest.raises(SignInNeeded):
        flow.ensure(SESSION, SCRIPT, here.environ, screen)
    assert here.stand_in.count() == 0


def test_two_refresh_at_once_one_asks(site: SignIns) -> None:
    site.sign_in(seconds=-60)
    site.stand_in.control(latency=0.5)
    started = [
        subprocess.Popen([AWSCTX, "login", DEVELOPER], env=site.environ, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [process.wait(60) for process in started] == [0] * 4
    for process in started:
        assert process.stderr
        process.stderr.close()
    assert site.stand_in.count("CreateToken") == 1


def test_a_lock_that_is_held_for_long_is_named(here: SignIns) -> None:
    here.cache.mkdir(parents=True)
    told: list[str] = []
    with (
        cache.locked(str(here.path()), seconds=1),
        pytest.raises(AwsctxError, match="another awsctx has been signing in here for 0 seconds"),
        cache.locked(str(here.path()), seconds=0.2, waiting=lambda: told.append("waiting")),
    ):
        pass
    assert told == ["waiting"]


def test_a_refusal_is_told_by_its_code(here: SignIns) -> None:
    error = oidc.refusal(Refused("InvalidRequestException", 400), SESSION)
    assert error.message == "AWS refused to sign in to session 'worksso': InvalidRequestException (HTTP 400)"
    assert START_URL in error.hints[0] and "eu-west-1" in error.hints[0]
