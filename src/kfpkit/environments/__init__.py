"""Environments."""

from __future__ import annotations

from kfpkit.environments.catalogue import (
    environment_of_image,
    find_environment,
    list_environments,
)
from kfpkit.environments.environment import Environment
from kfpkit.environments.freshness import require_fresh
from kfpkit.environments.installation import (
    has_virtual_environment,
    plain_virtual_environment,
    virtual_environment,
)
from kfpkit.environments.manifest import Distribution
from kfpkit.environments.venvs import python_of

__all__ = [
    "Distribution",
    "Environment",
    "environment_of_image",
    "find_environment",
    "has_virtual_environment",
    "list_environments",
    "plain_virtual_environment",
    "python_of",
    "require_fresh",
    "virtual_environment",
]
