"""The verbs of `kfpkit runs`."""

from __future__ import annotations

from kfpkit.cli.runs.group import app

__all__ = ["app"]
