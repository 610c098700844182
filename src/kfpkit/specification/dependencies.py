"""Which tasks of a graph have to end before another starts."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping

from kfpkit.specification.message_types import PipelineTaskSpec


def find_dependencies(task: PipelineTaskSpec) -> list[str]:
    """Return what a task depends on: what it names, and what its inputs come from.

    KFP's compiler names only some of the tasks that inputs come from. It leaves out, for example,
    the one that computes a memory limit; a cluster adds them as is done here.

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
    """Return the names of a graph's tasks, each after those that it depends on.

    Args:
        tasks: The `PipelineTaskSpec`s by name.
    """
    needs = {name: find_dependencies(tasks[name]) for name in sorted(tasks)}
    return [name for name in graphlib.TopologicalSorter(needs).static_order() if name in tasks]
