"""Whether what a bundle was collected from, and for, is still as it was."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path

_States = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The state of a bundle's files, of the folders around them, and of what decides about them.

    A folder's time changes when an entry appears or goes; so a module that appears, and would be
    found in place of another, is noticed too.

    Args:
        paths: Files and folders, some of which need not exist.
        states: Time and size of each; empty for one that does not exist.
        circumstances: What else the bundle depends on.
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
        """Remember how things are now.

        Args:
            files: The bundle's files; the folders around them count too.
            folders: Further folders that exist.
            deciding: Further files and folders, which need not exist.
            circumstances: What else the bundle depends on; equal as long as that is the same.

        Returns:
            The snapshot; None when one of the files is none on a disk, such as a notebook's cell.
        """
        existing = {path for file in files for path in (file, file.parent)} | set(folders)
        if not all(_read_states(map(str, existing))):
            return None
        paths = tuple(sorted({str(path) for path in (*existing, *deciding)}))
        return cls(paths=paths, states=_read_states(paths), circumstances=circumstances)

    def is_current(self, circumstances: Hashable) -> bool:
        """Say whether nothing has changed.

        Args:
            circumstances: What else the bundle depends on, as it is now.
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
