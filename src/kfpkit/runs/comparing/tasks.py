"""The tasks of several runs, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kfpkit.runs.record import RunRecord, Task


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """A task of several runs.

    Args:
        name: Its name.
        tasks: One for each run, in their order. None for a run without it.
    """

    name: str
    tasks: tuple[Task | None, ...]

    @property
    def differs(self) -> bool:
        """Whether its state differs, or it ran although an earlier run had run it."""
        states = {task.state if task else None for task in self.tasks}
        return len(states) > 1

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it ran, for each run. Empty if it isn't known, or if the task didn't run."""
        return tuple(describe_miss(task) for task in self.tasks)


def align_tasks(records: Sequence[RunRecord]) -> tuple[TaskRow, ...]:
    """Put the tasks of runs side by side, in the order of the first run with each.

    Args:
        records: The runs' records.
    """
    maps = [{task.name: task for task in record.tasks} for record in records]
    names = dict.fromkeys(name for tasks in maps for name in tasks)
    return tuple(
        TaskRow(name=name, tasks=tuple(tasks.get(name) for tasks in maps)) for name in names
    )


def describe_miss(task: Task | None) -> str:
    """Return why a task ran: `code train.py, input rows`.

    Args:
        task: The task. None for a run without it.
    """
    if task is None or task.cache is None or not task.cache.miss:
        return ""
    return ", ".join(
        f"{miss.kind} {miss.name}" if miss.name else miss.kind for miss in task.cache.miss
    )
