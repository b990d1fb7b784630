"""The commands' sandbox."""

from tests.commands.conftest import run, sandbox, world

__all__ = ["run", "sandbox", "world"]
