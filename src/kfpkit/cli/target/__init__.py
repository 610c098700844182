"""`kfpkit target`: places where pipelines run."""

from __future__ import annotations

from kfpkit.cli.target.group import app

__all__ = ["app"]
