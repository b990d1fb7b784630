"""The sign-in's site."""

from tests.signin.conftest import site

__all__ = ["site"]
