"""One sign-in, as a value: an `[sso-session X]`, or the start URL of profiles in the old inline form.

Hot path: `awsctx login` with a valid token loads this and `tokens`, and nothing else that the front door has not loaded.
"""

from awsctx.core.text import has_control_characters, visible
from awsctx.signin import tokens
from awsctx.store import paths


class Session:
    """One sign-in: ``name`` is the session's, or the start URL of an inline form (``inline``). ``scopes`` is None where
    the config names none. ``start_url`` and ``region`` are empty where the config lacks them. ``portal_url`` is where AWS has
    the portal: the start URL, but for one on a company's own domain."""

    __slots__ = ("inline", "name", "portal_url", "region", "scopes", "start_url")

    def __init__(
        self,
        name: str,
        start_url: str,
        region: str,
        scopes: "list[str] | None" = None,
        *,
        inline: bool = False,
        portal_url: str = "",
    ) -> None:
        self.name = name
        self.start_url = start_url
        self.region = region
        self.scopes = scopes
        self.inline = inline
        self.portal_url = portal_url or start_url

    @property
    def token_path(self) -> str:
        return tokens.token_path(self.name)

    def __str__(self) -> str:
        """Its name in a message."""
        return visible(self.name) if self.inline else f"session '{visible(self.name)}'"


def damage(session: Session) -> str:
    """The words about the token file of ``session``, where it is damaged; empty where it is whole, or there is none."""
    if not tokens.sign_in(session.token_path, 0).torn:
        return ""
    return f"the sign-in file of {session} is damaged: {paths.short(session.token_path)}"


def login_command(name: str, *, force: bool = False, options: str = "") -> str:
    """What to type to sign in to the session ``name`` (of a profile without one: the profile), for a hint. A name that
    nobody can type stays open: a profile of the session does as well. ``options`` are more of them, as the user types them."""
    from awsctx.shells import quoted

    word = "PROFILE" if has_control_characters(name) else quoted(name)
    options = f"{' --force' if force else ''}{options and ' '}{options}"
    return f"awsctx login{options} -- {word}" if word[:1] == "-" else f"awsctx login {word}{options}"


def parse_scopes(text: str) -> list[str]:
    """The scopes of `sso_registration_scopes`: separated by commas, blanks around them dropped."""
    return [scope.strip() for scope in text.split(",") if scope.strip()]
