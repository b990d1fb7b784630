"""Kubeconfig files that name profiles: what rename, remove and doctor say of them; none is ever edited."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.support import AWSCTX, DEVELOPER, TESTER, Home

# As `aws eks update-kubeconfig --profile` writes it.
KUBECONFIG = f"""\
apiVersion: v1
clusters: []
kind: Config
users:
- name: arn:aws:eks:eu-west-1:43214321:cluster/c
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - --region
      - eu-west-1
      - eks
      - get-token
      - --cluster-name
      - c
      command: aws
      env:
      - name: AWS_PROFILE
        value: {TESTER}
"""
BY_ARGUMENT = f"""\
users:
  - {{name: two, user: {{exec: {{command: aws, args: [eks, get-token, --profile, {TESTER}], env: null}}}}}}
  - name: three
    user: {{exec: {{command: aws, args: ["--profile={DEVELOPER}", --profile]}}}}
  - name: token
    user: {{token: secret}}
"""


def write(home: Home, text: str | bytes) -> Path:
    path = home.folder / ".kube" / "config"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_rename_and_remove_name_what_still_goes_by_the_name(home: Home) -> None:
    path = write(home, KUBECONFIG)
    user = "arn:aws:eks:eu-west-1:43214321:cluster/c"
    told = f"note: ~/.kube/config:19: AWS_PROFILE of the user '{user}' still names '{TESTER}'"
    assert home.run("rename", "--dry-run", TESTER, "t").stderr == f"{told}: change it there to 't'\n"
    assert home.run("remove", "--dry-run", TESTER).stderr == f"{told}\n"
    assert home.run("rename", TESTER, "t").stderr == f"renamed '{TESTER}' to 't'\n{told}: change it there to 't'\n"
    home.ok("rename", "t", TESTER)
    assert home.run("remove", "-y", TESTER).stderr == f"removed '{TESTER}'\n{told}\n"
    assert home.run("remove", "-y", DEVELOPER).stderr == f"removed '{DEVELOPER}'\n"
    assert path.read_text() == KUBECONFIG


def test_a_list_of_files(home: Home) -> None:
    path = write(home, KUBECONFIG)
    other = home.folder / "other"
    other.write_text(BY_ARGUMENT)
    listed = os.pathsep.join(["", str(path), "/no/such/file", str(other), str(other)])
    said = home.run("rename", TESTER, "t", env={"KUBECONFIG": listed}).stderr.splitlines()
    assert [line.partition(" of ")[0] for line in said[1:]] == [
        "note: ~/.kube/config:19: AWS_PROFILE",
        "note: ~/other:2: --profile",
    ]
    said = home.run("rename", DEVELOPER, "d", env={"KUBECONFIG": str(other)}).stderr.splitlines()
    assert said[1].startswith("note: ~/other:4: --profile of the user 'three'")


def test_doctor_names_a_profile_that_does_not_exist(home: Home) -> None:
    path = write(home, KUBECONFIG + BY_ARGUMENT.partition("\n")[2].replace(DEVELOPER, "gone\x1b"))
    found = [finding for finding in json.loads(home.run("doctor", "--json").stdout) if finding["id"] == "kubeconfig-profile"]
    assert found == []  # the escape makes it no YAML
    path.write_text(KUBECONFIG.replace(TESTER, "gone"))
    [found] = [item for item in json.loads(home.run("doctor", "--json").stdout) if item["id"] == "kubeconfig-profile"]
    assert (found["severity"], found["where"]) == ("warning", f"{path}:19") and "gone" in found["what"]


BOMB = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(24))


NO_KUBECONFIGS = (
    *("", "[", "- - -", b"\xff\xfe", b"\0", "[" * 20_000, "? {a: b}\n: c\n", "--- a\n--- b\n", "<<: *x", "users: &u [*u]\n"),
    *("users: 1", "users: [1, {user: 1}, {user: {exec: 1}}, {user: {exec: {env: [1, {name: AWS_PROFILE}]}}}]"),
    *("users: [{user: {exec: {args: {a: b}, env: {name: AWS_PROFILE}}}}]", "!!python/object/apply:os.system [id]"),
    BOMB + "users: *y\n",
)


@pytest.mark.parametrize("text", NO_KUBECONFIGS, ids=range(len(NO_KUBECONFIGS)))
def test_what_is_no_kubeconfig_is_none(home: Home, text: str | bytes) -> None:
    write(home, text)
    assert home.run("rename", TESTER, "t", timeout=20).stderr == f"renamed '{TESTER}' to 't'\n"


@pytest.mark.parametrize("kind", ["fifo", "folder", "endless"])
def test_what_is_no_file_is_none(home: Home, kind: str) -> None:
    path = write(home, "")
    path.unlink()
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    assert home.run("rename", TESTER, "t", timeout=20).stderr == f"renamed '{TESTER}' to 't'\n"


BOMBS = {
    "a billion laughs": "a0: &a0 [x, x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 40))
    + "users:\n- {name: u, user: {exec: {args: *a39, env: *a39}}}\n",
    "each user the same long list": f"l: &l [{'--profile, x, ' * 10_000}]\nusers:\n"
    + "- {name: u, user: {exec: {args: *l}}}\n" * 10_000,
    "two million words": f"users: [{'a,' * 2_000_000}]\n",
    "deep": "users: " + "[" * 1_000_000,
    "itself": "users: &u\n- *u\n- {name: u, user: *u}\n",
    "code": "users: !!python/object/apply:os.system [touch pwned]\n",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_holds_nothing_up(home: Home, bomb: str) -> None:
    """It is as if there were none: soon, and in little memory (KB)."""
    write(home, BOMBS[bomb])
    limit = ("-c", 'ulimit -v 1000000; exec "$@"', "sh", AWSCTX)
    done = home.run(*limit, "rename", TESTER, "t", command=["sh"], timeout=20)
    assert (done.returncode, done.stderr) == (0, f"renamed '{TESTER}' to 't'\n")
    assert not (home.folder / "pwned").exists()


def test_a_thousand_clusters_are_none(home: Home) -> None:
    users = "".join(KUBECONFIG.partition("users:\n")[2].replace("cluster/c", f"cluster/{n}") for n in range(1000))
    write(home, "users:\n" + users)
    assert home.run("remove", "-y", TESTER).stderr.count(f"still names '{TESTER}'") == 1000
