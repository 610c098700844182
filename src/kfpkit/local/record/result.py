"""The result of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kfpkit.local.record.journal import TaskRecord
from kfpkit.local.record.pages import Pages
from kfpkit.local.record.run_folder import RunFolder
from kfpkit.runs.record import RunRecord, State


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """The result of a run.

    Args:
        pipeline: The pipeline's name.
        folder: The run's folder.
        tasks: The final records of its tasks.
        outputs: The pipeline's outputs by name. Empty unless the run succeeded.
        seconds: How long it took.
        succeeded: Whether every task that had to run has succeeded.
        signal: The signal that stopped it, if one did.
        pages: The reports that a browser can open, by task and output.
        page: The page of the run. None if it couldn't be written.
        record: Its record, even if it couldn't be written.
    """

    pipeline: str
    folder: RunFolder
    tasks: tuple[TaskRecord, ...]
    outputs: Mapping[str, Any] = field(default_factory=dict)
    seconds: float
    succeeded: bool
    signal: int | None = None
    pages: Pages = field(default_factory=dict)
    page: Path | None = None
    record: RunRecord

    @property
    def state(self) -> str:
        """The run's state, as one word."""
        return self.record.state.value

    @property
    def failures(self) -> tuple[TaskRecord, ...]:
        """The tasks that failed."""
        return tuple(task for task in self.tasks if task.state is State.FAILED)

    def count(self, state: State) -> int:
        """Return the number of tasks that ended in a state.

        Args:
            state: The state.
        """
        return sum(task.state is state for task in self.tasks)
