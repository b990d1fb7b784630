"""What awsctx does, as plain functions: values in, a Result out. No Typer, no printing, no exit."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.console import RenderableType


class Result:
    """What a subcommand gives back. ``out`` goes to stdout: text as it is, anything else (a table, a report) as rich draws
    it. Each line of ``talk`` goes to stderr. ``status`` is the exit code."""

    __slots__ = ("out", "status", "talk")

    def __init__(self, out: "RenderableType" = "", *talk: str, status: int = 0) -> None:
        self.out = out
        self.talk = talk
        self.status = status
