"""The diff of an edit: no secret is shown in it, and it can be applied."""

import subprocess
from pathlib import Path

from awsctx.awsfiles import write
from awsctx.awsfiles.grammar import PROFILE
from awsctx.awsfiles.headers import CONFIG, CREDENTIALS
from awsctx.awsfiles.ops import Add, Op, Remove, Rename, SetKeys


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "credentials"
    path.write_text(
        "[a]\nAWS_Access_Key_ID : AKIASECRET\naws_secret_access_key=SECRET\n#aws_secret_access_key = SECRET\n"
        "aws_session_token = SEC\n  SECRET\n[b]\nregion = \x1b[31mx\n"
    )
    ops: list[Op] = [
        Rename((PROFILE, "a"), "c"),
        SetKeys((PROFILE, "c"), {"aws_secret_access_key": "OTHERSECRET", "region": "y"}),
        SetKeys((PROFILE, "b"), {"x": "1"}),
    ]
    change = write.change(write.Edit(str(path), CREDENTIALS, lambda _: ops))
    assert "SEC" not in change.diff + repr(change)
    assert "-aws_secret_access_key=****\n" in change.diff
    assert "+aws_secret_access_key=****\n" in change.diff
    assert "\x1b" not in change.diff
    assert "OTHERSECRET" in path.read_text()


def test_diff_can_be_applied(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text("".join(f"[profile p{number}]\nregion = r\noutput = json\n" for number in range(40)) + "[end]")
    ops: list[Op] = [
        Remove(frozenset((PROFILE, f"p{number}") for number in (0, 7, 8, 30))),
        SetKeys((PROFILE, "p20"), {"region": "q", "new": "1"}),
        Rename((PROFILE, "p33"), "renamed"),
        Add((PROFILE, "added"), {"region": "r"}),
    ]
    change = write.try_out(write.Edit(str(path), CONFIG, lambda _: ops))
    subprocess.run(["git", "apply", "--unsafe-paths", "-p1"], cwd="/", input=change.diff, text=True, check=True)
    assert path.read_text() == change.new
