"""Moved to `kfpkit.engine`."""

from kfpkit.engine import PLATFORM

__all__ = ["PLATFORM"]
