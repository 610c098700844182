"""Environments."""

from __future__ import annotations

from kfpkit.environments.catalogue import (
    environment_of_image,
    find_environment,
    list_environments,
)
from kfpkit.environments.environment import Environment
from kfpkit.environments.freshness import require_fresh
from kfpkit.environments.manifest import Distribution

__all__ = [
    "Distribution",
    "Environment",
    "environment_of_image",
    "find_environment",
    "list_environments",
    "require_fresh",
]
