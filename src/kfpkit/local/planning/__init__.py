"""What is to run: the compiled pipeline, and the configuration that takes effect."""

from __future__ import annotations

from kfpkit.local.planning.plan import Plan
from kfpkit.local.planning.specified import specify

__all__ = ["Plan", "specify"]
