"""What install.sh leaves to Python: all but finding a Python and making the environment that the command lives in.

install.sh calls `python -I -m awsctx.install` of that environment: `install` puts things in their places, and with `--demo`
plays the demo; `uninstall` removes what `install` has made. install.sh itself removes the environment and the folders.
"""
