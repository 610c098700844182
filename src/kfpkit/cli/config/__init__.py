"""The verbs of `kfpkit config`, one file for each."""

from kfpkit.cli.config.group import app

__all__ = ["app"]
