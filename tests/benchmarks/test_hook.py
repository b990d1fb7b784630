"""What the hook costs: a prompt with nothing changed, as a ratio to one builtin read of the state in that shell, in the same
process; the call that it makes where something has changed; a shell's start. Run by `tests/run --benchmarks -k hook`.

Small batches by turns, the fastest of each counted: whatever else the machine does only ever makes a batch slower.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.benchmarks.harness import environment, profiles, ratios, table
from tests.shells.ptys import LOAD, SHELLS, sign_in, tool
from tests.support import AWSCTX, DEVELOPER, TESTER, Home, stanza

from awsctx import __version__
from awsctx.core.environ import PROTOCOL

LIMIT = {"with a countdown": 6.0, "without": 4.0}
RUNS = 3
# zsh's own `read` makes a system call for each byte, so there the bound is ten times as strict as it has to be.
READ = {
    "bash": 'one_read() { IFS= read -r -d "" x <"$AWSCTX_STATE_FILE"; }',
    "zsh": "zmodload zsh/system; one_read() { sysread x <$AWSCTX_STATE_FILE }",
    "fish": "function one_read; read -z x <$AWSCTX_STATE_FILE; end",
}

# BATCHES times by turns: SIZE reads, SIZE hooks; prints the microseconds of the fastest read and hook.
BASH_LOOP = """
least=(999999999 999999999)
for ((batch = 0; batch < 300; batch++)); do
  which=0
  for what in one_read _awsctx_hook; do
    start=${EPOCHREALTIME/[.,]/}
    for ((i = 0; i < 20; i++)); do "$what" || :; done
    ((took = ${EPOCHREALTIME/[.,]/} - start)) || :
    if ((took < least[which])); then least[which]=$took; fi
    which=1
  done
done
echo "${least[0]} ${least[1]} 20"
"""
ZSH_LOOP = """
typeset -F start took; typeset -a least; least=(1e9 1e9)
for (( batch = 0; batch < 300; batch++ )); do
  which=1
  for what in one_read _awsctx_hook; do
    start=$EPOCHREALTIME
    for (( i = 0; i < 20; i++ )); do $what; done
    (( took = (EPOCHREALTIME - start) * 1e6 ))
    if (( took < least[which] )); then least[which]=$took; fi
    which=2
  done
done
echo $least 20
"""
FISH_LOOP = """
set -l some (seq 200)
set -l least 999999999 999999999
for batch in (seq 30)
    for which in 1 2
        set -l what one_read
        test $which = 2; and set what _awsctx_hook
        set -l start (command date +%s%N)
        for i in $some; $what; end
        set -l took (math "("(command date +%s%N)" - $start) / 1000")
        test $took -lt $least[$which]; and set least[$which] $took
    end
end
echo $least 200
"""
LOOP = {"bash": BASH_LOOP, "zsh": ZSH_LOOP, "fish": FISH_LOOP}
# Interactive, since that is when there is a hook, but without the user's files and without a prompt.
INTERACTIVE = {"bash": ["--norc", "-ic"], "zsh": ["-fic"], "fish": ["--no-config", "-ic"]}


def measure(shell: str, home: Home, *, countdown: bool) -> tuple[float, float]:
    """The microseconds of (one read of the state, one prompt with nothing changed)."""
    home.ok(TESTER)
    home.ok(f"{DEVELOPER}@eu-west-2")
    if not countdown:
        home.config.write_text(home.config.read_text(encoding="utf-8") + stanza("plain"), encoding="utf-8")
        home.ok("plain@eu-west-2")
    sign_in(home, 3 * 3600 + 30, refreshable=90 * 86400)
    script = f"{LOAD[shell]}; {READ[shell]}; _awsctx_hook\n{LOOP[shell]}"
    command = [tool(shell), *INTERACTIVE[shell], script]
    null = subprocess.DEVNULL
    done = subprocess.run(command, env=home.environ, stdin=null, capture_output=True, encoding="utf-8", check=True)
    read, hook, size = (float(word) for word in done.stdout.split())
    return read / size, hook / size


def test_a_prompt_with_nothing_changed(tmp_path: Path) -> None:
    rows: dict[str, dict[str, float]] = {}
    for shell in SHELLS:
        row = rows[shell] = {}
        for name in LIMIT:
            homes = [Home(tmp_path / f"{shell}-{name}-{run}") for run in range(RUNS)]
            found = [measure(shell, home, countdown=name != "without") for home in homes]
            row[name] = min(hook / read for read, hook in found)
            row["us " + name] = min(hook for _, hook in found)
    table("a prompt with nothing changed, x one builtin read of the state, and microseconds", rows)
    assert all(row[name] <= limit for row in rows.values() for name, limit in LIMIT.items()), rows


def hooked(home: Home, profile: str) -> dict[str, str]:
    """What a hooked shell hands over in which ``profile`` is in force and signed in."""
    home.ok(profile)
    sign_in(home, 3600)
    environ = {**environment(home), "AWSCTX_HOOK": __version__, "AWS_PROFILE": profile, "AWSCTX_EXPORTED": f"state:{profile}"}
    environ["AWSCTX_ANSWER"] = f"bash {PROTOCOL} 1 {home.state.parent}/shells/1-a"
    home.ok("_hook", env=environ)
    memory = (home.state.parent / "shells" / "1-a").read_text().split("\nmemory=")[1].split("\n")[0]
    return {**environ, "AWSCTX_MEMORY": memory}


def test_the_call_that_a_hook_makes_when_something_has_changed(home: Home) -> None:
    names = profiles(home, 1000)
    row = ratios({"1000": [AWSCTX, "_hook"]}, hooked(home, names[0]))
    table("the hook's call, x `python -c pass`, by number of profiles", {"awsctx _hook": row}, {"1000": 1.6})
    assert row["1000"] <= 1.6


def test_a_switch_with_its_answer(home: Home) -> None:
    """The command as install.sh puts it there. What pip installs starts Python's site, too: its rows are for the reader."""
    limits = {"2": 1.5, "1000": 1.7, "10000": 2.5}
    install = [Path(__file__).parents[2] / "install.sh", "--no-hook", "--with", "venv", "--python", sys.executable]
    subprocess.run(install, env=home.environ, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    installed = home.folder / ".local" / "bin" / "awsctx"
    rows: dict[str, dict[str, float]] = {}
    for count in limits:
        names = profiles(home, int(count))
        home.ok(names[-1])
        environ = hooked(home, names[0])
        for how, command in {"": installed, ", by pip": AWSCTX}.items():
            calls: dict[str, list[str | Path]] = {"awsctx NAME": [command, names[-1]], "awsctx -": [command, "-"]}
            for name, ratio in ratios(calls, environ, rounds=40).items():
                rows.setdefault(name + how, {})[count] = ratio
    table("a switch, its answer to the hook included, x `python -c pass`, by number of profiles", rows, limits)
    mine = {name: row for name, row in rows.items() if not name.endswith("pip")}
    assert all(row[count] <= limit for row in mine.values() for count, limit in limits.items()), rows


def test_a_shells_start_with_the_saved_hook(home: Home) -> None:
    """Up to its first prompt, whose one call is counted above."""
    home.ok(TESTER)
    rows: dict[str, dict[str, float]] = {}
    for shell in SHELLS:
        home.ok("init", shell, "--save")
        (file,) = home.folder.rglob(f"hook.{shell}")
        flags = {"bash": ["--norc", "-ic"], "zsh": ["-fic"], "fish": ["--no-config", "-ic"]}[shell]
        load = f"source {file}" if shell == "fish" else f". {file}"
        found = ratios({"bare": [tool(shell), *flags, "true"], "hooked": [tool(shell), *flags, load]}, home.environ, rounds=40)
        rows[shell] = {"over a start without": found["hooked"] - found["bare"]}
    table("a shell's start with the saved hook, x `python -c pass`", rows, {"over a start without": 0.3})
    assert all(row["over a start without"] <= 0.3 for row in rows.values())
