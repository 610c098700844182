"""Finds where the author's code creates the tasks of a pipeline."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kfpkit.authoring import find_caller_place, find_place
from kfpkit.place import Place
from kfpkit.placeholders import reopened
from kfpkit.specification import GraphComponent, TaskRecorder, call_pipeline_function


@dataclass(frozen=True, kw_only=True)
class TracedTask:
    """A task as the author created it.

    Args:
        place: The line that creates it.
        arguments: Its arguments and defaults, as Python values and KFP's channels.
    """

    place: Place
    arguments: Mapping[str, Any]


def trace_tasks(pipeline: GraphComponent) -> Mapping[str, TracedTask]:
    """Call a pipeline's function once more, and return the tasks that it creates.

    Args:
        pipeline: KFP's pipeline object.

    Returns:
        The tasks by name, without those of nested pipelines.
    """
    file = find_place(pipeline.pipeline_func).file
    places: dict[str, Place] = {}
    recorder = TaskRecorder(
        pipeline.name, on_task=lambda name: places.update({name: find_caller_place()})
    )
    with recorder, warnings.catch_warnings(), reopened(file):
        warnings.simplefilter("ignore")  # they were shown when the pipeline was loaded
        call_pipeline_function(pipeline)
    return {
        name: TracedTask(
            place=places[name],
            arguments={**_defaults(task.component_spec), **task.inputs},
        )
        for name, task in recorder.tasks.items()
    }


def _defaults(component: Any) -> dict[str, Any]:
    return {name: spec.default for name, spec in (component.inputs or {}).items()}
