"""The inventory of a finished virtual environment, which reveals later damage.

The inventory is written when the virtual environment is finished, before anything runs in it. It
lists each file with its size, without the byte code that Python adds later.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

_FINISHED = ".kfpkit-finished"
_BYTE_CODE = "__pycache__"


def write_inventory(venv: Path) -> None:
    """Write the inventory of a virtual environment, which also marks it as finished.

    Args:
        venv: The virtual environment's folder.

    Raises:
        OSError: The inventory can't be written.
    """
    lines = [f"{size} {name}\n" for name, size in _list_files(venv)]
    (venv / _FINISHED).write_bytes("".join(lines).encode(errors="surrogateescape"))


def is_finished(venv: Path) -> bool:
    """Return whether a virtual environment is finished and has an interpreter: two calls of `stat`.

    Args:
        venv: The virtual environment's folder.
    """
    return (venv / _FINISHED).exists() and os.access(venv / "bin" / "python", os.X_OK)


def find_damage(venv: Path) -> str | None:
    """Compare a finished virtual environment with its inventory.

    Args:
        venv: The virtual environment's folder.

    Returns:
        The name of a file that is missing or has a different size. None if there is none.
    """
    try:
        listed = (venv / _FINISHED).read_bytes().decode(errors="surrogateescape")
        folder = os.open(venv, os.O_RDONLY)
    except OSError:
        return _FINISHED
    try:
        for line in listed.splitlines():
            size, _, name = line.partition(" ")
            if not _has_size(name, int(size), folder):
                return name
    except ValueError:  # the inventory itself is damaged
        return _FINISHED
    finally:
        os.close(folder)
    return None if os.access(venv / "bin" / "python", os.X_OK) else "bin/python"


def find_false_file(venv: Path) -> str | None:
    """Compare the installed packages with their own records.

    Args:
        venv: The virtual environment's folder.

    Returns:
        The name of a file with a size that differs from its package's record. None if there is
        none.
    """
    for record in venv.glob("lib/python3.*/site-packages/*.dist-info/RECORD"):
        packages = record.parent.parent
        with record.open(encoding="utf-8", newline="") as lines:
            for name, _, size in csv.reader(lines):
                file = packages / name
                # Programs in `bin` are written at installation.
                if size and not name.startswith("..") and file.stat().st_size != int(size):
                    return name
    return None


def _has_size(name: str, size: int, folder: int) -> bool:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_size == size
    except OSError:
        return False


def _list_files(venv: Path) -> Iterator[tuple[str, int]]:
    for folder, folders, files in os.walk(venv):
        folders[:] = sorted(name for name in folders if name != _BYTE_CODE)
        for name in sorted(files):
            file = Path(folder, name)
            yield str(file.relative_to(venv)), file.lstat().st_size
