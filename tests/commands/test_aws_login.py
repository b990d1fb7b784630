"""Profiles that sign in by `aws login`: the real AWS CLI does it, started by awsctx, one at a time per profile."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest
from tests.signin.helpers import SignIns, ended, no_secret, plain
from tests.support import AWSCTX, WALKTHROUGH, stanza
from tests.tools import locate

from awsctx.signin import aws_login, tokens

WHO = "arn:aws:sts::123412341234:assumed-role/user/login"
PROFILE = stanza("mine", login_session=WHO, region="eu-west-1")
IDENTITY = ("sts", "get-caller-identity", "--query", "Account", "--output", "text", "--profile", "mine")


@pytest.fixture
def own(site: SignIns) -> SignIns:
    site.config.write_text(WALKTHROUGH + PROFILE + stanza("behind", role_arn="arn:aws:iam::1:role/r", source_profile="mine"))
    site.environ["PATH"] = f"{locate.tools() / 'bin'}:{site.environ['PATH']}"
    return site


def file_of(site: SignIns) -> Path:
    return site.aws / "login" / "cache" / Path(aws_login.token_path(WHO, {})).name


def listed(site: SignIns) -> dict[str, object]:
    return dict(json.loads(site.ok("list", "mine", "--json"))[0])


@pytest.mark.parametrize("name", ["mine", "behind"])
def test_the_real_aws_signs_in(own: SignIns, name: str) -> None:
    none = listed(own)
    assert (none["type"], none["sign_in"], none["expires_at"]) == ("login", "none", None)
    assert (none["account_id"], none["role_name"]) == ("123412341234", "user")
    done = own.run("login", name, "--browser")
    assert (done.returncode, done.stdout) == (0, ""), done
    assert done.stderr.splitlines()[-1] == "signed in to 'mine' by aws login"
    assert own.run(*IDENTITY, command=[locate.aws2()]).stdout == "123412341234\n"
    good = listed(own)
    assert good["sign_in"] == "valid"
    assert good["expires_at"] == json.loads(file_of(own).read_text())["accessToken"]["expiresAt"]
    assert own.run("login", name, "--browser").stderr == "already signed in to 'mine' by aws login\n"
    assert own.stand_in.count("LoginAuthorize") == 1
    assert own.run("login", name, "--browser", "--force").returncode == 0
    assert own.stand_in.count("LoginAuthorize") == 2
    no_secret(own.stand_in, done.stderr)
    assert {path.suffix for path in file_of(own).parent.iterdir()} == {".json"}  # no lock of ours there


def test_of_several_one_signs_in(own: SignIns) -> None:
    own.stand_in.control(latency=0.5)
    started = [
        subprocess.Popen(
            [AWSCTX, "login", "mine", "--browser"],
            env=own.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    ends = [(process.communicate(timeout=60)[1], process.returncode) for process in started]
    assert [status for _, status in ends] == [0, 0, 0], ends
    assert own.stand_in.count("LoginAuthorize") == 1
    assert sum("another process signed in to 'mine'" in said or "already signed in" in said for said, _ in ends) == 2


def test_a_denied_one_is_not_asked_again_and_a_cancelled_one_is(own: SignIns) -> None:
    own.stand_in.control(authorize="never")
    first = own.at_terminal("login", "mine", "--browser", "--timeout", "6")
    first.expect("/v1/authorize")
    second = own.at_terminal("login", "mine", "--browser")
    second.expect("another awsctx is signing in to 'mine': waiting for it")
    assert (ended(first), ended(second)) == (1, 1)
    assert "another awsctx login failed, and this one with it: nobody signed in to 'mine' in time" in plain(second.before)
    assert len(own.opened()) == 1

    third = own.at_terminal("login", "mine", "--browser")
    third.expect("/v1/authorize")
    fourth = own.at_terminal("login", "mine", "--browser")
    fourth.expect("waiting for it")
    own.stand_in.control(authorize="auto")
    third.sendintr()
    assert ended(third) == 130
    assert ended(fourth) == 0


def test_signing_out(own: SignIns) -> None:
    for name in ("mine", "behind", "--all"):
        assert own.run("login", "mine", "--browser").returncode == 0
        done = own.run("logout", name)
        assert (done.returncode, "signed out of 'mine' by aws login" in done.stderr) == (0, True)
        assert not file_of(own).exists()
    assert own.run(*IDENTITY, command=[locate.aws2()]).returncode != 0
    assert own.run("logout", "mine").stderr == "not signed in to 'mine' by aws login\n"


@pytest.fixture
def stub(own: SignIns) -> Path:
    """An `aws` that keeps its arguments; the file they are in."""
    folder = own.folder / "stub"
    folder.mkdir()
    (folder / "aws").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{folder}/seen\necho said\nexit "${{STATUS:-0}}"\n')
    (folder / "aws").chmod(0o755)
    own.environ["PATH"] = f"{folder}:{own.environ['PATH']}"
    return folder / "seen"


@pytest.mark.parametrize(
    ("options", "environ", "more"),
    [
        (["--browser"], {}, []),
        (["--device-code"], {}, ["--remote"]),
        (["--browser"], {"SSH_CONNECTION": "1 2 3 4"}, []),
    ],
)
def test_what_aws_is_called_with(
    own: SignIns, stub: Path, options: list[str], environ: dict[str, str], more: list[str]
) -> None:
    done = own.run("login", "mine", *options, env=environ)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "said\nsigned in to 'mine' by aws login\n"
    assert stub.read_text().splitlines() == ["login", "--profile", "mine", *more]


def test_over_ssh_by_a_code(own: SignIns, stub: Path) -> None:
    child = own.at_terminal("login", "mine", env={"SSH_CONNECTION": "1 2 3 4"})
    assert ended(child) == 0
    assert stub.read_text().splitlines() == ["login", "--profile", "mine", "--remote"]


def test_a_name_that_looks_like_an_option(own: SignIns, stub: Path) -> None:
    own.config.write_text(stanza("-x", login_session=WHO, region="eu-west-1"))
    assert own.run("login", "--browser", "--", "-x").returncode == 0
    assert stub.read_text().splitlines() == ["login", "--profile=-x"]


def test_where_it_fails(own: SignIns, stub: Path) -> None:
    done = own.run("login", "mine", "--browser", env={"STATUS": "252"})
    assert done.returncode == 1
    unknown = "awsctx: `aws login` did not sign in to 'mine' (status 252)\n  it takes the AWS CLI, 2.32 or later\n"
    assert done.stderr.endswith(unknown)
    done = own.run("login", "mine", "--browser", "--timeout", "9", env={"STATUS": "255"})
    failed = "awsctx: `aws login` did not sign in to 'mine' (status 255)\n"
    assert done.stderr.endswith(f"{failed}  to try again: awsctx login mine --browser --timeout 9\n")
    done = own.run("login", "mine", "--browser", env={"PATH": "/nonexistent"}, command=[AWSCTX])
    assert "there is no aws on the PATH" in done.stderr


def test_without_a_terminal_it_ends_with_3(own: SignIns, stub: Path) -> None:
    done = own.run("login", "mine")
    assert done.returncode == 3
    assert "on a terminal: awsctx login mine" in done.stderr
    assert not stub.exists()


def test_nobody_signs_in_in_time(own: SignIns) -> None:
    own.stand_in.control(authorize="never")
    began = time.monotonic()
    done = own.run("login", "mine", "--browser", "--timeout", "3")
    assert time.monotonic() - began < 8
    assert (done.returncode, "awsctx: nobody signed in to 'mine' in time" in done.stderr) == (1, True)


@pytest.mark.parametrize("name", ["mine", "behind"])
def test_exec_offers_it(own: SignIns, name: str) -> None:
    child = own.at_terminal("exec", "-p", name, "--", "echo", "it", "ran")
    child.expect_exact("the sign-in to 'mine' by aws login is missing. Sign in now? [Y/n] ")
    child.send("y\r")
    child.expect("signed in to 'mine' by aws login")
    child.expect("it ran")
    assert ended(child) == 0
    child = own.at_terminal("exec", "-p", name, "--", "echo", "it", "ran")
    assert ended(child) == 0
    assert plain(child.before).strip() == "it ran"


def test_a_name_that_is_a_session_too_is_the_session(own: SignIns, stub: Path) -> None:
    own.config.write_text(WALKTHROUGH + stanza("worksso", login_session=WHO, region="eu-west-1"))
    assert own.run("login", "worksso", "--device-code").returncode == 0
    assert not stub.exists()
    assert own.sessions()["worksso"]["sign_in"] == "valid"


def id_token(**claims: object) -> str:
    import base64

    return "x." + base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=") + ".x"


NOW = 1_800_000_000


@pytest.mark.parametrize(
    ("made", "status"),
    [
        ({"accessToken": {"expiresAt": tokens.iso(NOW + 60)}}, "valid"),
        ({"accessToken": {"expiresAt": tokens.iso(NOW - 60)}}, "expired"),
        ({"accessToken": {"expiresAt": tokens.iso(NOW - 60)}, "refreshToken": "r"}, "refreshable"),
        (
            {"accessToken": {"expiresAt": tokens.iso(NOW - 60)}, "refreshToken": "r", "idToken": id_token(iat=NOW - 3600)},
            "refreshable",
        ),
        (
            {"accessToken": {"expiresAt": tokens.iso(NOW - 60)}, "refreshToken": "r", "idToken": id_token(iat=NOW - 12 * 3600)},
            "expired",
        ),
        ({"accessToken": {"expiresAt": tokens.iso(NOW - 60)}, "refreshToken": "r", "idToken": "no token"}, "refreshable"),
        ({"accessToken": "?"}, "none"),
        ([], "none"),
    ],
)
def test_how_it_stands(tmp_path: Path, made: object, status: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(made))
    assert aws_login.sign_in(str(path), NOW).status == status


def test_the_files_name_is_botocores(monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.utils import generate_login_cache_key, get_login_token_cache_directory

    for folder in ("", "~/elsewhere", "$HOME/there"):
        environ = {"AWS_LOGIN_CACHE_DIRECTORY": folder} if folder else {}
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        expected = f"{get_login_token_cache_directory()}/{generate_login_cache_key(WHO)}.json"
        assert aws_login.token_path(WHO, environ) == expected
