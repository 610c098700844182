"""Where in the author's code the tasks of a pipeline are made."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kfp.dsl import pipeline_channel
from kfp.dsl.graph_component import GraphComponent
from kfp.dsl.pipeline_context import Pipeline

from kfpkit.authoring import place_of, place_of_caller
from kfpkit.place import Place
from kfpkit.placeholders import reopened


@dataclass(frozen=True, kw_only=True)
class TracedTask:
    """A task as the author made it.

    Args:
        place: The line that makes it.
        arguments: What it is given, or has as defaults, as Python values and KFP's channels.
    """

    place: Place
    arguments: Mapping[str, Any]


class _Traced(Pipeline):  # type: ignore[misc]
    """KFP's record of a pipeline's tasks while its function runs, with the lines that make them."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.places: dict[str, Place] = {}

    def add_task(self, task: Any, add_to_group: bool) -> str:  # noqa: FBT001 - KFP's signature
        """Note the line that makes a task."""
        name = str(super().add_task(task, add_to_group))
        self.places[name] = place_of_caller()
        return name


def trace_tasks(pipeline: GraphComponent) -> Mapping[str, TracedTask]:
    """Call a pipeline's function once more, and return the tasks that it makes.

    Args:
        pipeline: KFP's pipeline object.

    Returns:
        The tasks by name, without those of pipelines in it.
    """
    inputs = pipeline.component_spec.inputs or {}
    file = place_of(pipeline.pipeline_func).file
    with _Traced(pipeline.name) as recorded, warnings.catch_warnings(), reopened(file):
        warnings.simplefilter("ignore")  # they were shown when the pipeline was loaded
        pipeline.pipeline_func(
            *(
                pipeline_channel.create_pipeline_channel(
                    name=name,
                    channel_type=inputs[name].type,
                    is_artifact_list=inputs[name].is_artifact_list,
                )
                for name in inspect.signature(pipeline.pipeline_func).parameters
            )
        )
    return {
        name: TracedTask(
            place=recorded.places[name],
            arguments={**_defaults(task.component_spec), **task.inputs},
        )
        for name, task in recorded.tasks.items()
    }


def _defaults(component: Any) -> dict[str, Any]:
    return {name: spec.default for name, spec in (component.inputs or {}).items()}
