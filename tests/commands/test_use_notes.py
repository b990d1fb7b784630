"""What a switch says besides: what overrides it, and why aws calls will fail (awsctx(1), SWITCHING)."""

from __future__ import annotations

import pytest
from tests.shells.ptys import sign_in, tool
from tests.support import AWSCTX, DEVELOPER, TESTER, WALKTHROUGH, Home

from awsctx import __version__


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


def test_what_a_hook_above_exported_overrides_in_a_script_too(home: Home) -> None:
    """A script keeps the profile that the prompt showed when it was started; if it switches, it has to know."""
    inherited: dict[str, str | None] = {"AWS_PROFILE": DEVELOPER, "AWSCTX_EXPORTED": f"state:{DEVELOPER}"}
    assert "AWS_PROFILE in this shell overrides it" in home.run(TESTER, env=inherited).stderr
    assert home.ok("current", env=inherited) == f"{DEVELOPER}\n"
    assert "AWS_PROFILE" not in home.run(DEVELOPER, env=inherited).stderr


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
    ("shell", "fix"), [("bash", "unset AWS_PROFILE"), ("zsh", "unset AWS_PROFILE"), ("fish", "set -e AWS_PROFILE")]
)
def test_a_hint_is_in_the_words_of_the_shell_that_made_the_call(home: Home, shell: str, fix: str) -> None:
    login = {"bash": "fish", "zsh": "fish", "fish": "bash"}[shell]
    environ = {"SHELL": f"/bin/{login}", "AWS_PROFILE": DEVELOPER}
    done = home.run("-c", f"{AWSCTX} {TESTER}; true", env=environ, command=[tool(shell)])
    assert f"\n  {fix}\n" in done.stderr, done.stderr
