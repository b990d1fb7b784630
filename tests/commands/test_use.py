"""Switching as a user does it (awsctx(1), DESCRIPTION and SWITCHING)."""

from __future__ import annotations

import json
import stat

import pytest
from tests.support import DEVELOPER, HOSTILE, TESTER, WALKTHROUGH, Home, stanza


def contexts(home: Home) -> list[str]:
    return home.ok("history").splitlines()


def test_switch_says_so_on_stderr_and_nothing_on_stdout(home: Home) -> None:
    done = home.run(TESTER)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"switched to {TESTER} (account 43214321, role tester, region eu-west-2)\n"
    assert home.active() == TESTER
    assert home.ok("current") == f"{TESTER}\n"


def test_the_state_file_is_private_and_its_first_line_is_the_profile(home: Home) -> None:
    home.ok(f"{TESTER}@eu-west-3")
    assert home.active() == TESTER
    assert stat.S_IMODE(home.state.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.state.parent.stat().st_mode) == 0o700
    home.ok("-u")
    assert home.active() == ""


def test_back_and_forth_region_and_all(home: Home) -> None:
    assert home.run("-").returncode == 1
    assert not home.state.exists()
    home.ok(f"{DEVELOPER}@ap-south-1")
    assert home.run("-").returncode == 1
    assert home.active() == DEVELOPER
    home.ok(TESTER)
    for expected in (f"{DEVELOPER}@ap-south-1", TESTER, f"{DEVELOPER}@ap-south-1"):
        home.ok("-")
        assert home.ok("-c") == f"{expected}\n"
    assert contexts(home) == [f"{DEVELOPER}@ap-south-1", TESTER]


def test_switching_to_the_active_one_changes_nothing(home: Home) -> None:
    home.ok(DEVELOPER)
    home.ok(TESTER)
    before = home.state.read_bytes()
    assert "already on" in home.run(TESTER).stderr
    assert home.state.read_bytes() == before
    home.ok("-")
    assert home.active() == DEVELOPER


def test_region(home: Home) -> None:
    assert home.run("-r", "eu-west-3").returncode == 1  # no active profile to give it to
    home.ok(TESTER)
    home.ok("-r", "eu-west-3")
    assert home.ok("current") == f"{TESTER}@eu-west-3\n"
    home.ok("-r", "-")
    assert home.ok("current") == f"{TESTER}\n"
    home.ok("-")
    assert home.ok("current") == f"{TESTER}@eu-west-3\n"
    home.ok(DEVELOPER, "-r", "us-east-1")
    assert home.ok("current") == f"{DEVELOPER}@us-east-1\n"
    for region in ("eu west", "-x", "x-", "123", "a" * 64, ""):
        done = home.run("-r", region)
        assert done.returncode == 1 and "is not a region" in done.stderr
    home.config.write_text(home.config.read_text() + '[profile ""]\nregion = eu-west-1\n')
    assert home.run("@us-east-1").returncode == 1 and home.active() == DEVELOPER


def test_unset_and_back(home: Home) -> None:
    home.ok(DEVELOPER)
    home.ok(TESTER)
    home.ok("--unset")
    assert home.run("current").returncode == 1
    home.ok("-")
    assert home.active() == TESTER
    home.ok("-")
    assert home.active() == DEVELOPER


def test_an_unknown_name_leaves_the_state_and_names_what_is_close(home: Home) -> None:
    home.ok(TESTER)
    before = home.state.read_bytes()
    done = home.run("worksso.testr")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("awsctx: no profile named 'worksso.testr'\n")
    assert f"did you mean: {TESTER}" in done.stderr
    assert home.state.read_bytes() == before


def test_dot_is_the_context_in_force(home: Home) -> None:
    assert home.run("current", "-p", ".").returncode == 1
    home.ok(f"{TESTER}@eu-west-3")
    assert home.ok("current", "-p", ".", env={"AWS_PROFILE": DEVELOPER}) == f"{DEVELOPER}\n"
    assert home.ok("current", "-p", ".") == f"{TESTER}@eu-west-3\n"


def test_a_profile_named_like_a_subcommand_or_an_option(home: Home) -> None:
    home.config.write_text(WALKTHROUGH + stanza("list") + stanza("-x") + stanza("use"), encoding="utf-8")
    home.ok("use", "list")
    assert home.active() == "list"
    home.ok("use", "--", "-x")
    assert home.active() == "-x"
    home.ok("use", "use")
    assert home.active() == "use"
    assert home.run("-x").returncode == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_data(home: Home, name: str) -> None:
    home.config.write_text(WALKTHROUGH + stanza(name), encoding="utf-8")
    home.ok("use", "--", name)
    assert home.active() == name
    assert home.ok("current") == f"{name}\n"
    assert home.ok("prompt") == f"{name}\n"
    assert json.loads(home.ok("current", "--json"))["profile"] == name
    assert name in home.ok("list").splitlines()
    home.ok(TESTER)
    home.ok("-")
    assert contexts(home) == [name, TESTER]
    assert not list(home.folder.rglob("pwned"))


def test_names_with_control_characters_are_refused(home: Home) -> None:
    home.config.write_text(WALKTHROUGH + '[profile "a\x1b[31mb"]\nregion = x\n', encoding="utf-8")
    done = home.run("a\x1b[31mb")
    assert done.returncode == 1 and "control characters" in done.stderr
    assert "\x1b" not in done.stderr
    assert not home.state.exists()


def test_a_profile_in_the_credentials_file_alone(home: Home) -> None:
    home.credentials.write_text("[keys]\naws_access_key_id = AKIA\naws_secret_access_key = s\n", encoding="utf-8")
    home.ok("keys")
    assert json.loads(home.ok("current", "--json"))["credentials"] == "shared-credentials-file"


def test_guarded_needs_yes(home: Home) -> None:
    home.configure(f'guard = ["{TESTER}"]\n')
    done = home.run(TESTER)
    assert done.returncode == 1 and "guarded" in done.stderr and "--yes" in done.stderr
    assert not home.state.exists()
    home.ok(TESTER, "-y")
    assert home.active() == TESTER
    home.ok(TESTER)  # already there
    home.ok(DEVELOPER)
    assert home.run("-").returncode == 1
    assert home.active() == DEVELOPER
    home.ok("-", "--yes")
    assert home.active() == TESTER


def test_in_one_shell_only_needs_the_hook(home: Home) -> None:
    for call in (["-s", TESTER], ["--shell", TESTER], ["-s", "-"], ["-s", "-u"]):
        done = home.run(*call, env={"SHELL": "/bin/zsh"})
        assert done.returncode == 1, call
        assert 'eval "$(awsctx init zsh)"' in done.stderr
    assert not home.state.exists()


def test_sources(home: Home) -> None:
    def source(**env: str) -> tuple[str, str | None, str]:
        value = json.loads(home.ok("current", "--json", env=env))
        return value["profile"], value["region"], value["source"]

    assert home.run("current", "--json").returncode == 1
    home.config.write_text(WALKTHROUGH + "[default]\nregion = eu-west-1\n", encoding="utf-8")
    assert source() == ("default", None, "default")
    home.ok(f"{TESTER}@eu-west-3")
    assert source() == (TESTER, "eu-west-3", "state")
    assert source(AWS_PROFILE="") == (TESTER, "eu-west-3", "state")
    assert source(AWS_DEFAULT_PROFILE=DEVELOPER) == (DEVELOPER, None, "environment")
    assert source(AWS_PROFILE=DEVELOPER, AWS_DEFAULT_PROFILE=TESTER) == (DEVELOPER, None, "environment")
    done = home.run("current", "-p", DEVELOPER, "--json", env={"AWS_PROFILE": TESTER})
    assert json.loads(done.stdout)["source"] == "flag"
    for env, named in (
        ({"AWS_PROFILE": "gone"}, "AWS_PROFILE names"),
        ({"AWS_PROFILE": "gone", "AWSCTX_EXPORTED": "state:gone"}, "the state names"),
        ({"AWS_PROFILE": "gone", "AWSCTX_EXPORTED": "shell:gone"}, "this shell names"),
        ({"AWS_PROFILE": "gone", "AWSCTX_EXPORTED": "environment:gone"}, "AWS_PROFILE names"),
    ):
        done = home.run("current", env=env)
        assert done.returncode == 1 and done.stderr.startswith(f"awsctx: {named} the profile 'gone'")
    for call in (["current"], ["exec"]):
        done = home.run(*call, "-p", "worksso.testr", *(["--", "true"] if call == ["exec"] else []))
        assert done.returncode == 1 and done.stderr.startswith("awsctx: -p names the profile 'worksso.testr'")
        assert f"did you mean: {TESTER}" in done.stderr


def test_a_config_that_botocore_refuses_does_not_stop_the_everyday_calls(home: Home) -> None:
    home.config.write_bytes(b"\xef\xbb\xbf" + WALKTHROUGH.encode() + b"[profile worksso.tester]\nregion = x\n\xff\n")
    for call in (["list"], [TESTER], ["current"], ["prompt"], ["current", "--json"], ["list", "-l"], ["list", "--json"]):
        done = home.run(*call)
        assert done.returncode == 0, (call, done)
        assert "Traceback" not in done.stderr


def test_no_aws_files_at_all(home: Home) -> None:
    home.config.unlink()
    assert home.run("list").stdout == ""
    done = home.run(TESTER)
    assert done.returncode == 1 and "no profiles in ~/.aws/config yet" in done.stderr
    assert json.loads(home.ok("list", "--json")) == []
    home.config.mkdir()
    assert "could not read ~/.aws/config: it is a folder" in home.run("list").stderr
    assert "could not read ~/.aws/config: it is a folder" in home.run(TESTER).stderr


def test_a_variable_that_names_what_no_terminal_could_show_is_refused(home: Home) -> None:
    home.config.write_text(WALKTHROUGH + '[profile "a\x1b[31mb"]\nregion = x\n', encoding="utf-8")
    done = home.run("current", env={"AWS_PROFILE": "a\x1b[31mb"})
    assert done.returncode == 1 and "control characters" in done.stderr and "\x1b" not in done.stderr


def test_a_line_of_the_state_stays_one_line(home: Home) -> None:
    """Whatever stands in the hook's own variable, and whatever someone writes into the file."""
    home.ok(DEVELOPER, env={"AWSCTX_HOOK": "1", "AWSCTX_ANSWER": "bash 2 1\n /\n\t", "AWSCTX_MEMORY": "\n\t"})
    assert home.active() == DEVELOPER and home.ok("history") == f"{DEVELOPER}\n"
    lines = home.state.read_text().split("\n")
    for number, line in ((0, f"{DEVELOPER}\tx"), (3, "1\tb"), (7, f"{DEVELOPER}\t\x1b[31m"), (7, DEVELOPER)):
        home.state.write_text("\n".join([*lines[:number], line, *lines[number + 1 :]]))
        done = home.run("history")
        assert done.returncode == 1 and "the state file is damaged" in done.stderr


def test_the_state_is_private_however_it_was_found(home: Home) -> None:
    home.state.parent.mkdir(parents=True, mode=0o755)
    home.state.write_text(f"{DEVELOPER}\n")
    home.state.chmod(0o644)
    home.ok(TESTER)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (home.state, home.state.parent)] == [0o600, 0o700]


def test_dot_with_a_region(home: Home) -> None:
    home.ok(f"{TESTER}@eu-west-3")
    home.ok(".@us-east-1")
    assert home.ok("current") == f"{TESTER}@us-east-1\n"
    assert home.ok("exec", "-p", ".@eu-west-1", "--", "printenv", "AWS_REGION") == "eu-west-1\n"
    assert home.run("-r", "").stderr.startswith("awsctx: '' is not a region")


def test_an_account_or_role_names_its_profiles(home: Home) -> None:
    for word in ("43214321", "tester"):
        done = home.run(word)
        assert done.returncode == 1
        assert done.stderr.splitlines()[:2] == [f"awsctx: no profile named '{word}'", f"  did you mean: {TESTER}"]
