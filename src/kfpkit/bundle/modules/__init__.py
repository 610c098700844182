"""Finds first-party modules and the standard library without importing anything."""

from __future__ import annotations

from kfpkit.bundle.modules.modules import (
    KFPKIT_FOLDER,
    Module,
    Modules,
    module_path,
    parents,
    resolve_import,
    resolve_name,
    ships_with_kfpkit,
)
from kfpkit.bundle.modules.stdlib import ADDED, ALWAYS, REMOVED, is_standard

__all__ = [
    "ADDED",
    "ALWAYS",
    "KFPKIT_FOLDER",
    "REMOVED",
    "Module",
    "Modules",
    "is_standard",
    "module_path",
    "parents",
    "resolve_import",
    "resolve_name",
    "ships_with_kfpkit",
]
