"""What a prompt with nothing changed costs, as a ratio to one builtin read of the state in that shell, in the same process.
Run by `tests/run --benchmarks -k hook`.

Small batches by turns, the fastest of each counted: whatever else the machine does only ever makes a batch slower.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.benchmarks.harness import table
from tests.shells.ptys import LOAD, SHELLS, sign_in, tool
from tests.support import DEVELOPER, TESTER, Home

LIMIT = 6.0
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


def measure(shell: str, home: Home) -> tuple[float, float]:
    """The microseconds of (one read of the state, one prompt with nothing changed), for an SSO profile with a region."""
    home.ok(TESTER)
    home.ok(f"{DEVELOPER}@eu-west-2")
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
        found = [measure(shell, Home(tmp_path / f"{shell}-{run}")) for run in range(RUNS)]
        rows[shell] = {"ratio": min(hook / read for read, hook in found), "us": min(hook for _, hook in found)}
    table("a prompt with nothing changed, sign-in's countdown included, x one builtin read of the state", rows)
    assert all(row["ratio"] <= LIMIT for row in rows.values()), rows
