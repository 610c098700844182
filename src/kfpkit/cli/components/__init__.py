"""The verbs of `kfpkit components`."""

from __future__ import annotations

from kfpkit.cli.components.group import app

__all__ = ["app"]
