"""Moved to `kfpkit.engine`."""

from kfpkit.engine import cause_of

__all__ = ["cause_of"]
