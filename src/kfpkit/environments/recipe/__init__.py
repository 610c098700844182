"""What every image is built by: the Dockerfile, and the scripts that run in it."""

from __future__ import annotations

from kfpkit.environments.recipe.in_build.left_out import RULES, Rule
from kfpkit.environments.recipe.paths import (
    BUILD_SCRIPTS,
    PACKAGED_DOCKERFILE,
    PACKAGED_RUNTIME,
    RUNTIME_FILE,
)

__all__ = [
    "BUILD_SCRIPTS",
    "PACKAGED_DOCKERFILE",
    "PACKAGED_RUNTIME",
    "RULES",
    "RUNTIME_FILE",
    "Rule",
]
