"""awsctx: a context switcher for AWS profiles, for the command line."""

__version__ = "0.1.0"
