"""What a prompt with nothing changed costs, as a ratio to one builtin read of the state in that shell, in the same process:

    python -m tests.shells.measure

Small batches by turns, the fastest of each counted: whatever else the machine does only ever makes a batch slower.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from tests.shells.ptys import LOAD, SHELLS, sign_in, tool
from tests.support import DEVELOPER, TESTER, Home

READ = {
    "bash": 'one_read() { IFS= read -r -d "" x <"$AWSCTX_STATE_FILE"; }',
    "zsh": "zmodload zsh/system; one_read() { sysread x <$AWSCTX_STATE_FILE }",
    "fish": "function one_read; read -z x <$AWSCTX_STATE_FILE; end",
}

# BATCHES times by turns: SIZE reads, SIZE hooks; prints the microseconds of the fastest read and hook.
BASH_LOOP = """
_awsctx_hook() { _awsctx_update prompt; }; least=(999999999 999999999)
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
function _awsctx_measured_hook; _awsctx_update prompt; end
set -l some (seq 200)
set -l least 999999999 999999999
for batch in (seq 30)
    for which in 1 2
        set -l what one_read
        test $which = 2; and set what _awsctx_measured_hook
        set -l start (command date +%s%N)
        for i in $some; $what; end
        set -l took (math "("(command date +%s%N)" - $start) / 1000")
        test $took -lt $least[$which]; and set least[$which] $took
    end
end
echo $least 200
"""
LOOP = {"bash": BASH_LOOP, "zsh": ZSH_LOOP, "fish": FISH_LOOP}


def measure(shell: str, home: Home, *, token_newer: bool) -> tuple[float, float]:
    """The microseconds of (one read of the state, one prompt with nothing changed)."""
    home.ok(TESTER)
    home.ok(f"{DEVELOPER}@eu-west-2")
    token = sign_in(home, 3 * 3600, refreshable=90 * 86400)
    seconds = home.state.stat().st_mtime + (5 if token_newer else -5)
    os.utime(token, (seconds, seconds))
    options = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    script = f"{LOAD[shell]}; {READ[shell]}; _awsctx_update prompt\n{LOOP[shell]}"
    done = subprocess.run(
        [tool(shell), *options, "-c", script], env=home.environ, capture_output=True, encoding="utf-8", check=True
    )
    read, hook, size = (float(word) for word in done.stdout.split())
    return read / size, hook / size


def main() -> None:
    print(f"{'':6}{'read':>10}{'prompt':>10}{'ratio':>8}   with the token")
    for shell in SHELLS:
        for token_newer in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                read, hook = measure(shell, Home(Path(folder) / "home"), token_newer=token_newer)
            kind = "newer than the state" if token_newer else "older"
            print(f"{shell:6}{read:8.1f}us{hook:8.1f}us{hook / read:7.1f}x   {kind}")


if __name__ == "__main__":
    main()
