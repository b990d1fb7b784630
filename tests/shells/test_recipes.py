"""docs/recipes.md, in the tools that are here: its own lines, as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pexpect
from tests.shells.conftest import Open
from tests.shells.ptys import outside, tool
from tests.support import BIN, DEVELOPER, TESTER, Home

TEXT = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")


def lines(title: str) -> list[str]:
    """The lines of code in the section called ``title``."""
    section = re.split(r"^## ", TEXT, flags=re.MULTILINE)
    (text,) = [part for part in section if part.startswith(f"{title}\n")]
    return [line.strip() for line in text.splitlines() if line.startswith("    ") and line.strip()]


def test_an_exported_prompt_is_every_childs_at_each_prompt(shell: str, home: Home, open_terminal: Open) -> None:
    """As starship's env_var module reads it."""
    (posix,) = [line.partition("#")[0] for line in lines("starship") if line.startswith("export")]
    (fish,) = [line.partition("#")[0] for line in lines("starship") if line.startswith("set -gx")]
    terminal = open_terminal(after=fish if shell == "fish" else posix)
    for name in (TESTER, DEVELOPER):
        terminal.run(f"awsctx {name}")
        assert terminal.run("env | command grep ^AWSCTX_PROMPT=").endswith(f"AWSCTX_PROMPT={name} 3h12m\n")
    outside(home, "-u")
    terminal.run("true")
    assert terminal.run("env | command grep ^AWSCTX_PROMPT=").endswith("AWSCTX_PROMPT=\n")


def test_a_tmux_status_line_shows_the_active_context(home: Home) -> None:
    """Whatever the shell showed that tmux was started from."""
    outside(home, DEVELOPER)
    socket = str(home.folder / "socket")
    conf = home.folder / "tmux.conf"
    conf.write_text(
        "\n".join(lines("tmux")).replace("status-interval 5", "status-interval 1") + "\nset -g status-right-length 90\n"
    )
    copy = {"AWS_PROFILE": TESTER, "AWSCTX_EXPORTED": f"state:{TESTER}"}
    call = ["-S", socket, "-f", str(conf)]
    environ = {**home.environ, **copy}
    client = pexpect.spawn(tool("tmux"), [*call, "new-session", "cat"], env=environ, encoding="utf-8", dimensions=(10, 120))  # type: ignore[arg-type]
    try:
        client.expect(rf"{DEVELOPER} 3h1[12]m \d\d:\d\d", timeout=20)
        outside(home, TESTER)
        client.expect(rf"{TESTER} 3h1[12]m \d\d:\d\d", timeout=20)
    finally:
        home.ok(*call, "kill-server", command=[tool("tmux")])
        client.close(force=True)


def test_a_cron_job_names_its_profile(home: Home) -> None:
    """With cron's environment, and what awsctx and aws are replaced by where they are here."""
    outside(home, DEVELOPER)
    (line,) = lines("cron")
    command = line.split("* * 1-5")[1].strip()
    assert "%" not in command, "cron ends a command there"
    ours = command.replace("$HOME/.local/bin", str(BIN)).replace("worksso.readonly", TESTER)
    ours = ours.replace("/usr/local/bin/aws", "sh -c 'echo $AWS_PROFILE: $*' --")
    done = home.run("-i", f"HOME={home.folder}", "PATH=/usr/bin:/bin", "sh", "-c", ours, command=["env"])
    assert (done.stdout, done.stderr) == (f"{TESTER}: s3 sync /srv/reports s3://reports\n", "")
