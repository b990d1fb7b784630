"""The words of the command line that everyday calls know. Generated from Typer's declarations by: python -m tests.tools.declare

Hot path: imports nothing.
"""

# fmt: off
# The subcommands: a word of these is never taken for a profile.
NAMES = frozenset((
    "use",
    "current",
    "list",
    "history",
    "pin",
    "allow",
    "exec",
    "setup",
    "login",
    "logout",
    "sessions",
    "sync",
    "show",
    "add",
    "copy",
    "rename",
    "remove",
    "whoami",
    "doctor",
    "env",
    "console",
    "init",
    "prompt",
    "alias",
    "demo",
    "help",
))

# Options that stand for a subcommand.
SHORTHANDS = {
    "-c": "current",
    "--current": "current",
    "-d": "remove",
}

# {subcommand: {option: (the parameter that it sets, whether a value follows)}}
OPTIONS = {
    "exec": {
        "-p": ("profile", True),
        "--profile": ("profile", True),
        "-r": ("region", True),
        "--region": ("region", True),
        "-c": ("pipeline", True),
        "-q": ("quiet", False),
        "--quiet": ("quiet", False),
        "--keys": ("keys", False),
        "--lock": ("lock", False),
        "--read-only": ("read_only", False),
        "--all": ("every", False),
        "--one-per": ("one_per", True),
        "--failed": ("failed", False),
        "--fail-fast": ("fail_fast", False),
        "--out": ("out", True),
        "--json": ("as_json", False),
        "--dry-run": ("dry_run", False),
        "-y": ("yes", False),
        "--yes": ("yes", False),
    },
    "init": {
        "--prompt": ("prompt", False),
        "--aliases": ("aliases", False),
        "--save": ("save", False),
    },
}
