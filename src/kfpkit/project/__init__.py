"""The project: its root, its folders, and the `[tool.kfpkit]` table."""

from __future__ import annotations

from kfpkit.project.project import (
    NAME,
    REGISTRY_VARIABLE,
    Project,
    find_project,
    list_deciding_paths,
)

__all__ = ["NAME", "REGISTRY_VARIABLE", "Project", "find_project", "list_deciding_paths"]
