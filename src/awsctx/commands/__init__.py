"""What awsctx does, as plain functions: values in, a Result out. No Typer, no printing, no exit."""


class Result:
    """``out`` goes to stdout as it is, each line of ``talk`` to stderr, ``status`` is the exit code."""

    __slots__ = ("out", "status", "talk")

    def __init__(self, out: str = "", *talk: str, status: int = 0) -> None:
        self.out = out
        self.talk = talk
        self.status = status
