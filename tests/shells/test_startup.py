"""Which start-up file is whose, whether it loads the hook, and that the lines for it hold paths as data."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.support import HOSTILE

from awsctx.shells import startup


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ".bash_profile"),
        ({".profile": "a=1\n"}, ".profile"),
        ({".bash_profile": "a=1\n", ".bashrc": ""}, ".bash_profile"),
        ({".bash_profile": ". ~/.bashrc\n"}, ".bashrc"),
    ],
)
def test_bash_on_macos_reads_other_files(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    assert startup.startup_file("bash", {"HOME": str(tmp_path)}, "darwin") == str(tmp_path / expected)
    assert startup.startup_file("bash", {"HOME": str(tmp_path)}, "linux") == str(tmp_path / ".bashrc")


def test_folders_of_the_users_choice() -> None:
    environ = {"HOME": "/h", "ZDOTDIR": "/z", "XDG_CONFIG_HOME": "/c"}
    assert startup.startup_file("zsh", environ, "linux") == "/z/.zshrc"
    assert startup.startup_file("fish", environ, "linux") == "/c/fish/conf.d/awsctx.fish"


@pytest.mark.parametrize(
    ("text", "by_file"),
    [
        ("", None),
        ('# eval "$(awsctx init bash)"\n', None),
        ('eval "$(awsctx init bash --prompt)"\n', False),
        ('x=1; [ ! -r "$HOME/.local/share/awsctx/hook.bash" ] || . "$HOME/.local/share/awsctx/hook.bash"\n', True),
        ("#. ~/.local/share/awsctx/hook.bash\n", None),
        ("[ ! -r '/a#b/awsctx/hook.bash' ] || . '/a#b/awsctx/hook.bash'\n", True),
    ],
)
def test_what_loads_the_hook(tmp_path: Path, text: str, by_file: bool | None) -> None:
    (tmp_path / ".profile").write_text(text, encoding="utf-8")

    found = startup.loader("bash", {"HOME": str(tmp_path)}, "linux", "/a#b/awsctx/hook.bash")

    assert found == (None if by_file is None else (str(tmp_path / ".profile"), by_file))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("under_home", [True, False])
def test_the_lines_hold_paths_as_data(tmp_path: Path, shell: str, under_home: bool) -> None:
    home = tmp_path / "home"
    text = 'echo "$PATH"\n'
    expected = ""
    for number, name in enumerate(name for name in HOSTILE if len(name) < 100):
        folder = (home if under_home else tmp_path) / f"{number}{name}"
        folder.mkdir(parents=True)
        (folder / "hook").write_text(f"echo {number}\n", encoding="utf-8")
        text += startup.lines(shell, str(folder / "hook"), str(folder), str(home)).replace(
            "if status is-interactive", "if true"
        )
        expected = f"{folder}:{expected}"
    text += 'echo "$PATH"\n'
    script = tmp_path / "script"
    script.write_text(text, encoding="utf-8")

    options = [] if shell == "fish" else ["-eu"]
    done = subprocess.run(
        [shell, *options, script],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    before, *loaded, after = done.stdout.splitlines()
    assert loaded == [str(number) for number in range(len(loaded))]
    assert len(loaded) == len([name for name in HOSTILE if len(name) < 100])
    assert after == expected + before
    assert not (tmp_path / "pwned").exists()
