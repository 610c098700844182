"""What every image is built by: the Dockerfile, and the scripts that run in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kfpkit.environments.recipe.paths import (
    BUILD_SCRIPTS,
    PACKAGED_DOCKERFILE,
    PACKAGED_RUNTIME,
    RUNTIME_FILE,
)

if TYPE_CHECKING:
    from kfpkit.environments.recipe.in_build.left_out import Rule

__all__ = [
    "BUILD_SCRIPTS",
    "PACKAGED_DOCKERFILE",
    "PACKAGED_RUNTIME",
    "RUNTIME_FILE",
    "Rule",
    "list_rules",
]


def list_rules() -> Sequence[Rule]:
    """List what images leave out of libraries."""
    from kfpkit.environments.recipe.in_build.left_out import (  # noqa: PLC0415 - most commands do without
        RULES,
    )

    return RULES
