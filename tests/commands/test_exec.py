"""exec: what it sets, what it removes, and that all else is as if it had not been there (awsctx(1), RUNNING COMMANDS)."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support import AWSCTX, DEVELOPER, HOSTILE, TESTER, WALKTHROUGH, Home, stanza

from awsctx.core.environ import OVERRIDING

SHOW_ARGUMENTS = "import os, sys; sys.stdout.buffer.write(b'\\0'.join(map(os.fsencode, sys.argv[1:])))"


@pytest.fixture(autouse=True)
def _active(home: Home) -> None:
    home.ok(TESTER)


def environment(home: Home, *options: str, env: dict[str, str | None] | None = None) -> dict[str, str]:
    out = home.ok(
        "exec", *options, "--", sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))", env=env or {}
    )
    return dict(json.loads(out))


def test_the_environment_is_the_profile_and_all_else_untouched(home: Home) -> None:
    before = environment(home)
    assert before.pop("AWS_PROFILE") == TESTER
    assert before == home.environ
    assert "AWS_REGION" not in before


def test_the_regions_of_the_context(home: Home) -> None:
    home.ok("-r", "eu-west-3")
    found = environment(home)
    assert (found["AWS_REGION"], found["AWS_DEFAULT_REGION"]) == ("eu-west-3", "eu-west-3")
    found = environment(home, "-r", "us-east-1", "-p", DEVELOPER)
    assert (found["AWS_PROFILE"], found["AWS_REGION"], found["AWS_DEFAULT_REGION"]) == (DEVELOPER, "us-east-1", "us-east-1")
    found = environment(home, "-p", DEVELOPER, env={"AWS_REGION": "ap-south-1"})
    assert found["AWS_REGION"] == "ap-south-1"


@pytest.mark.parametrize("regions", ["all", "eu-west-1,us-east-1"])
def test_several_regions_are_for_many_at_once(home: Home, regions: str) -> None:
    done = home.run("exec", "-p", DEVELOPER, "-r", regions, "--", "echo", "ran")
    said = f"awsctx: '{regions}' is not a region\n  for several, name the profiles by --match or --all\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_what_overrides_is_removed_and_named(home: Home) -> None:
    env = dict.fromkeys(OVERRIDING, "secret-value")
    env["AWS_PROFILE"] = TESTER
    done = home.run("exec", "--", "env", env=env)
    assert not any(line.startswith(OVERRIDING) for line in done.stdout.splitlines())
    (line,) = done.stderr.splitlines()
    assert all(name in line for name in OVERRIDING)
    assert "secret-value" not in line
    assert home.run("exec", "-q", "--", "true", env=env).stderr == ""
    assert home.run("exec", "--", "true", env={"AWS_ACCESS_KEY_ID": ""}).stderr == ""


def test_pythons_own_traces_in_the_environment_are_undone(home: Home) -> None:
    found = environment(home, env={"LANG": "C", "LC_ALL": None, "LC_CTYPE": None})
    # The child is a Python too and coerces in its turn, so look with a command that does not.
    out = home.ok("exec", "--", "env", env={"LANG": "C"})
    assert "LC_CTYPE" not in out and found["LANG"] == "C"
    assert "LC_CTYPE=C.UTF-8" in home.ok("exec", "--", "env", env={"LANG": "C", "LC_CTYPE": "C.UTF-8"})
    assert "AWSCTX_MEMORY" not in home.ok("exec", "--", "env", env={"AWSCTX_HOOK": "1", "AWSCTX_MEMORY": "x"})


@pytest.mark.parametrize("own", ["C", "POSIX", "C.UTF-8", "", "nosuch.UTF-8"])
@pytest.mark.parametrize("lang", [None, "C", "C.UTF-8"])
def test_the_callers_own_lc_ctype_stays(home: Home, own: str, lang: str | None) -> None:
    seen = home.ok("exec", "--", "env", env={"LC_ALL": None, "LANG": lang, "LC_CTYPE": own}).splitlines()
    assert [line for line in seen if line.startswith("LC_CTYPE")] == [f"LC_CTYPE={own}"]


def test_where_nobody_can_tell_whose_it_is_lc_ctype_stays(home: Home) -> None:
    """As on macOS, which has no /proc."""
    hidden = ["strace", "-f", "-o", "/dev/null", "-P", "/proc/self/environ", "-e", "inject=open,openat:error=ENOENT"]
    env = {"LC_ALL": None, "LANG": None, "LC_CTYPE": "C.UTF-8"}
    done = home.run("exec", "--", "env", env=env, command=[*hidden, AWSCTX])
    assert done.returncode == 0, done
    assert "LC_CTYPE=C.UTF-8" in done.stdout.splitlines()


@pytest.mark.parametrize(
    "arguments",
    [
        [
            b"a b",
            b"",
            b"'",
            b'"',
            b"new\nline",
            b"\ttab",
            b"*",
            b"$HOME",
            b"`id`",
            b"\\",
            b"-p",
            b"--",
            b"-c",
            b"\xff\xfe",
            "ü".encode(),
        ],
        [b"--help"],
        [b""],
        [b"x" * 100_000],
    ],
)
@pytest.mark.parametrize("dashes", [True, False])
def test_arguments_byte_for_byte(home: Home, arguments: list[bytes], dashes: bool) -> None:
    command = [sys.executable, "-c", SHOW_ARGUMENTS, *arguments]
    done = home.run("exec", *(["--"] if dashes else []), *command, encoding=None, errors=None)
    assert done.stdout == b"\0".join(arguments)  # type: ignore[comparison-overlap]
    assert done.returncode == 0


@pytest.mark.parametrize("status", [0, 1, 2, 3, 42, 125, 126, 127, 128, 130, 254, 255])
def test_exit_status(home: Home, status: int) -> None:
    assert home.run("exec", "--", "sh", "-c", f"exit {status}").returncode == status
    assert home.run("exec", "-c", f"exit {status}").returncode == status


def test_every_exit_status_from_0_to_255(home: Home) -> None:
    script = f'for i in $(seq 0 255); do "{AWSCTX}" exec -- sh -c "exit $i"; [ $? = $i ] || echo $i; done'
    assert home.ok("-c", script, command=["sh"]) == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGPIPE, signal.SIGSEGV])
def test_killed_by_a_signal(home: Home, number: signal.Signals) -> None:
    assert home.run("exec", "--", "sh", "-c", f"kill -{int(number)} $$").returncode == -number
    assert home.run("exec", "-c", f"sh -c 'kill -{int(number)} $$' | cat").returncode == 128 + number


def test_not_found_and_not_executable(home: Home, tmp_path: Path) -> None:
    done = home.run("exec", "--", "no-such-command-at-all")
    assert (done.returncode, done.stdout) == (127, "")
    assert done.stderr.startswith("awsctx: command not found: no-such-command-at-all")
    assert home.run("exec", "--", str(tmp_path / "absent")).returncode == 127
    done = home.run("exec", "--", "")
    assert done.returncode == 127 and done.stderr.startswith("awsctx: command not found: its name is empty\n  ")
    plain = tmp_path / "plain"
    plain.write_text("echo hello $1\n")
    assert not_run(home, plain, "permission denied") == f"make it executable with: chmod +x {plain}"
    assert not_run(home, tmp_path, "it is a folder") == "name a program in it"
    found = home.run("exec", "--", "plain", env={"PATH": f"{tmp_path}:{home.environ['PATH']}"})
    assert found.returncode == 126
    plain.chmod(0o755)
    assert home.ok("exec", "--", str(plain), "you") == "hello you\n"  # no shebang: sh runs it, as any shell would
    bad = tmp_path / "bad"
    bad.write_text("#!/no/such/interpreter\n")
    bad.chmod(0o755)
    assert "what its first line (#!) names" in not_run(home, bad, "its interpreter does not exist")
    bad.write_text(f"#!{tmp_path}\n")
    assert "of its interpreter" in not_run(home, bad, "Permission denied")
    bad.write_bytes(b"\x7fELF\x02\x00of another machine\n")
    assert "another system" in not_run(home, bad, "Exec format error")


def not_run(home: Home, path: Path, why: str) -> str:
    """The hint of the error, which says ``why``."""
    done = home.run("exec", "--", str(path))
    error, hint = done.stderr.splitlines()
    assert (done.returncode, done.stdout, error) == (126, "", f"awsctx: could not run {path}: {why}")
    return hint.removeprefix("  ")


def test_an_empty_option_is_not_one_that_was_not_given(home: Home) -> None:
    """`-p "$UNSET"` in a script must not run with whatever is active."""
    for options, says in ((["-p", ""], "-p names no profile"), (["--profile="], "-p names no profile"), (["-r", ""], "region")):
        done = home.run("exec", *options, "--", "touch", "ran")
        assert done.returncode == 1 and says in done.stderr, done
    assert home.run("current", "-p", "").returncode == 1
    assert not list(home.folder.rglob("ran"))


def test_no_sign_in_is_offered_for_a_command_that_is_not_there(home: Home) -> None:
    parent, child = pty.openpty()
    done = subprocess.run(
        [AWSCTX, "exec", "--", "no-such-command"], env=home.environ, stdin=child, stdout=child, stderr=child, timeout=30
    )
    os.close(child)
    assert done.returncode == 127 and b"command not found" in os.read(parent, 4096)
    os.close(parent)


def test_nothing_runs_without_a_profile(home: Home) -> None:
    for call in (["exec", "-p", "gone", "--", "touch", "ran"], ["exec", "-p", "gone", "-c", "touch ran"]):
        done = home.run(*call)
        assert done.returncode == 1 and "gone" in done.stderr
    assert home.run("exec", "--", "touch", "ran", env={"AWS_PROFILE": "gone"}).returncode == 1
    home.ok("-u")
    assert home.run("exec", "--", "touch", "ran").returncode == 1
    assert not list(home.folder.rglob("ran"))
    for call in (["exec"], ["exec", "--"], ["exec", "-p"], ["exec", "--nonsense", "--", "true"]):
        assert home.run(*call).returncode == 2, call


def test_a_pipeline_fails_with_its_first_failure(home: Home) -> None:
    assert home.run("exec", "-c", "false | true").returncode == 1
    assert home.ok("exec", "-c", 'printf "%s\\n" "$AWS_PROFILE" | tr a-z A-Z') == TESTER.upper() + "\n"
    assert home.ok("exec", "-c", 'echo "$1|$2"', "a b", "c") == "a b|c\n"
    assert home.ok("exec", "-c", "echo ${BASH_VERSION:+bash}") == "bash\n"
    assert home.run("exec", "-c", "--version").returncode == 127  # the pipeline's text, not an option of bash


def test_a_pipeline_where_there_is_no_bash(home: Home, tmp_path: Path) -> None:
    for tool in ("sh", "echo", "cat"):
        (tmp_path / tool).symlink_to(f"/bin/{tool}")
    done = home.run("exec", "-c", "echo $AWS_PROFILE ${BASH_VERSION:-no bash}", env={"PATH": str(tmp_path)})
    assert done.stdout == f"{TESTER} no bash\n"


def test_a_reader_that_stops_ends_the_command_in_silence(home: Home) -> None:
    script = f'"{AWSCTX}" exec -- yes | head -1; echo "${{PIPESTATUS[0]}}"'
    done = home.run("-c", script, command=["bash"])
    assert (done.stdout, done.stderr) == ("y\n141\n", "")


def test_signal_dispositions(home: Home) -> None:
    """The command finds each signal as it would without awsctx: SIGPIPE at the system's default, an ignored one ignored."""
    show = ["grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"]
    plain = home.ok(*show[1:], command=show[:1])
    assert home.ok("exec", "--", *show) == plain
    ignoring = f"trap '' INT TERM HUP; exec {' '.join(show)}"
    ignoring_too = f"trap '' INT TERM HUP; exec '{AWSCTX}' exec -- {' '.join(show)}"
    quoted = [text.replace("^Sig(Blk|Ign|Cgt)", "'^Sig(Blk|Ign|Cgt)'") for text in (ignoring, ignoring_too)]
    assert home.ok("-c", quoted[0], command=["bash"]) == home.ok("-c", quoted[1], command=["bash"])


def test_no_process_of_awsctx_remains(home: Home) -> None:
    script = f'"{AWSCTX}" exec -- sh -c \'echo $$ $PPID\' & child=$!; wait; echo "$child $$"'
    lines = home.ok("-c", script, command=["bash"]).split()
    assert lines[:2] == lines[2:]


def test_streams_descriptors_cwd_umask_group(home: Home, tmp_path: Path) -> None:
    assert home.ok("exec", "--", "cat", stdin=None, input="through\n") == "through\n"
    done = home.run("exec", "--", "sh", "-c", "echo out; echo err >&2")
    assert (done.stdout, done.stderr) == ("out\n", "err\n")
    look = "pwd; umask; echo seven >&7; ps -o pgid= -p $$"
    script = f"cd '{tmp_path}'; umask 027; exec 7>seven; '{AWSCTX}' exec -- sh -c '{look}'; ps -o pgid= -p $$"
    out = home.ok("-c", script, command=["bash"]).split()
    assert out[:2] == [str(tmp_path), "0027"]
    assert out[2] == out[3]
    assert (tmp_path / "seven").read_text() == "seven\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_stay_closed(home: Home, closed: str) -> None:
    look = "for i in 0 1 2; do [ -e /dev/fd/$i ] && printf $i; done > fds; true"
    home.ok("-c", f"sh -c '{look}' {closed}", command=["bash"])
    plain = (home.folder / "fds").read_text()
    home.ok("-c", f"'{AWSCTX}' exec -- sh -c '{look}' {closed}", command=["bash"])
    assert (home.folder / "fds").read_text() == plain


def test_the_terminal_is_the_commands(home: Home) -> None:
    home.config.write_text(WALKTHROUGH + stanza("plain"), encoding="utf-8")  # without a sign-in to ask about
    home.ok("plain")
    home.config.write_text(WALKTHROUGH + stanza("plain"), encoding="utf-8")  # for SSO it would ask to sign in
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [AWSCTX, "exec", "-p", "plain", "-q", "--", "sh", "-c", "tty; stty size >/dev/null && echo has-a-terminal"],
            env=home.environ, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, timeout=30, check=True,
        )  # fmt: skip
        assert done.stdout.decode().split() == [os.ttyname(theirs), "has-a-terminal"]
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(home: Home, name: str) -> None:
    home.config.write_text(WALKTHROUGH + stanza(name), encoding="utf-8")
    assert home.ok("exec", "-p", name, "--", "printenv", "AWS_PROFILE") == f"{name}\n"
    assert home.ok("exec", "-p", name, "-c", 'printf %s "$AWS_PROFILE" | cat') == name
    assert not list(home.folder.rglob("pwned"))


def test_without_a_terminal_the_sign_in_is_not_looked_at(home: Home) -> None:
    trace = home.folder / "trace"
    home.ok("-f", "-e", "trace=file", "-o", trace, AWSCTX, "exec", "--", "true", command=["strace"])
    assert "sso/cache" not in trace.read_text()
