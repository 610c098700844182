"""How a run ended."""

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
    """A run that has ended.

    Args:
        pipeline: The pipeline's name.
        folder: Where the run keeps everything.
        tasks: How its tasks ended.
        outputs: The pipeline's outputs by name; none unless the run succeeded.
        seconds: How long it took.
        succeeded: Whether every task that was to run has run.
        signal: The signal that stopped it, if one did.
        pages: The reports that a browser can open, by task and by output.
        page: The page of the run; None if it could not be written.
        record: Its record, even if it could not be written.
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
        """The run's state in one word."""
        return self.record.state.value

    @property
    def failures(self) -> tuple[TaskRecord, ...]:
        """The tasks that failed themselves."""
        return tuple(task for task in self.tasks if task.state is State.FAILED)

    def count(self, state: State) -> int:
        """Return how many tasks ended in a state.

        Args:
            state: The state.
        """
        return sum(task.state is state for task in self.tasks)
