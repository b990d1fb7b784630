"""`awsctx exec --lock`: what its command gets, and what awsctx does and refuses there (awsctx(1), GUARD RAILS)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.shells.ptys import Terminal, sign_in
from tests.support import AWSCTX, DEVELOPER, TESTER, Home, stanza

SHOW = ["sh", "-c", 'env; echo; cat "$AWS_CONFIG_FILE"']
GUARD = f'guard = ["{TESTER}"]\n'


@pytest.fixture
def home(home: Home) -> Home:
    """The walkthrough's profiles and some more; the developer's is active."""
    with home.config.open("a") as file:
        file.write(stanza("ops", role_arn="arn:aws:iam::123412341234:role/ops", source_profile=TESTER))
        file.write(stanza("keyed", aws_access_key_id="AKIAX", aws_secret_access_key="hush-hush"))
    home.ok(DEVELOPER)
    return home


def lock(home: Home, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return home.run("exec", "--lock", *arguments, **options)  # type: ignore[arg-type]


def under(home: Home, *call: str, grant: tuple[str, ...] = (), **env: str) -> subprocess.CompletedProcess[str]:
    """`awsctx CALL` under a lock on the developer's profile."""
    return lock(home, "-q", *grant, "--", AWSCTX, *call, env=env)


def variables(out: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in out.split("\n\n")[0].splitlines() if "=" in line)


def test_the_command_gets_a_config_of_its_own(home: Home) -> None:
    done = lock(home, "--also", "op*", "--", *SHOW, env={"AWS_ACCESS_KEY_ID": "AKIAOLD"})
    assert done.returncode == 0
    got = variables(done.stdout)
    path = Path(got["AWS_CONFIG_FILE"])
    assert path.parent.parent == home.state.parent
    assert got["AWSCTX_LOCK"] == str(path) and got["AWS_PROFILE"] == DEVELOPER
    assert got["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert got["AWS_MCP_PROXY_PROFILES"] == f"{DEVELOPER} ops"
    assert "AWS_ACCESS_KEY_ID" not in got
    sections = [line for line in path.read_text().splitlines() if line.startswith("[")]
    assert sections == [f"[profile {DEVELOPER}]", "[sso-session worksso]", "[profile ops]", f"[profile {TESTER}]"]
    assert done.stderr == (
        "awsctx: removed from the environment: AWS_ACCESS_KEY_ID\n"
        f"awsctx: locked to {DEVELOPER} (account 123412341234, role developer, region eu-west-1); also ops\n"
    )


def test_quiet_says_nothing_and_the_same_call_is_the_same_file(home: Home) -> None:
    first, again = (lock(home, "-q", "--", "printenv", "AWSCTX_LOCK") for _ in range(2))
    assert first.stdout == again.stdout and first.stderr == ""
    assert len(list((home.state.parent / "locks").iterdir())) == 1
    home.config.write_text(home.config.read_text().replace("eu-west-1", "eu-west-3"))
    assert lock(home, "-q", "--", "printenv", "AWSCTX_LOCK").stdout != first.stdout


def test_a_region_a_profile_and_a_pipeline(home: Home) -> None:
    done = lock(home, "-p", f"{TESTER}@eu-west-3", "-c", 'echo "$AWS_PROFILE $AWS_REGION $0 $1"', "one")
    assert done.stdout == f"{TESTER} eu-west-3 bash one\n"
    assert done.stderr == f"awsctx: locked to {TESTER} (account 43214321, role tester, region eu-west-3)\n"


def test_each_cell_is_locked_to_its_own_profile(home: Home) -> None:
    sign_in(home, 3600)
    done = lock(home, "--match", "worksso.*", "--json", "-c", "awsctx list; printenv AWS_MCP_PROXY_PROFILES")
    found = {item["profile"]: item["stdout"] for item in map(json.loads, done.stdout.splitlines())}
    assert found == {name: f"{name}\n{name}\n" for name in (DEVELOPER, TESTER)}
    again = lock(home, "--match", "worksso.*", "--", "sh", "-c", "awsctx list; exit 3")
    assert again.returncode == 1
    failed = home.run("exec", "--failed")
    assert sorted(failed.stdout.splitlines()) == [f"{name}\t{name}" for name in (DEVELOPER, TESTER)], failed


def test_forty_locks_that_are_made_at_once(home: Home) -> None:
    home.config.write_text("".join(stanza(f"p{number}") for number in range(40)))
    for _ in range(3):
        shutil.rmtree(home.state.parent / "locks", ignore_errors=True)
        done = lock(home, "--all", "-j", "40", "--", "printenv", "AWSCTX_LOCK")
        assert done.returncode == 0 and len(set(done.stdout.splitlines())) == 40, done.stderr


def test_no_process_of_awsctx_remains(home: Home) -> None:
    with subprocess.Popen(
        [AWSCTX, "exec", "--lock", "-q", "--", "sh", "-c", "echo $$"], env=home.environ, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and int(process.stdout.read()) == process.pid


def test_also_needs_a_lock_and_a_match(home: Home) -> None:
    done = home.run("exec", "--also", "x", "--", "true")
    assert done.returncode == 2 and "--also goes with --lock" in done.stderr
    done = lock(home, "--also", "nothing*", "--", "touch", "ran")
    assert done.returncode == 1 and "--also matches no profile: nothing*" in done.stderr
    assert not (home.folder / "ran").exists()


def test_what_follows_the_active_context_is_no_profile_for_a_lock(home: Home) -> None:
    """A switch would move the locked command to another account."""
    home.ok("add", "ide", "--follow")
    with home.config.open("a") as config:
        config.write(stanza("by-ide", role_arn="arn:aws:iam::111111111111:role/r", source_profile="ide"))
    home.ok(DEVELOPER)
    for meant in (("-p", "ide"), ("-p", "by-ide"), ("-p", DEVELOPER, "--also", "ide")):
        done = lock(home, *meant, "--", "echo", "ran")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("awsctx: 'ide' is whatever context is active, which no lock holds\n")


def test_a_guarded_also_is_asked_about(home: Home) -> None:
    home.configure(GUARD)
    done = lock(home, "--also", "*", "--", "touch", "ran")
    assert done.returncode == 1 and f"'{TESTER}' is guarded: nothing has run" in done.stderr and "--yes" in done.stderr
    assert not (home.folder / "ran").exists()
    assert lock(home, "--also", "*", "-y", "-q", "--", AWSCTX, "list").stdout.split() == [DEVELOPER, TESTER, "ops", "keyed"]


@pytest.mark.parametrize("yes", [(), ("-y",)])
def test_an_agent_is_granted_no_guarded_profile(home: Home, yes: tuple[str, ...]) -> None:
    home.configure(GUARD)
    done = lock(home, "--also", "*", *yes, "--", "touch", "ran", env={"CLAUDECODE": "1"})
    assert done.returncode == 1 and "--yes" not in done.stderr and "agents" not in done.stderr
    assert not (home.folder / "ran").exists()
    home.configure(GUARD + 'agents = "allow"\n')
    assert lock(home, "--also", "*", "-y", "--", "true", env={"CLAUDECODE": "1"}).returncode == 0


# --- under it ---------------------------------------------------------------------------------------------------------


def test_what_awsctx_does_under_a_lock(home: Home) -> None:
    home.ok(TESTER)
    home.ok(DEVELOPER)
    sign_in(home, 3600)
    grant = ("--also", "ops")
    assert under(home, "list", grant=grant).stdout.split() == [DEVELOPER, "ops"]
    assert under(home, "current", grant=grant).stdout == f"{DEVELOPER}\n"
    assert under(home, "prompt", grant=grant).stdout.startswith(f"{DEVELOPER} 59m")
    assert under(home, "show", grant=grant).stdout.startswith("[sso-session worksso]")
    assert under(home, "show", "ops", grant=grant).returncode == 0
    assert under(home, "history", grant=grant).stdout.split() == [DEVELOPER]
    assert under(home, "exec", "-q", "-p", "ops", "--", "printenv", "AWS_PROFILE", grant=grant).stdout == "ops\n"
    words = under(home, "_complete", "0", "wor", grant=grant).stdout.splitlines()
    assert [word.split("\t")[0] for word in words] == [DEVELOPER]
    assert json.loads(under(home, "list", "--json", grant=grant).stdout)[1]["name"] == "ops"
    assert under(home, "exec", "--all", "-q", "--", "echo", "x", grant=grant).stdout.count("x\n") == 2


REFUSED = {
    "switch": (TESTER,),
    "switch to what is granted": (DEVELOPER,),
    "use": ("use", TESTER),
    "back": ("-",),
    "region": ("-r", "eu-west-3"),
    "unset": ("-u",),
    "shell": ("-s", TESTER),
    "shell unset": ("-s", "-u"),
    "exec": ("exec", "-p", TESTER, "--", "touch", "ran"),
    "exec many": ("exec", "--match", TESTER, "--", "touch", "ran"),
    "exec keys": ("exec", "--keys", "-p", TESTER, "--", "touch", "ran"),
    "exec of a source": ("exec", "-p", "keyed", "--", "touch", "ran"),
    "env": ("env", TESTER),
    "console": ("console", TESTER, "--print"),
    "whoami": ("whoami", TESTER),
    "show": ("show", TESTER),
    "login": ("login",),
    "login of the session": ("login", "worksso", "--device-code"),
    "login in all": ("login", "--all"),
    "logout": ("logout", "--all"),
    "setup": ("setup", "--session", "x"),
    "sync": ("sync", "worksso", "-y"),
    "add": ("add", "x", "--session", "worksso", "--account", "123412341234", "--role", "admin"),
    "copy": ("copy", DEVELOPER, "x"),
    "rename": ("rename", DEVELOPER, "x"),
    "rename by =": (f"x={DEVELOPER}",),
    "remove": ("remove", DEVELOPER, "-y"),
    "remove by -d": ("-d", DEVELOPER, "-y"),
    "pin": ("pin", DEVELOPER),
    "pin -u": ("pin", "-u"),
    "allow": ("allow",),
    "add --follow": ("add", "here", "--follow"),
    "a wider lock": ("exec", "--lock", "--also", TESTER, "--", "touch", "ran"),
    "a lock on another": ("exec", "--lock", "-p", TESTER, "--", "touch", "ran"),
}


WHY = (
    *("this runs under `exec --lock`, which does not allow ", "-p names the profile '.*', which the lock does not grant"),
    *("the lock does not grant a profile named", "--also matches no profile: ", "no profile matches"),
)


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_what_awsctx_refuses_under_a_lock(home: Home, call: tuple[str, ...]) -> None:
    before = (home.config.read_bytes(), home.state.read_bytes())
    done = under(home, *call)
    assert done.returncode == 1 and done.stdout == ""
    assert re.match(f"awsctx: ({'|'.join(WHY)})", done.stderr), done.stderr
    assert len(done.stderr.splitlines()) <= 2, "one line, and what is granted"
    assert (home.config.read_bytes(), home.state.read_bytes()) == before
    assert not (home.folder / "ran").exists()
    # It is the lock that refuses: these profiles are there.
    assert "does not exist" not in done.stderr


def test_what_a_source_is_for(home: Home) -> None:
    done = lock(home, "-q", "-p", "ops", "--", AWSCTX, "env", TESTER)
    assert done.returncode == 1 and f"the lock does not grant a profile named '{TESTER}'" in done.stderr
    assert f"[profile {TESTER}]" in lock(home, "-q", "-p", "ops", "--", *SHOW).stdout


def test_nested_locks_only_narrow(home: Home) -> None:
    inner = ["awsctx", "exec", "--lock", "-q", "--also", "*", "-p", "ops", "--", "awsctx", "list"]
    assert lock(home, "-q", "--also", "ops", "--", *inner).stdout.split() == ["ops", DEVELOPER]
    narrower = [
        "awsctx",
        "exec",
        "--lock",
        "-q",
        "-p",
        "ops",
        "--",
        "sh",
        "-c",
        f"awsctx list; awsctx exec -p {DEVELOPER} -- true",
    ]
    done = lock(home, "-q", "--also", "ops", "--", *narrower)
    assert done.stdout == "ops\n" and done.returncode == 1
    assert f"'{DEVELOPER}', which the lock does not grant" in done.stderr


@pytest.mark.parametrize(
    "way",
    [
        f"AWS_CONFIG_FILE={{config}} awsctx exec -p {TESTER} -- true",
        f"AWS_CONFIG_FILE={{config}} awsctx env {TESTER}",
        "unset AWS_CONFIG_FILE; awsctx show keyed",
        "AWS_SHARED_CREDENTIALS_FILE={config} awsctx show keyed",
        f"AWS_PROFILE={TESTER} awsctx exec -- true",
        f"AWS_DEFAULT_PROFILE={TESTER} AWS_PROFILE= awsctx exec -- true",
        "unset AWS_PROFILE; awsctx exec -p keyed -- true",
        f"printf '[profile {TESTER}]\\n' >> $AWS_CONFIG_FILE; awsctx exec -p {TESTER} -- true",
        f"printf '# grants\\t{TESTER}\\n' >> $AWSCTX_LOCK; awsctx list",
        f"AWSCTX_LOCK=/nowhere awsctx exec -p {TESTER} -- true",
        f"AWSCTX_LOCK={{config}} awsctx exec -p {TESTER} -- true",
        f"awsctx exec -q -- env AWS_CONFIG_FILE={{config}} awsctx exec -p {TESTER} -- true",
        "AWSCTX_CONFIG=/dev/null AWSCTX_STATE_FILE=/tmp/nowhere/state awsctx exec -p keyed -- true",
        "awsctx _locked keyed",
    ],
)
def test_a_variable_does_not_widen_it(home: Home, way: str) -> None:
    home.ok(TESTER)
    done = lock(home, "-q", "-p", DEVELOPER, "--", "sh", "-c", way.format(config=home.config))
    assert done.returncode == 1, done
    assert "hush" not in done.stdout and "Traceback" not in done.stderr
    assert "lock" in done.stderr


def test_a_folders_pin_widens_nothing(home: Home) -> None:
    home.ok("pin", TESTER)
    assert home.ok("exec", "--lock", "-q", "-p", DEVELOPER, "--", AWSCTX, "current") == f"{DEVELOPER}\n"
    done = lock(home, "-q", "-p", DEVELOPER, "--", "sh", "-c", "unset AWS_PROFILE; awsctx exec -q -- printenv AWS_PROFILE")
    assert done.stdout == f"{DEVELOPER}\n", "a pin on what there is not here does not count, and the state's is granted"


def test_a_command_within_gets_the_locks_files_back(home: Home) -> None:
    script = f"AWS_CONFIG_FILE={home.config} AWS_MCP_PROXY_PROFILES=keyed awsctx exec -- env"
    done = lock(home, "-q", "--", "sh", "-c", script)
    got = variables(done.stdout + "\n\n")
    assert got["AWS_CONFIG_FILE"] == got["AWSCTX_LOCK"]
    assert got["AWS_MCP_PROXY_PROFILES"] == DEVELOPER and done.stderr == ""


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_a_hooked_shell_in_it_stays(home: Home, name: str) -> None:
    free = dict(home.environ)
    got = variables(lock(home, "-q", "--", "env").stdout + "\n\n")
    home.environ |= {key: value for key, value in got.items() if key.startswith("AWS")}
    with Terminal(name, home) as shell:
        assert shell.profile == DEVELOPER
        subprocess.run([AWSCTX, TESTER], env=free, check=True, capture_output=True)
        assert "switched" not in shell.run()
        assert shell.profile == DEVELOPER
        assert "does not allow a switch" in shell.run(f"awsctx {TESTER}")
        assert (shell.profile, shell.prompt.split()[0]) == (DEVELOPER, DEVELOPER)
        shell.unset("AWS_PROFILE")
        assert not shell.profile, "the state is nothing to a shell in a lock"
