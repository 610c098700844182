"""Whether the files that a bundle was collected from are still as they were."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kfpkit.environments import Environment


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The state of a bundle's files, of the folders around them, and of the environment.

    A folder's time changes when an entry appears or goes; so a module that appears, and would be
    found in place of another, is noticed too.

    Args:
        paths: Files and folders.
        states: Time and size of each.
        environment: The environment that the bundle was checked against.
    """

    paths: tuple[str, ...]
    states: tuple[tuple[int, int], ...]
    environment: Environment | None

    @classmethod
    def take(
        cls, files: Iterable[Path], roots: Iterable[Path], environment: Environment | None
    ) -> Snapshot | None:
        """Remember how files, their folders and the source roots are now.

        Returns:
            The snapshot; None when one of them is no file on a disk, such as a notebook's cell.
        """
        known = {path for file in files for path in (file, file.parent)} | set(roots)
        paths = tuple(sorted(map(str, known)))
        states = _states(paths)
        if states is None:
            return None
        return cls(paths=paths, states=states, environment=environment)

    def is_current(self, environment: Environment | None) -> bool:
        """Say whether nothing has changed, and the environment is the same in the same state."""
        return self.environment == environment and self.states == _states(self.paths)


def _states(paths: tuple[str, ...]) -> tuple[tuple[int, int], ...] | None:
    try:
        found = [os.stat(path) for path in paths]  # noqa: PTH116 - asked for at each use of a task
    except OSError:
        return None
    return tuple((status.st_mtime_ns, status.st_size) for status in found)
