"""The command line: Typer declarations (``app`` and one file a section of the contract), and what prints (``render``)."""
