"""What every image is built by: the Dockerfile, and the scripts that run in it."""

from __future__ import annotations

from kfpkit.environments.recipe.in_build.left_out import (
    RULES,
    Rule,
)

__all__ = ["RULES", "Rule"]
