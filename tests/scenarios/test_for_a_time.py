"""A context for a time, without a shell's hook: who keeps it, who lifts it, what its end does (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

import json
import re
import time

import pytest
from tests.support import DEVELOPER, TESTER, Home, stanza

from awsctx.store import state
from awsctx.world import World

OVER = f"awsctx: the time of '{TESTER}' is over\n  choose a context with: awsctx NAME\n"


def until(home: Home) -> int:
    return state.read(str(home.state)).record.until


def before(home: Home) -> str:
    return str(state.read(str(home.state)).record.before or "")


def set_end(home: Home, end: float) -> None:
    """What a clock that is set does: the end of the time is ``end`` seconds from now."""
    lines = home.state.read_text().split("\n")
    lines[3] = str(int(time.time() + end))
    home.state.write_text("\n".join(lines))


@pytest.fixture(autouse=True)
def _on_the_developer(home: Home) -> None:
    home.ok(DEVELOPER)


@pytest.mark.parametrize(
    "call", [[TESTER, "--for", "30m"], ["use", TESTER, "--for=1800s"], ["--for", "30m", TESTER]], ids=" ".join
)
def test_it_is_active_for_so_long(home: Home, call: list[str]) -> None:
    done = home.run(*call)
    said = f"switched to {TESTER} (account 43214321, role tester, region eu-west-2), for 30m, then back on {DEVELOPER}\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", said)
    assert abs(until(home) - time.time() - 1800) < 20 and home.active() == TESTER
    current = json.loads(home.ok("current", "--json"))
    assert current["until"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(until(home)))
    assert home.ok("exec", "--", "printenv", "AWS_PROFILE") == f"{TESTER}\n"
    assert home.ok("prompt") == f"{TESTER} expired\n", "nobody has signed in"
    assert json.loads(home.ok("current", "-p", TESTER, "--json"))["until"] is None, "the time is the state's"
    assert json.loads(home.ok("current", "--json", env={"AWS_PROFILE": TESTER}))["until"] is None


def test_of_the_active_one_the_previous_one_comes_back(home: Home) -> None:
    home.ok(TESTER)
    said = home.run(TESTER, "--for", "30m").stderr
    assert said.startswith(f"already on {TESTER} ") and said.endswith(f", for 30m, then back on {DEVELOPER}\n")
    assert home.run(TESTER, "--for", "10m").stderr.endswith(f", for 10m, then back on {DEVELOPER}\n")
    home.state.unlink()
    home.ok(TESTER)
    assert home.run(TESTER, "--for", "30m").stderr.endswith(", for 30m, then on none\n"), "there is no previous one"


def test_after_its_end_nothing_of_the_states_runs(home: Home) -> None:
    home.ok(TESTER, "--for", "30m")
    text = home.state.read_text()
    set_end(home, -1)
    ended = home.state.read_text()
    exported: dict[str, str | None] = {"AWS_PROFILE": TESTER, "AWSCTX_EXPORTED": f"state:{TESTER}"}
    for env in ({}, exported):
        for call in (
            ["current"],
            ["current", "--json"],
            ["exec", "--", "echo", "ran"],
            ["exec", "-p", ".", "--", "echo", "ran"],
            ["env"],
            ["."],
        ):
            done = home.run(*call, env=env)
            assert (done.returncode, done.stdout, done.stderr) == (1, "", OVER), call
        assert home.run("prompt", env=env).stdout == "" and home.run("prompt", env=env).returncode == 0
    assert home.state.read_text() == ended, "its end changes shells alone"
    assert not any(profile["active"] for profile in json.loads(home.ok("list", "--json")))
    assert home.ok("exec", "-p", TESTER, "--", "echo", "ran") == "ran\n"
    assert home.ok("current", env={"AWS_PROFILE": TESTER}) == f"{TESTER}\n", "one's own variable has no end"
    home.state.write_text(text)  # a clock that is set back
    assert home.ok("current") == f"{TESTER}\n"


def test_who_replaces_keeps_and_lifts_it(home: Home) -> None:
    home.ok(TESTER, "--for", "1h")
    first = until(home)
    assert ", for 2h0m, then back on" in home.run(TESTER, "--for", "2h").stderr
    assert until(home) >= first + 3600 and before(home) == DEVELOPER
    home.config.write_text(home.config.read_text() + stanza("third"))
    home.ok("third", "--for", "90s")
    assert before(home) == DEVELOPER, "the one before the first of a row"
    kept = until(home)
    assert re.search(r"switched to third@eu-west-3 .*, for \d+s, then back on", home.run("-r", "eu-west-3").stderr)
    home.ok("-r", "-")
    assert (until(home), before(home)) == (kept, DEVELOPER)
    assert home.run("third").stderr == "already on third (region eu-west-1), with no end any more\n"
    assert (until(home), before(home)) == (0, "")
    assert home.run("third").stderr == "already on third (region eu-west-1)\n"
    for lifting in ([TESTER], ["-"], ["-u"], [f"{TESTER}@eu-west-3"], [TESTER, "-r", "eu-west-1"]):
        home.ok("third", "--for", "1h")
        home.ok(*lifting)
        assert (until(home), before(home)) == (0, ""), lifting
    assert json.loads(home.ok("current", "--json"))["until"] is None


def test_back_goes_by_where_one_is(home: Home) -> None:
    home.ok(TESTER, "--for", "1h")
    home.ok("-")
    assert (home.active(), until(home)) == (DEVELOPER, 0)
    assert "for 1h0m, then back on" in home.run("-", "--for", "1h").stderr
    assert (home.active(), before(home)) == (TESTER, DEVELOPER)
    set_end(home, -1)
    home.ok("-")  # shells are on the developer now
    assert (home.active(), until(home)) == (TESTER, 0)
    home.ok(DEVELOPER)
    assert home.run(DEVELOPER, "--for", "1h").stderr.endswith(f", for 1h0m, then back on {TESTER}\n")
    set_end(home, -1)
    home.ok("-")
    assert home.active() == DEVELOPER
    home.ok(TESTER, "--for", "1h")
    set_end(home, -1)
    assert home.run(TESTER).stderr.startswith("switched to")
    assert home.ok("current") == f"{TESTER}\n"


def test_into_a_guarded_one_and_from_one(home: Home) -> None:
    home.configure(f'guard = ["{TESTER}"]\n')
    assert "is guarded: not switched" in home.run(TESTER, "--for", "1h").stderr and home.active() == DEVELOPER
    home.ok(TESTER, "-y", "--for", "1h")
    home.ok(TESTER, "--for", "2h")  # in force here
    set_end(home, -1)
    for call in ([TESTER], [TESTER, "--for", "1h"], ["-"], ["exec", "-p", TESTER, "--", "true"]):
        assert home.run(*call).returncode == 1, "its time is over: it is in force no more"
    home.ok(TESTER, "-y")
    assert home.run(DEVELOPER, "--for", "1h").stderr.endswith(", for 1h0m, then on none\n")


@pytest.mark.parametrize(
    "call", [["--for", "24h", TESTER], ["-r", "us-east-1", "--for", "24h"], ["-r", "-", "--for", "24h"], ["."]], ids=" ".join
)
def test_an_agent_makes_the_time_of_a_guarded_one_no_longer(home: Home, call: list[str]) -> None:
    home.configure(f'guard = ["{TESTER}"]\n')
    home.ok(TESTER, "-y", "--for", "1h")
    end = until(home)
    done = home.run(*call, env={"CLAUDECODE": "1"})
    assert (done.returncode, until(home)) == (1, end), done
    home.ok("-r", "us-east-1", env={"CLAUDECODE": "1"})
    assert until(home) == end, "a region alone keeps the time"


def test_another_region_keeps_where_its_end_leads(home: Home) -> None:
    assert home.run(DEVELOPER, "--for", "1h").stderr.endswith("for 1h0m, then on none\n")
    assert home.run("-r", "us-west-2").stderr.rstrip("\n").endswith("then on none")
    assert before(home) == ""


@pytest.mark.parametrize("word", ["", "0m", "30", "-5m", "1h30m", "1d", "two", "\x1b[1m"])
def test_a_wrong_time_switches_nothing(home: Home, word: str) -> None:
    before = home.state.read_bytes()
    done = home.run(TESTER, "--for", word)
    assert (done.returncode, done.stdout, home.state.read_bytes()) == (2, "", before)
    assert "is not a time for --for\n  a time looks like 90s, 30m or 2h" in done.stderr and "\x1b" not in done.stderr


def test_what_it_does_not_go_with(home: Home) -> None:
    before = home.state.read_bytes()
    for call in (["-s", TESTER, "--for", "1h"], ["-u", "--for", "1h"], ["--for", "1h"], [TESTER, "--for"]):
        assert home.run(*call).returncode == 2, call
    assert home.state.read_bytes() == before


def test_a_state_of_another_version(home: Home) -> None:
    history = f"{DEVELOPER}\t\t1 2\n"
    home.state.write_text(f"{DEVELOPER}\n\n7 9\n\n\n\nawsctx 1\n{history}")
    assert json.loads(home.ok("current", "--json"))["until"] is None
    home.ok(TESTER, "--for", "1h")
    assert (before(home), home.ok("history")) == (DEVELOPER, f"{TESTER}\n{DEVELOPER}\n")
    text = home.state.read_text()
    home.state.write_text(text.replace("awsctx 2", "awsctx 9"))
    for call in (["current"], ["exec", "--", "true"]):
        done = home.run(*call)
        assert done.returncode == 1 and "the state file is damaged" in done.stderr
    home.ok(TESTER, "--for", "1h")
    assert (home.active(), before(home)) == (TESTER, "")
    for end in ("x", "-5", "1.5", "9" * 30):
        lines = text.split("\n")
        home.state.write_text("\n".join([*lines[:3], end, *lines[4:]]))
        assert "the state file is damaged" in home.run("current").stderr, end


def test_a_rename_and_a_removal_follow(home: Home) -> None:
    home.ok(TESTER, "--for", "1h")
    home.ok("rename", DEVELOPER, "dev")
    assert before(home) == "dev"
    home.ok("rename", TESTER, "test")
    assert (home.active(), before(home)) == ("test", "dev") and until(home)
    home.ok("remove", "-y", "dev")
    assert before(home) == "" and until(home)
    home.ok("remove", "-y", "test")
    assert (home.active(), until(home)) == ("", 0)


def test_the_time_counts_from_the_answer(home: Home) -> None:
    """Not from a question that has waited for a while."""
    home.configure(f'guard = ["{TESTER}"]\n')
    from awsctx.commands.use import use

    world = World(home.environ, ask=lambda question: True, now=time.time() - 600)
    use(world, TESTER, span="30m")
    assert until(home) - time.time() > 1700


def test_doctor_says_that_the_time_is_over(home: Home) -> None:
    home.ok(TESTER, "--for", "30m")
    set_end(home, -5)
    assert home.run("doctor").stdout.startswith(f"no context is in force: the time of '{TESTER}' is over\n")
    home.ok("-u")
    assert home.run("doctor").stdout.startswith("no context is in force\n")
