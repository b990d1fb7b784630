"""The guard at each door: the question, `--yes`, agents (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pexpect
import pytest
from tests.signin.helpers import ended
from tests.support import AWSCTX, DEVELOPER, TESTER, Home, stanza

from awsctx import __version__
from awsctx.core.agents import VARIABLES
from awsctx.core.environ import PROTOCOL

KEYS = "[keys]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n"
FOR_A_PERSON = "  entering it is a person's decision: ask the one you work for\n"
# {door: (the call, what is said to be not done, the question, what the call says or prints once it is let in)}
DOORS: dict[str, tuple[list[str], str, str, str]] = {
    "NAME": ([TESTER], "not switched", "Switch to it?", "switched to"),
    "NAME@REGION": ([f"{TESTER}@eu-west-3"], "not switched", "Switch to it?", "switched to"),
    "use": (["use", TESTER], "not switched", "Switch to it?", "switched to"),
    "-": (["-"], "not switched", "Switch to it?", "switched to"),
    "exec -p": (["exec", "-p", TESTER, "--", "echo", "ran"], "nothing has run", "Run the command there?", "ran"),
    "exec -c": (["exec", "-p", TESTER, "-c", "echo ran"], "nothing has run", "Run the command there?", "ran"),
    "exec --keys": (["exec", "--keys", "-p", "keys", "--", "echo", "ran"], "nothing has run", "Run the command there?", "ran"),
    "env": (["env", "keys"], "nothing is printed", "Print its credentials?", "AKIA1"),
    "console": (["console", TESTER, "--print"], "no console is opened", "Open its console?", "account_id=43214321"),
}
each_door = pytest.mark.parametrize("door", DOORS)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """On the developer; the previous context is the tester, which is guarded by its account, as `keys` is by its name."""
    home = Home(tmp_path / "home")
    home.credentials.write_text(KEYS)
    home.ok(TESTER)
    home.ok(DEVELOPER)
    home.configure('guard = ["account:4321*", "keys"]\n')
    return home


def call_of(door: str, *options: str) -> list[str]:
    """The door's call with ``options``, which go before a command."""
    first, *rest = DOORS[door][0]
    return [first, *options, *rest] if first == "exec" else [first, *rest, *options]


def guarded_of(door: str) -> str:
    return "keys" if "keys" in DOORS[door][0] else TESTER


def at_terminal(home: Home, *arguments: str, **env: str) -> pexpect.spawn:
    environ = {**home.environ, **env}
    return pexpect.spawn(str(AWSCTX), [*arguments], env=environ, cwd=str(home.folder), encoding="utf-8", timeout=20)  # type: ignore[arg-type]


def refuses_an_agent(home: Home, call: list[str], env: dict[str, str]) -> str:
    """What the refusal of ``call`` says; it teaches no way round, and nothing has happened."""
    before = home.state.read_bytes()
    done = home.run(*call, env=env)  # type: ignore[arg-type]
    assert (done.returncode, done.stdout, home.state.read_bytes()) == (1, "", before), done
    taught = ("--yes", "-y", "agents", "allow", "unset", "config", "AWSCTX", *VARIABLES)
    assert not [word for word in taught if word in done.stderr]
    return done.stderr


@each_door
def test_where_nobody_is_asked_it_takes_yes(home: Home, door: str) -> None:
    done = home.run(*call_of(door))
    assert (done.returncode, done.stdout, home.active()) == (1, "", DEVELOPER)
    hint = "if you mean it, add before the command: --yes" if door.startswith("exec") else "if you mean it, add: --yes"
    assert done.stderr == f"awsctx: '{guarded_of(door)}' is guarded: {DOORS[door][1]}\n  {hint}\n"
    for yes in ("-y", "--yes"):
        done = home.run(*call_of(door, yes))
        assert done.returncode == 0 and DOORS[door][3] in done.stdout + done.stderr
        home.ok(DEVELOPER)


@pytest.mark.parametrize("guard", [TESTER, "*.test*", "account:4321*", "role:tester"])
@each_door
def test_each_kind_of_pattern_guards_each_door(home: Home, door: str, guard: str) -> None:
    if guarded_of(door) == TESTER:
        home.configure(f'guard = ["{guard}"]\n')
        done = home.run(*call_of(door))
        assert (done.returncode, done.stdout) == (1, "") and done.stderr.startswith(f"awsctx: '{TESTER}' is guarded: ")
    home.configure('guard = ["account:99*", "role:4321*", "Worksso*"]\n')
    assert home.run(*call_of(door)).returncode == 0


@each_door
def test_a_person_is_asked(home: Home, door: str) -> None:
    question = f"'{guarded_of(door)}' is guarded. {DOORS[door][2]} [y/N] "
    for answer in ("", "n", "yess"):
        child = at_terminal(home, *call_of(door))
        child.expect_exact(question)
        child.send(f"{answer}\r")
        child.expect_exact(f"awsctx: {DOORS[door][1]}")
        assert ended(child) == 1 and home.active() == DEVELOPER
    child = at_terminal(home, *call_of(door))
    child.expect_exact(question)
    child.sendintr()
    assert ended(child) == 130 and home.active() == DEVELOPER
    child = at_terminal(home, *call_of(door))
    child.expect_exact(question)
    child.send("y\r")
    child.expect_exact("Sign in now?" if door in ("exec -p", "exec -c") else DOORS[door][3])


@each_door
def test_what_is_in_force_here_is_not_asked_about(home: Home, door: str) -> None:
    profile = guarded_of(door)
    home.ok(profile, "-y")
    if door != "-":
        assert home.run(*call_of(door)).returncode == 0
    if not DOORS[door][3].startswith("switched"):
        home.ok(DEVELOPER)
        assert home.run(*call_of(door), env={"AWS_PROFILE": profile}).returncode == 0


def test_what_guards_nothing(home: Home) -> None:
    home.config.write_text(home.config.read_text() + stanza("chained", role_arn="arn:aws:iam::1:role/x", source_profile=TESTER))
    home.ok("exec", "-p", "chained", "--", "true")  # the profile itself counts, not its source
    for call in (["whoami", TESTER], ["whoami", "--match", "*"]):
        assert "guarded" not in home.run(*call, env={"CLAUDECODE": "1", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}).stderr
    for call in (["show", TESTER], ["current", "-p", TESTER], ["list", "-l"], ["exec", "--", "true"]):
        home.ok(*call)


def test_exec_asks_about_its_dot_and_without_a_profile_about_nothing(home: Home) -> None:
    home.ok("exec", "-p", ".", "--", "true", env={"AWS_PROFILE": TESTER})
    home.ok("exec", "--", "true", env={"AWS_PROFILE": TESTER})
    home.ok("console", "--print", env={"AWS_PROFILE": TESTER})
    assert home.run("exec", "-p", TESTER, "--", "true", env={"AWS_PROFILE": "gone"}).returncode == 1
    home.configure("guard = 1\n")
    home.ok("exec", "-p", DEVELOPER, "--", "true")
    assert home.run("exec", "-p", "keys", "--", "true").returncode == 1, "a guard that nobody can read holds all"


def test_a_renamed_and_a_moved_account_stay_guarded(home: Home) -> None:
    home.config.write_text(home.config.read_text().replace(f"profile {TESTER}", "profile harmless"))
    done = home.run("harmless")
    assert done.returncode == 1 and "'harmless' is guarded" in done.stderr
    home.config.write_text(home.config.read_text().replace("43214321", "123412341234"))
    assert home.run("harmless").returncode == 0
    home.config.write_text(home.config.read_text().replace("123412341234", "43214321"))
    home.ok("-u")
    assert home.run(DEVELOPER).returncode == 1, "the developer's account is that one now"


def test_a_rename_tells_of_a_guard_that_it_lifts_and_of_no_other(home: Home) -> None:
    home.configure('guard = ["worksso.*", "account:4321*"]\n')
    assert "was guarded" not in home.run("rename", TESTER, "harmless").stderr
    assert f"'{DEVELOPER}' was guarded, 'other' is not" in home.run("rename", DEVELOPER, "other").stderr
    assert home.run("exec", "-p", "harmless", "--", "true").returncode == 1


# --- agents -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variable", VARIABLES)
@each_door
def test_for_an_agent_neither_question_nor_yes_counts(home: Home, door: str, variable: str) -> None:
    for options in ((), ("-y",), ("--yes",)):
        said = refuses_an_agent(home, call_of(door, *options), {variable: "1"})
        assert said == f"awsctx: '{guarded_of(door)}' is guarded: {DOORS[door][1]}\n{FOR_A_PERSON}"


@pytest.mark.parametrize("variable", VARIABLES)
def test_an_agent_is_not_told_to_do_without_the_own_config(home: Home, variable: str) -> None:
    for text in ("guard = [\n", "guard = 1\n", "gard = []\n", "agents = 'no'\n"):
        home.configure(text)
        done = home.run("exec", "-p", TESTER, "--", "echo", "ran", env={variable: "1"})
        _, *hints = done.stderr.splitlines()
        assert (done.returncode, done.stdout, hints) == (1, "", ["  have the one you work for correct the file"])
        found = home.run("doctor", "--json", env={variable: "1"})
        assert "/dev/null" not in found.stdout and "own-config" in found.stdout
    home.settings.unlink()
    home.configure("guard = [\n")
    assert "AWSCTX_CONFIG=/dev/null" in home.run("exec", "-p", TESTER, "--", "true").stderr


@pytest.mark.parametrize("kind", ["folder", "device", "below a file", "below a dangling link"])
def test_an_agent_is_not_told_to_go_by_another_state(home: Home, kind: str) -> None:
    """With one of its own it would be in whatever context it has written there."""
    (home.folder / "dangling").symlink_to("nowhere")
    at = {"folder": home.folder, "device": "/dev/zero", "below a file": home.settings / "state"}
    env = {"AWSCTX_STATE_FILE": str(at.get(kind, home.folder / "dangling" / "state"))}
    for call in ([DEVELOPER], ["doctor", "--json"]):
        person, agent = home.run(*call, env=env), home.run(*call, env={**env, "CLAUDECODE": "1"})
        assert agent.returncode == person.returncode == 1
        assert "in AWSCTX_STATE_FILE" in person.stdout + person.stderr, (call, person)
        assert "in AWSCTX_STATE_FILE" not in agent.stdout + agent.stderr, (call, agent)
        assert agent.stdout or len(agent.stderr.splitlines()) == 2, "what to do is said all the same"


@each_door
def test_an_agent_at_a_terminal_is_not_asked(home: Home, door: str) -> None:
    child = at_terminal(home, *call_of(door), CLAUDECODE="1")
    child.expect_exact(FOR_A_PERSON.strip())
    assert "[y/N]" not in child.before
    assert ended(child) == 1 and home.active() == DEVELOPER


@each_door
def test_no_agent_and_one_that_is_allowed(home: Home, door: str) -> None:
    for value in ("", "0"):
        assert home.run(*call_of(door, "-y"), env=dict.fromkeys(VARIABLES, value)).returncode == 0
        home.ok(DEVELOPER)
    home.configure('guard = ["account:4321*", "keys"]\nagents = "allow"\n')
    assert "--yes" in home.run(*call_of(door), env={"CLAUDECODE": "1"}).stderr
    assert home.run(*call_of(door, "-y"), env={"CLAUDECODE": "1"}).returncode == 0


BY_VARIABLE = (
    *(["exec", "--", "true"], ["exec", "-p", ".", "--", "true"], ["exec", "-c", "true"]),
    *(["env"], ["console", "--print"], ["-r", "eu-west-1"], ["."]),
)


@pytest.mark.parametrize("call", BY_VARIABLE, ids=" ".join)
def test_an_agents_own_variable_does_not_put_a_guarded_profile_in_force(home: Home, call: list[str]) -> None:
    profile = "keys" if call == ["env"] else TESTER
    for variables in ({"AWS_PROFILE": profile}, {"AWS_DEFAULT_PROFILE": profile}):
        assert "is guarded" in refuses_an_agent(home, call, {**variables, "CLAUDECODE": "1"})
        exported = {"AWS_PROFILE": profile, "CLAUDECODE": "1", "AWSCTX_EXPORTED": f"environment:{profile}"}
        assert "is guarded" in refuses_an_agent(home, call, exported)
        if call[0] in ("exec", "env", "console"):
            assert home.run(*call, env={**exported, "AWSCTX_EXPORTED": f"state:{profile}"}).returncode == 0
            assert home.run(*call, env=variables).returncode == 0


def test_an_agent_may_stay_where_a_person_has_switched_to(home: Home) -> None:
    home.ok(TESTER, "-y")
    home.ok("exec", "--", "true", env={"CLAUDECODE": "1"})
    home.ok("exec", "-p", TESTER, "--", "true", env={"CLAUDECODE": "1"})
    home.ok("-r", "eu-west-3", env={"CLAUDECODE": "1"})
    home.ok("exec", "-p", DEVELOPER, "--", "true", env={"CLAUDECODE": "1"})


def test_an_agent_makes_its_time_no_longer(home: Home) -> None:
    home.ok(TESTER, "-y", "--for", "30m")
    for call in ([TESTER], [TESTER, "--for", "8h"], [".", "-r", "eu-west-3"], ["use", "."]):
        refuses_an_agent(home, call, {"CLAUDECODE": "1"})
    home.ok("-r", "eu-west-3", env={"CLAUDECODE": "1"})
    home.ok(DEVELOPER, env={"CLAUDECODE": "1"})
    home.ok(DEVELOPER, "--for", "30m", env={"CLAUDECODE": "1"})
    home.ok(DEVELOPER, env={"CLAUDECODE": "1"})


def test_an_agent_in_a_hooked_shell(home: Home) -> None:
    """Whose own AWS_PROFILE is none that a hook has set."""
    hooked = {
        "AWSCTX_HOOK": __version__,
        "AWSCTX_ANSWER": f"bash {PROTOCOL} 1 {home.state.parent}/shells/1-a",
        "CLAUDECODE": "1",
    }
    for call in ([TESTER, "-y"], ["-s", TESTER, "-y"], ["-s", ".", "-y"]):
        refuses_an_agent(home, call, {**hooked, "AWS_PROFILE": TESTER})
    home.ok("-s", TESTER, env={**hooked, "AWS_PROFILE": TESTER, "AWSCTX_EXPORTED": f"shell:{TESTER}"})


def test_the_pickers_choice_is_a_switch_as_any_other(home: Home) -> None:
    fzf = home.folder / "bin" / "fzf"
    fzf.parent.mkdir()
    fzf.write_text(f"#!/bin/sh\ngrep -F {TESTER}\n")
    fzf.chmod(0o755)
    path = f"{fzf.parent}:{home.environ['PATH']}"
    for words in ((), ("tester",)):
        child = at_terminal(home, *words, PATH=path)
        child.expect_exact(f"'{TESTER}' is guarded. Switch to it? [y/N] ")
        child.send("n\r")
        assert ended(child) == 1 and home.active() == DEVELOPER
        child = at_terminal(home, *words, PATH=path, GEMINI_CLI="1")
        child.expect_exact(FOR_A_PERSON.strip())
        assert ended(child) == 1 and home.active() == DEVELOPER
    assert shutil.which("fzf", path=path) == str(fzf)
