"""What a forecast says."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class Answer(enum.Enum):
    """What will become of a task."""

    HIT = "hit"
    MISS = "miss"
    OPEN = "open"
    SKIPPED = "skipped"
    NOT_PREDICTED = "not predicted"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A reason for an answer.

    Args:
        kind: A kind of `cache.miss` in the record of a run: `code`, `lock`, `image`, `input`,
            `upstream`, `off`, `never`. Or `variables`: its environment variables or the emulators
            changed. `outputs`: the files of its earlier success changed or are gone. `pipeline`:
            only another pipeline has succeeded with it. `value`: a value that a task will produce.
            `condition`: its condition. `same`: another task of the run does the same. `unknown`:
            the reason isn't known. Otherwise, why it isn't predicted.
        name: What it is about.
    """

    kind: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class TaskForecast:
    """The forecast of a task.

    Args:
        name: Its name in the run. A loop whose items aren't known has the name of the loop.
        answer: What will become of it.
        reasons: Why.
        run: For a hit, the run that produced the outputs, if it is known.
        task: For a hit, the task of that run.
    """

    name: str
    answer: Answer
    reasons: Sequence[Reason] = ()
    run: str | None = None
    task: str | None = None


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The forecast of a run.

    Args:
        pipeline: The pipeline's name.
        target: Where it would run.
        tasks: Its tasks, each after those that it depends on.
        successes: The number of earlier successes that the tasks are compared with.
        runs: The number of runs that these are from. None if it isn't known.
    """

    pipeline: str
    target: str
    tasks: Sequence[TaskForecast]
    successes: int
    runs: int | None = None

    def describe(self) -> dict[str, Any]:
        """Return the forecast as values of JSON."""
        return {
            "pipeline": self.pipeline,
            "target": self.target,
            "successes": self.successes,
            "runs": self.runs,
            "tasks": [
                {
                    "name": task.name,
                    "answer": task.answer.value,
                    "reasons": [{"kind": each.kind, "name": each.name} for each in task.reasons],
                    "run": task.run,
                    "task": task.task,
                }
                for task in self.tasks
            ],
        }
