"""Where awsctx keeps its files: what platformdirs says, whether or not it was asked (awsctx(1), FILES)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from platformdirs import user_config_path, user_data_path, user_state_path

from awsctx.store import paths

FOLDERS = [None, "", "/x", "/x y", "/x/", "//x", "/x//y", "/x/../y", "rel", " ", " /x", "/", "~/x"]


@pytest.mark.parametrize("home", ["/home/u", "/", "/home/u/", "rel", ""])
@pytest.mark.parametrize("xdg", FOLDERS)
def test_the_paths_are_platformdirs(monkeypatch: pytest.MonkeyPatch, home: str, xdg: str | None) -> None:
    monkeypatch.setenv("HOME", home)
    for variable in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
        if xdg is not None:
            monkeypatch.setenv(variable, xdg)
    assert paths.state_path(os.environ) == str(user_state_path("awsctx") / "state")
    assert paths.config_path(os.environ) == str(user_config_path("awsctx") / "config.toml")
    assert paths.rendered_path("zsh", os.environ) == str(user_data_path("awsctx") / "hook.zsh")
    assert paths.rendered_path("nu", os.environ) == str(user_data_path("nushell") / "vendor/autoload/awsctx.nu")


def test_variables_name_them() -> None:
    assert paths.state_path({"AWSCTX_STATE_FILE": "/s"}) == "/s"
    assert paths.config_path({"AWSCTX_CONFIG": "c"}) == "c"


def test_in_the_plain_case_platformdirs_is_not_imported() -> None:
    code = (
        "import sys, awsctx.store.paths as p; p.state_path({'HOME': '/h'}); p.config_path({'HOME': '/h'}); "
        "print('platformdirs' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{sys.platform != 'linux'}\n"
