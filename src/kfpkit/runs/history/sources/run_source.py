"""What a place that has records of runs can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from kfpkit.runs.record import RunRecord


class RunSource(Protocol):
    """A place that has records of runs."""

    def list_names(self) -> Sequence[str]:
        """List the names of all runs, the newest first."""

    def locate(self, name: str) -> Path:
        """Return the folder of a run; a remote one is fetched first.

        Args:
            name: The run's name, as listed.
        """

    def find(self, wanted: str) -> Path:
        """Find the folder of the run that a word stands for.

        Args:
            wanted: What the user wrote.

        Raises:
            RunsError: There is no such run.
        """

    def read(self, folder: Path) -> RunRecord:
        """Read the record of a run.

        Args:
            folder: The run's folder.

        Raises:
            RunsError: There is none, or it cannot be read.
        """

    def find_log(self, folder: Path, record: RunRecord, task: str) -> Path:
        """Find the file with a task's output, which may still grow.

        Args:
            folder: The run's folder.
            record: The run's record.
            task: The task's name.

        Raises:
            RunsError: There is no such task, or it has no log.
        """
