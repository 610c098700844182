"""Runs a built image in a sealed container before it gets its name."""

from __future__ import annotations

from kfpkit.images.checking.checking import check_image
from kfpkit.images.checking.unchecked import unchecked

__all__ = ["check_image", "unchecked"]
