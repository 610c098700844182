"""Targets that are wrong, and runs that cannot be submitted to them."""

from __future__ import annotations

from kfpkit.errors.targets.tables import InvalidTargetsError, UnknownTargetError

__all__ = ["InvalidTargetsError", "UnknownTargetError"]
