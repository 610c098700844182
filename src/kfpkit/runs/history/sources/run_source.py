"""The interface of a place with records of runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from kfpkit.runs.record import RunRecord


class RunSource(Protocol):
    """A place with records of runs."""

    def list_names(self) -> Sequence[str]:
        """Return the names of all runs, from the newest to the oldest."""

    def locate(self, name: str) -> Path:
        """Return the folder of a run. A remote run is fetched first.

        Args:
            name: The run's name, as listed.
        """

    def find(self, wanted: str) -> Path:
        """Find the folder of the run that a short name means.

        Args:
            wanted: The short name.

        Raises:
            RunsError: The run doesn't exist.
        """

    def read(self, folder: Path) -> RunRecord:
        """Read the record of a run.

        Args:
            folder: The run's folder.

        Raises:
            RunsError: It is missing or can't be read.
        """

    def find_log(self, folder: Path, record: RunRecord, task: str) -> Path:
        """Find the file with a task's output, which may still grow.

        Args:
            folder: The run's folder.
            record: The run's record.
            task: The task's name.

        Raises:
            RunsError: The task doesn't exist, or has no log.
        """
