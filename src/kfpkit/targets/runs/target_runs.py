"""The interface of a target's runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from kfpkit.runs.history import RunFilter, RunLine
from kfpkit.runs.record import RunRecord


@dataclass(frozen=True, kw_only=True)
class TargetRun:
    """A run as its target tells it.

    Args:
        record: Its record.
        pipeline: Its compiled pipeline. Empty if the target doesn't tell.
    """

    record: RunRecord
    pipeline: str


@dataclass(frozen=True, kw_only=True)
class ArtifactContent:
    """The content of an artifact, or the reason why there is none.

    Args:
        content: The content.
        cause: Why it wasn't read, as a sentence without a period. Empty if it was.
    """

    content: bytes = b""
    cause: str = ""


class TargetRuns(Protocol):
    """The runs of a target."""

    def list_runs(self, wanted: RunFilter, limit: int | None = None) -> Sequence[RunLine]:
        """List runs, from the newest to the oldest.

        Args:
            wanted: Which of them.
            limit: The largest number of runs.

        Raises:
            TargetsError: The target refuses the request, or doesn't answer.
        """

    def find(self, wanted: str) -> str:
        """Return the id of the run that a short name means.

        Args:
            wanted: `latest`, `latest~N`, an id, or the beginning of one.

        Raises:
            RunsError: There is no such run, or several.
            TargetsError: The target refuses the request, or doesn't answer.
        """

    def fetch(self, run: str) -> TargetRun:
        """Fetch a run.

        Args:
            run: Its id.

        Raises:
            RunsError: It doesn't exist.
            TargetsError: The target refuses the request, or doesn't answer.
        """

    def read_log(
        self, run: str, task: str, *, follows: bool = False, lines: int | None = None
    ) -> Iterator[str]:
        """Yield the lines of a task's log.

        Args:
            run: The run's id.
            task: The task's name in the record, or its last part if only one task has it.
            follows: Whether to wait for further lines until the task has ended.
            lines: The number of last lines (default: all).

        Raises:
            RunsError: The run or task doesn't exist, or the task has no log.
            TargetsError: The target refuses the request, or doesn't answer.
        """

    def read_artifact(self, uri: str, most: int) -> ArtifactContent:
        """Read the content of an artifact.

        Args:
            uri: Its address. One that is not the target's own is not followed.
            most: The largest number of bytes.

        Returns:
            The content, or the reason why it can't be read.
        """

    def cancel(self, run: str) -> str:
        """Begin to cancel a run, and return its state.

        Args:
            run: Its id.

        Raises:
            RunsError: It doesn't exist, or has ended.
            TargetsError: The target refuses the request, or doesn't answer.
        """

    def retry(self, run: str) -> str:
        """Run what hasn't succeeded again in the same run, and return its state.

        Args:
            run: Its id.

        Raises:
            RunsError: It doesn't exist, or can't be retried.
            TargetsError: The target refuses the request, or doesn't answer.
        """

    def associate(self, run: str, experiment: str) -> None:
        """Add a run to an experiment, which is created unless it exists.

        Args:
            run: The run's id.
            experiment: The experiment's name.

        Raises:
            TargetsError: The target refuses the request, or doesn't answer.
        """
