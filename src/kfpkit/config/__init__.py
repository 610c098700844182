"""The project: its root, its folders, and the `[tool.kfpkit]` table."""

from __future__ import annotations

from kfpkit.config.project import (
    NAME,
    REGISTRY_VARIABLE,
    Project,
    deciding_paths,
    find_project,
)

__all__ = ["NAME", "REGISTRY_VARIABLE", "Project", "deciding_paths", "find_project"]
