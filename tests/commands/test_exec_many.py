"""`awsctx exec` over many profiles and regions (awsctx(1), RUNNING COMMANDS, Many at once), through the installed command."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.commands.many import Fleet
from tests.support import AWSCTX, DEVELOPER, HOSTILE, TESTER, WALKTHROUGH, Home, stanza

from awsctx.core.environ import OVERRIDING


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """Four profiles in two accounts, one of them without a word on its account."""
    home = Fleet(tmp_path / "home")
    role = "arn:aws:iam::{}:role/{}"
    home.config.write_text(
        stanza("dev.admin", role_arn=role.format("111111111111", "admin"), credential_source="Environment", region="eu-west-1")
        + stanza("dev.reader", role_arn=role.format("111111111111", "r"), credential_source="Environment", region="eu-west-2")
        + stanza("prod.reader", role_arn=role.format("222222222222", "r"), credential_source="Environment")
        + stanza("keys")
    )
    return home


def lines(text: str) -> list[str]:
    return sorted(text.splitlines())


def test_once_per_profile_behind_its_name(fleet: Fleet) -> None:
    done = fleet.many("--", "sh", "-c", "echo $AWS_PROFILE; echo error >&2")
    names = ["dev.admin", "dev.reader", "keys", "prod.reader"]
    assert lines(done.stdout) == [f"{name}\t{name}" for name in names]
    told, *errors = done.stderr.splitlines()
    assert told.startswith("awsctx: 4 runs over 4 profiles, ")
    assert sorted(errors) == [f"{name}\terror" for name in names]


def test_globs_regions_and_one_per_account(fleet: Fleet) -> None:
    def cells(*options: str) -> list[str]:
        return fleet.ok("exec", *options, "--dry-run", "--", "true").splitlines()

    assert cells("--match", "*.reader", "--match", "keys") == ["dev.reader", "prod.reader", "keys"]
    assert cells("--all", "--one-per", "account") == ["dev.admin", "prod.reader", "keys"]
    assert cells("--match", "dev.*", "--one-per", "account", "-r", "eu-west-3,us-east-1") == [
        "dev.admin@eu-west-3",
        "dev.admin@us-east-1",
    ]
    assert cells("--match", "keys", "-r", "-") == ["keys"]
    listed = fleet.ok("exec", "--match", "dev.admin", "-r", "us-east-1", "--dry-run", "--json", "--", "touch", "ran")
    assert json.loads(listed) == {"profile": "dev.admin", "account_id": "111111111111", "region": "us-east-1"}
    assert not list(fleet.folder.rglob("ran"))


def test_the_environment_of_each_is_a_single_execs(fleet: Fleet) -> None:
    env: dict[str, str | None] = {**dict.fromkeys(OVERRIDING, "x"), "AWS_REGION": "ap-south-1", "PLAIN": "a b\n'c"}
    show = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"]
    for options in ([], ["-r", "us-east-1"], ["--keep", "AWS_BEARER_TOKEN_BEDROCK"]):
        found = fleet.objects(*options, "--", *show, env=env)
        for name in ("dev.admin", "keys"):
            single = json.loads(fleet.ok("exec", "-p", name, *options, "--", *show, env=env))
            assert found[name]["stdout"] == single
    done = fleet.many("--", "true", env=env)
    assert done.stderr.count("removed from the environment") == 1
    assert "removed" not in fleet.many("-q", "--", "true", env=env).stderr


def test_a_pipeline_and_arguments_byte_for_byte(fleet: Fleet) -> None:
    done = fleet.many("-c", 'printf "%s|" "$@" | tr a-z A-Z', "a b", "", "é")
    assert lines(done.stdout)[0] == "dev.admin\tA B||é|"
    assert {item["status"] for item in fleet.objects("-c", "false | true", status=1).values()} == {1}
    raw = fleet.many("--", "printf", "%s\\n", b"\xff 'x", encoding=None, errors=None)
    assert raw.stdout.count(b"\t\xff 'x\n") == 4  # type: ignore[arg-type]


def test_json_has_the_region_and_the_account_of_each(fleet: Fleet) -> None:
    found = fleet.objects("--", "sh", "-c", 'echo "{\\"a\\": 1}"')
    assert [(name, item["account_id"], item["region"]) for name, item in sorted(found.items())] == [
        ("dev.admin", "111111111111", "eu-west-1"),
        ("dev.reader", "111111111111", "eu-west-2"),
        ("keys", None, "eu-west-1"),
        ("prod.reader", "222222222222", None),
    ]
    assert {json.dumps(item["stdout"]) for item in found.values()} == {'{"a": 1}'}
    assert all(0 <= item["seconds"] < 20 for item in found.values())
    joined = subprocess.run(
        ["jq", "-s", "map(.stdout.a) | add"], input=fleet.many("--json", "--", "echo", '{"a": 2}').stdout,
        text=True, capture_output=True, check=True,
    )  # fmt: skip
    assert joined.stdout == "8\n"


def test_a_json_line_comes_as_its_cell_ends(fleet: Fleet) -> None:
    script = "while ! [ -e go ] && [ $AWS_PROFILE != keys ]; do sleep 0.05; done"
    command = [AWSCTX, "exec", "--all", "-j", "4", "--json", "--", "sh", "-c", script]
    with subprocess.Popen(command, env=fleet.environ, cwd=fleet.folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["profile"] == "keys"
        (fleet.folder / "go").touch()
        assert len(process.stdout.readlines()) == 3
    assert process.returncode == 0


def test_every_status_and_signal_and_a_way_back(fleet: Fleet) -> None:
    fleet.profiles(*(f"p{number:03}" for number in range(256)), "pKILL", "pSEGV", "pPIPE", "pINT")
    script = "n=${AWS_PROFILE#p}; case $n in [A-Z]*) kill -$n $$; sleep 9;; *) exit $((1$n - 1000));; esac"
    done = fleet.many("--", "sh", "-c", script, status=1)
    found = dict(re.findall(r"^  status (\d+)(?: \(\w+\))?: (.*)$", done.stderr, re.M))
    expected = {str(number): f"p{number:03}" for number in range(1, 256)}
    for name, number in (("KILL", 9), ("SEGV", 11), ("PIPE", 13), ("INT", 2)):
        expected[str(128 + number)] += f", p{name}"
    assert {status: sorted(names.split(", ")) for status, names in found.items()} == {
        status: sorted(names.split(", ")) for status, names in expected.items()
    }
    assert "  status 137 (SIGKILL): " in done.stderr and "awsctx: 259 of 260 failed\n" in done.stderr
    assert done.stderr.endswith("  run them again: awsctx exec --failed\n")
    assert len(fleet.again("--dry-run").stdout.splitlines()) == 259


def test_failed_runs_what_failed_or_has_not_run_with_the_same_command(fleet: Fleet) -> None:
    assert fleet.run("exec", "--failed").returncode == 1
    script = '[ -e "$1" ] || [ $AWS_PROFILE = keys ]'
    fleet.many("-r", "eu-west-3,us-east-1", "-c", script, "a b", status=1)
    path = fleet.state.parent / "state.last-run"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert fleet.again("--dry-run").stdout.splitlines() == [
        f"{name}@{region}" for name in ("dev.admin", "dev.reader", "prod.reader") for region in ("eu-west-3", "us-east-1")
    ]
    assert "6 of 6 failed" in fleet.again(status=1).stderr
    (fleet.folder / "a b").touch()
    assert fleet.again("-q", "-j", "1").stderr == "awsctx: 6 runs over 3 profiles and 2 regions, 1 at a time\n"
    done = fleet.again()
    assert (done.stdout, done.stderr) == ("", "awsctx: nothing of the last run failed\n")


@pytest.mark.parametrize("name", ["a@eu-west-1", "."])
def test_failed_runs_no_other_profile_in_place_of_one_that_is_gone(home: Home, name: str) -> None:
    others = "[profile a]\nregion = eu-west-2\n"
    home.config.write_text(f"{others}[profile {name}]\nregion = eu-west-1\n")
    home.ok("a")
    assert home.run("exec", "--match", name, "--", "sh", "-c", 'echo "$AWS_PROFILE"; exit 1').returncode == 1
    assert home.run("exec", "--failed").stdout == f"{name}\t{name}\n"
    home.config.write_text(others)
    done = home.run("exec", "--failed")
    assert (done.returncode, done.stdout) == (1, "") and f"no profile named '{name}'" in done.stderr


def test_no_output_is_kept(fleet: Fleet) -> None:
    fleet.many("--", "sh", "-c", "echo so-secret; echo so-secret >&2; exit 1".replace("so-secret", "so''-secret"), status=1)
    for path in fleet.state.parent.iterdir():
        assert "so-secret" not in path.read_text()


def test_fail_fast_starts_no_more(fleet: Fleet) -> None:
    fleet.profiles(*(f"p{number}" for number in range(10)))
    done = fleet.many("-j", "1", "--fail-fast", "--", "sh", "-c", "[ $AWS_PROFILE != p3 ]", status=1)
    assert "awsctx: 1 of 10 failed, 6 not run\n  status 1: p3\n  not run: p4, p5, p6, p7, p8, p9\n" in done.stderr
    assert fleet.again("--dry-run").stdout.split() == [f"p{number}" for number in range(3, 10)]


def test_so_many_at_a_time(fleet: Fleet) -> None:
    fleet.profiles(*(f"p{number}" for number in range(12)))
    script = 'mkdir "$AWS_PROFILE.d"; ls -d *.d | wc -l; sleep 0.2; rmdir "$AWS_PROFILE.d"'
    for jobs in (1, 3):
        found = {int(item["stdout"]) for item in fleet.objects("-j", str(jobs), "--", "sh", "-c", script).values()}
        assert max(found) == jobs


def test_output_into_files(fleet: Fleet) -> None:
    done = fleet.many(
        "--out", "made/for it", "-r", "us-east-1", "--", "sh", "-c", "echo $AWS_PROFILE; echo err >&2; exit 1", status=1
    )
    assert done.stdout == ""
    folder = fleet.folder / "made" / "for it"
    assert len(list(folder.iterdir())) == 8
    assert (folder / "keys@us-east-1.out").read_text() == "keys\n"
    assert (folder / "keys@us-east-1.err").read_text() == "err\n"
    assert "err\n" not in done.stderr


def test_a_command_that_is_not_there_is_said_once(fleet: Fleet) -> None:
    done = fleet.many("--", "no-such-command", status=127)
    assert done.stderr == "awsctx: command not found: no-such-command\n  give its path, or install it\n"
    plain = fleet.folder / "plain"
    plain.write_text("echo hello\n")
    fleet.many("--", str(plain), status=126)
    plain.chmod(0o755)
    assert fleet.many("--", str(plain)).stdout.count("\thello\n") == 4  # no shebang: sh runs it, as a single exec has it
    plain.write_text("#!/no/such/interpreter\n")
    assert {item["status"] for item in fleet.objects("--", str(plain), status=1).values()} == {126}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--all"],
        ["--all", "--match", "x", "--", "true"],
        ["--all", "-p", "keys", "--", "true"],
        ["--all", "--out", "d", "--json", "--", "true"],
        ["--all", "--one-per", "region", "--", "true"],
        ["--all", "-j", "0", "--", "true"],
        ["--all", "--keep", "PATH", "--", "true"],
        ["--failed", "--", "true"],
        ["--failed", "--all"],
        ["--json", "--", "true"],
        ["-p", "keys", "--dry-run", "--", "true"],
    ],
)
def test_usage(fleet: Fleet, arguments: list[str]) -> None:
    done = fleet.run("exec", *arguments)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("awsctx: ")


@pytest.mark.parametrize("arguments", [["--match", "no*"], ["--all", "-r", "no region"], ["--all", "-r", "all,eu-west-1"]])
def test_nothing_runs(fleet: Fleet, arguments: list[str]) -> None:
    assert fleet.run("exec", *arguments, "--", "touch", "ran").returncode == 1
    assert not list(fleet.folder.rglob("ran"))


def test_guarded_ones_are_left_out_and_named(fleet: Fleet) -> None:
    fleet.configure('guard = ["prod*", "keys"]\n')
    done = fleet.many("--", "sh", "-c", "exit 1", status=1)
    assert "awsctx: left out, because they are guarded: prod.reader, keys\n  to run them too, add: --yes\n" in done.stderr
    assert "2 of 2 failed" in done.stderr and done.stderr.endswith("awsctx exec --failed\n")
    assert fleet.many("-y", "--dry-run", "--", "true").stdout.split()[-2:] == ["prod.reader", "keys"]
    alone = fleet.run("exec", "--match", "prod*", "--", "touch", "ran")
    assert (alone.returncode, list(fleet.folder.rglob("ran"))) == (1, [])
    done = fleet.many("-y", "--", "false", status=1)
    assert done.stderr.endswith("awsctx exec --failed --yes\n")
    assert fleet.again("--dry-run").stdout.split() == ["dev.admin", "dev.reader"]


def test_those_guarded_by_account_or_role_are_left_out_too(fleet: Fleet) -> None:
    of = {"one": ("111111111111", "reader"), "two": ("222222222222", "admin"), "three": ("333333333333", "reader")}
    roles = {name: f"arn:aws:iam::{account}:role/{role}" for name, (account, role) in of.items()}
    found = [stanza(name, role_arn=role, credential_source="Environment") for name, role in roles.items()]
    fleet.config.write_text("".join(found))
    fleet.configure('guard = ["account:1111*", "role:adm*"]\n')
    done = fleet.many("--dry-run", "--", "true")
    assert (done.stdout, "left out, because they are guarded: one, two" in done.stderr) == ("three\n", True)


def test_an_agents_yes_does_not_count(fleet: Fleet) -> None:
    agent: dict[str, str | None] = {"CLAUDECODE": "1"}
    fleet.configure('guard = ["prod*"]\n')
    done = fleet.many("-y", "--dry-run", "--", "true", env=agent)
    assert "prod.reader" not in done.stdout.split()
    assert done.stderr == "awsctx: left out, because they are guarded: prod.reader\n"
    refused = fleet.run("exec", "--match", "prod*", "-y", "--", "touch", "ran", env=agent)
    assert (refused.returncode, refused.stderr) == (1, "awsctx: every matching profile is guarded: prod.reader\n")
    fleet.configure('guard = ["prod*"]\nagents = "allow"\n')
    assert "prod.reader" in fleet.many("-y", "--dry-run", "--", "true", env=agent).stdout.split()


def test_hostile_names(fleet: Fleet) -> None:
    fleet.profiles(*HOSTILE)
    done = fleet.many("--", "printenv", "AWS_PROFILE")
    assert lines(done.stdout) == sorted(f"{name}\t{name}" for name in HOSTILE)
    fleet.many("--out", "out", "-r", "eu-west-1", "--", "printenv", "AWS_PROFILE")
    assert len(list((fleet.folder / "out").iterdir())) == 2 * len(HOSTILE)
    assert set(fleet.objects("-c", 'printf %s "$AWS_PROFILE"')) == set(HOSTILE)
    fleet.many("--", "false", status=1)
    assert fleet.again("--dry-run").stdout.splitlines() == list(HOSTILE)
    assert not list(fleet.folder.rglob("pwned"))


def test_without_a_terminal_a_sign_in_is_exit_3(fleet: Fleet) -> None:
    other = "[sso-session other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = eu-west-1\n"
    fleet.config.write_text(
        WALKTHROUGH + other + stanza("third", sso_session="other", sso_account_id="1", sso_role_name="r") + stanza("plain")
    )
    done = fleet.many("--", "touch", "ran", status=3)
    assert done.stderr == (
        "awsctx: session 'worksso' and session 'other' need a sign-in first\n"
        "  sign in with: awsctx login worksso\n  sign in with: awsctx login other\n"
    )
    assert not list(fleet.folder.rglob("ran"))
    assert fleet.run("exec", "--match", "plain", "--", "true").returncode == 0
    assert fleet.many("--dry-run", "--", "true").stdout.split() == [DEVELOPER, TESTER, "third", "plain"]
    assert fleet.many("-r", "all", "--dry-run", "--", "true", status=3).stdout == ""


def test_20_runs_at_once_share_the_last_run(fleet: Fleet) -> None:
    runs = [
        subprocess.Popen(
            [AWSCTX, "exec", "--all", "-q", "-r", f"eu-west-{number + 1}", "--", "false"],
            env=fleet.environ, cwd=fleet.folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for number in range(20)
    ]  # fmt: skip
    assert [run.wait(60) for run in runs] == [1] * 20
    cells = fleet.again("--dry-run").stdout.split()
    assert len(cells) == 4 and len({cell.partition("@")[2] for cell in cells}) == 1


def test_where_the_last_run_cannot_be_kept_the_run_goes_on(fleet: Fleet) -> None:
    fleet.state.parent.mkdir(parents=True)
    (fleet.state.parent / "state.last-run").mkdir()
    done = fleet.many("--", "echo", "hello")
    assert done.stdout.count("\thello\n") == 4
    assert "awsctx: warning: could not keep the run for --failed: " in done.stderr


def test_the_disk_is_full_under_out(fleet: Fleet) -> None:
    """A limit on a file's size stands for a disk: what the command cannot write ends it, and the run says so."""
    script = f'ulimit -f 1; exec "{AWSCTX}" exec --all --out out -- head -c 4096 /dev/zero'
    done = fleet.run("-c", script, command=["bash"])
    assert done.returncode == 1, done
    assert "awsctx: 4 of 4 failed" in done.stderr
    full = fleet.run("exec", "--all", "--out", "/proc/nothing-is-made-here", "--", "true")
    assert full.returncode == 1 and "could not make the folder" in full.stderr


def test_nobody_reads_any_more(fleet: Fleet) -> None:
    fleet.profiles(*(f"p{number}" for number in range(50)))
    script = f'"{AWSCTX}" exec --all -q -- sh -c "yes; echo \\$AWS_PROFILE >>ended" | head -1; echo "${{PIPESTATUS[0]}}"'
    began = time.monotonic()
    done = fleet.run("-c", script, command=["bash"])
    assert time.monotonic() - began < 20
    assert re.fullmatch("p[01]\ty\n141\n", done.stdout)
    assert re.fullmatch(r"awsctx: 50 runs over 50 profiles, \d+ at a time\n", done.stderr)
    assert len(fleet.again("--dry-run").stdout.split()) == 50


def test_stdout_that_takes_nothing(fleet: Fleet) -> None:
    done = fleet.run("-c", f'"{AWSCTX}" exec --all -- echo hello >/dev/full', command=["sh"])
    assert done.returncode == 1
    assert "awsctx: could not write to standard output: No space left on device\n" in done.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed(fleet: Fleet, closed: str) -> None:
    done = fleet.run(
        "-c", f"'{AWSCTX}' exec --all -- sh -c 'cat; echo hello; echo oops >&2; echo ran >>ran' {closed}", command=["sh"]
    )
    assert done.returncode == 0, done
    assert (fleet.folder / "ran").read_text() == "ran\n" * 4
    if closed == "<&-":
        assert done.stdout.count("\thello\n") == 4 and done.stderr.count("\toops\n") == 4


def test_keys_instead_of_the_profile(fleet: Fleet) -> None:
    keys = {"Version": 1, "AccessKeyId": "AKIA1", "SecretAccessKey": "s", "SessionToken": "t"}
    (fleet.folder / "keys").write_text(json.dumps({**keys, "Expiration": "2099-01-01T00:00:00Z"}))
    process = f"cat {fleet.folder}/keys"
    fleet.config.write_text(
        stanza("one", credential_process=process, region="eu-west-1")
        + stanza("two", credential_process=process)
        + stanza("none", region="eu-west-1")
    )
    env: dict[str, str | None] = {"AWS_PROFILE": "two", "AWS_ACCESS_KEY_ID": "AKIAOTHER", "AWS_SECURITY_TOKEN": "x"}
    show = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"]
    found = fleet.objects("--keys", "-r", "us-east-1", "--", *show, status=1, env=env)
    assert found["none"]["status"] == 1 and "none: it has no credentials" in found["none"]["stderr"]
    for environ, region in (
        (found["one"]["stdout"], "us-east-1"),
        (json.loads(fleet.ok("exec", "--keys", "-p", "one", "--", *show, env=env)), "eu-west-1"),
        (json.loads(fleet.ok("exec", "--keys", "--", *show, env=env)), None),
    ):
        assert not {"AWS_PROFILE", "AWS_SECURITY_TOKEN"} & environ.keys()
        assert (environ["AWS_ACCESS_KEY_ID"], environ["AWS_SESSION_TOKEN"]) == ("AKIA1", "t")
        assert environ["AWS_CREDENTIAL_EXPIRATION"] == "2099-01-01T00:00:00Z"
        assert environ.get("AWS_REGION") == environ.get("AWS_DEFAULT_REGION") == region
    assert fleet.run("exec", "--keys", "-p", "none", "--", "touch", "ran").returncode == 1
    assert not list(fleet.folder.rglob("ran"))


def test_one_of_two_variables_may_be_kept(fleet: Fleet) -> None:
    env: dict[str, str | None] = {"AWS_BEARER_TOKEN_BEDROCK": "b", "AWS_MCP_PROXY_PROFILES": "m", "AWS_PROFILE": "keys"}
    kept = fleet.run("exec", "--keep", "AWS_MCP_PROXY_PROFILES", "--", "env", env=env)
    assert "AWS_MCP_PROXY_PROFILES=m\n" in kept.stdout and "BEDROCK" not in kept.stdout
    assert kept.stderr == "awsctx: removed from the environment: AWS_BEARER_TOKEN_BEDROCK\n"
    refused = fleet.run("exec", "--keep", "AWS_ACCESS_KEY_ID", "--", "true")
    assert refused.returncode == 2 and "--keep does not keep AWS_ACCESS_KEY_ID" in refused.stderr
