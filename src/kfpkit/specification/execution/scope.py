"""The values that the tasks of a running graph can use as inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kfpkit.specification.execution.final_status import TaskFailure
from kfpkit.specification.execution.job import Job
from kfpkit.specification.message_types import Value


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The inputs of a graph, and the outputs of its tasks so far.

    Args:
        job: The run.
        path: The names of the enclosing graphs.
        inputs: The graph's inputs by name. None for optional ones that weren't passed.
        outputs: The outputs of finished tasks, by task. Parallel tasks write to it.
        failures: For each failed task, the causes.
    """

    job: Job
    path: tuple[str, ...] = ()
    inputs: Mapping[str, Value]
    outputs: dict[str, Mapping[str, Value]] = field(default_factory=dict)
    failures: dict[str, Sequence[TaskFailure]] = field(default_factory=dict)

    def has_output(self, task: str, name: str) -> bool:
        """Return whether a task has produced an output.

        Args:
            task: The task's name.
            name: The output's.
        """
        return name in self.outputs.get(task, {})
