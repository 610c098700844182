"""Reports what environments share, and which components use them."""

from __future__ import annotations

from kfpkit.environments.overview.layers import Split, find_sharers, find_splits
from kfpkit.environments.overview.usage import find_components

__all__ = ["Split", "find_components", "find_sharers", "find_splits"]
