"""What the everyday calls cost, beside an interpreter's start and beside their peers. Run by `tests/run --benchmarks`."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.benchmarks.harness import environment, profiles, ratios, table
from tests.support import AWSCTX, Home
from tests.tools import locate

LIMITS = {"2": 1.5, "1000": 1.7, "10000": 2.5}


def calls(names: list[str]) -> dict[str, list[str | Path]]:
    """The everyday calls. Each NAME switches, since the one before it went elsewhere."""
    return {
        "awsctx NAME": [AWSCTX, names[-1]],
        "awsctx -": [AWSCTX, "-"],
        "awsctx current": [AWSCTX, "current"],
        "awsctx prompt": [AWSCTX, "prompt"],
        "awsctx list": [AWSCTX, "list"],
        "awsctx exec -- true": [AWSCTX, "exec", "--", "true"],
    }


def test_everyday_calls(home: Home) -> None:
    rows: dict[str, dict[str, float]] = {}
    for count in LIMITS:
        names = profiles(home, int(count))
        home.ok(names[-1])
        home.ok(names[0])
        for name, ratio in ratios(calls(names), environment(home)).items():
            rows.setdefault(name, {})[count] = ratio
    table("x `python -c pass`, by number of profiles, in a hooked shell", rows, LIMITS)
    for name, row in rows.items():
        for count, limit in LIMITS.items():
            assert row[count] <= limit, (name, count, row[count])


def test_without_the_hooks_export(home: Home) -> None:
    names = profiles(home, 2)
    home.ok(names[1])
    home.ok(names[0])
    rows = {name: {"2": ratio} for name, ratio in ratios(calls(names), home.environ).items()}
    table("x `python -c pass`, where no variable names the state", rows, {"2": 3.0})
    assert all(row["2"] <= 3.0 for row in rows.values())


def test_completion(home: Home) -> None:
    names = profiles(home, 1000)
    home.ok(names[0])
    rows = {"TAB on a name": {"1000": ratios({"tab": [AWSCTX, "_complete", "0", "team-0099"]}, environment(home))["tab"]}}
    table("x `python -c pass`", rows, {"1000": 2.0})
    assert rows["TAB on a name"]["1000"] <= 2.0


def test_a_lock_whose_file_is_there(home: Home) -> None:
    names = profiles(home, 1000)
    home.ok(names[0])
    call: list[str | Path] = [AWSCTX, "exec", "--lock", "--", "true"]
    rows = {"awsctx exec --lock": {"1000": ratios({"lock": call}, environment(home))["lock"]}}
    table("x `python -c pass`", rows, {"1000": 2.0})
    assert rows["awsctx exec --lock"]["1000"] <= 2.0


def test_beside_the_peers(home: Home) -> None:
    """Not a limit: a table for whoever chooses. kubectx switches among as many Kubernetes contexts."""
    rows: dict[str, dict[str, float]] = {}
    for count in (2, 1000, 10_000):
        names = profiles(home, count)
        kubeconfig = home.folder / "kubeconfig"
        contexts = "".join(f"- name: {name}\n  context: {{cluster: c, user: u}}\n" for name in names)
        kubeconfig.write_text(
            f"apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts:\n{contexts}current-context: {names[0]}\n"
        )
        home.ok(names[-1])
        home.ok(names[0])
        commands: dict[str, list[str | Path]] = {
            "awsctx NAME": [AWSCTX, names[-1]],
            "awsctx -": [AWSCTX, "-"],
            "awsctx list": [AWSCTX, "list"],
            "aws v2 configure list-profiles": [locate.aws2(), "configure", "list-profiles"],
            "awsume -l": [locate.tool("awsume"), "-l"],
        }
        optional = {
            "kubectx NAME": ["kubectx", names[0]],
            "awsp activate NAME": [locate.tool("awsp"), "activate", names[0], "--shell-mode"],
        }
        env = {**environment(home), "KUBECONFIG": str(kubeconfig)}
        for name, command in optional.items():
            done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                commands[name] = list(command)
            else:
                print(f"{name} with {count} profiles fails: {(done.stderr or done.stdout).strip()[-200:]}")
        for name, ratio in ratios(commands, env, rounds=5).items():
            rows.setdefault(name, {})[str(count)] = ratio
    table("x `python -c pass`, by number of profiles, beside the peers", rows)
    assert rows["awsctx NAME"]["1000"] < rows["aws v2 configure list-profiles"]["1000"]
