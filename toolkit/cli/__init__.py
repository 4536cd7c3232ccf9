"""The command line: a subcommand per action, Chinese help and errors. Entry point `main`."""

from toolkit.cli.main import main

__all__ = ["main"]
