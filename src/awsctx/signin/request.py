"""What is asked of a sign-in.

Hot path: `awsctx login` with a good token loads this, and nothing of the flows.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The least that a request has left, however long the wait was (seconds).
_LEAST = 0.1


class Request:
    """How to sign in:

    ``person``        whether there is one at a terminal
    ``force``         sign in even where the sign-in is valid
    ``flow``          `browser` or `device-code`; empty: whichever suits this machine
    ``open_browser``  whether to open the page
    ``seconds``       how long all of it may take (None: as long as the flow allows)
    ``patience``      how long a refresh may take, the wait for another's included (seconds; None: as long as any call)
    ``profile``       the profile whose network settings count
    ``browser``       a command that counts as BROWSER; ``browser_key`` is its key in the own config
    ``options``       how to sign in as the user has typed it, but for --force: the hints repeat it
    """

    __slots__ = (
        "browser",
        "browser_key",
        "flow",
        "force",
        "open_browser",
        "options",
        "patience",
        "person",
        "profile",
        "seconds",
    )

    def __init__(
        self,
        *,
        person: bool = True,
        force: bool = False,
        flow: str = "",
        open_browser: bool = True,
        seconds: float | None = None,
        profile: str = "",
        browser: str = "",
        browser_key: str = "",
        patience: float | None = None,
        options: str = "",
    ) -> None:
        self.person = person
        self.force = force
        self.flow = flow
        self.open_browser = open_browser
        self.seconds = seconds
        self.profile = profile
        self.browser = browser
        self.browser_key = browser_key
        self.options = options
        self.patience = patience

    def but(self, **changes: "Any") -> "Request":
        """The same with other values for some attributes."""
        return Request(**{**{name: getattr(self, name) for name in self.__slots__}, **changes})

    def after(self, seconds: float) -> "Request":
        """What is left of the request after ``seconds`` of waiting."""
        return self.but(
            seconds=None if self.seconds is None else max(self.seconds - seconds, _LEAST),
            patience=None if self.patience is None else max(self.patience - seconds, _LEAST),
        )
