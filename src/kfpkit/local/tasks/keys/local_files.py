"""The files of this machine that a task's inputs name, as far as they decide about a cache hit.

A path stays the same when its file changes, so the state of the file counts, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_LONGEST = 4096  # Linux has no longer paths
_TABLES = "*.parquet"  # of a folder with the files of a table


def add_states(values: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """Add the states of files to the paths among a task's inputs.

    Args:
        values: The inputs by name.
        root: The folder at which relative paths start.

    Returns:
        The inputs. In the place of a string that is the path of a file, or of a folder with Parquet
        files, is the path with sizes and times.
    """
    return {name: _add_state(value, root) for name, value in values.items()}


def list_states(path: Path) -> list[Any]:
    """Return name, size and time of a file, or of all files below a folder.

    Args:
        path: The file or folder.

    Returns:
        The states. Empty if it doesn't exist, or can't be read.
    """
    try:
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        return [_take_state(file, file.relative_to(path.parent)) for file in files]
    except (OSError, ValueError):
        return []


def _take_state(file: Path, name: Path) -> list[Any]:
    status = file.stat() if file.exists() else file.lstat()  # a link may lead nowhere
    return [str(name), status.st_size, status.st_mtime_ns]


def _add_state(value: Any, root: Path) -> Any:
    if not isinstance(value, str) or not 0 < len(value) < _LONGEST or "\n" in value:
        return value
    try:
        files = _list_files(root / value.removeprefix("file://"))
        states = [_take_state(file, Path(file.name)) for file in files]
    except (OSError, ValueError):  # not a path, or not one that can be read
        return value
    return {"path": value, "states": states} if states else value


def _list_files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(path.glob(_TABLES))
