"""`awsctx exec` over many profiles and regions (awsctx(1), RUNNING COMMANDS, Many at once), through the installed command."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from tests.commands.many import Fleet
from tests.support import AWSCTX, DEVELOPER, HOSTILE, TESTER, WALKTHROUGH, stanza

from awsctx.core.environ import OVERRIDING


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


def test_so_many_at_a_time(fleet: Fleet) -> None:
    fleet.profiles(*(f"p{number}" for number in range(12)))
    script = 'mkdir "$AWS_PROFILE.d"; ls -d *.d | wc -l; sleep 0.2; rmdir "$AWS_PROFILE.d"'
    for jobs in (1, 3):
        found = {int(item["stdout"]) for item in fleet.objects("-j", str(jobs), "--", "sh", "-c", script).values()}
        assert max(found) == jobs


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
