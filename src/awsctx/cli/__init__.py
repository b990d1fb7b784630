"""The command line: Typer declarations (``app`` and one file a section of the man page), and what prints (``render``)."""
