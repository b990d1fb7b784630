"""A token file that is damaged: who needs it is told to sign in, which file it is, and asks AWS nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.commands.conftest import site
from tests.signin.helpers import SignIns, ended
from tests.support import stanza

from awsctx.aws import identity
from awsctx.core.context import Context
from awsctx.demo.sandbox import Sandbox
from awsctx.errors import SignInNeeded
from awsctx.signin import aws_login
from awsctx.world import World

__all__ = ["site"]

NAME = "worksso.developer"
AFTER = '"expiresAt": "2099-01-01T00:00:00Z"'
WHO = "arn:aws:sts::123412341234:assumed-role/user/login"


def content(data: str | bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data.encode() if isinstance(data, str) else data)


DAMAGED: dict[str, Callable[[Path], object]] = {
    "cut off": content('{"accessTok'),
    "empty": content(""),
    "not UTF-8": content(b'{"accessToken": "\xff", ' + AFTER.encode() + b"}"),
    "null": content("null"),
    "a list": content("[]"),
    "an empty object": content("{}"),
    "wrong types": content('{"accessToken": 1, "expiresAt": "x"}'),
    "a token that is no text": content(f'{{"accessToken": 1, {AFTER}}}'),
    "an end that is no text": content('{"accessToken": "a", "expiresAt": null}'),
    "deep": content("[" * 100_000),
    "a folder": Path.mkdir,
    "a FIFO": os.mkfifo,
    "unreadable": lambda path: path.touch(mode=0) if os.geteuid() else path.symlink_to("/proc/self/mem"),
}


def line_of(site: SignIns) -> str:
    return f"the sign-in file of session 'worksso' is damaged: ~/.aws/sso/cache/{site.path().name}"


@pytest.fixture(params=DAMAGED)
def torn(request: pytest.FixtureRequest, site: SignIns) -> SignIns:
    site.sign_in()
    site.path().unlink()
    DAMAGED[request.param](site.path())
    return site


def test_it_is_a_sign_in_that_is_needed(torn: SignIns) -> None:
    said = f"awsctx: {NAME}: its sign-in has ended, or there is none\n  awsctx login worksso\n  {line_of(torn)}\n"
    for status, call in (
        (3, ["env", NAME]),
        (3, ["exec", "--keys", "-p", NAME, "--", "echo", "ran"]),
        (1, ["whoami", NAME]),
    ):
        done = torn.run(*call)
        assert (done.returncode, done.stdout, done.stderr) == (status, "", said), call
    assert torn.stand_in.count() == 0


def test_an_empty_token_is_damaged_too(site: SignIns) -> None:
    site.sign_in()
    site.path().write_text(json.dumps({**site.token(), "accessToken": ""}))
    assert site.sessions()["worksso"]["sign_in"] == "none"
    done = site.run("env", NAME)
    assert done.returncode == 3
    assert done.stderr.endswith(f"\n  awsctx login worksso\n  {line_of(site)}\n")


@pytest.fixture
def cut(site: SignIns) -> SignIns:
    site.sign_in()
    site.path().write_text('{"accessTok')
    return site


def test_wherever_keys_are_needed(cut: SignIns) -> None:
    role = stanza("behind", role_arn="arn:aws:iam::210987654321:role/deployer", source_profile=NAME)
    cut.config.write_text(cut.config.read_text() + role)
    for call in (
        ["exec", "--read-only", "-p", NAME, "--", "echo", "ran"],
        ["exec", "--match", "worksso.*", "--", "echo", "ran"],
        ["sync", "worksso"],
        ["login", "worksso"],
        ["env", "behind"],
        ["console", "behind", "--print"],
    ):
        done = cut.run(*call)
        assert (done.returncode, done.stdout) == (3, ""), done
        assert [line.removeprefix("awsctx: ").strip() for line in done.stderr.splitlines()].count(line_of(cut)) == 1, done
        assert "awsctx login worksso" in done.stderr
    assert cut.stand_in.count() == 0


def test_whoami_of_many_names_the_file_once(cut: SignIns) -> None:
    for call in (["--all"], ["--all", "--json"], [NAME, "--json"]):
        done = cut.run("whoami", *call)
        assert done.returncode == 1
        assert done.stderr.count(line_of(cut)) == 1
        assert "its sign-in has ended, or there is none: awsctx login worksso" in done.stdout
    assert cut.stand_in.count() == 0


def test_at_a_terminal_it_is_named_and_healed(cut: SignIns) -> None:
    child = cut.at_terminal("env", NAME, "--format", "json", dimensions=(40, 400))
    child.expect_exact("the sign-in to session 'worksso' is missing. Sign in now? [Y/n] ")
    child.send("y\r")
    child.expect_exact(line_of(cut))
    child.expect_exact('"AWS_ACCESS_KEY_ID"')
    assert ended(child) == 0
    assert cut.sessions()["worksso"]["sign_in"] == "valid"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
@pytest.mark.parametrize("registration", [False, True])
def test_what_login_cannot_replace_it_names_before_anybody_is_sent_to_a_browser(
    make: Callable[[Path], object], registration: bool, site: SignIns
) -> None:
    assert site.run("login", "worksso", "--browser").returncode == 0
    (kept,) = set(site.cache.glob("*.json")) - {site.path()}
    path = kept if registration else site.path()
    path.unlink()
    make(path)
    seen = len(site.opened())
    done = site.run("login", "worksso", "--browser", "--force")
    assert done.returncode == 1
    assert done.stderr.endswith(
        f"awsctx: could not write the sign-in to ~/.aws/sso/cache/{path.name}: it is no regular file\n  remove it by hand\n"
    )
    assert len(site.opened()) == seen


def test_a_damaged_registration_is_made_anew(site: SignIns) -> None:
    assert site.run("login", "worksso", "--browser").returncode == 0
    (kept,) = set(site.cache.glob("*.json")) - {site.path()}
    for data in (b"", b"null", b'{"clientId": 1', b"\xff"):
        kept.write_bytes(data)
        done = site.run("login", "worksso", "--browser", "--force")
        assert done.returncode == 0, done
        assert json.loads(kept.read_text())["clientId"]
    assert site.ok("env", NAME, "--format", "json")


@pytest.mark.parametrize("data", ["", '{"accessTok', "null", "[]", "{}", '{"accessToken": 1}', "[" * 100_000])
def test_the_file_of_aws_login(
    data: str, sandbox: Sandbox, world: Callable[..., World], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import botocore.credentials

    monkeypatch.setattr(botocore.credentials, "EC", object())  # what botocore needs for such keys, and does not bring
    config = sandbox.home / ".aws" / "config"
    role = stanza("behind", role_arn="arn:aws:iam::1:role/r", source_profile="mine")
    config.write_text(config.read_text() + stanza("mine", login_session=WHO, region="eu-west-1") + role)
    here = world(monkeypatch, AWS_LOGIN_CACHE_DIRECTORY=str(tmp_path))
    path = Path(aws_login.token_path(WHO, {"AWS_LOGIN_CACHE_DIRECTORY": str(tmp_path)}))
    for name in ("mine", "behind"):
        for damage in ([], [f"the sign-in file of 'mine' is damaged: {path}"]):
            path.write_text(data) if damage else path.unlink(missing_ok=True)
            with pytest.raises(SignInNeeded) as caught:
                identity.keys(here, Context(name))
            assert caught.value.message == f"{name}: its sign-in by `aws login` has ended, or there is none"
            assert caught.value.hints == (f"awsctx login {name}", *damage)
