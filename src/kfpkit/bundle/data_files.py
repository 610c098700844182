"""The files below a folder that ship with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

DATA_SUFFIXES = frozenset({".csv", ".json", ".sql", ".txt", ".yaml", ".yml"})
COMPILED_SUFFIXES = frozenset({".pyd", ".so"})
_SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules"})


def files_below(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder in a fixed order; links are followed, once each."""
    seen: set[str] = set()
    for parent, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(parent)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        yield from (Path(parent, name) for name in sorted(files))


def package_files(folder: Path) -> Iterator[Path]:
    """Yield the modules, data files and compiled extensions of a package.

    Hidden files and folders, `__pycache__` and `node_modules` never ship.
    """
    for file in files_below(folder):
        below = file.relative_to(folder).parts
        if any(part.startswith(".") or part in _SKIPPED_FOLDERS for part in below):
            continue
        if file.suffix in DATA_SUFFIXES | COMPILED_SUFFIXES | {".py"}:
            yield file
