"""Which browser is started, and with what (awsctx(1), FILES: [browser])."""

from __future__ import annotations

import base64
import json
import re
import time
from pathlib import Path

import pytest
from tests.signin.helpers import SignIns, ended
from tests.support import DEVELOPER

from awsctx.signin import browser

# Keeps its arguments, one file a call; follows those that are addresses on loopback.
RECORDER = """\
#!{python}
import json, os, sys, urllib.request
with open({folder!r} + "/" + os.path.basename(sys.argv[0]) + ".json.new", "w") as file:
    json.dump(sys.argv[1:], file)
os.rename(file.name, file.name[:-4])
for word in sys.argv[1:]:
    if "http://127.0.0.1" in word:
        try:
            urllib.request.urlopen(word[word.index("http"):], timeout=10).read()
        except OSError:
            pass
"""


@pytest.fixture
def arguments(site: SignIns) -> dict[str, Path]:
    """Two browsers; where each leaves what it was called with."""
    import sys

    found = {}
    for name in ("fox", "owl"):
        program = site.folder / name
        program.write_text(RECORDER.format(python=sys.executable, folder=str(site.folder)))
        program.chmod(0o755)
        found[name] = site.folder / f"{name}.json"
    site.environ["PATH"] = f"{site.folder}:{site.environ['PATH']}"
    return found


def called(path: Path) -> list[str]:
    for _ in range(200):
        if path.exists():
            return list(json.loads(path.read_text()))
        time.sleep(0.05)
    raise AssertionError(f"{path.stem} was not started")


def test_the_first_that_fits_the_session(site: SignIns, arguments: dict[str, Path]) -> None:
    site.configure('[browser]\n"work*" = "fox -P \'a b;c:$(id)\' --url=%s"\n"*" = "owl"\n')
    assert site.run("login", "worksso", "--browser").returncode == 0
    option, profile, url = called(arguments["fox"])
    assert (option, profile) == ("-P", "a b;c:$(id)")
    assert url.startswith("--url=http://127.0.0.1:") and "&state=" in url
    assert not arguments["owl"].exists() and not site.opened()


def test_without_a_place_the_url_is_the_last_argument(site: SignIns, arguments: dict[str, Path]) -> None:
    site.configure('[browser]\n"nobody" = "fox"\n"worksso" = "owl --new-window"\n')
    assert site.run("login", "worksso", "--browser").returncode == 0
    option, url = called(arguments["owl"])
    assert option == "--new-window" and url.startswith("http://127.0.0.1:")


def test_none_that_fits_leaves_it_to_browser(site: SignIns, arguments: dict[str, Path]) -> None:
    site.configure('[browser]\n"nobody" = "fox"\n')
    assert site.run("login", "worksso", "--browser").returncode == 0
    assert len(site.opened()) == 1 and not arguments["fox"].exists()


@pytest.mark.parametrize("flow", ["--browser", "--device-code"])
def test_one_that_is_not_there_is_named_and_the_sign_in_goes_on(site: SignIns, flow: str) -> None:
    site.configure('[browser]\n"nobody" = "x"\n"work*" = "fierfox -P work %s"\n')
    done = site.run("login", "worksso", flow)
    assert done.returncode == 0
    assert done.stderr.startswith(
        'awsctx: [browser] in awsctx\'s config has "work*" open fierfox, which is no program here: this sign-in goes on '
    )
    assert len(site.opened()) == 1
    quiet = site.run("login", "worksso", flow)
    assert quiet.returncode == 0 and "fierfox" not in quiet.stderr, "no browser is due"


@pytest.mark.parametrize("there", [True, False])
def test_console_names_one_that_is_not_there_and_goes_on(site: SignIns, arguments: dict[str, Path], there: bool) -> None:
    site.configure('[browser]\n"work*" = "fierfox -P work %s"\n')
    done = site.run("console", DEVELOPER, env={"BROWSER": "fox" if there else "fux"})
    told, *more = done.stderr.splitlines()
    assert told == (
        'awsctx: [browser] in awsctx\'s config has "work*" open fierfox, which is no program here: this call goes on without it'
    )
    assert more == [f"opened the console as {DEVELOPER}" if there else "awsctx: no browser found: open this link yourself"]
    assert (done.returncode, done.stdout == "") == (0, there)
    if there:
        assert called(arguments["fox"])[0].startswith("https://worksso.awsapps.com/")
    printed = site.run("console", DEVELOPER, "--print")
    assert (printed.returncode, printed.stderr) == (0, ""), "no browser is due"


def test_it_counts_as_a_browser_that_is_set(site: SignIns, arguments: dict[str, Path]) -> None:
    """In a container, or without a display, the flow is then the browser's."""
    site.configure('[browser]\n"*" = "fox"\n')
    child = site.at_terminal("login", "worksso", env={"BROWSER": None, "container": "podman", "DISPLAY": None})
    child.expect("/authorize")
    assert ended(child) == 0
    assert called(arguments["fox"])


def test_setup_goes_by_the_session_too(site: SignIns, arguments: dict[str, Path]) -> None:
    site.configure('[browser]\n"mine" = "fox"\n')
    named = ("--session", "mine", "--start-url", "https://mine.awsapps.com/start", "--sso-region", "eu-west-1")
    more = ("--account", "123412341234", "--role", "developer", "--region", "eu-west-1", "--profile", "p")
    assert site.run("setup", *named, *more, "--browser").returncode == 0
    assert called(arguments["fox"])


def test_console_goes_by_the_profile(site: SignIns, arguments: dict[str, Path]) -> None:
    site.configure(f'[browser]\n"worksso" = "owl"\n"{DEVELOPER}" = "fox %s"\n')
    assert site.run("console", DEVELOPER).returncode == 0
    assert called(arguments["fox"]) == [
        "https://worksso.awsapps.com/start/#/console?account_id=123412341234&role_name=developer"
    ]
    assert not arguments["owl"].exists()


def test_a_program_that_is_not_there(site: SignIns, tmp_path: Path) -> None:
    assert not browser.open_page("https://x", site.environ, "no-such-browser -x")


def osc52(text: str) -> list[str]:
    return [base64.b64decode(found).decode() for found in re.findall("\x1b\\]52;c;([^\x07]*)\x07", text)]


@pytest.mark.parametrize("flow", ["--browser", "--device-code"])
def test_over_ssh_the_url_goes_to_the_terminals_clipboard(site: SignIns, flow: str) -> None:
    child = site.at_terminal("login", "worksso", flow, "--no-browser", env={"SSH_CONNECTION": "1 2 3 4"})
    child.expect(r"(http://\S+/(?:authorize|device)\?\S+)")
    url = child.match[1]
    child.expect("waiting for the")
    assert osc52(child.before) == [url]
    site.run(command=["curl", "-sL", url])
    assert ended(child) == 0


def test_else_it_does_not(site: SignIns) -> None:
    ssh = {"SSH_CONNECTION": "1 2 3 4"}
    here = site.at_terminal("login", "worksso", "--browser")
    assert ended(here) == 0
    assert "\x1b]52" not in here.before
    dumb = site.at_terminal("login", "worksso", "--browser", "--force", env={**ssh, "TERM": "dumb"})
    assert ended(dumb) == 0
    assert "\x1b]52" not in dumb.before
    assert "\x1b]52" not in site.run("login", "worksso", "--browser", "--force", env=ssh).stderr
