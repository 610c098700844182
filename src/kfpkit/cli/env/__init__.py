"""The verbs of `kfpkit env`, one file for each."""

from kfpkit.cli.env.group import app

__all__ = ["app"]
