"""Lists the files below a folder that ship with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPILED_SUFFIXES = frozenset({".pyd", ".so"})
_BYTE_CODE = frozenset({".pyc", ".pyo"})


@dataclass(frozen=True, kw_only=True)
class PackageFiles:
    """The files in a package's folder.

    Args:
        files: All files that ship or are refused: modules, data files and compiled extensions.
        skipped: Hidden files and folders, and `node_modules`. Byte code isn't listed, because
            imports create and delete it.
    """

    files: tuple[Path, ...]
    skipped: tuple[Path, ...]


def list_files_below(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder in a fixed order. Links are followed."""
    for parent, _, files in _walk(folder):
        yield from (Path(parent, name) for name in files)


def find_package_files(folder: Path) -> PackageFiles:
    """Find the modules, data files and compiled extensions of a package.

    Hidden files and folders, byte code and `node_modules` never ship.
    """
    found: list[Path] = []
    skipped: list[Path] = []
    for parent, folders, files in _walk(folder):
        left_out = [name for name in (*folders, *files) if is_skipped(name)]
        skipped += [Path(parent, name) for name in left_out if not is_byte_code(name)]
        found += [Path(parent, name) for name in files if name not in left_out]
        folders[:] = [name for name in folders if name not in left_out]
    return PackageFiles(files=tuple(found), skipped=tuple(skipped))


def is_skipped(name: str) -> bool:
    """Whether a file or folder with this name never ships with its folder."""
    return name.startswith(".") or name == "node_modules" or is_byte_code(name)


def is_byte_code(name: str) -> bool:
    """Whether Python itself creates a file or folder with this name."""
    return name == "__pycache__" or name[-4:] in _BYTE_CODE


def _walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Walk a folder as `os.walk` does, sorted, without links that lead back up."""
    for parent, folders, files in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not leads_up(Path(parent, name)))
        yield parent, folders, sorted(files)


def leads_up(folder: Path) -> bool:
    """Whether a folder is a link to one of its parents."""
    return folder.is_symlink() and folder.parent.resolve().is_relative_to(folder.resolve())
