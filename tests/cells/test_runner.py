"""Commands that do what they like, and how they all end: the runner, played through the installed command."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import sys
import time

import pexpect
import pytest
from tests.cells.commands import UP, WAITING, gone, running, started, up
from tests.commands.many import Fleet
from tests.signin.helpers import ended, plain
from tests.support import AWSCTX


def test_it_leads_a_session_of_its_own_and_reads_nothing(fleet: Fleet) -> None:
    show = "import os; print(os.getsid(0) == os.getpid(), os.read(0, 9), sorted(os.listdir('/proc/self/fd')))"
    done = fleet.many("--", sys.executable, "-c", show, input="typed\n", stdin=None)
    assert done.stdout.count("True b'' ['0', '1', '2', '3']") == 4


def test_signals_are_as_a_single_exec_leaves_them(fleet: Fleet) -> None:
    """But for 32 and 33, which are glibc's own: its posix_spawn leaves them ignored."""

    def seen(text: str) -> list[int]:
        return [int(mask, 16) & 0x7FFFFFFF for mask in re.findall(r"Sig\w+:\t(\w+)", text)]

    show = "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status"
    for before in ("", "trap '' INT HUP; "):
        script = f"{before}exec '{AWSCTX}' exec -q"
        single = seen(fleet.ok("-c", f"{script} -p a -- {show}", command=["bash"]))
        assert len(single) == 3
        assert seen(fleet.ok("-c", f"{script} --match a -- {show}", command=["bash"])) == single


def test_what_is_left_behind_holds_nothing_up(fleet: Fleet) -> None:
    began = time.monotonic()
    done = fleet.many("-q", "--", "sh", "-c", "(sleep 30; echo late) & echo now")
    assert time.monotonic() - began < 8
    assert sorted(done.stdout.splitlines()) == [f"{name}\tnow" for name in "abcd"]
    left = running(fleet)
    assert len(left) == 8
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert gone(fleet)


def test_what_is_written_right_behind_the_end_counts(fleet: Fleet) -> None:
    done = fleet.many("-q", "-c", "echo first > >(sleep 0.05; cat)")
    assert sorted(done.stdout.splitlines()) == [f"{name}\tfirst" for name in "abcd"]


def test_one_that_never_stops_writing_behind_the_end(fleet: Fleet) -> None:
    began = time.monotonic()
    done = fleet.run("-c", f'"{AWSCTX}" exec --match a -q -- sh -c "yes & exit 7" | tail -1', command=["bash"], timeout=60)
    assert time.monotonic() - began < 20
    assert re.fullmatch("a\ty?\n", done.stdout)
    assert gone(fleet)


def test_streams_that_the_command_closes(fleet: Fleet) -> None:
    found = fleet.objects("--", "sh", "-c", "echo before; exec >&- 2>&-; sleep 0.2; exit 3", status=1)
    assert {(item["status"], item["stdout"]) for item in found.values()} == {(3, "before\n")}


def test_binary_and_what_has_no_line_end(fleet: Fleet) -> None:
    data = bytes(range(256)) * 3
    script = "import os; os.write(1, bytes(range(256)) * 3)"
    done = fleet.many("-q", "-j", "1", "--", sys.executable, "-c", script, encoding=None, errors=None)
    expected = b"".join(name + b"\t" + data.replace(b"\n", b"\n" + name + b"\t") + b"\n" for name in (b"a", b"b", b"c", b"d"))
    assert done.stdout == expected  # type: ignore[comparison-overlap]


def test_64_writers_and_no_line_torn(fleet: Fleet) -> None:
    fleet.profiles(*(f"p{number:02}" for number in range(64)))
    script = (
        "import os, random\n"
        "name = os.environ['AWS_PROFILE']; dice = random.Random(name)\n"
        "text = ''.join(f'{name} {line} {\"x\" * dice.randrange(3000)} end\\n' for line in range(100)).encode()\n"
        "while text:\n  size = dice.randrange(1, 9000); os.write(1, text[:size]); text = text[size:]\n"
    )
    done = fleet.many("-q", "-j", "64", "--", sys.executable, "-c", script)
    seen: dict[str, list[int]] = {}
    for line in done.stdout.splitlines():
        match = re.fullmatch(r"(p\d\d)\t\1 (\d+) x* end", line)
        assert match, line[:100]
        seen.setdefault(match[1], []).append(int(match[2]))
    assert len(seen) == 64 and all(numbers == list(range(100)) for numbers in seen.values())


def test_more_than_the_system_has_room_for(fleet: Fleet) -> None:
    fleet.profiles(*(f"p{number:02}" for number in range(60)))
    script = f"ulimit -n 40; exec '{AWSCTX}' exec --all -j 60 -q -- sh -c 'sleep 0.1; echo hello'"
    done = fleet.run("-c", script, command=["bash"])
    assert (done.returncode, done.stdout.count("\thello\n")) == (0, 60)
    assert done.stderr == "awsctx: 60 runs over 60 profiles, 60 at a time\n"


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)],
)
def test_a_signal_ends_all_and_is_handed_on(fleet: Fleet, number: signal.Signals, status: int) -> None:
    process = started(fleet, "--", "sh", "-c", f"trap 'echo ended; exit 9' {number.name[3:]}; {UP}sleep 60 & wait")
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == status, err
    assert sorted(out.splitlines()) == [f"{name}\tended" for name in "abcd"]
    assert "awsctx: 4 of 4 failed\n  status 9: " in err
    assert gone(fleet)
    assert fleet.again("--dry-run").stdout.split() == list("abcd")


def test_what_has_not_run_yet_never_does(fleet: Fleet) -> None:
    process = started(fleet, "-j", "1", "--", *WAITING, count=1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, len(list(fleet.folder.glob("up.*")))) == (130, 1)
    assert "awsctx: 1 of 4 failed, 3 not run\n  status 130 (SIGINT): a\n  not run: b, c, d\n" in err
    assert gone(fleet)


def test_who_ignores_int_gets_term_and_who_ignores_that_is_killed(fleet: Fleet) -> None:
    script = "trap '' INT; case $AWS_PROFILE in a) trap '' TERM;; esac; " + UP + "while :; do sleep 0.1; done"
    process = started(fleet, "--", "sh", "-c", script)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert 4.9 < time.monotonic() - began < 12
    assert process.returncode == 130
    assert "status 137 (SIGKILL): a\n" in err and re.search(r"status 143 \(SIGTERM\): [bcd], [bcd], [bcd]\n", err)
    assert gone(fleet)


def test_what_a_command_has_started_is_ended_too(fleet: Fleet) -> None:
    """The shell goes at INT, its child does not care: it is seen to all the same."""
    process = started(fleet, "--", "sh", "-c", f"(trap '' INT; {UP}sleep 60) & wait")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert gone(fleet, 0.5)


def test_a_second_ctrl_c_is_harder(fleet: Fleet) -> None:
    process = started(fleet, "--", "sh", "-c", f"trap '' INT TERM; {UP}while :; do sleep 0.1; done")
    began = time.monotonic()
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
    process.communicate(timeout=20)
    assert time.monotonic() - began < 4
    assert process.returncode == 130 and gone(fleet)


def test_ctrl_c_while_nobody_reads(fleet: Fleet) -> None:
    with started(fleet, "--", "sh", "-c", f"{UP}yes") as process:
        time.sleep(0.5)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert time.monotonic() - began < 10
    assert gone(fleet)


def test_killed_by_sigkill_its_commands_end_when_they_write(fleet: Fleet) -> None:
    process = started(fleet, "--", "sh", "-c", f"{UP}while echo hello; do sleep 0.1; done; exit")
    process.kill()
    process.communicate(timeout=20)
    assert gone(fleet)


def test_what_a_sigkill_leaves_is_known(fleet: Fleet) -> None:
    process = started(fleet, "-j", "1", "--", "sh", "-c", f"{UP}[ $AWS_PROFILE = c ] && sleep 60; sleep 0.8", count=3)
    process.kill()
    for pid in running(fleet):
        os.kill(pid, signal.SIGKILL)
    process.communicate(timeout=20)
    left = fleet.again("--dry-run").stdout.split()
    assert left[-2:] == ["c", "d"] and "a" not in left


def at_terminal(fleet: Fleet, *arguments: str, **environ: str) -> pexpect.spawn:
    return pexpect.spawn(
        str(AWSCTX), ["exec", "--all", "-j", "2", *arguments], env={**fleet.environ, **environ}, cwd=str(fleet.folder),
        encoding="utf-8", timeout=20, dimensions=(24, 80),
    )  # fmt: skip


def test_ctrl_c_at_a_terminal(fleet: Fleet) -> None:
    child = at_terminal(fleet, "--", *WAITING)
    up(fleet, 2)
    child.sendintr()
    assert ended(child) == 130
    assert "status 130 (SIGINT): a, b" in plain(child.before)
    assert gone(fleet)


def test_the_terminal_is_closed(fleet: Fleet) -> None:
    child = at_terminal(fleet, "--", *WAITING)
    up(fleet, 2)
    with contextlib.suppress(pexpect.ExceptionPexpect):  # it waits less than a busy machine may take
        child.close(force=False)
    assert gone(fleet, 10)


def test_a_bar_and_colours_on_a_terminal(fleet: Fleet) -> None:
    script = "sleep 0.4; echo hello; [ $AWS_PROFILE != b ]"
    child = at_terminal(fleet, "--", "sh", "-c", script)
    child.logfile_read = io.StringIO()
    child.expect("2 running")
    child.setwinsize(24, 50)
    assert ended(child) == 1
    assert "\x1b[36ma\x1b[m hello" in child.logfile_read.getvalue()
    assert re.search("[12]/4 .*1 failed", plain(child.logfile_read.getvalue()))
    child = at_terminal(fleet, "--", "sh", "-c", script, NO_COLOR="1")
    assert ended(child) == 1
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m|\x1b\[38", child.before)
    assert "a hello" in plain(child.before)
    child = at_terminal(fleet, "--", "sh", "-c", script, TERM="dumb")
    assert ended(child) == 1
    assert "\x1b" not in child.before and "running" not in child.before
