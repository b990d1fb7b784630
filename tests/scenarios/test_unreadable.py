"""A config that cannot be read: who has profiles in it is not told that there are none."""

from __future__ import annotations

import os

import pexpect
import pytest
from tests.support import AWSCTX, DEVELOPER, TESTER, WALKTHROUGH, Home

CALLS = (["list"], ["sessions"], ["copy", DEVELOPER, "x"], [DEVELOPER], ["exec", "-p", DEVELOPER, "--", "true"], ["list", "-l"])
UTF_16 = ("utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("encoding", UTF_16)
def test_a_config_that_powershell_wrote(home: Home, encoding: str) -> None:
    """`aws configure export > config` and the like write UTF-16 there."""
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    home.config.write_bytes(mark + WALKTHROUGH.encode(encoding))
    for call in CALLS:
        done = home.run(*call)
        assert "could not read" in done.stderr and "UTF-16" in done.stderr and "awsctx doctor" in done.stderr, (call, done)
        assert "awsctx setup" not in done.stderr, (call, done)
    done = home.run("add", "x", "--session", "worksso", "--account", "1", "--role", "r")
    assert done.returncode == 1 and f"{home.config}:1: not UTF-8, but UTF-16" in done.stderr
    assert "file-encoding" in home.run("doctor", "--json").stdout
    person = pexpect.spawn(str(AWSCTX), env={**home.environ, "PATH": "/usr/bin:/bin"}, encoding="utf-8", timeout=20)  # type: ignore[arg-type]
    person.expect("UTF-16")
    person.close()


@pytest.mark.parametrize("what", ["folder", "junk", "too long"])
def test_other_configs_that_cannot_be_read(home: Home, what: str) -> None:
    home.config.unlink()
    if what == "folder":
        home.config.mkdir()
    else:
        home.config.write_text("junk\n")
        os.truncate(home.config, (1 << 29) if what == "too long" else 5)
    for call in CALLS:
        done = home.run(*call)
        assert "could not read" in done.stderr and "awsctx setup" not in done.stderr, (call, done)


def test_a_config_that_is_not_there(home: Home) -> None:
    home.config.unlink()
    for call in CALLS:
        assert "awsctx setup" in home.run(*call).stderr, call


def test_where_the_config_is_a_folder_a_profile_is_not_just_unknown(home: Home) -> None:
    home.credentials.write_text("[keys]\naws_access_key_id = a\naws_secret_access_key = b\n")
    home.ok(TESTER)
    home.config.unlink()
    home.config.mkdir()
    for call in ([TESTER], ["-c"], ["exec", "-p", TESTER, "--", "true"]):
        done = home.run(*call)
        assert done.returncode == 1 and "could not read ~/.aws/config: it is a folder" in done.stderr, done
        assert "awsctx doctor" in done.stderr
