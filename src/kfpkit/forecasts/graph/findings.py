"""Collects the forecasts of a run's tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kfpkit.forecasts.graph.forecast import Answer, Reason, TaskForecast
from kfpkit.forecasts.graph.lookups import Judgement

_DECIDED = {Answer.SKIPPED, Answer.NOT_PREDICTED}


@dataclass(frozen=True)
class Findings:
    """The forecasts of tasks by name, in order."""

    tasks: dict[str, TaskForecast] = field(default_factory=dict)

    def add(self, name: str, judgement: Judgement, doubts: Sequence[Reason] = ()) -> None:
        """Add the forecast of a task. A hit or a miss is open if it may not run.

        Args:
            name: The task's name.
            judgement: What becomes of it if it runs.
            doubts: What it hangs on whether it runs.
        """
        is_open = bool(doubts) and judgement.answer not in _DECIDED
        reasons = dict.fromkeys([*(doubts if is_open else ()), *judgement.reasons])
        self.tasks[name] = TaskForecast(
            name=name,
            answer=Answer.OPEN if is_open else judgement.answer,
            reasons=tuple(reasons),
            run=None if is_open else judgement.run,
            task=None if is_open else judgement.task,
        )

    def contest(self, names: Iterable[str], other: str) -> None:
        """Open the forecasts of tasks that another one may be faster than.

        Args:
            names: The names of tasks.
            other: The name of a task that may do the same, before or after them.
        """
        for name in names:
            task = self.tasks.get(name)
            if task is not None and task.answer is Answer.MISS:
                reasons = (Reason(kind="same", name=other),)
                self.tasks[name] = replace(task, answer=Answer.OPEN, reasons=reasons)
