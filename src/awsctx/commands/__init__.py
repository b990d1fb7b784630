"""What awsctx does, as plain functions: values in, a Result out. No Typer, no printing, no exit."""

# The subcommands: a word of these is never taken for a profile. (`complete.SUBCOMMANDS` says what follows each; that table
# would cost a switch more than the rest of its modules.)
NAMES = frozenset(
    (
        *("use", "current", "list", "history", "exec", "prompt", "init", "demo"),
        *("setup", "login", "logout", "sessions"),
        *("show", "add", "copy", "rename", "remove", "sync"),
        *("whoami", "doctor", "env", "console", "alias"),
    )
)


class Result:
    """``out`` goes to stdout as it is, each line of ``talk`` to stderr, ``status`` is the exit code."""

    __slots__ = ("out", "status", "talk")

    def __init__(self, out: str = "", *talk: str, status: int = 0) -> None:
        self.out = out
        self.talk = talk
        self.status = status
