"""`awsctx console`: the AWS console as a profile, by the access portal's link or, without SSO, a federation sign-in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from awsctx import guard
from awsctx.aws import console as links
from awsctx.aws import identity
from awsctx.awsfiles.grammar import account_and_role, text_of
from awsctx.commands import Result
from awsctx.core import credentials
from awsctx.core.context import Context
from awsctx.core.regions import check_host_label
from awsctx.core.text import visible
from awsctx.errors import AwsctxError
from awsctx.shells import quoted, typed
from awsctx.signin import browser
from awsctx.signin.loopback import Open
from awsctx.signin.waiting import Prompt
from awsctx.world import World


def console(
    world: World,
    name: str = "",
    *,
    region: str = "",
    service: str = "",
    only_print: bool = False,
    yes: bool = False,
    open_page: Open | None = None,
    prompt: Prompt | None = None,
) -> Result:
    """A link to the AWS console as ``name``, or as the context in force. ``open_page`` opens it (None: the profile's
    browser does), or it is printed. ``service`` and ``region`` choose a page of the console. ``yes`` answers the guard's
    question. Raises AwsctxError."""
    region_option = region
    found = world.meant(name)
    guard.admit(world, found, guard.OPEN, yes=yes)
    context = found.context
    if open_page is None:
        open_page = partial(_open_page, world, context.profile)
    if region:
        context = Context(context.profile, "" if region == "-" else world.region(region))
    region = context.region
    values = world.files.profile(context.profile) or {}
    method = credentials.of_profile(context.profile, world.files.layers, world.files.session)
    if method == credentials.SSO:
        session = world.files.session(str(values.get("sso_session", ""))) or {}
        start_url = str(values.get("sso_start_url") or session.get("sso_start_url"))
        account, role = account_and_role(values)
        wanted = _checked(region or (text_of(values, "region") if service else ""))
        near = _checked(str(values.get("sso_region") or session.get("sso_region", "")))
        destination = links.page(wanted, service, near) if wanted or service else ""
        link = browser.checked(links.portal_link(start_url, account, role, destination))
        opened = "opened" if not only_print and open_page(link) else "no browser"
    else:
        where = _checked(region or identity.region_of(world, context))
        identity.refresh_first(world, [context.profile])
        keys = identity.keys(world, context, prompt)
        link = links.federation_link(keys, links.page(where, service), where, world.environ)
        opened = "no browser" if only_print else _hand_over(link, open_page)
    if opened == "opened":
        return Result("", f"opened the console as {visible(str(context))}")
    if opened == "not fetched":
        raise AwsctxError("the browser did not come for the link", _print_instead(world, name, region_option, service, yes=yes))
    notes = [] if only_print else ["awsctx: no browser found: open this link yourself"]
    return Result(f"{link}\n", *notes)


def _open_page(world: World, profile: str, page: str | Path) -> bool:
    """Open ``page`` in the profile's browser; where that is not there, say so, and open it as without one."""
    command = world.settings.browser_for(profile)
    gone = browser.missing(command, world.settings.browser_key(profile), world.environ, "this call")
    if gone:
        world.say(gone)
    return browser.open_page(page, world.environ, "" if gone else command)


def _checked(region: str) -> str:
    """``region`` from the config, fit to be a part of the console's host name; it may be empty. Raises AwsctxError."""
    return region and check_host_label(region)


def _print_instead(world: World, name: str, region: str, service: str, *, yes: bool) -> str:
    """The hint with the call that prints the link of the same page."""
    given = (("-r", region), ("--service", service))
    options = "".join(f" {option} {quoted(visible(value), world.shell)}" for option, value in given if value)
    options += (" --yes" if yes else "") + " --print"
    call = "awsctx console"
    if name[:1] == "-":  # options go before the `--` that such a name needs
        call = typed(call + options, name, world.shell)
    else:
        call = (typed(call, name, world.shell) if name else call) + options
    return f"print it instead: {call}"


def _hand_over(link: str, open_page: Open) -> str:
    from awsctx.aws.one_page import hand_over

    return hand_over(link, open_page)
