"""awsctx(1), SIGNING IN: setup, login, logout, sessions."""

import os
from typing import Any

import typer

from awsctx.cli import process
from awsctx.cli.parsing import declare
from awsctx.commands import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsctx.signin.request import Request

_BROWSER = typer.Option(False, "--browser", help="Sign in through the browser on this machine (PKCE).")
_DEVICE_CODE = typer.Option(False, "--device-code", help="Sign in by a code, in a browser anywhere.")
_NO_BROWSER = typer.Option(False, "--no-browser", help="Open nothing; print the page's URL.")
_TIMEOUT = typer.Option(
    None, "--timeout", metavar="SECONDS", min=1, help="How long it may take (browser: 600).", show_default=False
)
_DEFAULT = "Default: the session of the context in force."
_NAME = typer.Argument("", metavar="[SESSION|PROFILE]", help=_DEFAULT, show_default=False)
_NAMES = typer.Argument(None, metavar="[SESSION|PROFILE]...", help=_DEFAULT, show_default=False)


def _answer(option: str, metavar: str, help: str) -> Any:
    """An option of `setup`: the answer to one of its questions."""
    return typer.Option(None, option, metavar=metavar, help=help, show_default=False)


def _request(*, browser: bool, device_code: bool, no_browser: bool, timeout: float | None, force: bool = False) -> "Request":
    from awsctx.errors import UsageError
    from awsctx.shells import with_options
    from awsctx.signin.request import Request

    if browser and device_code:
        raise UsageError("--browser and --device-code do not go together", "choose one, or none")
    typed = [("--browser", browser), ("--device-code", device_code), ("--no-browser", no_browser)]
    options = with_options("", [*typed, ("--timeout", None if timeout is None else f"{timeout:g}")]).strip()
    flow = "browser" if browser else "device-code" if device_code else ""
    return Request(person=os.isatty(0), force=force, flow=flow, open_browser=not no_browser, seconds=timeout, options=options)


def _login(
    names: list[str] = _NAMES,
    everything: bool = typer.Option(False, "--all", help="Every session."),
    force: bool = typer.Option(False, "--force", help="Sign in even where the sign-in is still good."),
    browser: bool = _BROWSER,
    device_code: bool = _DEVICE_CODE,
    no_browser: bool = _NO_BROWSER,
    timeout: float = _TIMEOUT,
) -> Result:
    """Sign in, unless the sign-in is good or can be refreshed."""
    from awsctx.commands.login import every_session, login, login_each
    from awsctx.errors import UsageError

    if names and everything:
        raise UsageError("--all and a name do not go together", "for example: awsctx login --all")
    here = process.world()
    request = _request(browser=browser, device_code=device_code, no_browser=no_browser, timeout=timeout, force=force)
    wanted = every_session(here) if everything else list(dict.fromkeys(names or [""]))
    if len(wanted) == 1:
        return login(here, wanted[0], request, process.person())
    return login_each(here, wanted, request, process.person())


def _logout(
    name: str = _NAME,
    everything: bool = typer.Option(False, "--all", help="Every session."),
) -> Result:
    """Sign out, at the portal and for every AWS tool here."""
    from awsctx.commands.logout import logout
    from awsctx.errors import UsageError

    if name and everything:
        raise UsageError("--all and a name do not go together", "for example: awsctx logout --all")
    return logout(process.world(), name, everything=everything)


def _sessions(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> Result:
    """List the sessions, and how their sign-ins stand."""
    from awsctx.commands.sessions import list_sessions

    return list_sessions(process.world(), as_json=as_json)


def _setup(
    session: str = _answer("--session", "SESSION", "The sso-session's name; one that exists is used as it is."),
    start_url: str = _answer("--start-url", "URL", "The access portal's URL."),
    sso_region: str = _answer("--sso-region", "REGION", "The region of IAM Identity Center."),
    scopes: str = _answer("--scopes", "SCOPE,...", "The registration scopes."),
    account: str = _answer("--account", "ID", "The account, by its id or name."),
    role: str = _answer("--role", "ROLE", "The role's name."),
    region: str = _answer("--region", "REGION", "The profile's region."),
    output: str = _answer("--output", "FORMAT", "The profile's output format."),
    profile: str = _answer("--profile", "NEW", "The new profile's name."),
    browser: bool = _BROWSER,
    device_code: bool = _DEVICE_CODE,
    no_browser: bool = _NO_BROWSER,
    timeout: float = _TIMEOUT,
) -> Result:
    """Make a session and a profile, by the questions of aws configure sso.

    What is not given as an option is asked.
    """
    from awsctx.commands.setup import Options, setup

    options = Options(session, start_url, sso_region, scopes, account, role, region, output, profile)
    request = _request(browser=browser, device_code=device_code, no_browser=no_browser, timeout=timeout)
    return setup(process.world(), options, request, process.person())


def add_to(app: typer.Typer) -> None:
    section = "Signing in"
    declare(app, section, "setup", _setup, "awsctx setup", "awsctx setup --start-url https://my-sso.awsapps.com/start")
    declare(app, section, "login", _login, "awsctx login", "awsctx login worksso --device-code")
    declare(app, section, "logout", _logout, "awsctx logout worksso", "awsctx logout --all")
    declare(app, section, "sessions", _sessions, "awsctx sessions")
