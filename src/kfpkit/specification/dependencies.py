"""Determines which tasks of a graph must end before another one starts."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping

from kfpkit.specification.message_types import PipelineTaskSpec

_RUNS_ANYWAY = PipelineTaskSpec.TriggerPolicy.ALL_UPSTREAM_TASKS_COMPLETED


def find_dependencies(task: PipelineTaskSpec) -> list[str]:
    """Return the tasks that a task depends on: those that it names, and the sources of its inputs.

    KFP's compiler names only some of the sources. For example, it leaves out the task that computes
    a memory limit. A cluster adds these as this function does.

    Args:
        task: The `PipelineTaskSpec`.

    Returns:
        The names of tasks, sorted.
    """
    producers = {
        given.task_output_parameter.producer_task for given in task.inputs.parameters.values()
    } | {given.task_output_artifact.producer_task for given in task.inputs.artifacts.values()}
    return sorted({*task.dependent_tasks, *filter(None, producers)})


def sort_tasks(tasks: Mapping[str, PipelineTaskSpec]) -> Iterable[str]:
    """Return the names of a graph's tasks, each after its dependencies.

    Args:
        tasks: The `PipelineTaskSpec`s by name.
    """
    needs = {name: find_dependencies(tasks[name]) for name in sorted(tasks)}
    return [name for name in graphlib.TopologicalSorter(needs).static_order() if name in tasks]


def runs_anyway(task: PipelineTaskSpec) -> bool:
    """Return whether a task runs even if tasks before it have failed.

    Args:
        task: The `PipelineTaskSpec`.
    """
    return bool(task.trigger_policy.strategy == _RUNS_ANYWAY)
