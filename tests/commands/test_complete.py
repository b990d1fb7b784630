"""What completion offers."""

from __future__ import annotations

import botocore.session
import pytest
from tests.support import DEVELOPER, HOSTILE, TESTER, WALKTHROUGH, Home, stanza

from awsctx.core.regions import REGIONS
from awsctx.core.words import NAMES


def test_the_regions_are_botocores() -> None:
    session = botocore.session.Session()
    partitions = session.get_data("partitions")["partitions"]
    theirs = {
        region: data.get("description", "")
        for partition in partitions
        for region, data in partition["regions"].items()
        if not region.endswith("-global")
    }
    # botocore is not pinned: a newer one may know more regions, but none of ours may be unknown to it or have another name.
    assert {region: theirs.get(region) for region in REGIONS} == REGIONS


def complete(home: Home, *words: str) -> list[str]:
    out = home.ok("_complete", str(len(words) - 1), *words)
    return [line.split("\t")[0] for line in out.splitlines()]


def test_profiles_are_described_as_far_as_the_config_knows(home: Home) -> None:
    home.config.write_text(home.config.read_text() + stanza("plain", output="json") + stanza("odd", region="a\tb\x1b[31m"))
    shown = home.ok("_complete", "0", "").splitlines()
    assert f"{DEVELOPER}\t123412341234 developer eu-west-1" in shown and f"{TESTER}\t43214321 tester eu-west-2" in shown
    assert "plain" in shown and r"odd	a\tb\x1b[31m".replace(r"odd\t", "odd\t") in shown
    assert home.ok("_complete", "1", "login", "").splitlines() == [
        "worksso\tsession", *(line for line in shown if line.split("\t")[0] in (DEVELOPER, TESTER, "plain", "odd")),
    ]  # fmt: skip


def test_what_is_too_much_to_be_read_is_not_described(home: Home) -> None:
    home.config.write_text("".join(stanza(f"p{number:04}") for number in range(1000)))
    assert home.ok("_complete", "1", "use", "p01").splitlines() == [f"p{number:04}\teu-west-1" for number in range(100, 200)]
    assert home.ok("_complete", "1", "use", "p").splitlines() == [f"p{number:04}" for number in range(1000)]


def test_names_subcommands_and_options(home: Home) -> None:
    assert complete(home, "")[:2] == [DEVELOPER, TESTER]
    assert set(complete(home, "")) > NAMES
    assert complete(home, "worksso.t") == [TESTER]
    assert complete(home, f"{TESTER}@eu-west-") == [f"{TESTER}@eu-west-{n}" for n in (1, 2, 3)]
    assert complete(home, "-s", "worksso.t") == [TESTER]
    assert complete(home, "use", "worksso.d") == [DEVELOPER]
    assert complete(home, "use", "-y", "worksso.d") == [DEVELOPER]
    assert complete(home, "use", DEVELOPER, "") == []
    assert complete(home, "-r", "us-west") == ["us-west-1", "us-west-2"]
    assert complete(home, "exec", "-p", "worksso.d") == [DEVELOPER]
    assert complete(home, "exec", "--match", "worksso.d") == [DEVELOPER]
    assert complete(home, "exec", "-r", "a")[-1] == "all" and "ap-south-1" in complete(home, "exec", "-r", "a")
    assert complete(home, "exec", "--all", "--one-per", "") == ["account"]
    assert complete(home, "exec", "--keep", "AWS_B") == ["AWS_BEARER_TOKEN_BEDROCK"]
    assert complete(home, "exec", "--pro") == ["--profile"]
    assert complete(home, "-c", "--j") == ["--json"]
    assert complete(home, "-d", "worksso.t") == [TESTER]
    assert complete(home, "help", "wh") == ["whoami"]
    assert complete(home, "alias", "--shell", "") == ["bash", "zsh", "fish", "nu"]
    assert complete(home, "init", "") == ["bash", "zsh", "fish", "nu"]
    assert complete(home, "current", "--j") == ["--json"]
    assert complete(home, "--debug", "use", "worksso.d") == [DEVELOPER]


@pytest.mark.parametrize(
    ("words", "at"),
    [
        (("exec", "--", "ls", "-"), 2),
        (("exec", "--", ""), 2),
        (("exec", "l"), 1),
        (("exec", "-p", "worksso.tester", "-q", "ls", "-p", "x", ""), 4),
        (("--debug", "exec", "-q", "--", "ls", ""), 4),
    ],
)
def test_what_exec_runs_is_left_to_the_shell(home: Home, words: tuple[str, ...], at: int) -> None:
    assert home.ok("_complete", str(len(words) - 1), *words) == f"\t{at}\n"


def test_hostile_names_are_offered_as_they_are(home: Home) -> None:
    names = [name for name in HOSTILE if not name.startswith("-")]
    home.config.write_text(WALKTHROUGH + "".join(map(stanza, names)) + '[profile "a\x1bb"]\n', encoding="utf-8")
    assert complete(home, "use", "")[2:] == names
    assert home.run("_complete", "x").returncode == 2
