"""Detects whether a bundle's files, and everything else that determines it, are unchanged."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path

_States = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The state of a bundle's files, of their folders, and of everything that determines them.

    A folder's time changes when an entry is added or removed. The snapshot therefore also detects a
    new module that would be found instead of another one.

    Args:
        paths: Files and folders. They need not exist.
        states: The time and size of each. Empty for one that doesn't exist.
        circumstances: Everything else that the bundle depends on.
    """

    paths: tuple[str, ...]
    states: _States
    circumstances: Hashable

    @classmethod
    def take(
        cls,
        files: Iterable[Path],
        folders: Iterable[Path],
        *,
        deciding: Iterable[Path],
        circumstances: Hashable,
    ) -> Snapshot | None:
        """Record the current state.

        Args:
            files: The bundle's files. Their folders are recorded too.
            folders: Further folders that exist.
            deciding: Further files and folders that determine the bundle. They need not exist.
            circumstances: Everything else that the bundle depends on. Compares equal while that is
                unchanged.

        Returns:
            The snapshot. None if a file isn't on a disk, such as a notebook cell.
        """
        existing = {path for file in files for path in (file, file.parent)} | set(folders)
        if not all(_read_states(map(str, existing))):
            return None
        paths = tuple(sorted({str(path) for path in (*existing, *deciding)}))
        return cls(paths=paths, states=_read_states(paths), circumstances=circumstances)

    def is_current(self, circumstances: Hashable) -> bool:
        """Return whether nothing has changed.

        Args:
            circumstances: The current state of everything else that the bundle depends on.
        """
        return self.circumstances == circumstances and self.states == _read_states(self.paths)


def _read_states(paths: Iterable[str]) -> _States:
    return tuple(map(_read_state, paths))


def _read_state(path: str) -> tuple[int, ...]:
    try:
        status = os.stat(path)  # noqa: PTH116 - asked for at each use of a task
    except OSError:
        return ()
    return (status.st_mtime_ns, status.st_size)
