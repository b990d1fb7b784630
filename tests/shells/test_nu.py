"""nushell: the same hook in its words. Its line editor needs a real terminal, which is tmux's; all else is a script that calls
what the prompt calls."""

from __future__ import annotations

import shlex
import subprocess
import time
from pathlib import Path

import pytest
from tests.shells.ptys import outside, sign_in, token_file
from tests.support import DEVELOPER, HOSTILE, TESTER, Home, stanza
from tests.tools import locate


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    sign_in(home, 3 * 3600 + 12 * 60 + 30)
    (home.folder / "hook.nu").write_text(home.ok("init", "nu"), encoding="utf-8")
    return home


def nu(home: Home, *lines: str, **environ: str) -> list[str]:
    """What the lines print, each after a prompt; a line that begins with `!` is a command outside of it."""
    script = "\n".join([f"source {home.folder}/hook.nu", "__awsctx_hook", *(f"{line}\n__awsctx_hook" for line in lines)])
    (home.folder / "script.nu").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [locate.tool("nu"), "--no-config-file", str(home.folder / "script.nu")],
        env={**home.environ, **environ}, cwd=home.folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done
    home.said = done.stderr  # type: ignore[attr-defined]
    return done.stdout.splitlines()


SHOW = "print ([$env.AWS_PROFILE? $env.AWS_REGION? $env.AWSCTX_PROMPT $env.AWSCTX_PROMPT_CLASS] | to nuon)"


def test_a_switch_takes_effect_at_once_and_a_region_comes_and_goes(home: Home) -> None:
    shown = nu(
        home, f"awsctx {TESTER}@eu-west-3; {SHOW}", f"awsctx {DEVELOPER}; {SHOW}", "awsctx -; ^printenv AWS_REGION",
        "awsctx -r -", SHOW, "awsctx -u", SHOW, AWS_REGION="us-east-1",
    )  # fmt: skip
    assert shown == [
        f'["{TESTER}", "eu-west-3", "{TESTER}@eu-west-3 3h12m", ok]',
        f'["{DEVELOPER}", "us-east-1", "{DEVELOPER} 3h12m", ok]',
        "eu-west-3",
        f'["{TESTER}", "us-east-1", "{TESTER} 3h12m", ok]',
        '[null, "us-east-1", "", ""]',
    ]


def test_following_guards_and_pins(home: Home) -> None:
    outside(home, DEVELOPER)
    home.configure(f'guard = ["{TESTER}"]\n')
    shown = nu(
        home, SHOW, f"^awsctx {DEVELOPER}@eu-west-2", SHOW, f"^awsctx -y {TESTER}", SHOW, f"$env.AWS_PROFILE = '{TESTER}'",
        SHOW, "hide-env AWS_PROFILE", SHOW, f"awsctx -s -y {TESTER}; {SHOW}", "awsctx -s -u", SHOW,
    )  # fmt: skip
    dev = f'["{DEVELOPER}", "eu-west-2", "{DEVELOPER}@eu-west-2 3h12m", ok]'
    guarded = f'["{TESTER}", null, "{TESTER} 3h12m", guarded]'
    assert shown == [f'["{DEVELOPER}", null, "{DEVELOPER} 3h12m", ok]', dev, dev, guarded, dev, guarded, dev]
    said: str = home.said  # type: ignore[attr-defined]
    assert f"awsctx: now on {DEVELOPER}@eu-west-2 (switched in another shell)\n" in said
    assert said.count(f"another shell switched to {TESTER}, which is guarded: this one stays on {DEVELOPER}@eu-west-2\n") == 1


def test_a_context_for_a_time(home: Home) -> None:
    outside(home, DEVELOPER)
    shown = nu(home, SHOW, f"awsctx {TESTER} --for 2s; {SHOW}", "sleep 2.5sec", SHOW, SHOW)
    dev = f'["{DEVELOPER}", null, "{DEVELOPER} 3h12m", ok]'
    assert shown == [dev, f'["{TESTER}", null, "{TESTER} 0m", ok]', dev, dev]
    said: str = home.said  # type: ignore[attr-defined]
    assert said.count(f"awsctx: the time of {TESTER} is over: back on {DEVELOPER}\n") == 1


def test_what_is_data_can_be_piped_and_a_failure_is_one(home: Home) -> None:
    shown = nu(
        home, "print (awsctx list | lines | length)", "try { awsctx nope } catch { print caught }", "print $env.LAST_EXIT_CODE",
        "print ('x' | awsctx exec -p worksso.tester -- cat)",
    )  # fmt: skip
    assert shown[0] == "2" and "caught" in shown and shown[-1] == "x"


def test_hostile_names_are_data(home: Home) -> None:
    home.config.write_text(home.config.read_text(encoding="utf-8") + "".join(map(stanza, HOSTILE)), encoding="utf-8")
    for name in HOSTILE:
        quoted = "r#'" + name + "'#"
        (shown,) = nu(home, f"awsctx use -- {quoted}; print $env.AWSCTX_PROMPT")
        assert shown == name
    assert not list(home.folder.rglob("pwned"))


def test_an_idle_prompt_starts_nothing(home: Home) -> None:
    outside(home, TESTER)
    counting = home.folder / "bin" / "awsctx"
    counting.parent.mkdir()
    counting.write_text(f'#!/bin/sh\necho "$@" >>{home.folder}/calls\nPATH=${{PATH#*:}} exec awsctx "$@"\n')
    counting.chmod(0o755)
    path = f"{counting.parent}:{home.environ['PATH']}"
    nu(home, "", "", "", f"awsctx {DEVELOPER}", "", "", PATH=path)
    assert (home.folder / "calls").read_text().splitlines() == ["_hook", DEVELOPER]


@pytest.mark.parametrize("answer", ["exit 1", "echo garbage", 'printf "awsctx 2 " >"${AWSCTX_ANSWER##* }"', "kill -9 $$"])
def test_a_command_that_fails_changes_nothing(home: Home, answer: str) -> None:
    broken = home.folder / "bin" / "awsctx"
    broken.parent.mkdir()
    broken.write_text(f"#!/bin/sh\n{answer}\n")
    broken.chmod(0o755)
    shown = nu(
        home, f"awsctx {TESTER}", f"$env.PATH = ['{broken.parent}' ...$env.PATH]", "$env.AWS_REGION = 'us-east-1'", SHOW,
        f"$env.AWS_PROFILE = '{DEVELOPER}'", SHOW,
    )  # fmt: skip
    assert shown == [
        f'["{TESTER}", "us-east-1", "{TESTER} 3h12m", ok]',
        f'["{DEVELOPER}", "us-east-1", "{DEVELOPER}", pinned]',
    ]


def test_completion_knows_profiles_sessions_and_regions(home: Home) -> None:
    home.config.write_text(home.config.read_text(encoding="utf-8") + stanza("a b"), encoding="utf-8")
    ask = "print (__awsctx_complete {0} {1} | get completions | get value | to nuon)"
    lines = ["awsctx worksso.t", "awsctx login wor", "awsctx -r us-west", "awsctx exec -p a", "awsctx l"]
    shown = nu(home, *(ask.format(shlex.quote(line), len(line)) for line in lines))
    assert shown[0] == f'["{TESTER}"]'
    assert shown[1].startswith("[worksso, ")
    assert shown[2] == '["us-west-1", "us-west-2"]'
    assert shown[3] == '["\\"a b\\""]'
    assert shown[4] == "[list, login, logout]"
    line = "awsctx worksso.t"
    described = nu(home, f"print (__awsctx_complete {shlex.quote(line)} {len(line)} | get completions.0 | get description)")
    assert described == ["43214321 tester eu-west-2"]


def test_at_a_real_terminal(home: Home) -> None:
    autoload = home.folder / ".local/share/nushell/vendor/autoload"
    autoload.mkdir(parents=True)
    (autoload / "awsctx.nu").write_text(home.ok("init", "nu", "--prompt"), encoding="utf-8")
    (home.folder / ".config/nushell").mkdir(parents=True)
    (home.folder / ".config/nushell/config.nu").write_text("$env.config.show_banner = false\n$env.PROMPT_COMMAND = {|| 'P' }\n")
    tmux = ["tmux", "-S", str(home.folder / "tmux"), "-f", "/dev/null"]
    subprocess.run(
        [*tmux, "new-session", "-d", "-x", "120", "-y", "30", f"{locate.tool('nu')}"],
        env=home.environ,
        cwd=home.folder,
        check=True,
    )
    try:
        type_in(tmux, f"awsctx {TESTER}; ^printenv AWS_PROFILE", f"[{TESTER} 3h12m] P")
        sign_in(home, -1)
        type_in(tmux, "", f"[{TESTER} expired] P")
        outside(home, "-u")
        screen = type_in(tmux, "", "awsctx: no active context now (unset in another shell)")
        assert f"\n{TESTER}\n" in screen
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)
    assert token_file(home).exists()


def type_in(tmux: list[str], line: str, wanted: str) -> str:
    """Types the line, and gives the screen once it shows what is wanted."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        subprocess.run([*tmux, "send-keys", line, "Enter"], check=True)
        for _ in range(20):
            time.sleep(0.1)
            screen = subprocess.run([*tmux, "capture-pane", "-p"], capture_output=True, text=True, check=True).stdout
            if wanted in screen:
                return screen
        line = ""
    raise AssertionError(screen)


def test_folders_pins(home: Home) -> None:
    outside(home, DEVELOPER)
    project = home.folder / "project"
    (project / "deep").mkdir(parents=True)
    shown = nu(
        home, f"cd project; awsctx pin {TESTER}@eu-west-3; {SHOW}", "cd deep", SHOW,
        "'nobody' | save -f ../.awsctx", SHOW, f"'{DEVELOPER}@eu-west-2' | save -f ../.awsctx", SHOW, "^awsctx allow", SHOW,
        f"awsctx {TESTER}; {SHOW}", "cd ../..", SHOW, "cd project", SHOW, "awsctx pin -u", SHOW,
    )  # fmt: skip
    pinned, state = (
        f'["{TESTER}", "eu-west-3", "{TESTER}@eu-west-3 3h12m", pinned]',
        f'["{DEVELOPER}", null, "{DEVELOPER} 3h12m", ok]',
    )
    other = f'["{DEVELOPER}", "eu-west-2", "{DEVELOPER}@eu-west-2 3h12m", pinned]'
    chosen = f'["{TESTER}", null, "{TESTER} 3h12m", ok]'
    assert shown == [pinned, pinned, state, state, other, chosen, chosen, other, chosen]
    said: str = home.said  # type: ignore[attr-defined]
    assert said.count("~/project/.awsctx does not count (it says nobody)") == 1
    assert said.count(f"~/project/.awsctx does not count (it says {DEVELOPER}@eu-west-2)") == 1


def test_inside_a_lock_it_stays(home: Home) -> None:
    home.ok(TESTER)
    script = home.folder / "script.nu"
    refused = f"print (do {{ ^awsctx {TESTER} }} | complete | get exit_code)"
    lines = [f"source {home.folder}/hook.nu", "__awsctx_hook", SHOW, refused, "__awsctx_hook", SHOW]
    script.write_text("\n".join(lines), encoding="utf-8")
    call = ("exec", "-q", "--lock", "-p", DEVELOPER, "--", str(locate.tool("nu")), "--no-config-file", str(script))
    shown = home.ok(*call).splitlines()
    assert shown[1] == "1" and shown[0] == shown[2]
    assert shown[0].startswith(f'["{DEVELOPER}", null, "{DEVELOPER}')
