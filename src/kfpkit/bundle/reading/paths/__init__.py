"""Reads paths in source that begin at a module's own file."""

from __future__ import annotations

from kfpkit.bundle.reading.paths.file_path import BELOW, STEM, UP, FilePath, Part
from kfpkit.bundle.reading.paths.paths import PathReader
from kfpkit.bundle.reading.paths.references import (
    FileReference,
    may_name_files,
    read_file_references,
    read_path_constants,
)

__all__ = [
    "BELOW",
    "STEM",
    "UP",
    "FilePath",
    "FileReference",
    "Part",
    "PathReader",
    "may_name_files",
    "read_file_references",
    "read_path_constants",
]
