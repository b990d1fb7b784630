"""Switching as a user does it (awsctx(1), DESCRIPTION and SWITCHING)."""

from __future__ import annotations

import json
import re
import stat
import sys

import pytest
from tests.shells.ptys import sign_in, tool
from tests.support import AWSCTX, DEVELOPER, HOSTILE, TESTER, WALKTHROUGH, Home, stanza

from awsctx import __version__


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


@pytest.mark.parametrize("call", [TESTER, "-", "-c", "list", "history", "prompt", "current --json"])
def test_a_broken_own_config_stops_a_call_and_is_named(home: Home, call: str) -> None:
    home.ok(DEVELOPER)
    home.ok(TESTER)
    home.configure('gaurd = ["x"]\n')
    done = home.run(*call.split())
    assert (done.returncode, done.stdout) == (1, "")
    assert str(home.settings) in done.stderr and "'gaurd'" in done.stderr


def test_a_switch_names_what_overrides_it_and_how_to_be_rid_of_that(home: Home) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "AKIAOLD", "AWS_SECRET_ACCESS_KEY": "topsecret"}
    done = home.run(TESTER, env={**keys, "SHELL": "/bin/bash"})
    assert done.returncode == 0
    assert "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY" in done.stderr
    assert "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY" in done.stderr
    assert "topsecret" not in done.stderr and "AKIAOLD" not in done.stderr
    done = home.run(TESTER, env={**keys, "SHELL": "/usr/bin/fish"})
    assert "set -e AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY" in done.stderr
    done = home.run(TESTER, env={"AWS_PROFILE": DEVELOPER})
    assert "AWS_PROFILE" in done.stderr


def test_in_one_shell_only_needs_the_hook(home: Home) -> None:
    for call in (["-s", TESTER], ["--shell", TESTER], ["-s", "-"], ["-s", "-u"]):
        done = home.run(*call, env={"SHELL": "/bin/zsh"})
        assert done.returncode == 1, call
        assert 'eval "$(awsctx init zsh)"' in done.stderr
    assert not home.state.exists()


def test_usage_mistakes_are_exit_2_and_one_line(home: Home) -> None:
    for call in (["--nonsense"], ["list", "a", "b"], ["-r"], ["-u", TESTER], [TESTER, DEVELOPER], ["use"], ["init"]):
        done = home.run(*call)
        assert done.returncode == 2, (call, done)
        assert done.stdout == ""
        assert done.stderr.startswith("awsctx: ")
        assert "Traceback" not in done.stderr and "Usage" not in done.stderr


def test_bare_awsctx_without_a_terminal_lists(home: Home) -> None:
    assert home.ok() == home.ok("list") == f"{DEVELOPER}\n{TESTER}\n"


def test_version_and_help_everywhere(home: Home) -> None:
    for call in ([], ["use"], ["list"], ["exec"], ["current"], ["--debug"]):
        assert re.fullmatch(r"awsctx \d+\.\d+\.\d+\n", home.ok(*call, "--version"))
    for call in ([], ["use"], ["list"], ["current"], ["exec"], ["history"], ["init"], ["prompt"]):
        assert "Usage: awsctx" in home.ok(*call, "--help")


def test_debug_tells_on_stderr_and_changes_nothing_else(home: Home) -> None:
    home.ok(TESTER)
    plain = home.run("current")
    for done in (home.run("--debug", "current"), home.run("current", env={"AWSCTX_DEBUG": "1"})):
        assert (done.returncode, done.stdout) == (0, plain.stdout)
        assert str(home.state) in done.stderr


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


def test_what_a_hook_above_exported_overrides_in_a_script_too(home: Home) -> None:
    """A script keeps the profile that the prompt showed when it was started; if it switches, it has to know."""
    inherited: dict[str, str | None] = {"AWS_PROFILE": DEVELOPER, "AWSCTX_EXPORTED": f"state:{DEVELOPER}"}
    assert "AWS_PROFILE in this shell overrides it" in home.run(TESTER, env=inherited).stderr
    assert home.ok("current", env=inherited) == f"{DEVELOPER}\n"
    assert "AWS_PROFILE" not in home.run(DEVELOPER, env=inherited).stderr


def test_a_reader_that_stops_or_is_slow_is_no_error(home: Home) -> None:
    names = [f"p{number:05}" for number in range(20_000)]
    home.config.write_text("".join(map(stanza, names)), encoding="utf-8")
    done = home.run("-c", f"'{AWSCTX}' list | head -1; echo ${{PIPESTATUS[0]}}", command=["bash"])
    assert (done.stdout, done.stderr) == ("p00000\n0\n", "")
    slow = (
        "import os, subprocess, sys, time; r, w = os.pipe(); os.set_blocking(w, False); "
        "p = subprocess.Popen(sys.argv[1:], stdout=w); os.close(w); time.sleep(0.3); n = 0\n"
        "while data := os.read(r, 999): n += data.count(10)\nprint(n, p.wait())"
    )
    assert home.ok("-c", slow, AWSCTX, "list", command=[sys.executable]) == "20000 0\n"


def test_a_variable_that_names_what_no_terminal_could_show_is_refused(home: Home) -> None:
    home.config.write_text(WALKTHROUGH + '[profile "a\x1b[31mb"]\nregion = x\n', encoding="utf-8")
    done = home.run("current", env={"AWS_PROFILE": "a\x1b[31mb"})
    assert done.returncode == 1 and "control characters" in done.stderr and "\x1b" not in done.stderr


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_switch_names_a_region_that_wins_over_its_own(home: Home, variable: str) -> None:
    for context in (TESTER, f"{TESTER}@eu-west-3"):
        done = home.run(context, env={variable: "eu-north-1"})
        assert f"warning: {variable} in this shell overrides it" in done.stderr
    assert "warning" not in home.run(TESTER, env={variable: "eu-west-2"}).stderr
    # What a hook exported for another context, it takes back; and the context's own region it exports.
    hooked = {variable: "eu-north-1", "AWSCTX_HOOK": __version__}
    assert "warning" not in home.run(TESTER, env={**hooked, "AWSCTX_REGION": "eu-north-1"}).stderr
    assert "warning" not in home.run(f"{TESTER}@eu-west-3", env=hooked).stderr


@pytest.mark.parametrize(
    "variable",
    ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_DEFAULT_PROFILE", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK"],
)
def test_no_context_but_a_variable_that_decides(home: Home, variable: str) -> None:
    home.ok(TESTER)
    done = home.run("-u", env={variable: DEVELOPER})
    told = [
        "no context is active now; back with: awsctx -",
        f"warning: {variable} in this shell overrides it; to be rid of that:",
    ]
    assert done.stderr.splitlines() == [*told, f"  unset {variable}"]
    home.ok(TESTER)
    hooked = home.run("-u", env={"AWSCTX_HOOK": __version__, "AWS_PROFILE": TESTER, "AWSCTX_EXPORTED": f"state:{TESTER}"})
    assert "warning" not in hooked.stderr, "the hook takes that back"


def test_bedrocks_token_is_named_by_a_switch(home: Home) -> None:
    done = home.run(TESTER, env={"AWS_BEARER_TOKEN_BEDROCK": "hush-hush"})
    assert "warning: AWS_BEARER_TOKEN_BEDROCK in this shell overrides it" in done.stderr and "hush" not in done.stderr


def test_the_mcp_proxys_list_is_named_by_a_switch(home: Home) -> None:
    done = home.run(TESTER, env={"AWS_MCP_PROXY_PROFILES": DEVELOPER})
    said = "warning: AWS_MCP_PROXY_PROFILES in this shell overrides it for AWS's MCP proxy; to be rid of that:"
    assert done.stderr.splitlines()[-2:] == [said, "  unset AWS_MCP_PROXY_PROFILES"]
    assert "MCP" not in home.run(DEVELOPER, env={"AWS_MCP_PROXY_PROFILES": DEVELOPER}).stderr


def test_a_sdk_that_takes_the_profile_all_the_same_is_named(home: Home) -> None:
    note = "note: AWS SDK for JavaScript v3 takes the profile all the same, so the tools here do not agree"
    hooked = {"AWSCTX_HOOK": __version__}
    keys = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s"}
    assert note in home.run(TESTER, env={**hooked, **keys}).stderr
    assert note in home.run(TESTER, env={**keys, "AWS_PROFILE": TESTER}).stderr
    assert note in home.run(TESTER, env={**hooked, "AWS_DEFAULT_PROFILE": DEVELOPER}).stderr
    assert note not in home.run(TESTER, env=keys).stderr, "with AWS_PROFILE unset it takes the keys, too"
    assert note not in home.run(TESTER, env={**hooked, "AWS_REGION": "eu-north-1"}).stderr


@pytest.mark.parametrize(
    ("more", "line", "what"),
    [
        (f"[profile {TESTER}]\n", 17, f"duplicate section [profile {TESTER}], first in line 11"),
        ("nonsense\n", 17, "neither a [section] nor a key = value"),
        ("region = x\n", 17, f"duplicate key region in [profile {TESTER}]"),
        ("[profile b]\ns3 =\n  nonsense\n", 19, "a line without = in the block of s3"),
        ("[profile b]\nregion = \udcff\n", 18, "not UTF-8: byte 0xff"),
    ],
)
@pytest.mark.parametrize("profiles", [0, 2000], ids=["short", "long"])
def test_a_config_that_aws_refuses_is_said(home: Home, more: str, line: int, what: str, profiles: int) -> None:
    others = "".join(f"[profile p{number}]\nregion = eu-west-1\n" for number in range(profiles))
    home.config.write_text(WALKTHROUGH, encoding="utf-8")
    assert "warning" not in home.run(TESTER).stderr
    with home.config.open("a", encoding="utf-8", errors="surrogateescape") as file:
        file.write(more + others)
    told = [text for text in home.run(TESTER).stderr.splitlines() if text.startswith("warning: every aws call fails on ")]
    if profiles and ("nonsense" in more or more.startswith("region")):
        assert told == [], "a long file gets a glance"
    else:
        assert len(told) == 1 and f"~/.aws/config:{line}: {what}" in told[0] and told[0].endswith("; see: awsctx doctor")


def test_a_sign_in_that_has_ended_is_said(home: Home) -> None:
    sign_in(home, -60)
    assert home.run(TESTER).stderr.splitlines()[1] == f"note: its sign-in has ended; sign in with: awsctx login {TESTER}"
    sign_in(home, 3600)
    assert "sign-in" not in home.run(DEVELOPER).stderr


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


def test_version_and_help_wherever_options_go(home: Home) -> None:
    home.ok(TESTER)
    for call in (
        ["use", TESTER, "--version"], [TESTER, "--version"], ["-", "--version"], ["-r", "eu-west-1", "--version"],
        ["list", "--json", "--version"], ["exec", "-q", "--version"], ["exec", "-p", TESTER, "--version"],
        ["--version", "list"],
    ):  # fmt: skip
        assert home.ok(*call).startswith("awsctx "), call
    for options in ([], ["-p", TESTER], ["-q", "--"]):
        assert home.ok("exec", *options, "sh", "-c", "echo $1", "sh", "--version") == "--version\n"
    for call in (["--help"], ["list", "--help"], ["list"]):
        done = home.run("-c", f"'{AWSCTX}' {' '.join(call)} > /dev/full", command=["sh"])
        assert (done.returncode, done.stderr) == (1, "awsctx: could not write to standard output: No space left on device\n")


def test_dot_with_a_region(home: Home) -> None:
    home.ok(f"{TESTER}@eu-west-3")
    home.ok(".@us-east-1")
    assert home.ok("current") == f"{TESTER}@us-east-1\n"
    assert home.ok("exec", "-p", ".@eu-west-1", "--", "printenv", "AWS_REGION") == "eu-west-1\n"
    assert home.run("-r", "").stderr.startswith("awsctx: '' is not a region")


def test_debug_tells_of_what_is_read_and_decided(home: Home) -> None:
    home.ok(TESTER)
    told = home.run("--debug", "current", "--json").stderr
    for word in (str(home.state), str(home.config), f"in force: {TESTER} (source: state)"):
        assert word in told


def test_an_account_or_role_names_its_profiles(home: Home) -> None:
    for word in ("43214321", "tester"):
        done = home.run(word)
        assert done.returncode == 1
        assert done.stderr.splitlines()[:2] == [f"awsctx: no profile named '{word}'", f"  did you mean: {TESTER}"]


def test_a_hook_of_another_version_is_said_not_to_take_a_switch_over(home: Home) -> None:
    for handed in ({}, {"AWSCTX_ANSWER": f"bash 1 1 {home.folder}/shells/1-a"}):
        done = home.run(TESTER, env={"AWSCTX_HOOK": "0.1.0", **handed})
        assert done.returncode == 0 and "this shell's hook is of another version" in done.stderr
        assert not (home.folder / "shells").exists()


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_a_variable_that_names_the_same_profile_overrides_the_region(home: Home, variable: str) -> None:
    done = home.run(f"{TESTER}@us-east-2", env={variable: TESTER})
    assert f"warning: {variable} in this shell overrides it" in done.stderr
    assert "warning" not in home.run(TESTER, env={variable: TESTER}).stderr


def test_a_variable_with_control_characters_is_named(home: Home) -> None:
    done = home.run("-c", env={"AWS_PROFILE": "x\ny"})
    assert (done.returncode, done.stdout) == (1, "")
    assert "AWS_PROFILE names the profile 'x\\ny', which does not exist" in done.stderr and "unset AWS_PROFILE" in done.stderr


@pytest.mark.parametrize(
    ("shell", "cure"), [("bash", "unset AWS_PROFILE"), ("zsh", "unset AWS_PROFILE"), ("fish", "set -e AWS_PROFILE")]
)
def test_a_hint_is_in_the_words_of_the_shell_that_made_the_call(home: Home, shell: str, cure: str) -> None:
    login = {"bash": "fish", "zsh": "fish", "fish": "bash"}[shell]
    environ = {"SHELL": f"/bin/{login}", "AWS_PROFILE": DEVELOPER}
    done = home.run("-c", f"{AWSCTX} {TESTER}; true", env=environ, command=[tool(shell)])
    assert f"\n  {cure}\n" in done.stderr, done.stderr


@pytest.mark.parametrize("call", ["--help", "list --help", "help"])
def test_help_that_goes_nowhere_is_an_error(home: Home, call: str) -> None:
    done = home.run("-c", f"{AWSCTX} {call} >&-", command=["sh"])
    assert (done.returncode, done.stderr) == (1, "awsctx: could not write to standard output: Bad file descriptor\n")


def test_the_help_of_an_equation_is_that_of_rename(home: Home) -> None:
    assert home.ok(f"new={TESTER}", "--help") == home.ok("rename", "--help")
